"""Count, on one build, where the paper's rules and ours differ: writes docs/paper-rules.md.

    python -m bench.paper_rules out            # prints the page
    python -m bench.paper_rules out --write    # writes it

`out` is a build (or a folder of bundles) of the embedded backend, whose truth is exact. Both sides
are asked everything that the bundles offer, before any choosing for balance.
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from bench.paper_classes import classes
from builder.config import BuildConfig
from builder.core.drop import Drop
from builder.core.protocol import SUBSETS
from builder.paper import compare, motion_records, object_records, read_trajectory
from builder.paper.compare import label_of
from builder.pipeline.counting import counted
from builder.pipeline.paper_rules import PAPER_SEED
from builder.store import read_rollout
from builder.store.foreign import bundles_below
from builder.tasks import all_tasks

PAGE = Path(__file__).parents[1] / "docs" / "paper-rules.md"
OBJECTS = 1000  # how the number of an object question is made: 1000 * pair + track
MARKS = ("<!-- counts -->", "<!-- end of counts -->")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, help="bundles a subset, the first in order")
    parser.add_argument("--write", action="store_true", help="write docs/paper-rules.md")
    args = parser.parse_args()
    text = tables(Both(args.folder, args.most))
    if args.write:
        old = PAGE.read_text()
        start, end = old.index(MARKS[0]) + len(MARKS[0]), old.index(MARKS[1])
        PAGE.write_text(f"{old[:start]}\n\n{text}\n{old[end:]}")
    print(text)


class Both:
    """The records of both rules on the same bundles."""

    def __init__(self, folder, most):
        found = [
            one for _, one in bundles_below(folder, list(SUBSETS)) if not isinstance(one, Drop)
        ]
        taken = Counter()
        self.rollouts, self.theirs, self.ours, self.reasons = {}, [], [], {}
        groups = defaultdict(list)
        chosen = []
        for one in found:
            taken[one.subset.name] += 1
            if most is None or taken[one.subset.name] <= most:
                chosen.append(one)
        for one in counted(chosen, len(chosen), "bundles"):
            rollout = read_rollout(one.folder)
            key = (one.subset.name, one.scene_id, one.trajectory_id)
            self.rollouts[key] = rollout
            groups[one.subset.name].append(read_trajectory(one.folder))
            self._ask(rollout, key)
        self.trajectories = groups
        for subset, group in groups.items():
            self.theirs += [(subset, one) for one in motion_records(group, PAPER_SEED)]
            self.theirs += [(subset, one) for item in group for one in object_records(item)]

    def _ask(self, rollout, key):
        config = BuildConfig()
        for name, task in all_tasks().items():
            for number, draft in task.drafts(rollout, 0, config.gates):
                if isinstance(draft, Drop):
                    self.reasons[*key, name, number] = draft.reason
            self.ours += [
                (key[0], one.to_json())
                for one in task.records(rollout, 0, config.gates)
                if not isinstance(one, Drop)
            ]

    def reason(self, subset, record):
        """Return why ours does not ask what a record of theirs asks."""
        key = (subset, record.scene_id, record.trajectory_id)
        rollout = self.rollouts[key]
        count = len(rollout.keys)
        pair = count - 2  # the place of (0, last) among all pairs, in their order
        numbers = [pair]
        if record.thing is not None:
            numbers = [pair * OBJECTS + (record.thing.track_id or 0), pair * OBJECTS]
        for number in numbers:
            if found := self.reasons.get((*key, record.task_type, number)):
                return found
        if record.task_type in {"A3", "A4"}:
            return "asked as A4" if record.task_type == "A3" else "asked as A3"
        return "other verdict drawn" if record.task_type == "D4" else "not offered"

    def sighting(self, subset, where, track, frame):
        """Return how a track is seen in a frame of a (scene, trajectory); None: not a pixel."""
        tracks = {one.track_id: one for one in self.rollouts[subset, *where].tracks}
        return tracks[track].sightings.get(frame)


def tables(both):
    bundles = Counter(key[0] for key in both.rollouts)
    total = Counter(one.task_type for _, one in both.theirs)
    mine = Counter(one["task_type"] for _, one in both.ours)
    found = compared(both)
    outcomes = ("same", "different", "other claim", "only paper", "only ours")
    head = ("task", "paper", "ours", *outcomes)
    lines = [
        f"{sum(bundles.values())} bundles ({', '.join(f'{n} {k}' for k, n in bundles.items())}), "
        f"{total.total():,} questions by the paper's rules, {mine.total():,} by ours "
        "(all that pass the gates, before any choice for balance).",
        "",
        "### Label by label",
        "",
        "The same question: the same place, trajectory, task, frames and objects. Answers of other "
        "forms are compared by what they say.",
        "",
        f"| {' | '.join(head)} |",
        f"|---|{'--:|' * (len(head) - 1)}",
    ]
    for task in sorted(total | mine):
        counts = [
            sum(count for (of, is_, _), count in found.items() if (of, is_) == (task, outcome))
            for outcome in outcomes
        ]
        cells = " | ".join(f"{count:,}" for count in (total[task], mine[task], *counts))
        lines.append(f"| {task} | {cells} |")
    lines += ["", "### Why we do not ask what the paper asks", ""]
    lines += ["| task | reason | count |", "|---|---|--:|"]
    for (task, outcome, why), count in sorted(found.items()):
        if outcome == "only paper":
            lines.append(f"| {task} | {why} | {count:,} |")
    lines += ["", "### Classes of difference", ""]
    lines += ["| class | by the paper's rules | by ours |", "|---|--:|--:|"]
    lines += [f"| {name} | {theirs} | {ours} |" for name, theirs, ours in classes(both)]
    return "\n".join(lines) + "\n"


def compared(both):
    counts = Counter()
    for subset in SUBSETS:
        theirs = [one for name, one in both.theirs if name == subset]
        ours = [label_of(one) for name, one in both.ours if name == subset]
        result = compare(theirs, ours, lambda one, subset=subset: both.reason(subset, one))
        counts.update(result.counts)
    return counts


if __name__ == "__main__":
    main()
