"""Every rule that `world2vlm check` knows, by its id; `docs/rules.md` says the same."""

from collections.abc import Mapping
from types import MappingProxyType

RULES: Mapping[str, str] = MappingProxyType(
    {
        # a file and its lines
        "unreadable-file": "A file can be opened and is what its name says.",
        "empty-file": "A file of records holds at least one.",
        "byte-order-mark": "UTF-8 is written without a byte order mark.",
        "not-utf8": "Text is UTF-8.",
        "not-json": "A line is one JSON value.",
        "truncated-line": "The last line is whole; one that breaks off was not written to its end.",
        "line-too-long": "A line has at most 1 MiB.",
        "blank-line": "No blank line stands between two records.",
        "repeated-key": "An object has each key once.",
        "not-finite": "A number is finite: no NaN, no Infinity, nothing beyond a float.",
        "lone-surrogate": "A text has no half of a surrogate pair, which no file could hold.",
        # one value by its schema
        "missing-field": "Every field of the schema is there.",
        "unknown-field": "No field is there that the schema does not know.",
        "wrong-type": "A value has the type of the schema.",
        "wrong-value": "A value is one of those, or of the form, that the schema allows.",
        "out-of-range": "A number lies within its bounds.",
        "wrong-length": "A list or a text has as many items or characters as it may.",
        "repeated-item": "The items of a list that says so differ from each other.",
        "later-version": "No later world2vlm made it than the one that checks.",
        # one record by its meaning
        "two-turns": "A record has two turns: user, then assistant.",
        "image-marks": "The user turn opens with one <image> an image, and has none elsewhere.",
        "unknown-task": "The task is one there is.",
        "unknown-subset": "The subset is one there is.",
        "subset-mismatch": "Teacher and scene type are those of the subset.",
        "id-mismatch": "record_id is made of subset, scene, trajectory and task.",
        "split-mismatch": "The split is the one that the scene's name decides.",
        "license": "The license is an SPDX expression.",
        "template-mismatch": "The wording belongs to the task.",
        "answer-unreadable": "An answer is in the language of its task and form.",
        "answer-mismatch": "An answer says what actions, claim and object say.",
        "answer-not-accepted": "The assistant turn is the first of the accepted answers.",
        "motion-unreadable": "Actions and claim are in the language of motion.",
        "frame-count": "There is one frame index an image, or one more for a view not shown.",
        "frame-order": "Frame indices ascend.",
        "box-order": "A box has x1 < x2 and y1 < y2.",
        "box-visibility": "Where there is no box, the visible share is 0.",
        # many records
        "duplicate-id": "A record_id is used once.",
        "scene-in-two-splits": "All records of a scene are in one split.",
        # images
        "image-path": "An image's path is relative and stays below the folder of its file.",
        "image-outside": "No link leads an image's path out of that folder.",
        "image-missing": "The image is there.",
        "image-unreadable": "The image is a whole JPEG, PNG or WebP.",
        "image-too-large": "An image has at most 64 megapixels; larger ones are not decoded.",
        "image-size": "The image has the size that is stated, or that of its neighbors.",
        "image-rotated": "No EXIF orientation turns the image: some loaders obey it, some do not.",
        # a record and the bundle beside it
        "frame-mismatch": "An image is the stored frame that its frame index names.",
        "motion-mismatch": "The actions lead from the first frame's stored pose to the last's.",
        "box-mismatch": "A box is the one of the tracks in the bundle.",
        # a bundle
        "bundle-incomplete": "A bundle has all its files.",
        "bundle-name": "Folders carry the names that the files in them state.",
        "list-length": "Lists that go together are equally long.",
        "index-order": "Indices ascend from 0 and stay within the frames.",
        "not-a-pose": "A camera matrix is a rotation and a translation.",
        "first-pose": "Frame 0 is the world: its pose is the identity.",
        "pose-mismatch": "The actions and tokens lead to the poses that are stored.",
        "camera-mismatch": "K, fx, fy, cx, cy and the anchor's camera are one camera.",
        "anchor-missing": "The scene has the anchor that a trajectory starts from.",
        "unlisted-image": "Every image of a bundle is listed in its traj.json.",
        "track-frames": "There is one line of tracks a stored frame, in order, of its size.",
        "track-mismatch": "A track has one label, once a frame, and the scene knows it.",
        "track-box": "A track's box lies in the frame, and bbox_norm is the same box.",
    }
)

# What `check --deep` finds, when it works every answer out anew.
DEEP_RULES: Mapping[str, str] = MappingProxyType(
    {
        "picture-untrue": "A stored picture is what its pose sees: painted again, the view is it.",
        "actions-untrue": "`actions` is what the stored poses do, in the language of answers.",
        "answer-untrue": "Every accepted answer is right, and the first is what was done.",
        "answer-missing": "`accepted` holds every sequence that ends at the true pose.",
        "claim-unclear": "A claim is on the grid, and a false one would show in the picture.",
        "object-untrue": "Label, ids, boxes and visible shares are those that the views show.",
        "question-untrue": "A question says what its answer rests on, and not its answer.",
        "camera-untrue": "Field of view and source are those of the stored camera.",
        "difficulty-untrue": "The grade is the one that the formula gives.",
        "unanswerable": "The pictures decide the answer: motion, overlap, seen area, visibility.",
        "tracks-untrue": "The tracks of a bundle are what its views show.",
        "pairs-untrue": "How two views of a bundle compare is what their depth gives.",
    }
)
