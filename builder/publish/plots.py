"""Statistics as figures: small multiples, for the card and for `stats --plots`.

The same counts give the same bytes with the same matplotlib: no dates, no user settings, and the
fonts that come with it.
"""

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from builder.core.split import SPLITS
from builder.publish.plots_frame import COLORS, GRADES, INK, QUIET, Axes, can_draw, grid, styled
from builder.publish.stats import Evenness, Statistics
from builder.publish.stats_table import short
from builder.store.files import told

__all__ = ["FIGURES", "can_draw", "draw"]

FIGURES = {
    "answers.png": "How often each answer is right, by config and task",
    "amounts.png": "How far moves and turns go",
    "objects.png": "What is asked about, and where in the frame it is",
    "forms.png": "In which form answers are given, and how hard questions are",
}
_SHOWN, _LABELS = 8, 14
_HELD_OUT = SPLITS[1:]
_ARROWS = {
    "move forward": "↑",
    "move backward": "↓",
    "move left": "←",
    "move right": "→",
    "turn left": "↶",
    "turn right": "↷",
}


def draw(found: Statistics, folder: Path) -> list[Path]:
    """Draw all figures of a set of records into a folder.

    Returns:
        The files, in the order of `FIGURES`.

    Raises:
        MissingExtra: If matplotlib is not installed.
        StoreError: If the disk refuses.
    """
    painters = {
        "answers.png": _answers,
        "amounts.png": _amounts,
        "objects.png": _objects,
        "forms.png": _forms,
    }
    drawn = []
    with styled(), told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, title in FIGURES.items():
            figure = painters[name](found, title)
            figure.savefig(folder / name, metadata={"Software": None})
            drawn.append(folder / name)
    return drawn


def _answers(found: Statistics, title: str) -> Any:  # noqa: ANN401
    note = "bars: train; circles: held out; line: even"
    size, between = (2.08, 1.3), (0.86, 0.42, 0.12)
    heads = ["-\n".join(name.rsplit("-", 1)) if len(name) > 18 else name for name in found.subsets]
    figure, axes = grid(found.tasks, heads, f"{title}  ({note})", size, between)
    for row, task in enumerate(found.tasks):
        for column, subset in enumerate(found.subsets):
            shown = axes[row][column]
            train = found.evenness(subset, SPLITS[:1], task, "answer")
            others = found.evenness(subset, _HELD_OUT, task, "answer")
            whole = found.evenness(subset, SPLITS, task, "answer")
            if not whole.counts:
                shown.set_axis_off()
                continue
            values = _most_frequent(whole, _SHOWN)
            _bars(shown, train, others, values)
            if more := len(whole.counts) - len(values):
                shown.set_xlabel(f"and {more} more", labelpad=0)
    return figure


def _bars(axes: Axes, train: Evenness, others: Evenness, values: Sequence[str]) -> None:
    places = range(len(values))
    axes.barh(places, [_share(train, one) for one in values], color=COLORS[0], height=0.62)
    if others.total:
        axes.plot(
            [_share(others, one) for one in values],
            places,
            linestyle="none",
            marker="o",
            markersize=4,
            markerfacecolor="white",
            markeredgecolor=COLORS[1],
        )
    axes.axvline(100 / len(train.counts), color=QUIET, linewidth=0.8, linestyle=(0, (3, 2)))
    axes.set_yticks(list(places), [_brief(one) for one in values])
    axes.set_ylim(max(len(values), 3) - 0.4, -0.6)
    axes.xaxis.set_major_formatter("{x:.0f} %")
    axes.locator_params(axis="x", nbins=4)


def _amounts(found: Statistics, title: str) -> Any:  # noqa: ANN401
    heads = ("A1: meters", "A2: degrees", "all tasks: meters", "all tasks: degrees")
    title += "  (records or actions, all splits)"
    figure, axes = grid(found.subsets, heads, title, (2.08, 1.5), (0.5, 0.4, 0.12))
    for row, subset in enumerate(found.subsets):
        for column, (tasks, aspect, step) in enumerate(
            (
                (["A1"], "move_m", 0.1),
                (["A2"], "turn_deg", 10.0),
                (found.tasks, "move_m", 0.1),
                (found.tasks, "turn_deg", 10.0),
            )
        ):
            counts: dict[float, int] = {}
            for task in tasks:
                one = found.evenness(subset, SPLITS, task, aspect)
                for value, count in one.counts.items():
                    counts[float(value)] = counts.get(float(value), 0) + count
            shown = axes[row][column]
            shown.bar(counts.keys(), counts.values(), width=0.8 * step, color=COLORS[column // 2])
            shown.locator_params(axis="x", nbins=5, integer=aspect != "move_m")
            shown.locator_params(axis="y", nbins=5, integer=True)
            shown.set_xlim(0, max(counts, default=step) + step)
            shown.set_ylim(bottom=0)
    return figure


def _objects(found: Statistics, title: str) -> Any:  # noqa: ANN401
    heads = ("labels", "box before: share of each ninth", "box after: share of each ninth")
    figure, axes = grid(found.subsets, heads, title, (2.77, 2.1), (1.0, 0.5, 0.12))
    for row, subset in enumerate(found.subsets):
        labels = _over_tasks(found, subset, "label")
        if not labels.total:
            for shown in axes[row]:
                shown.set_axis_off()
            continue
        values = _most_frequent(labels, _LABELS)
        _bars(axes[row][0], labels, Evenness({}), values)
        axes[row][0].tick_params(axis="y", labelsize=6)
        axes[row][0].set_xlabel(f"{len(labels.counts)} labels; line: even")
        for column, aspect in enumerate(("box_before", "box_after"), start=1):
            _ninths(axes[row][column], _over_tasks(found, subset, aspect))
    return figure


def _ninths(axes: Axes, one: Evenness) -> None:
    shares = [100 * count / max(1, one.total) for count in one.counts.values()]
    cells = [shares[start : start + 3] for start in (0, 3, 6)]
    axes.imshow(cells, cmap="Blues", vmin=0, vmax=max(40.0, *shares), aspect=0.7)
    for row, line in enumerate(cells):
        for column, share in enumerate(line):
            color = "white" if share > 24 else INK
            axes.text(column, row, f"{share:.0f} %", ha="center", va="center", color=color)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)


def _forms(found: Statistics, title: str) -> Any:  # noqa: ANN401
    heads = ("answer form", "closed answers: word or letter", "difficulty, 1 to 5")
    title += "  (share of a task's records)"
    size, between = (2.77, 1.6), (0.5, 0.4, 0.2)
    figure, axes = grid(found.subsets, heads, title, size, between, below=0.85)
    for column, aspect in enumerate(("form", "choice", "difficulty")):
        colors = _colors(found, aspect)
        for row, subset in enumerate(found.subsets):
            _stacked(axes[row][column], found, (subset, aspect), colors)
        _legend(axes[-1][column], colors)
    return figure


def _colors(found: Statistics, aspect: str) -> dict[str, str]:
    """Return a color for each value that an aspect has in any subset."""
    if aspect == "difficulty":
        return dict(zip("12345", GRADES, strict=True))
    values = {
        value for subset in found.subsets for value in _over_tasks(found, subset, aspect).counts
    }
    return dict(zip(sorted(values), cycle(COLORS), strict=False))


def _legend(axes: Axes, colors: Mapping[str, str]) -> None:
    from matplotlib.patches import Patch

    axes.legend(
        handles=[Patch(color=color, label=value) for value, color in colors.items()],
        loc="upper left",
        bbox_to_anchor=(-0.02, -0.14),
        ncols=5 if max(map(len, colors), default=0) < 2 else 3,
        handlelength=0.9,
        columnspacing=1.2,
        fontsize=7,
    )


def _stacked(axes: Axes, found: Statistics, of: tuple[str, str], colors: Mapping[str, str]) -> None:
    """Draw one bar a task of a subset, cut into the shares of an aspect's values."""
    subset, aspect = of
    of_task = {task: found.evenness(subset, SPLITS, task, aspect) for task in found.tasks}
    of_task = {task: one for task, one in of_task.items() if one.total}
    if not of_task:
        text = "not graded" if aspect == "difficulty" else "none"
        axes.text(0.5, 0.5, text, ha="center", va="center", color=QUIET)
        axes.set_xticks([])
        axes.set_yticks([])
        return
    left = dict.fromkeys(of_task, 0.0)
    for value, color in colors.items():
        shares = {task: _share(one, value) for task, one in of_task.items()}
        axes.barh(
            list(of_task),
            list(shares.values()),
            left=list(left.values()),
            height=0.7,
            color=color,
            edgecolor="white",
            linewidth=0.8,
        )
        left = {task: left[task] + share for task, share in shares.items()}
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_formatter("{x:.0f} %")


def _over_tasks(found: Statistics, subset: str, aspect: str) -> Evenness:
    counts: dict[str, int] = {}
    for task in found.tasks:
        for value, count in found.evenness(subset, SPLITS, task, aspect).counts.items():
            counts[value] = counts.get(value, 0) + count
    return Evenness(counts)


def _most_frequent(one: Evenness, most: int) -> list[str]:
    """Return the values in their own order where all are shown, else the most frequent."""
    if len(one.counts) <= most:
        return list(one.counts)
    return sorted(one.counts, key=lambda value: (-one.counts[value], value))[:most]


def _share(one: Evenness, value: str) -> float:
    return 100 * one.counts.get(value, 0) / max(1, one.total)


def _brief(answer: str) -> str:
    """Return a sequence as arrows, anything else in words."""
    if ";" not in answer:
        return short(answer)
    return " ".join(_ARROWS[kind] for kind in answer.split("; "))
