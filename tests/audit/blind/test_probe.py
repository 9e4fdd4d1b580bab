"""The probe learns what pictures show, and does not learn what they do not."""

import json

import numpy as np
import pytest
from blind_records import EACH, PLACES, jpeg, language, record, texture

from builder.audit.blind.asked import asked, files_of, read

pytest.importorskip("sklearn", reason="the probe needs the extra [audit]")
pytest.importorskip("cv2", reason="the probe needs the extra [audit]")
from builder.audit.blind.probe import looks, probe, probed_records, see

_PX, _MOVED_PX = 144, 36
_TURNS = {"turn left": -1, "turn right": 1}
_ZOOMS = {"move forward": 0.7, "move backward": 1.4}


def pair_of(kind, seed):
    """A window on a texture before and after a motion, as a camera would see it."""
    canvas = texture(seed, (320, 320))

    def window(center, size_px=_PX):
        x, y = center
        cut = canvas[y - size_px // 2 : y + size_px // 2, x - size_px // 2 : x + size_px // 2]
        from PIL import Image

        return np.asarray(Image.fromarray(cut).resize((_PX, _PX)))

    if kind in _ZOOMS:
        return window((160, 160)), window((160, 160), int(_PX * _ZOOMS[kind]) // 2 * 2)
    step = _MOVED_PX * (_TURNS.get(kind) or {"move left": -1, "move right": 1}[kind])
    return window((160, 160)), window((160 + step, 160))


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A folder of A1 and A2 records whose pictures show what their answers say."""
    folder = tmp_path_factory.mktemp("probe")
    rows = []
    for task, kinds, unit in (
        ("A1", ("move forward", "move backward", "move left", "move right"), "1 meters"),
        ("A2", ("turn left", "turn right"), "30 degrees"),
    ):
        for number in range(0, PLACES * EACH, 3):
            kind = kinds[number // 3 % len(kinds)]
            text = f"{kind} {unit}"
            row = record(task, number, "Which way?", text, actions=text)
            row["images"] = [f"{task}/{number}-{index}.jpg" for index in range(2)]
            (folder / task).mkdir(exist_ok=True)
            for name, rgb in zip(row["images"], pair_of(kind, number), strict=True):
                (folder / name).write_bytes(jpeg(rgb))
            rows.append(row)
    (folder / "tasks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture(scope="module")
def records(build):
    return list(read(files_of([build])))


@pytest.fixture(scope="module")
def seen(records):
    found = {}
    for job in looks(records):
        found.update(see(job))
    return found


@pytest.mark.parametrize("task", ["A1", "A2"])
def test_the_probe_reads_directions_off_pictures_of_places_it_has_not_met(task, records, seen):
    found = probe(task, records, seen, language(), (0, 500))
    assert found.verdict == "pass"
    assert found.accuracy > 0.9
    assert found.places == PLACES


def test_the_probe_fails_on_labels_that_are_mirrored_in_half_of_the_places(records, seen):
    swapped = {"left": "right", "right": "left"}
    mirrored = []
    for one in records:
        answer = one.answer
        if int(one.scene_id[-2:]) % 2:
            answer = " ".join(swapped.get(word, word) for word in answer.split(" "))
        turns = [one.facts["messages"][0], {"role": "assistant", "content": answer}]
        mirrored.append(asked({**one.facts, "messages": turns}, one.file))
    found = probe("A2", mirrored, seen, language(), (0, 500))
    assert found.verdict == "fail"
    assert found.accuracy < 0.7


def test_motions_too_small_to_be_seen_at_once_are_not_probed():
    texts = ("move left 0.4 meters", "move left 0.5 meters")
    rows = [record("A1", 0, "?", text, actions=text) for text in texts]
    assert [one.answer for one in probed_records(map(asked, rows))] == [texts[1]]
    assert probed_records([asked(record("A3", 0, "?", texts[1]))]) == []
