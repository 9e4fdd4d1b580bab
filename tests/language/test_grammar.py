import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.action import Move, Turn
from builder.core.errors import GrammarError
from builder.language import grammar

amounts = st.integers(1, 999_999).map(lambda thousandths: thousandths / 1000)
moves = st.builds(Move, st.sampled_from(["forward", "backward", "left", "right"]), amounts)
turns = st.builds(Turn, st.sampled_from(["left", "right"]), amounts)
sequences = st.lists(moves | turns, min_size=1, max_size=6).map(tuple)
PAIRS = [
    (grammar.say, grammar.hear),
    (grammar.say_counted, grammar.hear_counted),
    (grammar.say_sentence, grammar.hear_sentence),
]


@given(sequences, st.sampled_from(PAIRS))
def test_what_is_said_is_heard(actions, pair):
    say, hear = pair
    assert hear(say(actions)) == actions


@given(st.builds(lambda action: action, moves | turns))
def test_a_token_is_read_back(action):
    assert grammar.hear_token(grammar.say_token(action)) == action


@given(sequences)
def test_every_form_matches_the_pattern_that_schemas_carry(actions):
    low, high = 1, 6
    assert re.fullmatch(grammar.sequence_pattern(low, high), grammar.say(actions))
    assert re.fullmatch(grammar.counted_pattern(low, high), grammar.say_counted(actions))
    assert re.fullmatch(grammar.sentence_pattern(low, high), grammar.say_sentence(actions))


@given(st.text(st.sampled_from("movetrnlfigh 0123456789.;:-|FWD_TL,S"), max_size=60))
def test_whatever_text_comes_hearing_returns_or_raises_a_grammar_error(text):
    readers = [grammar.hear, grammar.hear_counted, grammar.hear_sentence, grammar.hear_token]
    for hear in readers:
        try:
            heard = hear(text)
        except GrammarError:
            continue
        assert heard


@given(sequences, st.integers(0, 200), st.sampled_from(" 0.;-9xX\n"))
def test_one_thing_has_one_spelling(actions, place, character):
    """Text with a character put in is either refused or says something else."""
    text = grammar.say(actions)
    changed = text[: place % len(text)] + character + text[place % len(text) :]
    try:
        heard = grammar.hear(changed)
    except GrammarError:
        return
    assert grammar.say(heard) == changed


@pytest.mark.parametrize(
    ("actions", "text", "counted", "sentence"),
    [
        (
            (Move("forward", 0.5), Turn("left", 20.0)),
            "move forward 0.5 meters; turn left 20 degrees",
            "2 steps | move forward 0.5 meters; turn left 20 degrees",
            "First move forward 0.5 meters, then turn left 20 degrees.",
        ),
        (
            (Move("right", 1.0),),
            "move right 1 meters",
            "1 steps | move right 1 meters",
            "Move right 1 meters.",
        ),
    ],
)
def test_the_three_forms_of_a_motion_read_like_this(actions, text, counted, sentence):
    assert grammar.say(actions) == text
    assert grammar.say_counted(actions) == counted
    assert grammar.say_sentence(actions) == sentence


@pytest.mark.parametrize(
    ("action", "token"),
    [
        (Move("forward", 0.5), "FWD_0.5"),
        (Move("backward", 6.0), "BACK_6"),
        (Move("left", 0.1 / 7), "LEFT_0.014286"),
        (Move("right", 0.25), "RIGHT_0.25"),
        (Turn("left", 20.0), "TL_20"),
        (Turn("right", 100.0), "TR_100"),
    ],
)
def test_tokens_read_like_this(action, token):
    assert grammar.say_token(action) == token


@pytest.mark.parametrize("amount", [0.143, 0.1 + 0.2, 2.0000001, 29.9996])
def test_numbers_have_three_decimals_at_most_and_no_zeros_behind(amount):
    number = grammar.say([Move("left", amount)]).split()[2]
    assert float(number) == pytest.approx(amount, abs=0.0005)
    assert re.fullmatch(r"\d+(\.\d{0,2}[1-9])?", number)


@pytest.mark.parametrize(
    "text",
    [
        "shift left 0.5 meters",
        "move up 1 meters",
        "turn left 30",
        "turn left 030 degrees",
        "move forward 0.50 meters",
        "move forward 0 meters",
        "move forward -1 meters",
        "move forward 1 meter",
        "Move forward 1 meters",
        "move forward \u0661 meters",
        "move forward 1 meters\n",
        "move forward 1 meters;turn left 10 degrees",
        "",
    ],
)
def test_what_is_not_in_the_language_is_refused_and_shown_with_the_grammar(text):
    with pytest.raises(GrammarError) as caught:
        grammar.hear(text)
    assert repr(text) in str(caught.value)
    assert grammar.GRAMMAR in str(caught.value)


def test_an_error_says_which_action_and_where_it_begins():
    with pytest.raises(GrammarError, match="action 2 of 3, from character 26, is 'turn up 9 deg"):
        grammar.hear("move forward 0.5 meters; turn up 9 degrees; move left 1 meters")


def test_a_count_that_is_not_that_of_the_list_is_refused():
    with pytest.raises(GrammarError, match="says 2 steps and lists 1"):
        grammar.hear_counted("2 steps | move left 1 meters")


@pytest.mark.parametrize("amount", [0.0004, 1_000_000.0])
def test_an_amount_that_cannot_be_written_is_not_written_as_nothing(amount):
    with pytest.raises(GrammarError, match="cannot be written"):
        grammar.say([Move("left", amount)])


def test_no_actions_are_no_sequence():
    with pytest.raises(GrammarError, match="at least one"):
        grammar.say([])
