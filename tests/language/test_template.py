import pytest

from builder.core.errors import TemplateError
from builder.language.template import Template

CHOICE = Template(
    "D9.choice-1",
    "choice",
    "Where is the {label}? A: {first} B: {second}",
    options=("The {label} is here.", "It is not."),
)


def test_a_hole_without_a_value_is_named():
    template = Template("A1.open-1", "open", "How far is the {label} from the {place}?")
    with pytest.raises(TemplateError, match=r"A1\.open-1: no value for \['place'\]"):
        template.fill({"label": "chair"})


def test_the_options_stand_in_the_order_that_is_drawn():
    straight, swapped = (CHOICE.offer({"label": "cup"}, swapped) for swapped in (False, True))
    assert straight.texts[straight.yes] == swapped.texts[swapped.yes] == "The cup is here."
    assert CHOICE.fill({"label": "cup"}, straight).endswith("A: The cup is here. B: It is not.")
    assert CHOICE.fill({"label": "cup"}, swapped).endswith("A: It is not. B: The cup is here.")


def test_the_slots_to_fill_are_those_of_the_question_and_its_options():
    assert CHOICE.slots == {"label"}


@pytest.mark.parametrize(
    ("identity", "form"),
    [("A1.open", "open"), ("A1.box-1", "open"), ("a1.open-1", "open"), ("A1.open-0", "open")],
)
def test_an_id_that_does_not_name_task_form_and_number_is_refused(identity, form):
    with pytest.raises(TemplateError, match=r"expected an id '<task>\.open-<k>'"):
        Template(identity, form, "?")


def test_no_value_can_smuggle_in_an_image_mark():
    with pytest.raises(TemplateError, match=r"\['label'\] would add an image mark"):
        Template("D1.box-1", "box", "Where is the {label}?").fill({"label": "<image>"})


def test_marks_and_lopsided_options_are_refused_when_the_template_is_made():
    with pytest.raises(TemplateError, match="image marks"):
        Template("A1.open-1", "open", "<image>How far?")
    with pytest.raises(TemplateError, match=r"both \{first\} and \{second\}"):
        Template("D2.choice-1", "choice", "A: {first}", options=("Yes.", "No."))
