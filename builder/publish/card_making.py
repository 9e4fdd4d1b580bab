"""The card on how a release was made: painters, versions, thresholds, and what was not made."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from builder.core.protocol import SUBSETS

_PAINTERS = {
    "embedded": "the embedded backend, a renderer on the CPU whose depth and object identities are"
    " exact. Its frames are **not** outputs of Stable Virtual Camera or of HY-WorldPlay",
    "svc": "Stable Virtual Camera, a generative model: its frames follow the asked motion"
    " approximately, and its license restricts their use",
    "hy-worldplay": "HY-WorldPlay, a generative model: its frames follow the asked motion"
    " approximately, and its license restricts their use",
}
_LABELS = {"config": "Fingerprint of the settings, which `stats.json` holds in full"}
# The settings of `builder.config.gates`, each with its value and what that means.
_GATES = {
    "min_displacement_px": "two shown views differ by at least {:g} px (median; at a short side of"
    " 576)",
    "min_overlap": "each shows at least {:.0%} of the other",
    "min_seen": "photographs: at least {:.0%} of a view was really seen",
    "max_holes": "photographs: at most {:.0%} of a view are holes",
    "max_border": "photographs: at most {:.0%} of a view lie beyond the picture",
    "max_enlargement": "photographs: at most {:g} output pixels a source pixel",
    "max_accepted": "at most {:g} sequences are right, and all are listed",
    "min_claim_change": "A4: a false claim differs by at least {:.0%} of the true motion",
    "max_box_iou": "D1: the box does not stay put (IoU at most {:g})",
    "stays_visible": "D2: visible is at least {:.0%} of the object; gone is nothing of it",
    "gone_margin": "D2, photographs: gone is beyond the frame by {:.0%} of it",
    "clearly_visible": "D1, D3, D4: at least {:.0%} of the object is visible in both views",
    "min_box_area": "D1, D3, D4: its box fills at least {:.1%} of the frame",
    "max_partner_iou": "D4: the other object's box is elsewhere (IoU at most {:g})",
}
_REASONS = {
    "surplus": "answerable, but more than was asked for or balanced",
    "enough-objects": "answerable, but enough of this trajectory was taken",
    "asked-already": "answerable, but asked in another form",
    "imperceptible": "the views hardly differ",
    "little-overlap": "the views share too little",
    "depth-unknown": "how the views compare is not known",
    "too-little-seen": "too little of the view was photographed",
    "holes": "the view has holes",
    "unseen-border": "the view looks beyond the photograph",
    "enlarged": "the photograph is too coarse there",
    "ambiguous": "too many answers are right",
    "repeated-axis": "two neighboring actions lie on one axis",
    "off-grid": "the true motion is not on the grid",
    "no-false-claim": "no false claim differs enough",
    "between": "neither plainly visible nor gone",
    "gone-unsure": "it may be hidden where nothing was photographed",
    "too-little-visible": "the object is mostly hidden or outside",
    "small-box": "the object is too small",
    "box-stays-put": "the box hardly moves",
    "no-partner": "no second object of that name",
    "boxes-overlap": "the two boxes could mean either object",
    "disobeyed": "the frames do not show the asked motion",
}


def making(stats: Mapping[str, Any]) -> str:
    """Return the section in Markdown.

    Args:
        stats: As `stats.json` holds them; "build" may hold "drops", "versions" and "settings".
    """
    build = stats["build"]
    parts = [_painters(stats)]
    if gates := build.get("settings", {}).get("gates"):
        parts.append(folded("When a question is asked", _thresholds(gates)))
    if drops := build.get("drops"):
        total = f"{sum(_by_reason(drops, lambda what: True).values()):,}"
        parts.append(folded(f"What was not made: {total} candidates, by reason", _drops(drops)))
    return "\n\n".join(parts)


def _painters(stats: Mapping[str, Any]) -> str:
    lines = [
        f"- Frames of {count:,} records were painted by {_PAINTERS.get(name, f'`{name}`')}."
        for name, count in stats["backend"].items()
    ]
    teachers = {SUBSETS[name].teacher for name in stats["configs"]}
    if set(stats["backend"]) - teachers:
        lines.append(
            "- The name of a config says whose motion protocol its cameras follow; the"
            " column `backend` says who painted the frames."
        )
    versions = stats["build"].get("versions", {})
    others = "".join(f", {name} {version}" for name, version in versions.items())
    lines.append(f"- Builder: world2vlm {', '.join(stats['builder_version'])}{others}.")
    for name, value in stats["build"].items():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            label = _LABELS.get(name, name.replace("_", " ").capitalize())
            lines.append(f"- {label}: `{value}`.")
    return "\n".join(lines)


def folded(summary: str, text: str) -> str:
    """Return a part of a page that is shown on a click."""
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def _thresholds(gates: Mapping[str, float]) -> str:
    lines = ["A question is asked only if its pictures decide it:", ""]
    lines += [
        f"- {words.format(gates[name])} (`{name}`)"
        for name, words in _GATES.items()
        if name in gates
    ]
    return "\n".join(lines)


def _drops(drops: Mapping[str, Mapping[str, Mapping[str, int]]]) -> str:
    """Return a table of reasons by task, and a line on what is no task's."""
    tasks = sorted({what for of in drops.values() for what in of if _is_task(what)})
    by_task = [_by_reason(drops, partial(str.__eq__, task)) for task in tasks]
    reasons = {reason for counts in by_task for reason in counts}
    lines = [
        f"| reason | {' | '.join(tasks)} |",
        f"|---|{'--:|' * len(tasks)}",
    ]
    for reason in [*(name for name in _REASONS if name in reasons), *sorted(reasons - {*_REASONS})]:
        cells = " | ".join(f"{counts[reason]:,}" if reason in counts else "" for counts in by_task)
        said = f": {_REASONS[reason]}" if reason in _REASONS else ""
        lines.append(f"| `{reason}`{said} | {cells} |")
    others = _by_reason(drops, lambda what: not _is_task(what))
    unfit = sum(count for reason, count in others.items() if _is_unfit(reason))
    listed = [f"{unfit:,} whose motion does not fit into the place"] if unfit else []
    listed += [f"`{name}` {n:,}" for name, n in sorted(others.items()) if not _is_unfit(name)]
    if listed:
        lines += ["", f"Trajectories that were not made: {', '.join(listed)}."]
    return "\n".join(lines)


def _is_unfit(reason: str) -> bool:
    return reason.startswith("no-") and reason.endswith("-fits")


def _is_task(what: str) -> bool:
    return what[:1].isupper()


def _by_reason(
    drops: Mapping[str, Mapping[str, Mapping[str, int]]], of: Callable[[str], bool]
) -> dict[str, int]:
    sums: dict[str, int] = {}
    for subset in drops.values():
        for what in filter(of, subset):
            for reason, count in subset[what].items():
                sums[reason] = sums.get(reason, 0) + count
    return sums
