import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builder.core.action import Move, Turn
from builder.core.errors import GrammarError
from builder.language.answers import Boxes, Motion, Verdict, hear_box, say_box
from builder.language.grammar import MOVE_PATTERN
from builder.language.template import Offer

edges = st.integers(0, 1000)
VERDICT = Verdict(
    ("yes-no", "true-false", "choice", "sentence"),
    sentences=(("The {label} is gone.", "The {label} is (still) there."),),
    slots={"label": ".+"},
)


@given(edges, edges, edges, edges)
def test_a_box_is_read_back(x1, y1, x2, y2):
    assume(x1 < x2 and y1 < y2)
    assert hear_box(say_box((x1, y1, x2, y2))) == (x1, y1, x2, y2)
    assert re.fullmatch(Boxes().pattern("box"), say_box((x1, y1, x2, y2)))


def test_a_box_reads_like_this():
    assert say_box((12, 34, 560, 780)) == "[12, 34, 560, 780]"


@pytest.mark.parametrize(
    "text",
    [
        "[560, 34, 12, 780]",
        "[12, 34, 12, 780]",
        "[0, 0, 0, 0]",
        "[0, 0, 1001, 5]",
        "[0.1, 0, 1, 1]",
        "[1,2,3,4]",
        "bbox [1, 2, 3, 4]",
        "[01, 2, 3, 4]",
    ],
)
def test_what_is_no_box_is_refused(text):
    with pytest.raises(GrammarError, match=re.escape(text)):
        hear_box(text)


@given(st.booleans(), st.booleans(), st.sampled_from(VERDICT.forms))
def test_a_verdict_is_read_back_and_a_letter_means_what_the_question_says(verdict, swapped, form):
    texts = ("The cup is gone.", "The cup is (still) there.")
    offer = Offer(texts[::-1], 1) if swapped else Offer(texts, 0)
    text = VERDICT.say(verdict, form, offer)
    assert re.fullmatch(VERDICT.pattern(form), text)
    heard = VERDICT.hear(text, form)
    if form == "choice":
        assert offer.texts["AB".index(heard)] == texts[0 if verdict else 1]
    else:
        assert heard is verdict


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Yes", "yes-no"),
        ("true", "yes-no"),
        ("yes", "true-false"),
        ("C", "choice"),
        ("The cup is gone", "sentence"),
        ("The cup is still there.", "sentence"),
        ("yes\n", "yes-no"),
    ],
)
def test_what_is_no_verdict_in_its_form_is_refused(text, form):
    with pytest.raises(GrammarError, match="expected an answer like"):
        VERDICT.hear(text, form)


def test_a_form_that_a_language_lacks_is_refused_with_those_it_has():
    with pytest.raises(GrammarError, match="no answer of this task is in the form 'box'; open"):
        Motion(("open",), 1, 1).hear("[1, 2, 3, 4]", "box")


def test_a_motion_of_another_kind_or_length_is_refused():
    one_move = Motion(("open",), 1, 1, action=MOVE_PATTERN)
    assert one_move.hear("move left 1 meters", "open") == (Move("left", 1.0),)
    for text in ("turn left 10 degrees", "move left 1 meters; move forward 1 meters"):
        with pytest.raises(GrammarError, match="expected 1 to 1 actions"):
            one_move.hear(text, "open")


def test_a_choice_needs_something_to_choose_from():
    with pytest.raises(GrammarError, match="needs two options"):
        VERDICT.say(True, "choice")


def test_motion_is_said_in_the_form_that_is_asked_for():
    motion = Motion(("open", "counted", "sentence"), 1, 2)
    actions = (Move("left", 0.2), Turn("right", 10.0))
    for form in motion.forms:
        assert motion.hear(motion.say(actions, form), form) == actions
