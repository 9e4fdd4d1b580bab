"""What can be answered without looking, what is asked twice, and what the pictures do show.

`audit` measures three things that no check of single records finds: how well a learner without
pictures answers, which questions or pictures stand twice or in two splits, and whether a small
probe with pictures learns what it should. Tasks are neighbors, so the command hands in how their
answers are read (`Language`), and who runs the work (`Crew`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.audit.blind.asked import Asked, Batch, files_of, read
from builder.audit.blind.folds import Floats
from builder.audit.blind.measure import ALL, Measured, Settings, measure
from builder.audit.blind.pictures import Picture, pictures_of
from builder.audit.blind.probe import (
    LEAST_DEG,
    LEAST_M,
    LEAST_RECORDS,
    PROBED,
    Look,
    Probed,
    looks,
    probe,
    probed_records,
)
from builder.audit.blind.report import Report
from builder.audit.blind.sharing import sharing
from builder.audit.blind.targets import TARGETS, Language
from builder.audit.blind.twins import twins

__all__ = ["Asked", "Crew", "Language", "Report", "Settings", "audit", "files_of", "read"]

MADE_UP = "audit-place-"
"""How the ids of places begin that are test photographs of made-up rooms."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the long work.

    Attributes:
        look: Calls `pictures.look` on batches.
        see: Calls `probe.see` on pairs; None: no probe.
        say: Tells what is done next.
    """

    look: Callable[[Sequence[Batch]], Iterable[tuple[Batch, dict[str, Picture]]]]
    see: Callable[[Sequence[Look]], Iterable[tuple[Look, dict[str, Floats]]]] | None
    say: Callable[[str], None]


def audit(records: Sequence[Asked], language: Language, settings: Settings, crew: Crew) -> Report:
    """Measure what records give away, what they repeat, and what their pictures show.

    Args:
        records: What is audited.
        language: How answers are read.
        settings: How it is measured.
        crew: Who does the long work.

    Raises:
        RecordInvalid: If a record or picture cannot be read.
        MissingExtra: If the extra [audit] is not installed.
    """
    crew.say(f"looking at the pictures of {len(records)} records")
    pictures = pictures_of(records, crew.look)
    findings = [*twins(records, pictures, language), *sharing(records, pictures)]
    groups = _groups(records)
    measured: list[Measured] = []
    for target in TARGETS:
        crew.say(f"guessing {target.name} without pictures")
        found = (measure(target, some, language, settings, name) for name, some in groups)
        measured.extend(one for one in found if one is not None)
    places = {one.scene_id for one in records}
    probed = _probed(records, language, settings, crew)
    return Report(
        records=len(records),
        places=len(places),
        made_up=sum(name.startswith(MADE_UP) for name in places),
        measured=tuple(measured),
        findings=tuple(findings),
        probed=probed,
        notes=tuple(_notes(records, measured, probed, crew)),
    )


def _notes(
    records: Sequence[Asked], measured: Sequence[Measured], probed: Sequence[Probed], crew: Crew
) -> Iterator[str]:
    """Yield what could not be measured over all subsets, so that silence is never a pass."""
    done = {one.target for one in measured if one.subset == ALL}
    for target in TARGETS:
        mine = [one for one in records if one.task == target.task]
        if mine and target.name not in done:
            places = len({one.scene_id for one in mine})
            yield f"{target.name}: {len(mine)} records, {places} places; two places are needed"
    done = {one.target for one in probed if one.subset == ALL}
    large = Counter(one.task for one in probed_records(records)) if crew.see else Counter[str]()
    for task, name in PROBED.items():
        if crew.see and name not in done:
            yield (
                f"probe of {name}: {large[task]} pairs of at least {LEAST_M} m or {LEAST_DEG:g} "
                f"degrees; {LEAST_RECORDS} in two places are needed"
            )


def _groups(records: Sequence[Asked]) -> list[tuple[str, list[Asked]]]:
    """Return all records, and those of each subset where there are several."""
    subsets = sorted({one.subset for one in records})
    several = subsets if len(subsets) > 1 else []
    return [
        (ALL, list(records)),
        *((name, [one for one in records if one.subset == name]) for name in several),
    ]


def _probed(
    records: Sequence[Asked], language: Language, settings: Settings, crew: Crew
) -> tuple[Probed, ...]:
    if crew.see is None:
        return ()
    large = probed_records(records)
    crew.say(f"comparing the pictures of {len(large)} pairs")
    seen: dict[str, Floats] = {}
    for _, some in crew.see(looks(large)):
        seen.update(some)
    drawn = settings.seed, settings.least_test
    found = (
        probe(task, some, seen, language, drawn, name)
        for task in PROBED
        for name, some in _groups(large)
    )
    return tuple(one for one in found if one is not None)
