"""Files of predictions: one answer a record, and every line that is none of that."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.audit.score.rewards import text_of
from builder.core.errors import RecordInvalid

IDS = ("record_id", "id", "question_id")
TEXTS = ("prediction", "response", "completion", "generated_text", "output", "answer", "text")


@dataclass(slots=True)
class Predictions:
    """What a model said.

    Attributes:
        texts: By record_id; of a record that was answered twice the first.
        bad: Lines that are no prediction, each with `FILE:LINE: why`.
        duplicates: Lines of records that had been answered, each with `FILE:LINE: which`.
    """

    texts: dict[str, str] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)


def read_predictions(file: Path) -> Predictions:
    """Read JSON Lines of predictions.

    A line is an object with an id under the first of `IDS` that it has, and what was said under the
    first of `TEXTS` that it has: text, a message, a list of messages, or a list of one of these.

    Raises:
        OSError: If the file cannot be read.
    """
    found = Predictions()
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                name, text = _prediction(json.loads(line))
            except (ValueError, RecursionError) as error:
                found.bad.append(f"{file}:{number}: {error}")
                continue
            if name in found.texts:
                found.duplicates.append(f"{file}:{number}: {name} was answered before")
            found.texts.setdefault(name, text)
    return found


def _prediction(line: Any) -> tuple[str, str]:  # noqa: ANN401 - JSON
    if not isinstance(line, dict):
        raise RecordInvalid(f"expected an object, got {line!r:.60}")
    name = next((line[key] for key in IDS if key in line), None)
    said = next((line[key] for key in TEXTS if key in line), None)
    if not isinstance(name, str):
        raise RecordInvalid(f"no record_id, as text, under {', '.join(IDS)}")
    if said is None:
        raise RecordInvalid(f"no prediction under {', '.join(TEXTS)}")
    if isinstance(said, list) and len(said) == 1:  # one of n samples
        said = said[0]
    return name, text_of(said)
