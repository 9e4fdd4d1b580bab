"""The JSON Schemas of all that is stored, and validation against them, offline.

`schema/` of the checkout is the source; a wheel carries it as `builder/_schema`. `record_errors` is
the door for records: `jsonschema`, or with the extra [fast] only for what `jsonschema-rs` fails.
"""

from builder.schemas.load import (
    folder,
    record_validator,
    schema,
    schema_names,
    task_validator,
    validator,
)
from builder.schemas.report import SchemaIssue, core_errors, errors, record_errors
from builder.schemas.tasks import task_schema, write_task_schemas

__all__ = [
    "SchemaIssue",
    "core_errors",
    "errors",
    "folder",
    "record_errors",
    "record_validator",
    "schema",
    "schema_names",
    "task_schema",
    "task_validator",
    "validator",
    "write_task_schemas",
]
