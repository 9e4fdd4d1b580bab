"""The light of a room: sun and sky through the windows, lamps under the ceiling."""

from dataclasses import dataclass

import numpy as np

from builder.render.stage import Lamp, Lights
from builder.scenes.rooms.footprint import Placed
from builder.scenes.rooms.plan import Plan
from builder.scenes.rooms.room import Room
from builder.scenes.rooms.shapes import Array


@dataclass(frozen=True, slots=True)
class _Weather:
    """Irradiance of the sun, its elevation range (degrees), and the strength of the lamps."""

    sun: tuple[float, float, float]
    elevation_deg: tuple[float, float]
    lamps: float
    outdoors: float


_WEATHERS = (
    _Weather((9.0, 8.2, 7.0), (28.0, 48.0), 1.5, 2.2),
    _Weather((7.5, 6.6, 5.2), (20.0, 34.0), 1.8, 2.0),
    _Weather((4.0, 3.8, 3.5), (30.0, 50.0), 2.0, 2.0),
    _Weather((0.6, 0.62, 0.66), (35.0, 50.0), 2.5, 1.7),
)
"""Clear, late afternoon, hazy, overcast."""

_LAMP_TONES = ((1.0, 0.86, 0.68), (1.0, 0.92, 0.80), (0.98, 0.97, 0.94))
"""Warm, neutral, cool white."""

_SKY = (0.55, 0.65, 0.80)


def light_of(room: Room, rng: np.random.Generator) -> tuple[Lights, float]:
    """Draw the light of a room, in the scene's frame (+y down).

    Returns:
        lights: Sun, sky and lamps.
        outdoors: Emission of the view outside the windows.
    """
    weather = _WEATHERS[int(rng.choice(4, p=(0.34, 0.24, 0.26, 0.16)))]
    tone = np.array(_LAMP_TONES[int(rng.integers(3))])
    # A larger room has a stronger lamp, as one would buy it.
    tone = (
        tone * weather.lamps * float(np.clip(room.plan.width_m * room.plan.depth_m / 20, 0.8, 1.5))
    )
    lamps = [
        lamp
        for placed in room.placed
        if placed.piece.label == "ceiling lamp"
        for lamp in _lamps_of(placed, tone)
    ]
    lights = Lights(_to_sun(room.plan, weather, rng), weather.sun, _SKY, tuple(lamps))
    return lights, weather.outdoors


def _lamps_of(placed: Placed, tone: Array) -> list[Lamp]:
    """Return what a ceiling lamp gives off: all around from glass, up and down out of a shade."""
    bulb = next(part.shape for part in placed.piece.parts if part.finish.emission > 1)
    _, _, low, _, _, high = bulb.bounds_m() + placed.z_m
    if len(placed.piece.parts) < 5:
        return [_lamp(placed, (low + high) / 2, 0.0, (high - low) / 2, tone)]
    base = placed.z_m + float(placed.piece.bounds_m[2])
    return [
        _lamp(placed, base - 0.01, 1.0, 0.17, tone * 1.6),
        _lamp(placed, base + 0.185, -1.0, 0.07, tone * 0.7),
    ]


def _lamp(placed: Placed, z_m: float, down: float, radius_m: float, tone: Array) -> Lamp:
    red, green, blue = (float(channel) for channel in tone)
    return Lamp(
        (placed.x_m, -float(z_m), placed.y_m), (0.0, down, 0.0), radius_m, (red, green, blue)
    )


def _to_sun(plan: Plan, weather: _Weather, rng: np.random.Generator) -> tuple[float, float, float]:
    """Return a direction that lets the sun in by the first window, from either side."""
    outward_deg = 90.0 * plan.windows()[0].wall - 90.0
    azimuth = np.radians(outward_deg + float(rng.uniform(18, 48)) * float(rng.choice([-1, 1])))
    elevation = np.radians(float(rng.uniform(*weather.elevation_deg)))
    x, y = np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth)
    return float(x), float(-np.sin(elevation)), float(y)
