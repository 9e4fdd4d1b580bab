"""A picture of an audit: what is guessed without pictures, beside what guessing must reach."""

from pathlib import Path
from typing import Any

from builder.audit.blind.measure import Measured
from builder.audit.blind.report import Report
from builder.core.errors import MissingExtra

_INK, _GUESS, _PRIOR, _CONTROL, _PROBE = "#222222", "#c1543c", "#8a94a6", "#c9ced8", "#3c7d6b"
_BARS = (("best constant answer", _PRIOR), ("shuffled answers", _CONTROL), ("blind", _GUESS))
_WIDTH = 0.26


def draw(report: Report, path: Path) -> None:
    """Draw bars of each target over all subsets, with 95 % intervals of the blind guess.

    Raises:
        MissingExtra: If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingExtra("matplotlib", "audit") from error
    shown = [one for one in report.measured if one.subset == "all"]
    figure = Figure(figsize=(9.0, 3.9), dpi=200, layout="constrained")
    axes = figure.subplots()
    for index, one in enumerate(shown):
        _bars(axes, index, one)
        _probe(axes, index, one, report)
    _finish(axes, shown, report)
    figure.savefig(path)


def _bars(axes: Any, index: int, one: Measured) -> None:  # noqa: ANN401 - matplotlib has no types
    values = (one.prior, one.control, one.blind)
    for slot, (value, (name, color)) in enumerate(zip(values, _BARS, strict=True)):
        label = name if index == 0 else None
        axes.bar(index + (slot - 1) * _WIDTH, value, _WIDTH * 0.92, color=color, label=label)
    low, high = (one.prior + bound for bound in one.interval)
    x = index + _WIDTH
    axes.plot([x, x], [max(0, low), high], color=_INK, lw=1.0)
    if one.allowed is not None:
        limit = one.prior + one.allowed
        label = "allowed" if index == 0 else None
        axes.plot(
            [index - 0.42, index + 0.42], [limit, limit], color=_INK, lw=1.0, ls=(0, (3, 2)),
            label=label,
        )  # fmt: skip
    top = max(high, one.blind, one.prior + (one.allowed or 0))
    color = {"fail": _GUESS, "pass": _PROBE}.get(one.verdict, _INK)
    axes.text(x, top + 0.015, one.verdict if one.allowed else f"{one.blind:.2f}",
              ha="center", va="bottom", fontsize=7, color=color)  # fmt: skip


def _probe(axes: Any, index: int, one: Measured, report: Report) -> None:  # noqa: ANN401
    for found in report.probed:
        if found.subset == "all" and found.target == one.target:
            first = not axes.get_legend_handles_labels()[1].count("probe with pictures")
            axes.plot(index, found.accuracy, marker="D", ms=5, color=_PROBE, ls="none",
                      label="probe with pictures" if first else None)  # fmt: skip


def _finish(axes: Any, shown: list[Measured], report: Report) -> None:  # noqa: ANN401
    names = [f"{one.target.replace(' ', chr(10), 1)}\nn = {one.records}" for one in shown]
    axes.set_xticks(range(len(shown)), names, fontsize=8)
    axes.set_ylim(0, 1.08)
    axes.set_ylabel("accuracy (D1: mean IoU)", fontsize=9)
    axes.set_title(
        f"Answered without pictures: {report.records:,} records, {report.places} places",
        fontsize=10, loc="left", color=_INK,
    )  # fmt: skip
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#e6e8ec", lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="both", length=0, labelsize=8)
    axes.legend(
        fontsize=7.5, frameon=False, ncols=5, loc="upper center", bbox_to_anchor=(0.5, -0.2)
    )
