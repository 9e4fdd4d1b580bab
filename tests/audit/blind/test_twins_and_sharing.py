"""Questions that stand twice, and places and pictures that stand in two splits."""

import numpy as np
from blind_records import EACH, jpeg, language, pictures, record, texture, turn

from builder.audit.blind.asked import asked
from builder.audit.blind.pictures import near_pairs, picture_of
from builder.audit.blind.sharing import sharing
from builder.audit.blind.twins import twins


def counts(findings):
    return {found.name: found.count for found in findings}


def fair():
    rows = [turn(n, rng) for n, rng in enumerate(np.random.default_rng(0).spawn(4 * EACH))]
    for row in rows:
        row["split"] = {"place-02": "validation", "place-03": "test"}.get(row["scene_id"], "train")
    return rows


def test_fair_records_have_no_twins_and_share_nothing():
    records = [asked(row) for row in fair()]
    seen = pictures(records)
    found = [*twins(records, seen, language()), *sharing(records, seen)]
    assert set(counts(found).values()) == {0}
    assert not any(one.is_fault for one in found)


def test_the_same_question_on_the_same_pictures_is_an_exact_duplicate():
    row = turn(0, np.random.default_rng(0))
    records = [asked(row), asked(row | {"record_id": "again"})]
    assert counts(twins(records, pictures(records), language())) == {
        "exact duplicates": 1,
        "near duplicates (wording only)": 0,
        "contradictory pairs": 0,
    }


def test_another_wording_alone_is_a_near_duplicate():
    row = turn(0, np.random.default_rng(0))
    other = record("A2", 1, "Quite other words.", row["accepted"][0]) | {"images": row["images"]}
    records = [asked(row), asked(other)]
    found = counts(twins(records, pictures(records), language()))
    assert found["near duplicates (wording only)"] == 1
    assert found["contradictory pairs"] == found["exact duplicates"] == 0


def test_two_answers_to_one_question_are_a_contradiction_in_any_form():
    thing = {"label": "lamp", "track_id": 1, "track_id_after": 1}
    boxes = "the lamp at [1, 2, 30, 40] and at [5, 6, 70, 80]"
    one = record("D4", 0, f"Take {boxes}. Same?", "yes", object=thing)
    letter = f"Of {boxes}: A: Two objects of one kind. B: One object, seen twice."
    other = record("D4", 1, letter, "A", object=thing | {"track_id_after": 2}, answer_form="choice")
    agreeing = record("D4", 2, letter, "B", object=thing, answer_form="choice")
    for row in (other, agreeing):
        row["images"] = one["images"]
    for row, contrary in ((other, 1), (agreeing, 0)):
        records = [asked(one), asked(row)]
        assert (
            counts(twins(records, pictures(records), language()))["contradictory pairs"] == contrary
        )


def test_answers_that_share_an_accepted_one_do_not_contradict():
    first, second = (
        "move left 1 meters; turn left 10 degrees",
        "turn left 10 degrees; move left 1 meters",
    )
    one = record("A3", 0, "Which?", first, accepted=[first, second])
    other = record("A3", 1, "What?", second, accepted=[second]) | {"images": one["images"]}
    records = [asked(one), asked(other)]
    assert counts(twins(records, pictures(records), language()))["contradictory pairs"] == 0


def test_the_same_words_on_other_pictures_are_no_twin():
    row = turn(0, np.random.default_rng(0))
    records = [asked(row), asked(row | {"record_id": "b", "images": ["c.jpg", "d.jpg"]})]
    assert not any(one.count for one in twins(records, pictures(records), language()))


def test_a_place_that_is_moved_into_a_second_split_is_found():
    rows = fair()
    rows[0]["split"] = "test"
    records = [asked(row) for row in rows]
    found = {one.name: one for one in sharing(records, pictures(records))}
    assert found["places in two splits"].count == 1
    assert found["places in two splits"].is_fault
    assert "place-00" in found["places in two splits"].examples[0]


def test_a_picture_in_two_splits_under_another_name_is_found():
    records = [asked(row) for row in fair()]
    seen = pictures(records)
    train, test = records[0].images[0], records[-1].images[1]
    seen[test] = seen[train]
    assert counts(sharing(records, seen))["pictures in two splits"] == 1


def test_a_picture_in_two_splits_saved_again_is_found():
    records = [asked(row) for row in fair()]
    seen = pictures(records)
    seen[records[0].images[0]] = picture_of(jpeg(texture(99), quality=95), "one")
    seen[records[-1].images[1]] = picture_of(jpeg(texture(99), quality=60), "other")
    found = counts(sharing(records, seen))
    assert found["pictures in two splits"] == 0
    assert found["pictures in two splits, saved again"] == 1


def test_bare_walls_are_not_taken_for_one_picture():
    walls = [np.full((64, 64, 3), gray, np.uint8) for gray in (200, 201)]
    one, other = (picture_of(jpeg(wall), "wall") for wall in walls)
    assert near_pairs([one], [other]) == []
