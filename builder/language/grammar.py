"""The closed language of motion: what `say` writes, `hear` reads back.

    sequence := action ("; " action)*
    action   := "move " ("forward"|"backward"|"left"|"right") " " number " meters"
              | "turn " ("left"|"right") " " number " degrees"
    number   := above 0, at most three decimals, no trailing zeros: 0.5, 20, 1.25
    counted  := count " steps | " sequence
    sentence := "First " action (", then " action)+ "."  |  Action "."
    token    := ("FWD_"|"BACK_"|"LEFT_"|"RIGHT_"|"TL_"|"TR_") number, here up to six decimals

Source: the first rule is the language that the reward parser of the paper's code accepts
(03_post_training/reward/worldvlm_reward.py); anything else scores nothing there. The sentences
are our own. There is one spelling for each thing, so reading and writing are inverse.
"""

import functools
import re
from collections.abc import Sequence

from builder.core.action import Action, amount_of, kind_of
from builder.core.errors import GrammarError
from builder.core.sampling import action_of

GRAMMAR = (
    "'move forward|backward|left|right NUMBER meters' or 'turn left|right NUMBER degrees', joined "
    "by '; ', NUMBER above 0 with at most 3 decimals and no trailing zeros, such as 0.5 or 20"
)

_NUMBER = r"(?:[1-9][0-9]{0,5}(?:\.[0-9]{0,2}[1-9])?|0\.[0-9]{0,2}[1-9])"
MOVE_PATTERN = f"move (?:forward|backward|left|right) {_NUMBER} meters"
TURN_PATTERN = f"turn (?:left|right) {_NUMBER} degrees"
ACTION_PATTERN = f"(?:{MOVE_PATTERN}|{TURN_PATTERN})"

_ACTION = re.compile(ACTION_PATTERN)
_COUNTED = re.compile(r"([1-9][0-9]?) steps \| (.*)")
_TOKEN = re.compile(r"([A-Z]+)_((?:0|[1-9][0-9]{0,5})(?:\.[0-9]{0,5}[1-9])?)")
_CODES = {
    "FWD": "move forward",
    "BACK": "move backward",
    "LEFT": "move left",
    "RIGHT": "move right",
    "TL": "turn left",
    "TR": "turn right",
}
_CODE_OF = {kind: code for code, kind in _CODES.items()}
_TOKEN_DECIMALS = 6  # steps of 0.1 m over 7 frames are written as tokens too; 3 would bend them


def say(actions: Sequence[Action]) -> str:
    """Write actions as text.

    Raises:
        GrammarError: If there is none, or an amount is too small or too large to be written.

    Example:
        >>> from builder.core.action import Move, Turn
        >>> say([Move("forward", 0.5), Turn("left", 30.0)])
        'move forward 0.5 meters; turn left 30 degrees'
    """
    if not actions:
        raise GrammarError(f"no actions to write; a sequence has at least one: {GRAMMAR}")
    return "; ".join(_say_one(action) for action in actions)


def hear(text: str) -> tuple[Action, ...]:
    """Read actions back: `hear(say(actions)) == actions` to three decimals, `say(hear(t)) == t`.

    Raises:
        GrammarError: If a part is not an action; with the part, where it stands, and the grammar.
    """
    return _hear_parts(text.split("; "), separator=2)


def say_counted(actions: Sequence[Action]) -> str:
    """Write `{n} steps | {sequence}`.

    Example:
        >>> from builder.core.action import Move
        >>> say_counted([Move("left", 0.1)])
        '1 steps | move left 0.1 meters'
    """
    return f"{len(actions)} steps | {say(actions)}"


def hear_counted(text: str) -> tuple[Action, ...]:
    """Read `say_counted` back.

    Raises:
        GrammarError: If the text is none, or the count is not that of the sequence.
    """
    found = _COUNTED.fullmatch(text)
    if not found:
        raise GrammarError(f"expected 'COUNT steps | SEQUENCE', got {text!r}; SEQUENCE: {GRAMMAR}")
    actions = hear(found[2])
    if len(actions) != int(found[1]):
        raise GrammarError(f"{text!r} says {found[1]} steps and lists {len(actions)}")
    return actions


def say_sentence(actions: Sequence[Action]) -> str:
    """Write actions as one English sentence.

    Example:
        >>> from builder.core.action import Move, Turn
        >>> say_sentence([Move("forward", 0.5), Turn("left", 20.0)])
        'First move forward 0.5 meters, then turn left 20 degrees.'
        >>> say_sentence([Turn("left", 20.0)])
        'Turn left 20 degrees.'
    """
    parts = say(actions).split("; ")
    if len(parts) == 1:
        return parts[0].capitalize() + "."
    return "First " + ", then ".join(parts) + "."


def hear_sentence(text: str) -> tuple[Action, ...]:
    """Read `say_sentence` back.

    Raises:
        GrammarError: If the text is not such a sentence.
    """
    inner = text.removeprefix("First ").removesuffix(".")
    parts = inner.split(", then ")
    if len(parts) == 1:
        parts = [inner[:1].lower() + inner[1:]]
    actions = _hear_parts(parts, separator=7, start=len("First ") if len(parts) > 1 else 0)
    if say_sentence(actions) != text:
        raise GrammarError(
            f"expected a sentence such as {say_sentence(actions)!r}, got {text!r}; "
            "'First X, then Y.' for several actions, 'X.' with a capital for one"
        )
    return actions


def say_token(action: Action) -> str:
    """Write one action as a token.

    Example:
        >>> from builder.core.action import Turn
        >>> say_token(Turn("left", 20.0))
        'TL_20'
    """
    return f"{_CODE_OF[kind_of(action)]}_{_number(amount_of(action), _TOKEN_DECIMALS)}"


def hear_token(token: str) -> Action:
    """Read a token back, to six decimals.

    Raises:
        GrammarError: If it is none; with the tokens there are.
    """
    found = _TOKEN.fullmatch(token)
    if not found or found[1] not in _CODES or float(found[2]) == 0:
        codes = ", ".join(f"{code}_" for code in _CODES)
        raise GrammarError(f"{token!r} is no token; expected one of {codes} and a number above 0")
    return action_of(_CODES[found[1]], float(found[2]))


def sequence_pattern(low: int, high: int, action: str = ACTION_PATTERN) -> str:
    """Return the regular expression of sequences of `low` to `high` actions."""
    return f"{action}(?:; {action}){{{low - 1},{high - 1}}}"


def sentence_pattern(low: int, high: int) -> str:
    """Return the regular expression of `say_sentence` for `low` to `high` actions."""
    several = f"First {ACTION_PATTERN}(?:, then {ACTION_PATTERN}){{{max(low, 2) - 1},{high - 1}}}"
    one = ACTION_PATTERN.replace("move", "Move").replace("turn", "Turn")
    return rf"(?:{one}|{several})\." if low == 1 else rf"{several}\."


def counted_pattern(low: int, high: int) -> str:
    """Return the regular expression of `say_counted` for `low` to `high` actions."""
    several = (
        rf"{count} steps \| {sequence_pattern(count, count)}" for count in range(low, high + 1)
    )
    return f"(?:{'|'.join(several)})"


@functools.lru_cache(maxsize=4096)
def _say_one(action: Action) -> str:
    unit = "meters" if kind_of(action).startswith("move") else "degrees"
    return f"{kind_of(action)} {_number(amount_of(action), 3)} {unit}"


def _hear_parts(parts: Sequence[str], separator: int, start: int = 0) -> tuple[Action, ...]:
    actions = []
    for index, part in enumerate(parts):
        try:
            actions.append(_hear_one(part))
        except GrammarError as error:
            raise GrammarError(
                f"action {index + 1} of {len(parts)}, from character {start + 1}, is {part!r}; "
                f"expected {GRAMMAR}"
            ) from error
        start += len(part) + separator
    return tuple(actions)


@functools.lru_cache(maxsize=1 << 14)  # amounts lie on a grid, so actions repeat
def _hear_one(part: str) -> Action:
    if not _ACTION.fullmatch(part):
        raise GrammarError(f"{part!r} is no action; expected {GRAMMAR}")
    verb, direction, amount, _ = part.split(" ")
    return action_of(f"{verb} {direction}", float(amount))


def _number(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    if text == "0" or value >= 999_999.5:
        raise GrammarError(
            f"{value!r} cannot be written with {decimals} decimals; "
            f"amounts lie between {10**-decimals:.{decimals}f} and 999999"
        )
    return text
