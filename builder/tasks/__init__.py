"""The kinds of question.

To add one, add one module here that binds `PLUGIN` to a `Task`; no other file changes:

    # builder/tasks/d5_depth_order.py
    class DepthOrder(Task):
        '''Which of two objects is nearer after the motion.'''

        name = "D5"
        language = Verdict(("yes-no",))
        templates = (Template("D5.yes-no-1", "yes-no", "The camera does this: {actions}. ..."),)

        def drafts(self, rollout, seed, gates): ...

    PLUGIN = DepthOrder()

`tests/contracts/test_task_contract.py` finds it and holds it to what every task promises; then
`make schema golden` writes its schema and its wordings down.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from builder import registry
from builder.config import Gates
from builder.core.action import kind_of
from builder.core.difficulty import difficulty
from builder.core.drop import Drop
from builder.core.protocol import SUBSETS
from builder.core.record import (
    IMAGE_MARK,
    AnswerForm,
    CameraFacts,
    Message,
    ObjectFacts,
    Record,
)
from builder.core.rollout import Rollout
from builder.core.seeding import drawn
from builder.core.split import split_of
from builder.language.answers import AnswerLanguage
from builder.language.grammar import hear, say
from builder.language.template import Template
from builder.tasks._difficulty import difficulty_facts
from builder.tasks._draft import Draft

__all__ = ["DEMO_SCENE", "Draft", "Task", "all_tasks", "readers", "record_id_of", "task_named"]

DEMO_SCENE = "demo_scene"  # the demo's only place, in each subset; its name falls to "train"


class Task(ABC):
    """One kind of question: it states facts, its templates put them into words.

    Attributes:
        name: The code that records carry, such as "A1".
        templates: The wordings, in our own words.
        language: The language of its answers.
        weight: Its share of a build, relative to the others'.
        asks_motion: Whether its answers tell a motion; then small motions are graded as hard.
        tells_length: Whether its questions tell how many actions the answer has.
    """

    name: ClassVar[str]
    templates: ClassVar[tuple[Template, ...]]
    language: ClassVar[AnswerLanguage]
    weight: ClassVar[float] = 1.0
    asks_motion: ClassVar[bool] = False
    tells_length: ClassVar[bool] = False

    @abstractmethod
    def drafts(
        self, rollout: Rollout, seed: int, gates: Gates
    ) -> Iterator[tuple[int, Draft | Drop]]:
        """Yield the questions that `rollout` could answer, each a draft or why there is none.

        The number that comes with each is its place in an enumeration that neither seed nor gates
        change: it is the end of the record id.
        """

    def records(self, rollout: Rollout, seed: int, gates: Gates) -> Iterator[Record | Drop]:
        """Yield finished records, and why others are none; the same arguments give the same.

        Raises:
            GeometryError: If the poses of the rollout do not do what its actions say.
        """
        for number, draft in self.drafts(rollout, seed, gates):
            yield draft if isinstance(draft, Drop) else self._record(rollout, seed, number, draft)

    def graded(self, record: Mapping[str, Any], rollout: Rollout) -> int | None:
        """Return the difficulty of a stored record, from its stored rollout; None: not known.

        Raises:
            GrammarError, LookupError, TypeError, ValueError: If the two do not belong together.
        """
        keys = [rollout.keys.index(frame) for frame in record["frame_indices"]]
        shown = len(record["images"])
        draft = Draft(
            shown=tuple(keys[:shown]),
            actions=hear(record["actions"]),
            right=(),
            slots={},
            hidden=tuple(keys[shown:]),
            thing=None if record["object"] is None else ObjectFacts(**record["object"]),
        )
        return self._difficulty(rollout, draft)

    def read(self, answer: str, form: AnswerForm) -> object:
        """Read an answer back.

        Raises:
            GrammarError: If `answer` is not in the language of this task and form.
        """
        return self.language.hear(answer, form)

    def balance_of(self, record: Mapping[str, Any]) -> str:
        """Return the class that is balanced: here the kinds of the actions.

        After a bar a bucket may follow ("gone|5"): opposite answers are then balanced in each. It
        may stand in a family of buckets ("true|move left|move left 0.3 meters").
        """
        return "; ".join(kind_of(action) for action in hear(record["actions"]))

    def answer_of(self, record: Mapping[str, Any]) -> str:
        """Return the class of a record's answer, the same for all its forms: without a bucket."""
        return self.balance_of(record).partition("|")[0]

    def bucket_of(self, record: Mapping[str, Any]) -> str:
        """Return within what a build takes as many of either answer, or "" if of the whole."""
        return self.balance_of(record).partition("|")[2]

    def answer_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of one answer, a string, whatever its form."""
        forms = self.language.forms
        patterns = [f"^{self.language.pattern(form)}$" for form in forms]
        if len(forms) == 1:
            return {"type": "string", "title": forms[0], "pattern": patterns[0]}
        named = zip(forms, patterns, strict=True)
        either = [{"title": form, "pattern": pattern} for form, pattern in named]
        return {"type": "string", "anyOf": either}

    def _record(self, rollout: Rollout, seed: int, number: int, draft: Draft) -> Record:
        record_id = record_id_of(rollout, self.name, number)
        template = self._drawn(draft.case, seed, record_id)
        offer = template.offer(draft.slots, swapped=drawn(2, seed, record_id, "order") == 1)
        marks = IMAGE_MARK * len(draft.shown)
        answers = tuple(self.language.say(right, template.form, offer) for right in draft.right)
        subset, provenance = SUBSETS[rollout.subset], rollout.provenance
        return Record(
            record_id=record_id,
            task_type=self.name,
            messages=(
                Message("user", marks + template.fill(draft.slots, offer)),
                Message("assistant", answers[0]),
            ),
            images=tuple(rollout.images[rollout.keys[key]] for key in draft.shown),
            subset=rollout.subset,
            teacher=subset.teacher,
            scene_type=subset.scene_type,
            backend=provenance.backend,
            scene_id=rollout.scene_id,
            trajectory_id=rollout.trajectory_id,
            split=split_of(rollout.scene_id),
            frame_indices=tuple(rollout.keys[key] for key in (*draft.shown, *draft.hidden)),
            camera=CameraFacts(round(rollout.camera.hfov_deg, 3), rollout.camera_source),
            actions=say(draft.actions),
            claim=None if draft.claim is None else say(draft.claim),
            object=draft.thing,
            answer_form=template.form,
            accepted=answers,
            difficulty=self._difficulty(rollout, draft),
            template_id=template.id,
            license=provenance.license,
            builder_version=provenance.builder_version,
        )

    def _difficulty(self, rollout: Rollout, draft: Draft) -> int | None:
        facts = difficulty_facts(rollout, draft, asks_motion=self.asks_motion)
        return None if facts is None else difficulty(facts)

    def _drawn(self, case: str, seed: int, record_id: str) -> Template:
        """Draw a form, then one of its wordings: a form with many is not drawn more often."""
        fitting = [template for template in self.templates if template.case == case]
        forms = sorted({template.form for template in fitting})
        form = forms[drawn(len(forms), seed, record_id, "form")]
        wordings = [template for template in fitting if template.form == form]
        return wordings[drawn(len(wordings), seed, record_id, "wording")]


def record_id_of(rollout: Rollout, task: str, number: int) -> str:
    """Return `<subset>/<scene>/<trajectory>/<task>/<n>`."""
    return f"{rollout.subset}/{rollout.scene_id}/{rollout.trajectory_id}/{task}/{number}"


def all_tasks() -> Mapping[str, Task]:
    """Return every task, by name."""
    return registry.discover(__name__)


def task_named(name: str) -> Task:
    """Return the task called `name`, such as "A1".

    Raises:
        UnknownPlugin: With the nearest name, and all the names there are.
    """
    found: Task = registry.get(__name__, name)
    return found


def readers() -> Mapping[str, Callable[[str, AnswerForm], object]]:
    """Return, for every task, the function that reads its answers back."""
    return {name: found.read for name, found in all_tasks().items()}
