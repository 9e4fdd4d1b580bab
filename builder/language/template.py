"""One wording of a question with named slots, checked when it is made and when it is filled."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass

from builder.core.errors import TemplateError
from builder.core.record import ANSWER_FORMS, IMAGE_MARK, AnswerForm

_ID = re.compile(rf"[A-Z][0-9]+\.({'|'.join(ANSWER_FORMS)})-[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Offer:
    """Two options in the order in which a question offers them.

    Attributes:
        texts: First and second.
        yes: Which of them is right where the verdict is yes: 0 or 1.
    """

    texts: tuple[str, str]
    yes: int


@dataclass(frozen=True, slots=True)
class Template:
    """One wording of a task.

    Attributes:
        id: `<task>.<form>-<k>`, such as "A1.open-2"; recorded with every record it makes.
        form: In which form the answer is asked for.
        ask: The user turn without its image marks; `{slot}` is a hole.
        options: What the question offers to choose from, for yes and for no; the slots `{first}`
            and `{second}` of `ask` take them, in an order that is drawn for each record.
        case: For which drafts it is meant, where a task has drafts of several kinds.

    Raises:
        TemplateError: If the id does not fit the form, or the options the slots.
    """

    id: str
    form: AnswerForm
    ask: str
    options: tuple[str, str] | None = None
    case: str = ""

    def __post_init__(self) -> None:
        found = _ID.fullmatch(self.id)
        if not found or found[1] != self.form:
            raise TemplateError(f"expected an id '<task>.{self.form}-<k>', got {self.id!r}")
        if IMAGE_MARK in self.ask:
            raise TemplateError(f"template {self.id}: the image marks are put before it, not in it")
        offers = {"first", "second"} & _slots(self.ask)
        if len(offers) != (2 if self.options else 0):
            raise TemplateError(f"template {self.id}: options need both {{first}} and {{second}}")

    @property
    def slots(self) -> frozenset[str]:
        """The names of the holes that a draft must fill, the options' included."""
        texts = (self.ask, *(self.options or ()))
        return frozenset().union(*map(_slots, texts)) - {"first", "second"}

    def offer(self, values: Mapping[str, str], swapped: bool) -> Offer | None:
        """Return the options with their holes filled, the "no" first if `swapped`; None: none."""
        if self.options is None:
            return None
        yes, no = (self._filled(text, values) for text in self.options)
        return Offer((no, yes), 1) if swapped else Offer((yes, no), 0)

    def fill(self, values: Mapping[str, str], offer: Offer | None = None) -> str:
        """Return the question with every hole filled; values that no hole asks for are spare.

        Raises:
            TemplateError: If a slot has no value, or a value holds an image mark.
        """
        offered = dict(zip(("first", "second"), offer.texts, strict=True)) if offer else {}
        return self._filled(self.ask, {**values, **offered})

    def _filled(self, text: str, values: Mapping[str, str]) -> str:
        if missing := _slots(text) - values.keys():
            raise TemplateError(
                f"template {self.id}: no value for {sorted(missing)}; offered {sorted(values)}"
            )
        if marked := [name for name, value in values.items() if IMAGE_MARK in value]:
            raise TemplateError(f"template {self.id}: {marked} would add an image mark")
        return text.format_map(values)


def _slots(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
