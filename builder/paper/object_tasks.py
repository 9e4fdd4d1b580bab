"""D1 to D4 by the paper's rules: the best detections of the first and the last frame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.paper.record import PaperForm, PaperObject, PaperRecord, say_box
from builder.paper.steps import listed, merged, told
from builder.paper.trajectory import Detection, PaperTrajectory

_VERDICT_FORMS: tuple[PaperForm, ...] = ("yes-no", "choice", "sentence")
_MOTION_FORMS: tuple[PaperForm, ...] = ("open", "counted", "sentence")
_GONE = {
    "yes-no": ("yes", "no"),
    "choice": ("A", "B"),
    "sentence": ("The {label} disappears from view.", "The {label} remains visible."),
}
_SAME = {
    "yes-no": ("yes", "no"),
    "choice": ("A", "B"),
    "sentence": (
        "They are the same physical object instance.",
        "They are different object instances.",
    ),
}
_LEAST_SCORE, _LEAST_AREA, _MOST_AREA, _EDGE = 0.3, 0.01, 0.6, 0.01
_MOST_ACTIONS = 2


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two frames of one trajectory, and what was done between them."""

    one: PaperTrajectory
    after: int

    @property
    def tokens(self) -> list[str]:
        return [token for step in self.one.steps[1 : self.after + 1] for token in step]

    def record(
        self, task: str, form: PaperForm, answer: str, boxes: tuple[Detection, Detection | None]
    ) -> PaperRecord:
        start, target = boxes
        shown = (0,) if task == "D2" else (0, self.after)
        return PaperRecord(
            task_type=task,
            scene_id=self.one.scene_id,
            trajectory_id=self.one.trajectory_id,
            frames=(0, self.after),
            images=tuple(str(self.one.pictures[frame]) for frame in shown),
            actions=listed(merged(self.tokens)),
            answer=answer,
            form=form,
            thing=PaperObject(
                label=start.label,
                track_id=start.track_id,
                track_id_after=None if target is None else target.track_id,
                box_before=start.n1000,
                box_after=None if target is None else target.n1000,
            ),
        )


def object_records(one: PaperTrajectory) -> Iterator[PaperRecord]:
    """Yield the records of one trajectory: D1, D2, D3, D4, at most one each, of D4 two."""
    if not one.seen:
        return
    cached = _Pair(one, max(one.seen))
    if cached.after > 0:
        yield from _d1(cached)
    yield from _d2(cached)
    yield from _d3(_Pair(one, one.last))
    yield from _d4(cached)


def passes(found: Detection) -> bool:
    """Return whether a detection takes part: sure enough, neither small nor huge, off the edges."""
    width, height = found.size_px
    x1, y1, x2, y2 = found.bbox
    if width <= 0 or height <= 0 or found.score < _LEAST_SCORE or x2 <= x1 or y2 <= y1:
        return False
    inside = x1 >= _EDGE * width and y1 >= _EDGE * height
    inside = inside and x2 <= (1 - _EDGE) * width and y2 <= (1 - _EDGE) * height
    return inside and _LEAST_AREA <= (x2 - x1) * (y2 - y1) / float(width * height) <= _MOST_AREA


def _best(found: Sequence[Detection], track_id: int | None, label: str) -> Detection | None:
    """Return the surest detection that passes, of a track; without one of a label ("": any)."""
    fits = [
        one
        for one in found
        if passes(one)
        and (one.track_id == track_id if track_id is not None else not label or one.label == label)
    ]
    return max(fits, key=lambda one: one.score, default=None)


def _best_pair(pair: _Pair) -> tuple[Detection, Detection] | None:
    best: tuple[Detection, Detection] | None = None
    for start in pair.one.seen.get(0, ()):
        if start.track_id is None or not passes(start):
            continue
        partner = _best(pair.one.seen.get(pair.after, ()), start.track_id, start.label)
        if partner is None:
            continue
        if best is None or start.score + partner.score > best[0].score + best[1].score:
            best = (start, partner)
    return best


def _d1(pair: _Pair) -> Iterator[PaperRecord]:
    if found := _best_pair(pair):
        yield pair.record("D1", "box", say_box(found[1].n1000), found)


def _d2(pair: _Pair) -> Iterator[PaperRecord]:
    start = _best(pair.one.seen.get(0, ()), None, "")
    if start is None or start.track_id is None:
        return
    target = _best(pair.one.seen[pair.after], start.track_id, start.label)
    form = _form(pair, start.label, _VERDICT_FORMS)
    answer = _GONE[form][0 if target is None else 1].format(label=start.label)
    yield pair.record("D2", form, answer, (start, target))


def _d3(pair: _Pair) -> Iterator[PaperRecord]:
    found = _best_pair(pair)
    actions = merged(pair.tokens)
    if found is None or not 0 < len(actions) <= _MOST_ACTIONS:
        return
    form = _form(pair, found[0].label, _MOTION_FORMS)
    answers = {
        "open": listed(actions),
        "counted": f"{len(actions)} steps | {listed(actions)}",
        "sentence": told(actions),
    }
    yield pair.record("D3", form, answers[form], found)


def _d4(pair: _Pair) -> Iterator[PaperRecord]:
    start = _best(pair.one.seen.get(0, ()), None, "")
    if start is None:
        return
    there = pair.one.seen[pair.after]
    others = [
        one
        for one in there
        if one.label == start.label
        and (start.track_id is None or one.track_id != start.track_id)
        and passes(one)
    ]
    same = _best(there, start.track_id, start.label)
    other = max(others, key=lambda one: one.score, default=None)
    for target, side, name in ((same, 0, "pos"), (other, 1, "neg")):
        if target is not None:
            form = _form(pair, start.label, _VERDICT_FORMS, f":{name}")
            yield pair.record("D4", form, _SAME[form][side], (start, target))


def _form(pair: _Pair, label: str, forms: Sequence[PaperForm], end: str = "") -> PaperForm:
    """Return the form that a sum over the letters of a key picks, as the paper's code does."""
    key = f"{pair.one.trajectory_id.replace('traj_', '')}:{label}:{pair.after}{end}"
    return forms[sum(map(ord, key)) % len(forms)]
