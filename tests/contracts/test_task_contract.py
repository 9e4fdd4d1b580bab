"""What every task promises. A new task is held to this without a line of test code."""

import re
from itertools import pairwise

import pytest

from builder.config import Gates
from builder.core.action import Move, Turn
from builder.core.drop import Drop
from builder.core.errors import GrammarError
from builder.core.record import IMAGE_MARK, Record
from builder.core.split import SPLITS
from builder.language.grammar import hear
from builder.tasks import DEMO_SCENE, Draft, all_tasks, readers, task_named
from examples import ROLLOUTS, rollout

SEEDS = range(6)
TASKS = all_tasks()
every_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
any_rollout = pytest.mark.parametrize("given", ROLLOUTS.values(), ids=ROLLOUTS)
SAID_IN_THE_QUESTION = {"yes-no", "true-false", "choice", "sentence"}  # all the options are


def records_of(task, given=None, seeds=SEEDS):
    rollouts = ROLLOUTS.values() if given is None else [given]
    for seed in seeds:
        for one in rollouts:
            for item in task.records(one, seed, Gates()):
                if isinstance(item, Record):
                    yield item


@every_task
def test_names_itself_in_its_templates_and_each_only_once(task):
    ids = [template.id for template in task.templates]
    assert len(set(ids)) == len(ids)
    assert all(identity.startswith(f"{task.name}.") for identity in ids)
    assert len({template.ask for template in task.templates}) == len(ids)


@every_task
def test_has_several_wordings_of_each_form_and_a_language_for_them(task):
    forms = [template.form for template in task.templates]
    assert set(forms) == set(task.language.forms)
    assert all(forms.count(form) >= (3 if task.name[0] == "A" else 2) for form in set(forms))


@every_task
@any_rollout
def test_gives_the_same_twice_and_each_a_record_or_a_reason(task, given):
    once, again = (list(task.records(given, 7, Gates())) for _ in range(2))
    assert once == again
    drops = [item for item in once if isinstance(item, Drop)]
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", drop.reason) for drop in drops)
    assert all(isinstance(item, Record | Drop) for item in once)


@every_task
def test_gives_records_for_some_example(task):
    assert any(records_of(task))


@every_task
@any_rollout
def test_ids_are_unique_and_keep_their_number_whatever_the_gates(task, given):
    def numbered(gates):
        return [number for number, _ in task.drafts(given, 7, gates)]

    strict, lax = numbered(Gates(clearly_visible=0.99, max_accepted=1)), numbered(Gates())
    assert len(set(lax)) == len(lax)
    assert set(strict) <= set(lax)
    ids = [record.record_id for record in records_of(task, given, seeds=[7])]
    assert len(set(ids)) == len(ids)


@every_task
@any_rollout
def test_every_wording_can_be_filled_for_every_draft(task, given):
    for _, draft in task.drafts(given, 7, Gates()):
        if isinstance(draft, Draft):
            fitting = [one for one in task.templates if one.case == draft.case]
            assert fitting
            for template in fitting:
                text = template.fill(draft.slots, template.offer(draft.slots, swapped=True))
                assert "{" not in text
                assert "}" not in text


@every_task
def test_every_accepted_answer_is_read_back_by_the_task_and_its_schema(task):
    schema = task.answer_schema()
    patterns = [schema["pattern"]] if "pattern" in schema else []
    patterns += [branch["pattern"] for branch in schema.get("anyOf", ())]
    for record in records_of(task):
        assert record.accepted[0] == record.answer
        assert len(set(record.accepted)) == len(record.accepted)
        for answer in record.accepted:
            assert readers()[task.name](answer, record.answer_form) is not None
            assert any(re.search(pattern, answer) for pattern in patterns)
            with pytest.raises(GrammarError):
                task.read(answer + " or so", record.answer_form)


@every_task
def test_no_question_contains_its_answer(task):
    for record in records_of(task):
        if record.answer_form not in SAID_IN_THE_QUESTION:
            question = record.messages[0].content
            assert all(answer not in question for answer in record.accepted)


@every_task
def test_a_question_offers_all_it_may_be_answered_with(task):
    for record in records_of(task):
        question = record.messages[0].content
        match record.answer_form:
            case "yes-no":
                assert re.search(r"\byes or no\b", question)
            case "true-false":
                assert re.search(r"\btrue or\s+false\b", question)
            case "choice":
                assert re.search(r"A: .+ B: ", question)
            case "sentence" if record.task_type[0] == "D" and record.task_type != "D3":
                assert record.answer in question
                assert question.count('"') >= 4


@every_task
def test_a_question_opens_with_one_mark_an_image_and_has_no_other(task):
    for record in records_of(task):
        question = record.messages[0].content
        marks = len(record.images)
        assert question.startswith(IMAGE_MARK * marks)
        assert question.count(IMAGE_MARK) == marks
        assert question[len(IMAGE_MARK) * marks].isalpha()


@every_task
def test_wherever_a_box_stands_its_unit_is_told(task):
    for record in records_of(task):
        question = record.messages[0].content
        if re.search(r"\[\d", question) or record.answer_form == "box":
            assert "integers from 0 to 1000" in question
            assert "[x1, y1, x2, y2]" in question


@every_task
def test_every_form_and_wording_is_drawn_sooner_or_later(task):
    waiting = {template.id for template in task.templates}
    for record in records_of(task, seeds=range(99)):
        waiting.discard(record.template_id)
        if not waiting:
            break
    assert not waiting


@every_task
def test_a_record_says_where_its_frames_stand_and_what_happened_between_them(task):
    for name, given in ROLLOUTS.items():
        for record in records_of(task, given, seeds=[3]):
            assert all(one < other for one, other in pairwise(record.frame_indices)), name
            shown = tuple(given.images[frame] for frame in record.frame_indices)
            assert record.images == shown[: len(record.images)]
            first, last = (given.keys.index(record.frame_indices[end]) for end in (0, -1))
            assert hear(record.actions) == given.actions_between(first, last)


@every_task
def test_the_class_to_balance_is_read_off_the_plain_record(task):
    classes = {task.balance_of(record.to_json()) for record in records_of(task)}
    assert len(classes) >= 2
    assert all(isinstance(one, str) and one for one in classes)


@every_task
def test_a_place_decides_the_split_and_the_demo_is_for_training(task):
    actions = (Move("left", 0.3), Move("forward", 0.5), Turn("left", 20.0))
    for scene_id in (DEMO_SCENE, "room-1", "room-2"):
        given = rollout(*actions, scene_id=scene_id)
        splits = {record.split for record in records_of(task, given)}
        assert splits <= set(SPLITS)
        assert len(splits) <= 1
        assert scene_id != DEMO_SCENE or splits <= {"train"}


def test_a_task_that_is_not_there_is_answered_with_the_nearest_name():
    with pytest.raises(LookupError, match="did you mean 'A1'"):
        task_named("A11")


def test_the_paper_has_eight_tasks_and_so_do_we():
    assert list(TASKS) == ["A1", "A2", "A3", "A4", "D1", "D2", "D3", "D4"]
