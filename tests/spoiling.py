"""Right values, spoiled in one place or two: what a checker must take without falling over."""

import copy

from hypothesis import strategies as st
from tiny_data import records, scene, track_lines, trajectory

RIGHT = {
    "record": records()[2],
    "core": records()[0],
    "tasks/A1": records()[0],
    "tasks/D4": records()[3],
    "trajectory": trajectory(),
    "scene": scene(),
    "track": track_lines()[0],
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 1001),
    st.floats(allow_nan=True),
    st.sampled_from(["", "A1", "../a", "train", "<image>", "yes", "move forward 1 meters", "a\n"]),
    st.lists(st.integers(0, 3), max_size=5),
    st.dictionaries(st.sampled_from(["role", "content", "x"]), st.just("user"), max_size=2),
)


def places(value, path=()):
    """Yield the path of every part of a JSON value."""
    yield path
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in inner:
            yield from places(part, (*path, key))


NAMES = tuple(sorted(RIGHT))


@st.composite
def spoiled(draw, names=NAMES):
    name = draw(st.sampled_from(names))
    value = copy.deepcopy(RIGHT[name])
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(sorted(places(value), key=repr)))
        value = _changed(value, path, draw(st.sampled_from(["put", "drop", "add"])), draw(ODD))
    return name, value


def _changed(value, path, how, odd):
    if not path:
        return {**value, "extra": odd} if isinstance(value, dict) and how == "add" else value
    part = value
    for key in path[:-1]:
        part = part[key]
    if how == "drop":
        del part[path[-1]]
    elif how == "add" and isinstance(part, list):
        part.append(odd)
    elif how == "add":
        part["extra"] = odd
    else:
        part[path[-1]] = odd
    return value
