"""Questions about an object: which objects can be asked about, and what is said of them."""

import functools
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from builder.config import Gates
from builder.core.box import BoxN1000
from builder.core.drop import Drop
from builder.core.record import ObjectFacts
from builder.core.rollout import Rollout
from builder.core.seeding import rank_of
from builder.core.track import Sighting, Track
from builder.language.answers import say_box
from builder.language.grammar import say
from builder.tasks import Draft, Task, record_id_of
from builder.tasks._gates import pair_drop
from builder.tasks._pairs import Pair, pairs_of

_ENOUGH = Drop("enough-objects")
_TRACKS = 1000  # record numbers are 1000 * pair + track_id, so that no gate renumbers a record


class ObjectTask(Task):
    """A task that asks about the objects of a pair of views.

    Attributes:
        most: How many questions of each verdict a pair gets; labels that differ come first.
        verdicts: The verdicts that its answers may come to; (None,) if they are no verdicts.
    """

    most: ClassVar[int] = 4
    verdicts: ClassVar[tuple[bool | None, ...]] = (None,)

    def asks_about(self, pair: Pair) -> bool:
        """Return whether this task asks about a pair at all; here about all pairs."""
        del pair
        return True

    def pair_drop(self, rollout: Rollout, pair: Pair, gates: Gates) -> Drop | None:
        """Return why a pair cannot be asked about; here both views are shown."""
        return pair_drop(rollout, pair, gates)

    @abstractmethod
    def draft_of(
        self, rollout: Rollout, pair: Pair, track: Track, seed: int, gates: Gates
    ) -> Draft | Drop:
        """Return the question about a track of the first view, or why there is none."""

    def drafts(
        self, rollout: Rollout, seed: int, gates: Gates
    ) -> Iterator[tuple[int, Draft | Drop]]:
        """Yield up to `most` questions a pair and verdict, and a drop for every other object."""
        for pair in pairs_of(rollout):
            if not self.asks_about(pair):
                continue
            if drop := self.pair_drop(rollout, pair, gates):
                yield pair.index * _TRACKS, drop
                continue
            yield from self._few(rollout, pair, seed, gates)

    def _few(
        self, rollout: Rollout, pair: Pair, seed: int, gates: Gates
    ) -> Iterator[tuple[int, Draft | Drop]]:
        """Go through the objects in hash order, one of each label first, until there are enough."""
        taken: Counter[object] = Counter()
        full = 0
        for track in self._in_turn(rollout, pair, seed, gates):
            draft: Draft | Drop = _ENOUGH
            if full < len(self.verdicts):
                draft = self.draft_of(rollout, pair, track, seed, gates)
            if isinstance(draft, Draft):
                verdict = draft.right[0] if len(self.verdicts) > 1 else None
                taken[verdict] += 1
                full += taken[verdict] == self.most
                draft = _ENOUGH if taken[verdict] > self.most else draft
            yield number_of(pair, track), draft

    def _in_turn(self, rollout: Rollout, pair: Pair, seed: int, gates: Gates) -> list[Track]:
        del gates
        ranked = []
        for track in seen_at(rollout, pair.before):
            record_id = record_id_of(rollout, self.name, number_of(pair, track))
            ranked.append((rank_of(seed, record_id, "order"), track.track_id, track))
        met: Counter[str] = Counter()
        turns = []
        for rank, track_id, track in sorted(ranked):
            turns.append((met[track.label], rank, track_id, track))
            met[track.label] += 1
        return [track for *_, track in sorted(turns)]


def number_of(pair: Pair, track: Track) -> int:
    """Return the number of the record that asks about a track of a pair."""
    return pair.index * _TRACKS + track.track_id


@functools.lru_cache(maxsize=64)
def seen_at(rollout: Rollout, key: int) -> tuple[Track, ...]:
    """Return the tracks with a visible pixel in the view of a key."""
    frame = rollout.keys[key]
    return tuple(track for track in rollout.tracks if frame in track.sightings)


def sighting(rollout: Rollout, track: Track, key: int) -> Sighting | None:
    """Return how a track is seen at a key; None: not a pixel of it."""
    return track.sightings.get(rollout.keys[key])


def clear_drop(rollout: Rollout, found: Sighting | None, gates: Gates) -> Drop | None:
    """Return why an object is not seen clearly enough to be asked about, or None if it is."""
    if found is None or found.visible_share < gates.clearly_visible:
        return Drop("too-little-visible")
    if found.box.area_px < gates.min_box_area * rollout.camera.width_px * rollout.camera.height_px:
        return Drop("small-box")
    return None


@functools.lru_cache(maxsize=64)
def clear_at(rollout: Rollout, key: int, gates: Gates) -> tuple[Track, ...]:
    """Return the tracks that are seen clearly in the view of a key."""
    return tuple(
        track
        for track in seen_at(rollout, key)
        if clear_drop(rollout, sighting(rollout, track, key), gates) is None
    )


def facts_of(rollout: Rollout, pair: Pair, track: Track, track_after: Track) -> ObjectFacts:
    """Return what a record says of an object; `track_after` is another only in D4's "no"."""
    before = track.sightings[rollout.keys[pair.before]]
    after = sighting(rollout, track_after, pair.after)
    return ObjectFacts(
        label=track.label,
        track_id=track.track_id,
        track_id_after=track_after.track_id,
        box_before=box_n1000(rollout, before),
        box_after=None if after is None else box_n1000(rollout, after),
        visible_before=round(before.visible_share, 4),
        visible_after=0.0 if after is None else round(after.visible_share, 4),
    )


def box_n1000(rollout: Rollout, found: Sighting) -> BoxN1000:
    """Return the box of a sighting in thousandths of the frame."""
    return found.box.n1000(*rollout.camera.size_px)


def slots_of(pair: Pair, thing: ObjectFacts) -> dict[str, str]:
    """Return what the wordings about objects may say; none says what it asks for."""
    after = {} if thing.box_after is None else {"box_after": say_box(thing.box_after)}
    return {
        "label": thing.label,
        "a_label": f"{'an' if thing.label[0] in 'aeiou' else 'a'} {thing.label}",
        "box_before": say_box(thing.box_before),
        "motion": say(pair.actions),
        **after,
    }
