"""`world2vlm score`."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from builder.commands import Commands, add
from builder.language.table import aligned

if TYPE_CHECKING:
    from builder.audit.score.predictions import Predictions
    from builder.audit.score.report import Line, Report

_SHOWN = 20  # problems of one kind; the rest is counted


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    example = "world2vlm score said.jsonl --data out/World2VLM --config benchmark"
    command = add(commands, "score", run, example)
    command.add_argument("predictions", type=Path, help="lines of {record_id, prediction}")
    command.add_argument(
        "--data", type=Path, metavar="PATH", help="a build, .jsonl or .parquet; the demo if none"
    )
    command.add_argument("--config", metavar="NAME", help="a subset, all, or benchmark")
    command.add_argument("--split", metavar="NAME", help="only this split")
    command.add_argument("--by", metavar="LIST", help="groupings to print, such as task,direction")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the whole table there")


def run(args: argparse.Namespace) -> int:
    """Score predictions: tables with bootstrap intervals over places, beside two baselines."""
    from builder.audit.score.predictions import read_predictions
    from builder.audit.score.report import lines_of, scored
    from builder.audit.score.rows import records_in
    from builder.publish.show import demo_folder

    groupings = _groupings(args.by)
    records = records_in(args.data or demo_folder(), args.config, args.split)
    predictions = read_predictions(args.predictions)
    started_s = time.monotonic()
    report = scored(records, predictions, _teller())
    took_s = time.monotonic() - started_s
    lines = lines_of(report)
    print(_table([line for line in lines if line.grouping in groupings]))
    if args.json:
        _write(args.json, report, predictions, lines)
    rate = report.records / max(took_s, 1e-9)
    print(f"{report.records} records, {rate:,.0f} a second", file=sys.stderr)
    return 1 if _told(report, predictions) else 0


def _groupings(names: str | None) -> tuple[str, ...]:
    from builder.audit.score.groups import GROUPINGS
    from builder.core.errors import ConfigError, nearest

    wanted = tuple(names.split(",")) if names else GROUPINGS
    for name in wanted:
        if name not in GROUPINGS:
            raise ConfigError(f"no grouping {name!r}: {nearest(name, GROUPINGS)}")
    return ("all", "tasks", *wanted)


def _table(lines: Sequence["Line"]) -> str:
    rows = [["group", "records", "places", "score", "95 %", "exact", "format", "random", "const."]]
    for line in lines:
        means = line.means
        ends = "-" if line.interval is None else "{:.3f}-{:.3f}".format(*line.interval)
        name = line.group if line.grouping in ("all", "tasks") else f"{line.grouping} {line.group}"
        numbers = [f"{means[key]:.3f}" for key in ("exact", "format", "random", "constant")]
        rows.append(
            [name, str(line.records), str(line.places), f"{means['score']:.3f}", ends, *numbers]
        )
    return aligned(rows)


def _told(report: "Report", predictions: "Predictions") -> bool:
    """Say what is wrong with the predictions; return whether anything is."""
    unknown = [f"{name}: is not among the records" for name in report.unknown]
    found = False
    for what, items in (
        ("lines that are no prediction", predictions.bad),
        ("records answered twice; the first answer counts", predictions.duplicates),
        ("predictions of unknown records", unknown),
    ):
        for item in items[:_SHOWN]:
            print(item, file=sys.stderr)
        if items:
            print(f"{len(items)} {what}", file=sys.stderr)
            found = True
    if report.missing:
        print(f"{report.missing} records without a prediction; they count as 0", file=sys.stderr)
    return found or report.missing > 0


def _write(
    file: Path, report: "Report", predictions: "Predictions", lines: Sequence["Line"]
) -> None:
    from builder.store import whole_file

    value = {
        "records": report.records,
        "missing": report.missing,
        "unknown": len(report.unknown),
        "duplicates": len(predictions.duplicates),
        "bad_lines": len(predictions.bad),
        "table": [line.to_json() for line in lines],
    }
    with whole_file(file) as draft:
        draft.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _teller() -> Callable[[int], None]:
    """Return what shows how many records are done, now and then, on a terminal."""
    shown = sys.stderr.isatty()

    def tell(done: int) -> None:
        if shown and done % 2000 == 0:
            print(f"\r{done} records", end="", file=sys.stderr, flush=True)

    return tell
