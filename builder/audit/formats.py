"""Issues as text, as annotations of GitHub Actions, as JSON, and as SARIF 2.1.0."""

import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

from builder import __version__
from builder.audit.catalog import DEEP_RULES, RULES
from builder.audit.counted import Counted
from builder.audit.issue import Issue

ANNOTATIONS = 10  # GitHub shows so many errors of one step, and drops the others silently
MOST_RESULTS = 25_000  # GitHub refuses a SARIF file with more
RULES_URL = "W2V_RULES_URL"  # environment: where docs/rules.md is shown; the action sets it
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def text(issues: Iterable[Issue], _: Counted) -> Iterator[str]:
    """Yield a line an issue."""
    yield from map(str, issues)


def github(issues: Iterable[Issue], _: Counted) -> Iterator[str]:
    """Yield annotations for the first issues, the others as plain lines after a word about it."""
    rest = iter(issues)
    yield from map(annotation, itertools.islice(rest, ANNOTATIONS))
    first = next(rest, None)
    if first is None:
        return
    yield f"GitHub shows {ANNOTATIONS} annotations a step; the other issues, in plain text:"
    yield from map(str, itertools.chain([first], rest))


def annotation(issue: Issue) -> str:
    """Return the workflow command that marks an issue at its line.

    Source: docs.github.com/actions, "Workflow commands for GitHub Actions".
    """
    properties = {"file": relative(issue.file)}
    if issue.line is not None:
        properties["line"] = str(issue.line)
    properties["title"] = issue.rule
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    row = "" if issue.row is None else f"row {issue.row}: "
    pointer = f"{issue.pointer}: " if issue.pointer else ""
    return f"::error {listed}::{_data(row + pointer + issue.message)}"


def as_json(issues: Iterable[Issue], counted: Counted) -> Iterator[str]:
    """Yield one JSON document, an issue a line."""
    yield f'{{"version": 1, "world2vlm": {json.dumps(__version__)}, "issues": ['
    before = " "
    for issue in issues:
        yield f"{before}{json.dumps(asdict(issue))}"
        before = ","
    yield f'], "checked": {json.dumps(_counts(counted))}}}'


def _counts(counted: Counted) -> dict[str, Any]:
    return {one.name: getattr(counted, one.name) for one in fields(counted)}


def sarif(issues: Iterable[Issue], _: Counted) -> Iterator[str]:
    """Yield one SARIF document, for code scanning and editors."""
    all_rules = {**RULES, **DEEP_RULES}
    places = {rule: index for index, rule in enumerate(all_rules)}
    kept = itertools.islice(issues, MOST_RESULTS)
    run = {
        "tool": {
            "driver": {
                "name": "world2vlm",
                "semanticVersion": __version__,
                "rules": [_sarif_rule(rule, says) for rule, says in all_rules.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(issue, places) for issue in kept],
    }
    yield json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=1)


FORMATS: Mapping[str, Callable[[Iterable[Issue], Counted], Iterator[str]]] = {
    "text": text,
    "github": github,
    "json": as_json,
    "sarif": sarif,
}


def relative(file: str) -> str:
    """Return a path as seen from the top of the repository, where it lies below it.

    That is GITHUB_WORKSPACE on GitHub, else the working folder.
    """
    if "://" in file:
        return file
    top = os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    real = os.path.join(os.path.realpath(os.path.dirname(file) or "."), os.path.basename(file))
    inside = real.startswith(top.rstrip(os.sep) + os.sep)
    return Path(os.path.relpath(real, top)).as_posix() if inside else Path(real).as_posix()


def _sarif_rule(rule: str, says: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": rule,
        "shortDescription": {"text": says},
        "help": {"text": f"{says} All rules: docs/rules.md of world2vlm."},
        "defaultConfiguration": {"level": "error"},
    }
    if url := os.environ.get(RULES_URL):
        found["helpUri"] = f"{url}#{rule}"
    return found


def _result(issue: Issue, places: Mapping[str, int]) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(issue.file)}
    if issue.line is not None:
        physical["region"] = {"startLine": issue.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    inside = issue.pointer if issue.row is None else f"#{issue.row}{issue.pointer}"
    if inside:
        location["logicalLocations"] = [{"fullyQualifiedName": inside}]
    found: dict[str, Any] = {
        "ruleId": issue.rule,
        "level": "error",
        "message": {"text": f"{inside}: {issue.message}" if inside else issue.message},
        "locations": [location],
    }
    if issue.rule in places:
        found["ruleIndex"] = places[issue.rule]
    return found


def _artifact(file: str) -> dict[str, str]:
    """Return where a file is: a URL, a path below the top, or a path elsewhere on this machine."""
    seen = relative(file)
    if "://" in seen:
        return {"uri": quote(seen, safe="/:@!$&'()*+,;=~-._?")}
    if seen.startswith("/"):
        return {"uri": f"file://{quote(seen)}"}
    return {"uri": quote(seen), "uriBaseId": "%SRCROOT%"}


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
