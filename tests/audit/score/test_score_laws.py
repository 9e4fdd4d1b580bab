"""Laws of the score: in 0..1 for any text, 1 for what is accepted, less for more error."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from score_examples import BOX, EXPLOITS, ONE, OTHER, ROWS, STAY, TWO, row

import builder
from builder.core.action import MOVE_DIRECTIONS, TURN_DIRECTIONS
from builder.core.errors import RecordInvalid
from builder.language.grammar import hear, say, say_counted, say_sentence
from builder.publish.show import demo_folder

rows = st.sampled_from(list(ROWS.values()))
numbers = st.integers(1, 60).map(lambda tenths: f"{tenths / 10:g}")
moves = st.builds("move {} {} meters".format, st.sampled_from(MOVE_DIRECTIONS), numbers)
turns = st.builds(
    "turn {} {} degrees".format, st.sampled_from(TURN_DIRECTIONS), st.integers(1, 18).map(str)
)
actions = moves | turns
sequences = st.lists(actions, min_size=1, max_size=6).map("; ".join)
boxes = st.tuples(*[st.integers(0, 500)] * 2, *[st.integers(501, 1000)] * 2)
fragments = st.sampled_from(
    (
        *("<think>", "</think>", "<answer>", "</answer>", "yes", "no", "true", "A", BOX, TWO, STAY),
        *("move left 1 meters", "turn right 1e9 degrees", "; ", " and ", "[", "nan", "\\boxed{"),
    )
)


@given(rows, st.text() | st.lists(fragments | st.text(max_size=4)).map("".join))
@example(ROWS["D1"], "[\u0661, 2, 3, 4]")
@example(ROWS["A1"], "move left 1 meters\x00")
@example(ROWS["D2"], "\ud800")
def test_any_text_scores_between_nothing_and_one(record, text):
    parts = builder.score(record, text)
    assert {"overall", "format", "exact"} <= parts.keys()
    assert all(0.0 <= value <= 1.0 for value in parts.values())
    assert parts.keys() == builder.score(record, "").keys()


@pytest.mark.parametrize("name", ROWS)
def test_every_accepted_answer_scores_one(name):
    for text in ROWS[name]["accepted"]:
        for said in (text, f"  {text}\n", f"<think>hm, no: yes</think>\n<answer>{text}</answer>"):
            parts = builder.score(ROWS[name], said)
            assert (parts["overall"], parts["exact"], parts["format"]) == (1.0, 1.0, 1.0)


@given(sequences, st.sampled_from(["open", "counted", "sentence"]), st.sampled_from(["A3", "D3"]))
def test_every_sequence_scores_one_in_every_form(text, form, task):
    write = {"open": say, "counted": say_counted, "sentence": say_sentence}[form]
    said = write(hear(text))
    assert builder.score(row(task, form, "?", said), said)["overall"] == 1.0


def test_every_record_of_the_demo_accepts_its_own_answers():
    from builder.audit.score.rows import records_in

    count = 0
    for record in records_in(demo_folder()):
        for text in record["accepted"]:
            assert builder.score(record, text)["overall"] == 1.0, record["record_id"]
            count += 1
    assert count >= 150


@given(moves, numbers, numbers)
def test_a_larger_error_never_scores_more_for_a_move(true, one, other):
    kind, amount = true.rsplit(" ", 2)[0], float(true.split()[2])
    near, far = sorted((float(one), float(other)), key=lambda said: abs(said - amount))
    record = row("A1", "open", "?", true)
    scores = [builder.score(record, f"{kind} {said:g} meters")["overall"] for said in (near, far)]
    assert scores[0] >= scores[1]


@given(boxes, st.tuples(st.integers(-1, 1), st.integers(-1, 1)))
def test_a_box_that_slides_away_never_scores_more(true, way):
    record = row("D1", "box", "?", str(list(true)), object={"box_before": [0, 0, 1000, 1000]})
    scores = []
    for far in range(0, 500, 20):
        x, y = (far * sign for sign in way)
        said = [true[0] + x, true[1] + y, true[2] + x, true[3] + y]
        if min(said) >= 0 and max(said) <= 1000:
            scores.append(builder.score(record, str(said))["overall"])
    assert all(a >= b for a, b in itertools.pairwise(scores))


@given(rows, st.lists(actions | boxes.map(list).map(str), min_size=2, max_size=2), st.data())
def test_a_second_candidate_never_raises_the_score(record, candidates, data):
    own = record["accepted"][0]
    known = ["yes", "no", "true", "false", "A", "B", STAY, ONE, OTHER, BOX, own]
    first, second = data.draw(st.permutations([*candidates, data.draw(st.sampled_from(known))]))[:2]
    if record["task_type"] in ("A3", "D3"):
        return  # actions in a row are one answer there: the next test
    join = data.draw(st.sampled_from(["; ", " ", ", ", " or ", " and ", "\n", ". "]))
    single = max(builder.score(record, text)["overall"] for text in (first, second))
    assert builder.score(record, first + join + second)["overall"] <= single


@given(st.integers(1, 4), st.data())
def test_a_second_whole_sequence_never_raises_the_score(count, data):
    whole = st.lists(actions, min_size=count, max_size=count).map("; ".join)
    true, first, second = (data.draw(whole) for _ in range(3))
    mixed = "; ".join(data.draw(st.permutations(true.split("; "))))
    record = row("A3", "open", "?", true)
    for one, two in itertools.permutations((first, second, mixed), 2):
        single = max(builder.score(record, text)["overall"] for text in (one, two))
        assert builder.score(record, f"{one}; {two}")["overall"] <= single + 1e-9


@pytest.mark.parametrize(
    ("name", "text", "overall"),
    [
        ("A1", "Move  LEFT 3 meter.", 1.0),
        ("A1", "move left 3.000 meters", 1.0),
        ("A1", "**move left 3 meters**", 0.95),
        ("A1", "The camera's motion was: move left 3 meters", 0.0),
        ("A1", "My answer: move left 3 m", 0.95),
        ("A1", "<think>\nmove right 1 meters?\n</think>\n\nmove left 3 meters<|im_end|>", 1.0),
        ("A3", "First move forward 0.5 meters, then turn left 20 degrees.", 0.95),
        ("A3", "move forward 0.5 meters\nturn left 20 degrees", 0.95),
        ("D3 counted", TWO, 0.95),
        ("D3 counted", f"2 STEPS|{TWO}", 1.0),
        ("D3 sentence", TWO, 0.95),
        ("D3 sentence", "first move forward 0.5 meter, then turn left 20 degree", 1.0),
        ("A4", "True.", 1.0),
        ("A4", "yes", 0.9),
        ("A4", '"true"', 1.0 - 0.1),
        ("A4", "\\boxed{true}", 0.9),
        ("A4", "false", 0.2),
        ("A4", "no", 0.1),
        ("D4 choice", "(b)", 1.0),
        ("D4 choice", "B.", 1.0),
        ("D4 choice", ONE, 0.9),
        ("D4 choice", f"B. {ONE}", 0.9),
        ("D4 choice", "A", 0.2),
        ("D2 sentence", "the lamp is still visible", 1.0),
        ("D1", "bbox [100, 200, 300, 400]", 1.0),
        ("D1", "[100,200,300,400].", 1.0),
        ("D1", "The box is (100, 200, 300, 400)", 0.95),
    ],
)
def test_harmless_deviations_cost_little_or_nothing(name, text, overall):
    assert builder.score(ROWS[name], text)["overall"] == pytest.approx(overall)


def test_the_best_fitting_accepted_answer_counts():
    swapped = ROWS["A3 two ways"]["accepted"][1]
    assert builder.score(ROWS["A3 two ways"], swapped)["overall"] == 1.0
    assert builder.score(ROWS["A3"], swapped)["overall"] == pytest.approx(0.35)


def test_the_letter_means_what_the_record_offers():
    flipped = row("D4", "choice", f"What is true? A: {ONE} B: {OTHER} Answer.", "A")
    assert builder.score(flipped, ONE)["overall"] == pytest.approx(0.9)
    assert builder.score(flipped, OTHER)["overall"] == pytest.approx(0.1)


def test_half_way_from_the_echo_earns_half_of_what_lies_between():
    record = ROWS["D1"]
    echo, half, right = ([140 - s, 210 - s // 4, 340 - s, 410 - s // 4] for s in (0, 20, 40))
    scores = [builder.score(record, str(box)) for box in (echo, half, right)]
    assert scores[0]["overall"] == pytest.approx(0.10)
    assert 0.4 < scores[1]["overall"] < 0.7
    assert scores[2]["overall"] == 1.0
    assert scores[0]["echo"] == scores[0]["geometry"]


def test_an_object_that_stays_put_is_still_answered_by_its_box():
    still = row("D1", "box", "?", BOX, object={"box_before": [100, 200, 300, 400]})
    assert builder.score(still, BOX)["overall"] == 1.0


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"task_type": "A1", "messages": []},
        row("A1", "open", "?", "go left"),
        row("A3", "open", "?", TWO, "gibberish"),
        row("D1", "box", "?", "[1, 2]"),
        row("D1", "box", "?", BOX, object={"box_before": [5, 5, 1, 1]}),
    ],
    ids=["empty", "no turns", "no grammar", "one of two", "no box", "no echo"],
)
def test_a_record_that_cannot_be_scored_says_so(record):
    with pytest.raises(RecordInvalid):
        builder.score(record, "move left 1 meters")


def test_exploits_have_unique_names():
    assert len({exploit.what for exploit in EXPLOITS}) == len(EXPLOITS)
