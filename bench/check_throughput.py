"""How fast records are checked by schema and meaning, beside `jsonschema` alone, in one run.

    python bench/check_throughput.py out/bundles

CPU time of one process, round after round; in each the engines take turns, so that what else the
machine does meets all of them, and the ratio is that of the round. `jsonschema` is the schema of
each record's task alone, compiled once, on parsed values; ours begins at the bytes of the file,
asks every rule that needs no picture, and forgets before each round all that it has read: a check
begins so.
"""

import argparse
import gc
import json
import statistics
import sys
import time
from functools import partial
from pathlib import Path

from builder.audit import answers, motion, rules
from builder.audit.jsontext import read_batches
from builder.audit.rules import batch_findings
from builder.language import grammar
from builder.schemas import fast, load
from builder.tasks import readers

ROUNDS = 7
TARGET = 15.0
ALONE = 1000  # records for `jsonschema`, which takes a second for as many
MEMORIES = (
    answers._meant,
    answers._motion_apart,
    answers._claim_apart,
    motion.heard,
    grammar._hear_one,
    rules._subset,
    rules._split,
    rules._template,
    rules._motion,
)


def seconds(work):
    """Return the CPU time of one call."""
    begun_s = time.process_time()
    work()
    return time.process_time() - begun_s


def forget():
    """Empty every memory, with the reader's own of short texts."""
    for remembered in MEMORIES:
        remembered.cache_clear()
    if fast.installed():
        import jiter

        jiter.cache_clear()


def alone(records):
    """Validate by the task's schema; compiled before."""
    for record in records:
        list(load.task_validator(record["task_type"]).iter_errors(record))


def ours(files, known):
    """Read, validate and ask every rule that needs no picture."""
    forget()
    for file in files:
        for batch in read_batches(file):
            found = batch_findings([line.value for line in batch], known)
            if any(found) or any(line.findings for line in batch):
                raise SystemExit(f"{file}: something is wrong; see world2vlm check")


def main() -> int:
    """Print the rates and their ratio to `jsonschema`; 1 if the median is below the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    files = sorted(asked.folder.glob("*/tasks*.jsonl"))
    records = [json.loads(line) for file in files for line in file.read_bytes().splitlines()]
    part = records[:: max(1, len(records) // ALONE)]
    engines = {
        "jsonschema alone": (partial(alone, part), len(part)),
        "check, schema and meaning": (partial(ours, files, readers()), len(records)),
    }
    for work, _ in engines.values():
        work()  # compile
    gc.collect()
    gc.freeze()  # the records held for the one are no burden to the other
    rates = {name: [] for name in engines}
    for name in [*engines] * asked.rounds:
        work, count = engines[name]
        rates[name].append(count / seconds(work))
    print(f"{len(records)} records, {asked.rounds} rounds; [fast]: {fast.installed()}")
    slow = rates["jsonschema alone"]
    for name, found in rates.items():
        ratios = [rate / beside for rate, beside in zip(found, slow, strict=True)]
        print(f"{name:27s}{_spread(found, 8, 0)} records/s   x {_spread(ratios, 5, 1)}")
    target = [rate / beside for rate, beside in zip(rates[[*rates][1]], slow, strict=True)]
    print(f"least, median and most of the rounds; target: x {TARGET:.0f}")
    return 0 if statistics.median(target) >= TARGET else 1


def _spread(values, width, decimals):
    three = (min(values), statistics.median(values), max(values))
    return " ".join(f"{value:{width},.{decimals}f}" for value in three)


if __name__ == "__main__":
    sys.exit(main())
