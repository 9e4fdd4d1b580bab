"""The paper's reward in our own words, to be compared with ours.

Re-made after reading 03_post_training/reward/worldvlm_reward.py of the paper's code; no line of it
is copied. tests/audit/score/test_exploits.py holds it to figures that the paper's own code gave.
"""

import math
import re
from collections import Counter

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_MOVE = re.compile(rf"move (forward|backward|left|right) ({_NUMBER}) meters?", re.IGNORECASE)
_TURN = re.compile(rf"turn (left|right) ({_NUMBER}) degrees?", re.IGNORECASE)
_BOX = re.compile(rf"\[ *({_NUMBER}) *, *({_NUMBER}) *, *({_NUMBER}) *, *({_NUMBER}) *\]")
_VERDICTS = {"yes": True, "true": True, "no": False, "false": False}
_TOLERANCE = {"move": (0.5, 5.0), "turn": (5.0, 90.0)}


def paper_score(task, answer, response):
    """Return the reward: -1 for more than 200 characters, else 0..1."""
    if len(response.strip()) > 200:
        return -1.0
    if task == "D1":
        return _box(answer, response.strip())
    said, true = _norm(response), _norm(answer)
    if task in ("A1", "A2"):
        return _single(_actions(said), _actions(true))
    if task in ("A3", "D3"):
        return _sequence(_actions(said), _actions(true))
    if task in ("A4", "D2", "D4"):
        return _verdict(said, true)
    return float(said == true)


def _norm(text):
    return " ".join(text.strip().lower().rstrip(' \t\r\n.,;:!?"').split())


def _actions(text):
    found = [(m.start(), f"move {m[1]}", float(m[2])) for m in _MOVE.finditer(text)]
    found += [(m.start(), f"turn {m[1]}", float(m[2])) for m in _TURN.finditer(text)]
    return [(name, amount) for _, name, amount in sorted(found)]


def _near(name, said, true):
    low, high = _TOLERANCE[name[:4]]
    error = abs(said - true)
    return 1.0 if error <= low else 0.0 if error >= high else 1 - (error - low) / (high - low)


def _single(said, true):
    if not true or not said:
        return 0.0
    name, amount = true[0]
    return max(
        0.10 + (0.35 + 0.55 * _near(name, value, amount) if kind == name else 0.0)
        for kind, value in said
    )


def _sequence(said, true):
    if not true or not said:
        return 0.0
    shared = (Counter(n for n, _ in said) & Counter(n for n, _ in true)).total()
    hits = [(n, a, b) for (n, a), (m, b) in zip(said, true, strict=False) if n == m]
    total = 0.10 + 0.25 * shared / max(len(true), len(said)) + 0.35 * len(hits) / len(true)
    total += 0.30 * sum(_near(*hit) for hit in hits) / len(true)
    return max(0.0, total - 0.03 * max(0, len(said) - len(true)))


def _verdict(said, true):
    if true not in _VERDICTS:
        return 0.0
    if said not in _VERDICTS:
        return 0.0
    return 0.20 + 0.80 * (_VERDICTS[said] == _VERDICTS[true])


def _box(answer, response):
    found, gold = _BOX.search(response), _BOX.search(answer)
    if not found or not gold:
        return 0.0
    whole = _BOX.fullmatch(response) or re.fullmatch(rf"bbox *{_BOX.pattern}", response)
    x1, y1, x2, y2 = said = [float(number) for number in found.groups()]
    over = sum(max(0.0, -v) + max(0.0, v - 1000) for v in said) / 4
    valid = 0.7 * (x1 < x2 and y1 < y2) + 0.3 * max(0.0, 1 - over / 200)
    said = [min(1000.0, max(0.0, v)) for v in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))]
    geometry = _geometry(said, [float(number) for number in gold.groups()]) * (0.3 + 0.7 * valid)
    return 0.20 * (1.0 if whole else 0.4) + 0.15 * valid + 0.65 * geometry


def _geometry(said, true):
    wide, high = (max(1.0, true[i + 2] - true[i]) for i in (0, 1))
    said_wide, said_high = (max(1.0, said[i + 2] - said[i]) for i in (0, 1))
    sides = [max(0.0, min(said[i + 2], true[i + 2]) - max(said[i], true[i])) for i in (0, 1)]
    shared = sides[0] * sides[1]
    iou = shared / (wide * high + said_wide * said_high - shared)
    apart = math.dist(
        [(said[i] + said[i + 2]) / 2 for i in (0, 1)], [(true[i] + true[i + 2]) / 2 for i in (0, 1)]
    )
    error = sum(abs(a - b) for a, b in zip(said, true, strict=True)) / 4
    stretch = abs(math.log(said_wide / wide)) + abs(math.log(said_high / high))
    return (
        0.45 * iou
        + 0.20 * max(0.0, 1 - apart / max(80.0, 0.6 * math.hypot(wide, high)))
        + 0.20 * max(0.0, 1 - error / 180)
        + 0.15 * max(0.0, 1 - stretch / 1.6)
    )
