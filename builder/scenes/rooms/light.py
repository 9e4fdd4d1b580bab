"""The light of a room: a sun that comes in by a window, the sky outside, lamps under the ceiling."""

from dataclasses import dataclass

import numpy as np

from builder.render.stage import Lamp, Lights
from builder.scenes.rooms.plan import Plan
from builder.scenes.rooms.room import Room


@dataclass(frozen=True, slots=True)
class _Weather:
    """Irradiance of the sun, its elevation range (degrees), and the strength of the lamps."""

    sun: tuple[float, float, float]
    elevation_deg: tuple[float, float]
    lamps: float
    outdoors: float


_WEATHERS = (
    _Weather((9.0, 8.2, 7.0), (28.0, 48.0), 2.0, 2.2),
    _Weather((7.5, 6.6, 5.2), (20.0, 34.0), 2.4, 2.0),
    _Weather((4.0, 3.8, 3.5), (30.0, 50.0), 3.0, 2.0),
    _Weather((0.6, 0.62, 0.66), (35.0, 50.0), 4.2, 1.7),
)
"""Clear, late afternoon, hazy, overcast."""

_LAMP_TONES = ((1.0, 0.86, 0.68), (1.0, 0.92, 0.80), (0.98, 0.97, 0.94))
"""Warm, neutral, cool white."""


def light_of(room: Room, rng: np.random.Generator) -> tuple[Lights, float]:
    """Draw the light of a room, in the scene's frame (+y down).

    Returns:
        lights: Sun, sky and lamps.
        outdoors: Emission of the view outside the windows.
    """
    weather = _WEATHERS[int(rng.choice(4, p=(0.34, 0.24, 0.26, 0.16)))]
    tone = np.array(_LAMP_TONES[int(rng.integers(3))])
    lamps = []
    for placed in room.placed:
        if placed.piece.label == "ceiling lamp":
            low = placed.z_m + float(placed.piece.bounds_m[2]) - 0.015
            red, green, blue = (float(c) for c in tone * weather.lamps)
            center = (placed.x_m, -low, placed.y_m)
            lamps.append(Lamp(center, (0.0, 1.0, 0.0), 0.16, (red, green, blue)))
    sky = (0.55, 0.65, 0.80)
    return Lights(_to_sun(room.plan, weather, rng), weather.sun, sky, tuple(lamps)), weather.outdoors


def _to_sun(plan: Plan, weather: _Weather, rng: np.random.Generator) -> tuple[float, float, float]:
    """Return a direction that lets the sun in by the first window, from either side."""
    outward_deg = 90.0 * plan.windows()[0].wall - 90.0
    azimuth = np.radians(outward_deg + float(rng.uniform(18, 48)) * float(rng.choice([-1, 1])))
    elevation = np.radians(float(rng.uniform(*weather.elevation_deg)))
    x, y = np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth)
    return float(x), float(-np.sin(elevation)), float(y)
