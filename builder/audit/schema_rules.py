"""What a schema says is wrong, as findings of our rules: the same ids, whatever engine found it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from builder.audit.issue import Finding
from builder.core.errors import nearest
from builder.schemas import SchemaIssue
from builder.schemas.report import LATER, short

_RULE_OF = {
    "required": "missing-field",
    "additionalProperties": "unknown-field",
    "type": "wrong-type",
    "minimum": "out-of-range",
    "maximum": "out-of-range",
    "exclusiveMinimum": "out-of-range",
    "exclusiveMaximum": "out-of-range",
    "minItems": "wrong-length",
    "maxItems": "wrong-length",
    "minLength": "wrong-length",
    "maxLength": "wrong-length",
    "uniqueItems": "repeated-item",
    LATER: "later-version",
}
_DRIVE = re.compile(r"[A-Za-z]:")


def findings_of(issues: Iterable[SchemaIssue]) -> Iterator[Finding]:
    """Yield the findings of a schema's issues."""
    for issue in issues:
        rule = _RULE_OF.get(issue.keyword, "wrong-value")
        yield Finding(issue.pointer, rule, issue.message)


def record_findings_of(
    issues: Iterable[SchemaIssue],
    record: Any,  # noqa: ANN401 - JSON
    tasks: Collection[str],
) -> Iterator[Finding]:
    """Yield the findings of a record's schema; some say more than the schema can.

    Args:
        issues: What the schema says.
        record: The record.
        tasks: The names of the tasks there are.
    """
    for issue in issues:
        better = next((say for place, say in _BETTER if place.fullmatch(_key(issue))), None)
        value = value_at(record, issue.pointer)
        if better is None or (issue.keyword == "pattern" and not isinstance(value, str)):
            yield from findings_of([issue])
        else:
            rule, message = better(value, issue, tasks)
            yield Finding(issue.pointer, rule, message)


def value_at(value: Any, pointer: str) -> Any:  # noqa: ANN401 - JSON
    """Return what an RFC 6901 pointer points to; None where there is nothing."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict):
            value = value.get(name)
        else:
            return None
    return value


def unknown_task(task_type: str, tasks: Collection[str]) -> Finding:
    """Return the finding of a task that there is not."""
    return Finding(
        "/task_type", "unknown-task", f"no task {short(task_type)}: {_near(task_type, tasks)}"
    )


def path_fault(path: str) -> str:
    """Return what is wrong with an image's path; "" if nothing is."""
    parts = path.split("/")
    faults = {
        "is absolute": path.startswith(("/", "\\")) or bool(_DRIVE.match(path)),
        "has a backslash; parts are joined by /": "\\" in path,
        "leaves the folder with ..": ".." in parts,
        "has an empty part or a single dot": "" in parts or "." in parts,
        "has a control character": any(mark < " " for mark in path),
    }
    return next((fault for fault, there in faults.items() if there), "")


def _key(issue: SchemaIssue) -> str:
    return f"{issue.pointer} {issue.keyword}"


def _task(value: str, _: SchemaIssue, tasks: Collection[str]) -> tuple[str, str]:
    finding = unknown_task(value, tasks)
    return finding.rule, finding.message


def _path(value: str, _: SchemaIssue, __: Collection[str]) -> tuple[str, str]:
    fault = path_fault(value) or "is no relative path"
    return "image-path", f"{short(value)} {fault}; expected a path below the folder of this file"


def _license(value: str, _: SchemaIssue, __: Collection[str]) -> tuple[str, str]:
    text = f"{short(value)} is no SPDX expression, such as CC0-1.0 or LicenseRef-NAME"
    return "license", text


def _turns(_: Any, issue: SchemaIssue, __: Collection[str]) -> tuple[str, str]:  # noqa: ANN401
    return "two-turns", f"{issue.message}; a record has one user turn, then one assistant turn"


def _marks(value: str, _: SchemaIssue, __: Collection[str]) -> tuple[str, str]:
    text = f"the user turn must open with <image>, one an image; it opens with {short(value[:24])}"
    return "image-marks", text


def _near(name: str, tasks: Collection[str]) -> str:
    return (
        nearest(name.strip().upper(), sorted(tasks))
        if tasks
        else "expected a code such as A1 or D2"
    )


_Better = Callable[[Any, SchemaIssue, Collection[str]], tuple[str, str]]
_BETTER: tuple[tuple[re.Pattern[str], _Better], ...] = (
    (re.compile("/task_type pattern"), _task),
    (re.compile("/images/[0-9]+ (pattern|minLength)"), _path),
    (re.compile("/license (pattern|minLength)"), _license),
    (re.compile("/messages (min|max)Items|/messages/[01]/role const"), _turns),
    (re.compile("/messages/0/content pattern"), _marks),
)
