"""Records small enough to read, one of each form of an answer; and how the score may be gamed."""

from dataclasses import dataclass

BOX = "[100, 200, 300, 400]"


def row(task, form, question, *accepted, **more):
    """A record with what the score looks at."""
    turns = [{"role": "user", "content": f"<image><image>{question}"}]
    turns.append({"role": "assistant", "content": accepted[0]})
    record = {
        "record_id": f"svc-real/p/t/{task}/{form}",
        "task_type": task,
        "messages": turns,
        "answer_form": form,
        "accepted": list(accepted),
        "object": None,
        "actions": "move left 1 meters",
        "subset": "svc-real",
        "scene_id": "p",
        "split": "test",
        "difficulty": None,
        "template_id": f"{task}.{form}-1",
    }
    return record | more


TWO = "move forward 0.5 meters; turn left 20 degrees"
SWAPPED = "turn left 20 degrees; move forward 0.5 meters"
STAY, GO = "The lamp is still visible.", "The lamp is no longer visible."
ONE, OTHER = "One object, seen twice.", "Two objects of one kind."
THING = {"label": "lamp", "box_before": [140, 210, 340, 410]}
OFFER = f"A: {OTHER} B: {ONE} Answer with the letter alone."

ROWS = {
    "A1": row("A1", "open", "Which way, how far?", "move left 3 meters"),
    "A1 short": row("A1", "open", "Which way, how far?", "move forward 0.5 meters"),
    "A2": row("A2", "open", "Which way, how many degrees?", "turn right 30 degrees"),
    "A3": row("A3", "open", "What did the camera do?", TWO),
    "A3 two ways": row("A3", "open", "What did the camera do?", TWO, SWAPPED),
    "A4": row("A4", "true-false", f"Is this it: {TWO}?", "true", claim=TWO),
    "D1": row("D1", "box", "The lamp is in [140, 210, 340, 410].", BOX, object=THING),
    "D2": row("D2", "yes-no", "Is the lamp gone?", "no", object=THING),
    "D2 sentence": row("D2", "sentence", f'Which: "{GO}" or "{STAY}"?', STAY, object=THING),
    "D3 counted": row("D3", "counted", "How many?", f"2 steps | {TWO}", object=THING),
    "D3 sentence": row(
        "D3",
        "sentence",
        "Tell it.",
        "First move forward 0.5 meters, then turn left 20 degrees.",
        object=THING,
    ),
    "D3 one": row("D3", "sentence", "Tell it.", "Turn left 20 degrees.", object=THING),
    "D4 choice": row("D4", "choice", f"What is true? {OFFER}", "B", object=THING),
}


@dataclass(frozen=True)
class Exploit:
    """A response that deserves little.

    Attributes:
        what: What it tries.
        of: Which of ROWS.
        text: The response.
        most: What it may earn.
    """

    what: str
    of: str
    text: str
    most: float


FOUR = "; ".join(f"move {way} 2.9 meters" for way in ("forward", "backward", "left", "right"))
SIX = "; ".join(f"move left {metres} meters" for metres in range(1, 7))
FIVE = "; ".join(f"turn right {angle} degrees" for angle in (10, 30, 50, 70, 90))
EXPLOITS = (
    Exploit("six distances in a list", "A1", SIX, 0.0),
    Exploit("five angles in a list", "A2", FIVE, 0.0),
    Exploit("all four directions", "A1", FOUR, 0.0),
    Exploit("two candidates joined by or", "A1", "move left 3 meters or move right 3 meters", 0.0),
    Exploit("a negative number", "A1 short", "move forward -0.4 meters", 0.0),
    Exploit("a number of nothing", "A1 short", "move forward 0 meters", 0.0),
    Exploit("unicode digits", "A1", "move left \u0663 meters", 0.0),
    Exploit("full-width digits", "A1", "move left \uff13 meters", 0.0),
    Exploit("an infinite number", "A1", "move left 1e999 meters", 0.0),
    Exploit("inf", "A1", "move left inf meters", 0.0),
    Exploit("nan", "A1", "move left nan meters", 0.0),
    Exploit("a huge integer", "A1", f"move left {'9' * 150} meters", 0.0),
    Exploit("nothing", "A1", "", 0.0),
    Exploit("the question's words", "A1", "move D X meters", 0.0),
    Exploit("words around the right answer", "A1", "perhaps it was move left 3 meters", 0.0),
    Exploit("the answer and a way out", "A1", "move left 3 meters, or maybe not", 0.0),
    Exploit("an action too many", "A3", f"{TWO}; move left 1 meters", 0.70),
    Exploit("all six kinds, four too many", "A3", f"{TWO}; {FOUR}", 0.40),
    Exploit("the wrong count", "D3 counted", f"3 steps | {TWO}", 0.90),
    Exploit("yes and no", "D2", "yes and no", 0.0),
    Exploit("no, yes", "D2", "no, yes", 0.0),
    Exploit("true or false", "A4", "true or false", 0.0),
    Exploit("not true", "A4", "not true", 0.0),
    Exploit("echo of the claim", "A4", TWO, 0.0),
    Exploit("both letters", "D4 choice", "A and B", 0.0),
    Exploit("both letters, no space", "D4 choice", "AB", 0.0),
    Exploit("a letter with the other option's text", "D4 choice", f"B: {OTHER}", 0.0),
    Exploit("both sentences", "D2 sentence", f"{GO} {STAY}", 0.0),
    Exploit("yes where a sentence is asked", "D2 sentence", "no", 0.0),
    Exploit("the question's box", "D1", "[140, 210, 340, 410]", 0.10),
    Exploit("a box of nothing", "D1", "[0, 0, 0, 0]", 0.0),
    Exploit("the whole frame", "D1", "[0, 0, 1000, 1000]", 0.10),
    Exploit("swapped corners", "D1", "[300, 400, 100, 200]", 0.0),
    Exploit("two boxes", "D1", f"{BOX} [0, 0, 500, 500]", 0.0),
    Exploit("the right box twice", "D1", f"{BOX} {BOX}", 0.0),
    Exploit("every box there is", "D1", " ".join(f"[{x}, 0, 1000, 900]" for x in range(60)), 0.0),
    Exploit("a box beyond the frame", "D1", "[100, 200, 300, 4000]", 0.0),
    Exploit("an essay", "A1", "The picture shows a room. " * 200 + "move left 3 meters", 0.0),
    Exploit("an essay after the answer", "A1", "move left 3 meters. " + "Indeed. " * 200, 0.0),
    Exploit("two pairs of answer tags", "D2", "<answer>no</answer><answer>yes</answer>", 0.0),
    Exploit("an answer after the tags", "D2", "<answer>no</answer> or yes", 0.0),
    Exploit("a thought without an end", "D2", "<think>no", 0.0),
    Exploit("tags left open", "D2", "<answer>no", 0.0),
)
