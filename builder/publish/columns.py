"""The columns of the published Parquet, and how `datasets` and the card spell their types.

The columns are those of `builder.core.record.Record`, in its order. Their types are said once, as
an Arrow schema; the `huggingface` metadata and the card's YAML are derived from it. Both say
`Sequence` where `datasets` 4 and later would say `List`: those read either word, 2 and 3 only this.
"""

import functools
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

IMAGE = pa.struct({"bytes": pa.binary(), "path": pa.string()})
IMAGE_BYTES = "images.list.element.bytes"

_OBJECT = pa.struct(
    {
        "label": pa.string(),
        "track_id": pa.int32(),
        "track_id_after": pa.int32(),
        "box_before": pa.list_(pa.int32()),
        "box_after": pa.list_(pa.int32()),
        "visible_before": pa.float64(),
        "visible_after": pa.float64(),
    }
)
_COLUMNS = {
    "record_id": pa.string(),
    "task_type": pa.string(),
    "messages": pa.list_(pa.struct({"role": pa.string(), "content": pa.string()})),
    "images": pa.list_(IMAGE),
    "subset": pa.string(),
    "teacher": pa.string(),
    "scene_type": pa.string(),
    "backend": pa.string(),
    "scene_id": pa.string(),
    "trajectory_id": pa.string(),
    "split": pa.string(),
    "frame_indices": pa.list_(pa.int32()),
    "camera": pa.struct({"hfov_deg": pa.float64(), "source": pa.string()}),
    "actions": pa.string(),
    "claim": pa.string(),
    "object": _OBJECT,
    "answer_form": pa.string(),
    "accepted": pa.list_(pa.string()),
    "difficulty": pa.int32(),
    "template_id": pa.string(),
    "license": pa.string(),
    "builder_version": pa.string(),
}
_NAMES = {pa.string(): "string", pa.int32(): "int32", pa.float64(): "float64"}


@functools.cache
def arrow_schema() -> pa.Schema:
    """Return the schema of every file, with the metadata that `datasets` reads."""
    info = {"info": {"features": {name: _feature(kind) for name, kind in _COLUMNS.items()}}}
    return pa.schema(_COLUMNS, metadata={"huggingface": json.dumps(info)})


def leaves() -> tuple[str, ...]:
    """Return the paths of all Parquet columns, such as `messages.list.element.role`."""
    return tuple(leaf for name, kind in _COLUMNS.items() for leaf in _leaves(name, kind))


def card_features() -> list[dict[str, Any]]:
    """Return the columns as a card's `dataset_info.features` spells them."""
    return [{"name": name, **_card_type(kind)} for name, kind in _COLUMNS.items()]


def _feature(kind: pa.DataType) -> Any:  # noqa: ANN401 - JSON
    if kind == IMAGE:
        return {"_type": "Image"}
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    if pa.types.is_list(kind):
        inner = _feature(kind.value_type)
        plain = pa.types.is_struct(kind.value_type) and kind.value_type != IMAGE
        # A Sequence of a dict would become a dict of lists; a list of one dict stays what it says.
        return [inner] if plain else {"feature": inner, "_type": "Sequence"}
    return {"dtype": _NAMES[kind], "_type": "Value"}


def _card_type(kind: pa.DataType) -> dict[str, Any]:
    if kind == IMAGE:
        return {"dtype": "image"}
    if pa.types.is_struct(kind):
        return {"struct": _card_fields(kind)}
    if not pa.types.is_list(kind):
        return {"dtype": _NAMES[kind]}
    if pa.types.is_struct(kind.value_type) and kind.value_type != IMAGE:
        return {"list": _card_fields(kind.value_type)}
    return {"sequence": _card_type(kind.value_type)["dtype"]}


def _card_fields(kind: pa.StructType) -> list[dict[str, Any]]:
    return [{"name": field.name, **_card_type(field.type)} for field in kind]


def _leaves(path: str, kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_list(kind):
        yield from _leaves(f"{path}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{path}.{field.name}", field.type)
    else:
        yield path
