"""How fast records are checked by schema and meaning, beside `jsonschema` alone, in one run.

    python bench/check_throughput.py out/bundles

CPU time of one process, the least of five rounds; the engines take turns, so that what else the
machine does meets all of them. `jsonschema` is the schema of each record's task alone, compiled
once, on parsed values; ours begins at the bytes of the file, asks every rule that needs no picture,
and forgets before each round what answers it has read.
"""

import argparse
import gc
import json
import math
import sys
import time
from functools import partial
from pathlib import Path

from builder.audit import answers, motion
from builder.audit.jsontext import read_lines
from builder.audit.rules import record_findings
from builder.schemas import fast, load
from builder.tasks import readers

ROUNDS = 5
TARGET = 15.0
ALONE = 2000  # records for `jsonschema`, which takes a second for as many


def seconds(work):
    """Return the CPU time of one call."""
    begun_s = time.process_time()
    work()
    return time.process_time() - begun_s


def alone(records):
    """Validate by the task's schema; compiled before."""
    for record in records:
        list(load.task_validator(record["task_type"]).iter_errors(record))


def ours(files, known):
    """Read, validate and ask every rule that needs no picture."""
    for remembered in (motion.heard, motion.difference_of, answers._meant):
        remembered.cache_clear()
    for file in files:
        for line in read_lines(file):
            if line.findings or record_findings(line.value, known):
                raise SystemExit(f"{file}:{line.number} is wrong")


def main() -> int:
    """Print both rates and their ratio; 1 if it is below the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    files = sorted(parser.parse_args().folder.glob("*/tasks.jsonl"))
    records = [json.loads(line) for file in files for line in file.read_bytes().splitlines()]
    part = records[:: max(1, len(records) // ALONE)]
    engines = {
        "jsonschema alone": (partial(alone, part), len(part)),
        "check, schema and meaning": (partial(ours, files, readers()), len(records)),
    }
    least = dict.fromkeys(engines, math.inf)
    for work, _ in engines.values():
        work()  # compile
    gc.collect()
    gc.freeze()  # the records held for the one are no burden to the other
    for name in [*engines] * ROUNDS:
        least[name] = min(least[name], seconds(engines[name][0]))
    rates = {name: count / least[name] for name, (_, count) in engines.items()}
    print(f"{len(records)} records; jsonschema-rs and orjson: {fast.installed()}")
    for name, rate in rates.items():
        print(f"{name:28s}{rate:10,.0f} records/s")
    slow, quick = rates.values()
    print(f"ratio: {quick / slow:.1f} (target {TARGET:.0f})")
    return 0 if quick / slow >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
