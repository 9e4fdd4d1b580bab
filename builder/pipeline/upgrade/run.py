"""The order of an upgrade: find, refuse, make beside, change places."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from builder.core.errors import StoreError
from builder.core.protocol import SUBSETS
from builder.pipeline.counting import counted
from builder.pipeline.output import locked
from builder.pipeline.upgrade.draft import Draft, put_in_place, recovered
from builder.pipeline.upgrade.records import upgraded
from builder.pipeline.upgrade.report import Report
from builder.pipeline.upgrade.steps import STEPS, Step
from builder.store import read_json

Pack = Callable[[Path, Mapping[str, Any]], object]
_RELEASE = "World2VLM/stats.json"  # below a build's output


def upgrade(
    path: Path,
    out: Path | None,
    pack: Pack,
    *,
    dry_run: bool = False,
    steps: Sequence[Step] = STEPS,
) -> Report:
    """Bring a build's output, or a folder of subsets such as the demo, to today's form.

    Args:
        path: The folder.
        out: Where to write the new one; None: it takes the place of the old one.
        pack: Packs a build's output again, given the facts that its release states.
        dry_run: Count only.
        steps: To take.

    Returns:
        What changed; of a folder in today's form, nothing.

    Raises:
        StoreError: If there are no records, the disk refuses, or a build is at work there.
        RecordInvalid: If a record cannot be brought to today's form; nothing is changed then.
    """
    path = path.resolve()
    recovered(path)
    files = record_files(path)
    if out is not None and out.exists():
        raise StoreError(f"{out}: is there already; choose a new folder")
    with ExitStack() as stack:
        if (lock := path / ".build" / "lock").is_file():
            stack.enter_context(locked(lock, path))
        if dry_run:
            return _counts(files, path, steps)
        draft = stack.enter_context(Draft.beside(path, (out or path).resolve()))
        report = _written(draft, files, steps)
        if report.changed == 0 and out is None:
            draft.forget()
            return report
        draft.link_rest()
        if report.changed and (path / _RELEASE).is_file():
            report.packed = True
            pack(draft.folder, _facts(path))
        report.swapped = True
        draft.close()
    put_in_place(draft.folder, draft.target)
    return report


def record_files(path: Path) -> dict[Path, Path]:
    """Return the files of records below a folder, each with what its images' paths start from.

    Raises:
        StoreError: If there are none.
    """
    found = {file: file.parent for file in sorted(path.rglob("tasks*.jsonl"))}
    for file in sorted((path / ".build" / "candidates").glob("*/*.jsonl")):
        if file.parent.name in SUBSETS:
            found[file] = path / "bundles" / SUBSETS[file.parent.name].folder
    if not found:
        raise StoreError(
            f"{path}: no records; expected a build's output, or a folder with tasks.jsonl in it"
            " (of Parquet alone there is nothing to upgrade from: bundles are needed)"
        )
    return found


def _counts(files: Mapping[Path, Path], path: Path, steps: Sequence[Step]) -> Report:
    report = Report()
    for file, root in counted(files.items(), len(files), "files"):
        for _ in upgraded(file, root, steps, report):
            pass
    report.packed = report.changed > 0 and (path / _RELEASE).is_file()
    return report


def _written(draft: Draft, files: Mapping[Path, Path], steps: Sequence[Step]) -> Report:
    report = Report()
    for file, root in counted(files.items(), len(files), "files"):
        report.add(draft.made(file, lambda part, f=file, r=root: upgraded(f, r, steps, part)))  # type: ignore[misc]
    return report


def _facts(path: Path) -> Mapping[str, Any]:
    """Return what the release states of the build, as `pack` was given it."""
    facts = read_json(path / _RELEASE).get("build", {})
    return dict(facts) if isinstance(facts, dict) else {}
