"""Places and pictures that stand in two splits: what was learned would then be tested."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from builder.audit.blind.asked import Asked
from builder.audit.blind.pictures import Picture, Pictures, near_pairs
from builder.audit.blind.twins import Finding

_SHOWN = 20
_TESTED = ("validation", "test")


def sharing(records: Sequence[Asked], pictures: Pictures) -> list[Finding]:
    """Return how many places and pictures two splits share, and which pictures look alike.

    A picture is shared if its bytes are, and also if it looks the same but for how it was saved:
    a place moved to another split under another name is found by that.
    """
    splits: Mapping[str, set[str]] = defaultdict(set)
    for one in records:
        splits[one.scene_id].add(one.split)
    places = [f"{name}: {', '.join(sorted(on))}" for name, on in splits.items() if len(on) > 1]
    by_digest: Mapping[bytes, dict[str, str]] = defaultdict(dict)
    for one in records:
        for key in one.images:
            by_digest[pictures[key].digest].setdefault(one.split, key)
    shared = [
        "; ".join(f"{split}: {key}" for split, key in on.items())
        for on in by_digest.values()
        if len(on) > 1
    ]
    alike = list(_alike_across(records, pictures))
    return [
        _finding("places in two splits", places),
        _finding("pictures in two splits", shared),
        _finding("pictures in two splits, saved again", alike),
    ]


def _alike_across(records: Sequence[Asked], pictures: Pictures) -> Iterator[str]:
    by_split: Mapping[str, dict[bytes, tuple[str, Picture]]] = defaultdict(dict)
    for one in records:
        for key in one.images:
            seen = pictures[key]
            by_split[one.split].setdefault(seen.digest, (key, seen))
    compared = [("train", "validation"), ("train", "test"), _TESTED]
    for first, second in compared:
        ones, others = (list(by_split[split].values()) for split in (first, second))
        for row, column in near_pairs([each[1] for each in ones], [each[1] for each in others]):
            left, right = ones[row], others[column]
            if left[1].digest != right[1].digest:
                yield f"{first}: {left[0]}; {second}: {right[0]}"


def _finding(name: str, found: Sequence[str]) -> Finding:
    return Finding(name, len(found), must_be_0=True, examples=tuple(found[:_SHOWN]))
