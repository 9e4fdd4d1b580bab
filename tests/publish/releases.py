"""Small releases, packed from the demo."""

import json
import shutil

from builder.core.protocol import SUBSETS
from builder.publish.pack import pack
from builder.publish.show import demo_folder

FACTS = {"seed": 1}


def demo_bundles(out, splits=("train",)):
    """Put the demo where a build puts its bundles; places are dealt over the given splits.

    The rows keep their ids: what `check` says of them is no matter here.
    """
    for name in SUBSETS:
        folder = SUBSETS[name].folder
        place = out / "bundles" / folder
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(demo_folder() / f"{folder}-demo", place)
        records = [json.loads(line) for line in (place / "tasks_demo.jsonl").open()]
        for number, record in enumerate(records):
            record["split"] = splits[number % len(splits)]
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (place / "tasks.jsonl").write_text(lines)
    return out


def packed_demo(out, splits=("train", "validation", "test")):
    """Return the demo as a release of all splits, so that it has a benchmark."""
    return pack(demo_bundles(out, splits), FACTS)
