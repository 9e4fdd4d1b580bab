"""From what a model wrote to the answer in it: tags, end marks and a bounded set of wrappings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 32_768  # characters of a response, thoughts included
LONGEST_ANSWER = 512  # of the answer alone; six actions as one sentence take about 200
_END_PUNCTUATION = ' .,;:!?"'  # what the paper's reward cuts off too
_QUOTES = (('"', '"'), ("'", "'"), ("\u201c", "\u201d"), ("\\boxed{", "}"))
_END_MARKS = re.compile(r"(?:<\|[a-z0-9_]{1,24}\|>|</s>|<eos>)\s*\Z")
_LEAD = re.compile(
    r"(?:(?:so|thus|hence|therefore),? )?(?:the |my )?(?:final |correct |right |predicted )?"
    r"(?:answer|option|choice|sentence|sequence|motion|actions?|bounding box|box)"
    r"(?: is| are| was| would be)?(?: ?[:=] ?| )"
    r"|(?:it is|it's)(?: at)? "
)


@dataclass(frozen=True, slots=True)
class Said:
    """One way to take a response.

    Attributes:
        text: The answer: lower case, single spaces, no punctuation at its end.
        dressed: Whether more than that was taken away: a lead-in, quotes, emphasis.
    """

    text: str
    dressed: bool


def readings_of(response: str) -> Iterator[Said]:
    r"""Yield the ways to take a response, the plainest first; none: it gives no one answer.

    Taken away for nothing: `<think>...</think>` and all before it, one pair of `<answer>` tags and
    all before it, end marks of a chat template, white space, case, punctuation at the end. Taken
    away at a price: `*` and backticks, quotes around all of it, `\boxed{}`, one lead-in such as
    "The answer is". Nothing else is: an answer is never searched for inside other words.
    """
    text = _answer_in(response)
    if not text:
        return
    plain_text = text.rstrip(_END_PUNCTUATION)
    yield Said(plain_text, False)
    bare = _unquoted(text.replace("*", "").replace("`", "").strip())
    if bare != plain_text:
        yield Said(bare, True)
    if _LEAD.match(bare):
        yield Said(_unquoted(_LEAD.sub("", bare, count=1)), True)


def plain(text: str) -> str:
    """Return a text as answers are compared: lower case, single spaces, no end punctuation."""
    return " ".join(text.lower().split()).rstrip(_END_PUNCTUATION)


def _answer_in(response: str) -> str:
    """Return the one stretch of a response that holds its answer, in single spaces; "": none."""
    if len(response) > LONGEST:
        return ""
    text = _inside_tags(_without_end_marks(response.lower()))
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_ANSWER else ""


def _without_end_marks(text: str) -> str:
    text = text.rstrip()
    for _ in range(4):  # padding may repeat a mark, but a flood of them is no answer
        cut = _END_MARKS.sub("", text[-64:])
        text = text[:-64] + cut
    return text


def _inside_tags(text: str) -> str:
    """Return what is left without thoughts and tags; "" if that is not one answer."""
    text = text.rpartition("</think>")[2]
    if "<think>" in text:
        return ""  # a thought without an end
    opened, closed = text.count("<answer>"), text.count("</answer>")
    if opened == closed == 0:
        return text
    inner, _, rest = text.partition("<answer>")[2].partition("</answer>")
    return inner if opened == closed == 1 and not rest.strip() else ""


def _unquoted(text: str) -> str:
    """Return a text without its end punctuation and one pair of quotes around all of it."""
    text = text.rstrip(" .,;:!?")
    for first, last in _QUOTES:
        if len(text) > len(first) + len(last) and text.startswith(first) and text.endswith(last):
            return text[len(first) : -len(last)].strip().rstrip(_END_PUNCTUATION)
    return text.rstrip(_END_PUNCTUATION)
