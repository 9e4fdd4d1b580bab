"""The columns of the published Parquet, and how `datasets` and the card spell their types.

Those of records are the fields of `builder.core.record.Record`, in its order; those of frames say
of each picture where it comes from and how its camera stood. Their types are said once, as an Arrow
schema; the `huggingface` metadata and the card's YAML are derived from it. Both say `Sequence`
where `datasets` 4 and later would say `List`: those read either word, 2 and 3 only this.
"""

import functools
import json
from collections.abc import Iterator
from typing import Any, Literal

import pyarrow as pa

Table = Literal["records", "frames"]

IMAGE = pa.struct({"bytes": pa.binary(), "path": pa.string()})
IMAGE_BYTES = {"records": "images.list.element.bytes", "frames": "image.bytes"}

MATRIX = pa.list_(pa.list_(pa.float64()))  # 4 rows of 4

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
_RECORDS = {
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
_FRAMES = {
    "frame_id": pa.string(),
    "image": IMAGE,
    "subset": pa.string(),
    "teacher": pa.string(),
    "scene_type": pa.string(),
    "backend": pa.string(),
    "scene_id": pa.string(),
    "trajectory_id": pa.string(),
    "frame_index": pa.int32(),
    "split": pa.string(),
    "width": pa.int32(),
    "height": pa.int32(),
    "fx": pa.float64(),
    "fy": pa.float64(),
    "cx": pa.float64(),
    "cy": pa.float64(),
    "camera_source": pa.string(),
    "c2w": MATRIX,
    "scene_from_anchor": MATRIX,
    "license": pa.string(),
    "builder_version": pa.string(),
}
_TABLES: dict[Table, dict[str, pa.DataType]] = {"records": _RECORDS, "frames": _FRAMES}
_NAMES = {pa.string(): "string", pa.int32(): "int32", pa.float64(): "float64"}


@functools.cache
def arrow_schema(table: Table = "records") -> pa.Schema:
    """Return the schema of every file of a table, with the metadata that `datasets` reads."""
    kinds = _TABLES[table]
    info = {"info": {"features": {name: _feature(kind) for name, kind in kinds.items()}}}
    return pa.schema(kinds, metadata={"huggingface": json.dumps(info)})


def leaves(table: Table = "records") -> tuple[str, ...]:
    """Return the paths of all Parquet columns, such as `messages.list.element.role`."""
    return tuple(leaf for name, kind in _TABLES[table].items() for leaf in _leaves(name, kind))


def card_features(table: Table = "records") -> list[dict[str, Any]]:
    """Return the columns as a card's `dataset_info.features` spells them."""
    return [{"name": name, **_card_type(kind)} for name, kind in _TABLES[table].items()]


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
    inner = _card_type(kind.value_type)
    return {"sequence": inner.get("dtype", inner)}


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
