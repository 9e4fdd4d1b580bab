"""The release as Croissant, croissant.json: its files and, for every config, what its columns hold.

Written for the format 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html), the
first that can say a matrix. The columns are those of the Parquet files, so that what is said here
cannot differ from them. Shards are listed with their SHA-256; a config reads all that lie in its
folder. There is no date in it: the same build gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from builder.core.protocol import SUBSETS
from builder.core.split import SPLITS
from builder.publish.columns import IMAGE, MATRIX
from builder.publish.front_matter import ALL, HUB_LICENSES
from builder.publish.meanings import FRAME_MEANINGS, MEANINGS
from builder.publish.words import CITATION, TAGS, description, limits

NAME = "croissant.json"

_PARQUET = "application/x-parquet"
_TYPES = {pa.bool_(): "sc:Boolean", pa.string(): "sc:Text"}
_ROLES = {
    "train": "cr:TrainingSplit",
    "validation": "cr:ValidationSplit",
    "test": "cr:TestSplit",
}
_TERMS = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field"),
    *("fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset"),
    *("jsonPath", "key", "md5", "parentField"),
    *("path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS},
}


def croissant(
    stats: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    schemas: Mapping[str, pa.Schema],
) -> dict[str, Any]:
    """Return the JSON-LD of a release.

    Args:
        stats: As `stats.json` holds them.
        files: The Parquet files, as the manifest lists them.
        schemas: Of the files of each config.
    """
    folders = {name: [name] for name in schemas}
    if union := [name for name in schemas if name in SUBSETS]:
        folders[ALL] = union
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "World2VLM",
        "description": description(stats),
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "license": [_license(name) for name in stats["license"]],
        "citeAs": CITATION,
        "version": max(stats["builder_version"]),
        "inLanguage": "en",
        "keywords": list(TAGS),
        "isLiveDataset": False,
        "rai:dataCollection": (
            "Made by a program: cameras are moved through made-up rooms and photographs with depth,"
            " and questions and answers are computed from known poses, depth and identities."
        ),
        "rai:machineAnnotationTools": [f"world2vlm {name}" for name in stats["builder_version"]],
        "rai:dataLimitations": limits(stats),
        "distribution": [
            *map(_file, files),
            *(_file_set(name, folder) for name, folder in folders.items()),
        ],
        "recordSet": [
            _splits(),
            *(_record_set(name, schemas[of[0]]) for name, of in folders.items()),
        ],
    }


def _license(expression: str) -> str:
    known = expression in HUB_LICENSES
    return f"https://spdx.org/licenses/{expression}.html" if known else expression


def _file(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": entry["path"],
        "name": entry["path"].rpartition("/")[2],
        "contentUrl": entry["path"],
        "contentSize": f"{entry['bytes']} B",
        "encodingFormat": _PARQUET,
        "sha256": entry["sha256"],
    }


def _file_set(config: str, folders: Sequence[str]) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{config}-files",
        "name": f"{config}-files",
        "description": f"The Parquet files of the config {config}.",
        "encodingFormat": _PARQUET,
        "includes": [f"data/{folder}/*.parquet" for folder in folders],
    }


def _splits() -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "Splits are by place; a config has those that its rows name.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "splits/role", "name": "role", "dataType": "sc:URL"},
        ],
        "data": [{"splits/name": name, "splits/role": _ROLES[name]} for name in SPLITS],
    }


def _record_set(config: str, schema: pa.Schema) -> dict[str, Any]:
    fields = [_field(config, (entry.name,), entry.type) for entry in schema]
    if "split" not in schema.names:
        fields.append(_split_of_path(config))
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "description": f"The rows of the config {config}.",
        "key": {"@id": f"{config}/{schema.names[0]}"},
        "field": fields,
    }


def _field(config: str, path: Sequence[str], kind: pa.DataType) -> dict[str, Any]:
    """Return one column, or one part of a column of structs; lists are arrays."""
    named: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": "/".join((config, *path)),
        "name": path[-1],
        **_said(path),
    }
    if kind == MATRIX:
        named |= {"isArray": True, "arrayShape": "4,4"}
        kind = kind.value_type.value_type
    elif pa.types.is_list(kind):
        named |= {"isArray": True, "arrayShape": "-1"}
        kind = kind.value_type
        if kind == IMAGE:  # mlcroissant 1.1.1 takes an array of pictures by the older word alone
            named["repeated"] = True
    if kind == IMAGE:
        return {**named, "dataType": "sc:ImageObject", "source": _source(config, (*path, "bytes"))}
    if pa.types.is_struct(kind):
        parts = [_field(config, (*path, part.name), part.type) for part in kind]
        return {**named, "subField": parts}
    own = {**named, "dataType": _data_type(kind), "source": _source(config, path)}
    return {**own, **_is_split()} if tuple(path) == ("split",) else own


def _split_of_path(config: str) -> dict[str, Any]:
    """Return the split of rows that do not name it: their file does."""
    source = {
        "fileSet": {"@id": f"{config}-files"},
        "extract": {"fileProperty": "filename"},
        "transform": {"regex": "^([a-z]+)-"},
    }
    named = {"@type": "cr:Field", "@id": f"{config}/split", "name": "split", **_said(["split"])}
    return {**named, "dataType": "sc:Text", "source": source, **_is_split()}


def _is_split() -> dict[str, Any]:
    return {"references": {"field": {"@id": "splits/name"}}}


def _said(path: Sequence[str]) -> Mapping[str, str]:
    meaning = {**MEANINGS, **FRAME_MEANINGS}.get(".".join(path))
    return {"description": meaning} if meaning else {}


def _source(config: str, path: Sequence[str]) -> dict[str, Any]:
    column, *below = path
    inner = {"transform": {"jsonPath": ".".join(below)}} if below else {}
    return {
        "fileSet": {"@id": f"{config}-files"},
        "extract": {"column": column},
        **inner,
    }


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        word = "Int" if pa.types.is_integer(kind) else "Float"
        return f"cr:{word}{kind.bit_width}"
    return _TYPES[kind]
