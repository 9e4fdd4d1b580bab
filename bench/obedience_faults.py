"""What a disobedient teacher would have painted: the faults that obedience is held against."""

from dataclasses import replace
from io import BytesIO

import numpy as np
from PIL import Image

from builder.core.action import Move, Turn
from builder.store import encode

_OPPOSITE = {"left": "right", "right": "left", "forward": "backward", "backward": "forward"}


def jpeg(frame):
    with Image.open(BytesIO(encode(frame))) as picture:
        return np.asarray(picture)


def changed(actions, kinds, change):
    return tuple(change(one) if isinstance(one, kinds) else one for one in actions)


def turn_back(one):
    return replace(one, direction=_OPPOSITE[one.direction])


def halved(one):
    return replace(one, angle_deg=one.angle_deg / 2)


def aside(one):
    swap = {"forward": "right", "right": "forward", "backward": "left", "left": "backward"}
    return replace(one, direction=swap[one.direction])


def noisy(frame, rng, sigma=3.0):
    return jpeg(np.clip(frame + rng.normal(0, sigma, frame.shape), 0, 255).astype(np.uint8))


def blobs(shape, rng):
    small = rng.integers(0, 256, (shape[0] // 16, shape[1] // 16, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((shape[1], shape[0]), Image.BICUBIC))


def blurred(frame):
    import cv2

    return cv2.GaussianBlur(frame, (0, 0), 5)


def stills(case):
    """Yield the faults that reuse frames."""
    frames, rng = case.frames, case.rng("faults")
    count = len(frames)
    yield "no-motion", [frames[0]] + [noisy(frames[0], rng) for _ in frames[1:]]
    stop = int(rng.integers(count // 2)) if count > 4 else int(rng.integers(count - 1))
    yield "frozen", frames[: stop + 1] + [frames[stop]] * (count - stop - 1)
    shape = frames[0].shape
    noise = [rng.integers(0, 256, shape, dtype=np.uint8) for _ in frames[1:]]
    yield "noise", [frames[0], *(noise if count < 6 else frames[1:3] + noise[2:])]
    yield "blobs", [frames[0]] + [blobs(shape, rng) for _ in frames[1:]]
    order = np.arange(count)
    while (order == np.arange(count)).any() if count < 4 else (order[:-1] < order[1:]).all():
        order = rng.permutation(count)
    yield "shuffled", [frames[place] for place in order]
    yield "blurred", [frames[0]] + [blurred(frame) for frame in frames[1:]]


def repaints(case):
    """Yield (name, actions) of what a disobedient teacher does."""
    actions = case.rollout.actions
    if any(isinstance(one, Turn) for one in actions):
        yield "mirrored-turn", changed(actions, Turn, turn_back)
        yield "half-turn", changed(actions, Turn, halved)
    if any(isinstance(one, Move) for one in actions):
        yield "moved-backwards", changed(actions, Move, turn_back)
        yield "moved-aside", changed(actions, Move, aside)
