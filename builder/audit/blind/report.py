"""What an audit found, as values, as JSON and as a table for people."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from builder.audit.blind.measure import Measured
from builder.audit.blind.probe import WANTED, Probed
from builder.audit.blind.twins import Finding

_CLEARLY = 0.02  # what a guess earns above the prior before it is worth saying by what


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found.

    Attributes:
        records: How many were audited.
        places: In how many places.
        made_up: Real places that are none: test photographs of made-up rooms.
        measured: Blind guesses.
        findings: What was counted.
        probed: What the probe reached, if it ran.
        notes: What could not be measured, and why.
    """

    records: int
    places: int
    made_up: int
    measured: tuple[Measured, ...]
    findings: tuple[Finding, ...]
    probed: tuple[Probed, ...]
    notes: tuple[str, ...] = ()

    @property
    def faults(self) -> list[str]:
        """What is wrong with the data, in words; empty if nothing is."""
        return [
            *(f"{one.name}: {one.count}, and must be 0" for one in self.findings if one.is_fault),
            *(
                f"{one.target} ({one.subset}): blind {one.blind:.3f}, prior {one.prior:.3f}"
                for one in self.measured
                if one.verdict == "fail"
            ),
            *(
                f"probe of {one.target} ({one.subset}): {one.accuracy:.3f} < {WANTED}"
                for one in self.probed
                if one.verdict == "fail"
            ),
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "records": self.records,
            "places": self.places,
            "made_up_places": self.made_up,
            "blind": [{**asdict(one), "excess": one.excess} for one in self.measured],
            "counted": [asdict(one) for one in self.findings],
            "probe": [asdict(one) for one in self.probed],
            "notes": list(self.notes),
            "faults": self.faults,
        }

    def lines(self) -> Iterator[str]:
        """Yield the report as a table."""
        note = f"; {self.made_up} of them test photographs of made-up rooms" if self.made_up else ""
        yield f"{self.records} records, {self.places} places{note}"
        if self.measured:
            yield from _blind_lines(self.measured)
        if self.findings:
            yield ""
        for found in self.findings:
            verdict = "" if not found.must_be_0 else "FAIL" if found.count else "pass"
            yield f"{found.name:<40}{found.count:>8}  {verdict}"
            yield from (f"    {example}" for example in found.examples[:3] if found.is_fault)
        if self.probed:
            yield from _probe_lines(self.probed)
        yield from (f"not measured: {note}" for note in self.notes)


def _blind_lines(measured: Sequence[Measured]) -> Iterator[str]:
    yield ""
    yield (
        f"{'without pictures':<20}{'subset':<24}{'n':>6}{'places':>7}{'blind':>7}{'prior':>7}"
        f"{'control':>8}{'excess':>8}  {'95 %':<16}{'verdict'}"
    )
    for one in measured:
        low, high = one.interval
        bound = "" if one.allowed is None else f" (<= {one.allowed:+.2f})"
        yield (
            f"{one.target:<20}{one.subset:<24}{one.records:>6}{one.places:>7}{one.blind:>7.3f}"
            f"{one.prior:>7.3f}{one.control:>8.3f}{one.excess:>+8.3f}  "
            f"{f'{low:+.3f} {high:+.3f}':<16}{_loud(one.verdict)}{bound}"
        )
    yield f"tested on: {', '.join(sorted({one.tested_on for one in measured}))}"
    for one in measured:
        if one.subset == "all":
            yield from _why(one)


def _why(one: Measured) -> Iterator[str]:
    facts = [f"{name} {value:.3f}" for name, value in {**one.sights, **one.others}.items()]
    told = one.interval[0] > _CLEARLY and one.carriers
    if facts or told:
        yield f"{one.target}: {', '.join(facts) or 'told by'}"
    if told:
        yield from (f"    {carrier}" for carrier in one.carriers[:6])


def _probe_lines(probed: Sequence[Probed]) -> Iterator[str]:
    yield ""
    yield (
        f"{'with pictures':<20}{'subset':<24}{'n':>6}{'places':>7}{'probe':>7}{'prior':>7}  verdict"
    )
    for one in probed:
        yield (
            f"{one.target:<20}{one.subset:<24}{one.records:>6}{one.places:>7}{one.accuracy:>7.3f}"
            f"{one.prior:>7.3f}  {_loud(one.verdict)} (>= {WANTED})"
        )
        yield "    " + ", ".join(f"{name} {value:.3f}" for name, value in one.by_class.items())


def _loud(verdict: str) -> str:
    return "FAIL" if verdict == "fail" else verdict
