"""Made-up records for audits: fair ones, and such that give their answer away."""

import io

import numpy as np
from PIL import Image

from builder.audit.blind import Asked, Language
from builder.audit.blind.asked import asked
from builder.audit.blind.pictures import picture_of
from builder.tasks import readers

PLACES, EACH = 24, 6
WORDINGS = ("Which way?", "Tell the motion between both views.", "Look and say what happened.")


def language() -> Language:
    offers = {"D4": [("One object, seen twice.", "Two objects of one kind.")]}
    return Language(readers(), offers)


def record(task, number, question, answer, **facts):
    """One record of the place `number // EACH`, as it would stand in tasks.jsonl."""
    place = f"place-{number // EACH:02d}"
    row = {
        "record_id": f"svc-simulated/{place}/t/{task}/{number}",
        "task_type": task,
        "messages": [
            {"role": "user", "content": f"<image><image>{question}"},
            {"role": "assistant", "content": answer},
        ],
        "images": [f"{place}/{number}-0.jpg", f"{place}/{number}-1.jpg"],
        "subset": "svc-simulated",
        "scene_id": place,
        "trajectory_id": "t",
        "split": "train",
        "answer_form": {"A4": "true-false", "D4": "yes-no", "D1": "box"}.get(task, "open"),
        "accepted": [answer],
        "actions": "turn left 20 degrees",
        "claim": None,
        "object": None,
    }
    return row | facts


def many(make, seed=0) -> list[Asked]:
    """`PLACES * EACH` records, each made from (number, its own random stream)."""
    count = PLACES * EACH
    streams = np.random.default_rng(seed).spawn(count)
    return [asked(make(number, rng), "made/tasks.jsonl") for number, rng in enumerate(streams)]


def turn(number, rng, said=""):
    """A fair A2; `said` may be a wording with a hole for the direction."""
    way = ("left", "right")[rng.integers(2)]
    amount = 10 * rng.integers(1, 11)
    question = said.format(way=way) or WORDINGS[rng.integers(len(WORDINGS))]
    text = f"turn {way} {amount} degrees"
    return record("A2", number, question, text, actions=text)


def claim(number, rng, step_deg=10):
    """An A4 whose false claims are multiples of `step_deg`, its true ones of 10."""
    true = bool(rng.integers(2))
    amount = 10 * int(rng.integers(1, 10)) + (0 if true else (10 - step_deg))
    text = f"turn {('left', 'right')[rng.integers(2)]} {amount} degrees"
    return record("A4", number, f"Is it true: {text}?", "true" if true else "false", claim=text)


def identity(number, rng, honest=0.5):
    """A D4 about a lamp or a chair; with `honest` 1 lamps are always the same."""
    label = ("lamp", "chair")[rng.integers(2)]
    same = (label == "lamp") == (rng.random() < honest)
    x = int(rng.integers(100, 700))
    question = f"A {label} is at [{x}, 100, {x + 200}, 300] and at [300, 200, 500, 400]. The same?"
    thing = {"label": label, "track_id": 1, "track_id_after": 1 if same else 2}
    return record("D4", number, question, "yes" if same else "no", object=thing)


def texture(seed, size_px=(256, 256)):
    """A colored picture with a lot in it, (H, W, 3) uint8."""
    coarse = np.random.default_rng(seed).integers(30, 220, (24, 24, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(coarse).resize(size_px, Image.Resampling.BICUBIC))


def jpeg(rgb, quality=95):
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def pictures(records):
    """A picture for each name, no two alike."""
    keys = sorted({key for one in records for key in one.images})
    return {key: picture_of(jpeg(texture(index)), key) for index, key in enumerate(keys)}
