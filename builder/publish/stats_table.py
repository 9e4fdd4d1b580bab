"""Statistics as text: compact tables for a terminal, and one in Markdown for the card."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from builder.core.split import SPLITS
from builder.language.table import aligned
from builder.publish.stats import Evenness, Statistics

_HEADS = (
    "task",
    "split",
    "records",
    "answers",
    "forms",
    "choices",
    "labels",
    "boxes before",
    "after",
    "meters",
    "degrees",
    "difficulty",
)
_SHOWN = 8
_EVEN = "No answer or form is uneven beyond chance, where there are records enough to tell."
_SHORT = {
    "move forward": "forward",
    "move backward": "backward",
    "move left": "left",
    "move right": "right",
}


def tables(found: Statistics) -> str:
    """Return, for each subset, how even everything is, then the answers themselves."""
    parts = [legend()]
    for subset in found.subsets:
        parts += [subset, aligned(_evenness_rows(found, subset), texts=2)]
        parts.append(aligned(_answer_rows(found, subset), texts=3))
    lines = found.uneven()
    parts.append("uneven beyond chance:\n" + "\n".join(lines) if lines else "nothing is uneven")
    return "\n\n".join(parts)


def legend() -> str:
    """Return how the numbers are to be read."""
    return (
        "2.0x V .12: the most frequent value is twice as frequent as the least; V is Cramer's V\n"
        "against an even distribution, 0 if even and 1 if all are one value. none: a value that\n"
        "could be never comes. Labels and sequences: share of the most frequent, and how many."
    )


def drop_table(drops: Mapping[str, Mapping[str, Mapping[str, int]]]) -> str:
    """Return what was not made, by reason, summed over the subsets."""
    sums: dict[tuple[str, str], int] = {}
    for of_subset in drops.values():
        for what, reasons in of_subset.items():
            for why, count in reasons.items():
                sums[what, why] = sums.get((what, why), 0) + count
    rows = [["not made", "reason", "count"]]
    rows += [[what, why, str(count)] for (what, why), count in sorted(sums.items())]
    return aligned(rows, texts=2)


def card_table(found: Statistics) -> str:
    """Return the table of the card: a line a subset and task, over all splits."""
    lines = [
        "| config | task | records | most frequent answer | answers, most to least | forms |"
        " labels | most frequent label |",
        "|---|---|--:|---|--:|--:|--:|---|",
    ]
    for subset in found.subsets:
        for task in found.tasks:
            keys = [(subset, split, task) for split in SPLITS]
            if not found.records(*keys):
                continue
            answer, form, label = (
                found.evenness(subset, SPLITS, task, aspect)
                for aspect in ("answer", "form", "label")
            )
            cells = (
                f"`{subset}`",
                task,
                f"{found.records(*keys):,}",
                _top(answer),
                _ratio(answer),
                _ratio(form),
                str(len(label.counts)) if label.counts else "",
                _top(label) if label.counts else "",
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def card_section(found: Statistics, figures: Sequence[str]) -> str:
    """Return the card's section on balance: what is uneven, the figures, and the table."""
    lines = found.uneven()
    uneven = "\n".join(f"- {line}" for line in lines)
    said = f"Uneven beyond chance:\n\n{uneven}" if lines else _EVEN
    pictures = [f"![{Path(name).stem}]({name})" for name in figures]
    if not pictures:
        return "\n\n".join([said, card_table(found)])
    summary = "<summary>The same in numbers, by config and task</summary>"
    folded = f"<details>\n{summary}\n\n{card_table(found)}\n\n</details>"
    return "\n\n".join([said, *pictures, folded])


def short(answer: str) -> str:
    """Return an answer as few words: "left, turn right"."""
    return ", ".join(_SHORT.get(part, part) for part in answer.split("; "))


def _evenness_rows(found: Statistics, subset: str) -> Iterable[list[str]]:
    yield list(_HEADS)
    for of_subset, split, task in sorted(found.keys(), key=lambda key: key[2]):
        if of_subset != subset:
            continue
        row = [task, split, str(found.records((subset, split, task)))]
        of = {
            aspect: found.evenness(subset, [split], task, aspect)
            for aspect in found.aspects(subset, task)
        }
        row.append(
            _even(of["answer"]) if len(of["answer"].counts) <= _SHOWN else _many(of["answer"])
        )
        row += [_even(of.get(aspect)) for aspect in ("form", "choice")]
        row.append(_many(of.get("label")))
        row += [_even(of.get(aspect)) for aspect in ("box_before", "box_after")]
        row += [_range(of.get(aspect)) for aspect in ("move_m", "turn_deg", "difficulty")]
        yield row


def _answer_rows(found: Statistics, subset: str) -> Iterable[list[str]]:
    yield ["task", "split", "answers"]
    for of_subset, split, task in sorted(found.keys(), key=lambda key: key[2]):
        if of_subset == subset:
            counts = found.evenness(subset, [split], task, "answer").counts
            ranked = sorted(counts.items(), key=lambda item: -item[1])
            shown = "; ".join(f"{short(value)} {count}" for value, count in ranked[:_SHOWN])
            more = f"; and {len(ranked) - _SHOWN} others" if len(ranked) > _SHOWN else ""
            yield [task, split, shown + more]


def _even(one: Evenness | None) -> str:
    if one is None or not one.total:
        return ""
    if len(one.counts) == 1:
        return "one"
    return f"{_ratio(one)} V {one.unevenness:.2f}".replace(" 0.", " .")


def _ratio(one: Evenness) -> str:
    if len(one.counts) < 2:
        return ""
    return f"{one.max_to_min:.1f}x" if math.isfinite(one.max_to_min) else "none"


def _many(one: Evenness | None) -> str:
    if one is None or not one.total:
        return ""
    return f"{one.top[1]:.0%} of {sum(count > 0 for count in one.counts.values())}"


def _top(one: Evenness) -> str:
    value, share = one.top
    return f"{short(value)} {share:.0%}"


def _range(one: Evenness | None) -> str:
    """Return the least, the median and the greatest."""
    if one is None or not one.total:
        return ""
    values = [value for value, count in one.counts.items() for _ in range(count)]
    return f"{values[0]}..{values[len(values) // 2]}..{values[-1]}"
