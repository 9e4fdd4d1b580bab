"""Finding free places: a room that fills up, and refuses what would overlap or block the way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from builder.scenes.rooms.footprint import CEILING, FLOOR, WALL, Blocks, Placed, blocks_at, overlap
from builder.scenes.rooms.piece import Piece
from builder.scenes.rooms.plan import Plan
from builder.scenes.rooms.shapes import Array

Spot = tuple[float, float, float]
"""x, y (metres) and turn (degrees)."""

BEHIND_M = 0.018
"""Gap behind what stands at a wall: room for the baseboard."""


@dataclass(eq=False)
class Arrangement:
    """A room while it is being furnished.

    Attributes:
        plan: Walls and openings.
        placed: What stands where, in the order of placing.
        zones: Air that furniture on the floor must leave free: before doors, windows, cupboards.
    """

    plan: Plan
    placed: list[Placed] = field(default_factory=list)
    zones: list[Blocks] = field(default_factory=list)

    def tagged(self, tag: str) -> list[int]:
        """Return the indices of what was placed under a tag."""
        return [index for index, placed in enumerate(self.placed) if placed.tag == tag]

    def add(self, placed: Placed) -> int:
        """Put a piece where it is said to be, unchecked; return its index."""
        self.placed.append(placed)
        return len(self.placed) - 1

    def fits(self, candidate: Placed, keep_zones: bool = True) -> bool:
        """Return whether a piece is inside the room and shares no space with anything."""
        x0, y0, z0, x1, y1, z1 = candidate.blocks.bounds_m
        margin = self._margin_m(candidate)
        inside = x0 > margin and y0 > margin and z0 > -0.002
        inside &= x1 < self.plan.width_m - margin and y1 < self.plan.depth_m - margin
        if not inside or z1 > self.plan.height_m + 0.002:
            return False
        if keep_zones and any(overlap(candidate.blocks, zone) for zone in self.zones):
            return False
        return not any(
            overlap(candidate.blocks, other.blocks)
            for index, other in enumerate(self.placed)
            if index != candidate.rests_on or candidate.rests_on < 0
        ) and self._clears_its_support(candidate)

    def _margin_m(self, candidate: Placed) -> float:
        """Leaves of a plant on a sill may reach into the hole of its window."""
        below = candidate.rests_on
        return -0.10 if below >= 0 and self.placed[below].piece.label == "window" else 0.0015

    def _clears_its_support(self, candidate: Placed) -> bool:
        if candidate.rests_on < 0:
            return True
        return not overlap(candidate.blocks, self.placed[candidate.rests_on].blocks, 0.004)

    def first_fit(
        self, piece: Piece, spots: Iterable[Spot], tag: str, keep_zones: bool = True
    ) -> int | None:
        """Stand a piece on the floor, or on the rug there, at the first spot that is free."""
        for x, y, turn in spots:
            candidate = self._on_ground(Placed(piece, x, y, 0.0, turn, FLOOR, tag))
            if candidate and self.fits(candidate, keep_zones):
                return self.add(candidate)
        return None

    def _on_ground(self, candidate: Placed) -> Placed | None:
        """Lift a piece onto the rug below it; None if it would stand half on a rug."""
        grounded = replace(candidate, z_m=-float(candidate.piece.bounds_m[2]))
        for index, other in enumerate(self.placed):
            if other.piece.label not in {"rug", "bath mat"}:
                continue
            low = grounded.blocks.z_m[:, 0] < 0.02
            feet = Blocks(
                grounded.blocks.center_m[low],
                grounded.blocks.half_m[low],
                grounded.blocks.z_m[low],
                grounded.blocks.turn_deg,
            )
            if not overlap(feet, other.blocks):
                continue
            if not _within(feet.corners_m.reshape(-1, 2), other):
                return None
            return replace(grounded, z_m=grounded.z_m + other.piece.size_m[2], rests_on=index)
        return grounded

    def wall_spots(
        self, piece: Piece, rng: np.random.Generator, walls: Iterable[int], tries: int = 24
    ) -> Iterator[Spot]:
        """Yield spots with the piece's back to a wall."""
        wide, back = _half_width(piece), float(piece.bounds_m[1])
        order = list(walls)
        for _ in range(tries):
            wall = order[int(rng.integers(len(order)))]
            length = self.plan.wall_length_m(wall)
            if length < 2 * wide + 0.06:
                continue
            along = float(rng.uniform(wide + 0.03, length - wide - 0.03))
            x, y = self.plan.spot(wall, along, BEHIND_M - back)
            yield x, y, 90.0 * wall

    def corner_spots(self, piece: Piece, rng: np.random.Generator) -> Iterator[Spot]:
        """Yield spots in the corners, close to both walls."""
        radius = max(piece.size_m[:2]) / 2 + 0.05
        for wall in rng.permutation(4):
            for push in (0.0, 0.12):
                x, y = self.plan.spot(int(wall), radius + push, radius)
                yield x, y, float(rng.uniform(0, 360))

    def loose_spots(
        self, piece: Piece, rng: np.random.Generator, tries: int = 40
    ) -> Iterator[Spot]:
        """Yield spots anywhere within an arm's length of a wall."""
        reach = max(piece.size_m[:2]) / 2
        for _ in range(tries):
            wall = int(rng.integers(4))
            along = float(rng.uniform(reach, self.plan.wall_length_m(wall) - reach))
            x, y = self.plan.spot(wall, along, reach + float(rng.uniform(0.04, 0.45)))
            yield x, y, float(rng.uniform(0, 360))

    def on_top(
        self, piece: Piece, parent: int, spots: Iterable[tuple[int, Spot]], tag: str
    ) -> int | None:
        """Put a piece on one of its parent's tops; spots are (top, x, y, turn) in its frame."""
        host = self.placed[parent]
        for which, (x, y, turn) in spots:
            top = host.piece.tops[which]
            foot = piece.blocks_m[piece.blocks_m[:, 2] < piece.bounds_m[2] + 0.05]
            box = blocks_at(foot, (x, y, 0.0), turn).bounds_m
            if box[0] < top.low[0] or box[1] < top.low[1] or piece.size_m[2] > top.room_m:
                continue
            if box[3] > top.high[0] or box[4] > top.high[1]:
                continue
            at_x, at_y = host.to_room(x, y)
            z = host.z_m + top.z_m - float(piece.blocks_m[:, 2].min())
            candidate = Placed(piece, at_x, at_y, z, host.turn_deg + turn, parent, tag)
            if self.fits(candidate, keep_zones=False):
                return self.add(candidate)
        return None

    def hang(
        self, piece: Piece, wall: int, spots: Iterable[tuple[float, float]], tag: str
    ) -> int | None:
        """Hang a piece on a wall; spots are (along the wall, height of its base)."""
        for along, height in spots:
            x, y = self.plan.spot(wall, along, 0.002 - float(piece.bounds_m[1]))
            candidate = Placed(piece, x, y, height, 90.0 * wall, WALL, tag)
            clear = blocks_at(
                piece.bounds_m[None] + np.array([[-0.05, 0, -0.04, 0.05, 0.03, 0.04]]),
                (x, y, height),
                90.0 * wall,
            )
            crowded = any(overlap(clear, other.blocks) for other in self.placed)
            if not crowded and self.fits(candidate):
                return self.add(candidate)
        return None

    def under_ceiling(self, piece: Piece, x_m: float, y_m: float, tag: str) -> int | None:
        """Fix a piece to the ceiling."""
        z = self.plan.height_m - float(piece.bounds_m[5])
        candidate = Placed(piece, x_m, y_m, z, 0.0, CEILING, tag)
        return self.add(candidate) if self.fits(candidate, keep_zones=False) else None

    def keep_free(self, index: int, ahead_m: float) -> None:
        """Reserve the air before a piece."""
        placed = self.placed[index]
        x0, _, _, x1, y1, _ = placed.piece.bounds_m
        zone = np.array([[x0 + 0.03, y1, 0.02, x1 - 0.03, y1 + ahead_m, 1.9]])
        self.zones.append(blocks_at(zone, (placed.x_m, placed.y_m, 0.0), placed.turn_deg))


def _within(points_m: Array, host: Placed) -> bool:
    """Return whether all points lie on a rug, a little inside its edge."""
    local = (points_m - host.blocks.center_m[0]) @ host.blocks.axes.T
    return bool((np.abs(local) < host.blocks.half_m[0] - 0.01).all())


def _half_width(piece: Piece) -> float:
    return max(abs(float(piece.bounds_m[0])), float(piece.bounds_m[3]))
