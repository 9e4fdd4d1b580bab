"""The score as a reward for GRPO, in the signatures that verl, EasyR1 and TRL call.

    from builder import rewards

    GRPOTrainer(..., reward_funcs=rewards.trl_reward)  # the dataset's columns come as arguments
    rewards.verl_score, rewards.easyr1_score           # take what rewards.ground_truth(row) wrote

TRL calls `f(prompts=, completions=, **columns)` and takes a list of floats. verl calls
`compute_score(data_source=, solution_str=, ground_truth=, extra_info=)` and takes a float or a dict
with "score" (verl/workers/reward_manager/naive.py, batch.py). EasyR1 calls `compute_score(input)`,
or with a list of inputs, and takes dicts with "overall" (verl/workers/reward/function.py there).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from builder.audit.score import score
from builder.core.errors import RecordInvalid

_NEEDED = ("task_type", "messages", "answer_form", "accepted")


def ground_truth(record: Mapping[str, Any]) -> str:
    """Return what the score needs of a record, as JSON text: verl and EasyR1 carry one string."""
    facts = {name: record[name] for name in _NEEDED if record.get(name) is not None}
    if thing := record.get("object"):
        facts["object"] = {"box_before": list(thing["box_before"])}
    return json.dumps(facts, ensure_ascii=False)


def verl_score(
    data_source: str,
    solution_str: str,
    ground_truth: str | Mapping[str, Any],
    extra_info: Mapping[str, Any] | None = None,
    **_: Any,  # noqa: ANN401 - verl adds arguments of its own
) -> dict[str, float]:
    """Return {"score", "acc", "format"} for one response; `acc` is 1 for an accepted answer.

    Args:
        data_source: Not looked at.
        solution_str: The response.
        ground_truth: As `ground_truth` writes it.
        extra_info: Not looked at.

    Raises:
        RecordInvalid: If `ground_truth` is not what `ground_truth` writes.
    """
    del data_source, extra_info
    parts = score(_record(ground_truth), solution_str)
    return {"score": parts["overall"], "acc": parts["exact"], "format": parts["format"]}


def verl_scores(
    data_sources: Sequence[str],
    solution_strs: Sequence[str],
    ground_truths: Sequence[str],
    extra_infos: Sequence[Mapping[str, Any]] | None = None,
    **_: Any,  # noqa: ANN401 - verl adds arguments of its own
) -> list[dict[str, float]]:
    """Return `verl_score` of each: for verl's `batch` reward manager."""
    del extra_infos
    rows = zip(data_sources, solution_strs, ground_truths, strict=True)
    return [verl_score(*row) for row in rows]


def easyr1_score(reward_input: Any, **_: Any) -> Any:  # noqa: ANN401 - one, or a list of them
    """Return {"overall", "format", "accuracy"} for one reward input, or a list for a list.

    Args:
        reward_input: {"response", "ground_truth", ...}, or a list of such.

    Raises:
        RecordInvalid: If a `ground_truth` is not what `ground_truth` writes.
    """
    if not isinstance(reward_input, Mapping):
        return [easyr1_score(one) for one in reward_input]
    parts = score(_record(reward_input["ground_truth"]), reward_input["response"])
    return {
        "overall": parts["overall"],
        "format": parts["format"],
        "accuracy": parts["exact"],
    }


def trl_reward(
    completions: Sequence[Any],
    prompts: Sequence[Any] | None = None,
    **columns: Any,  # noqa: ANN401 - the dataset's, a list each
) -> list[float]:
    """Return the overall score of each completion, text or messages.

    Args:
        completions: What the model said.
        prompts: Not looked at.
        columns: The dataset's, one entry a completion: `ground_truth` as that function writes it,
            or `task_type`, `messages`, `answer_form`, `accepted` and, for D1, `object`.

    Raises:
        RecordInvalid: If these columns are missing.
    """
    del prompts
    if "ground_truth" in columns:
        records: list[Any] = [_record(text) for text in columns["ground_truth"]]
    else:
        names = [name for name in (*_NEEDED, "object") if name in columns]
        rows = zip(*(columns[name] for name in names), strict=True)
        records = [dict(zip(names, row, strict=True)) for row in rows]
    if len(records) != len(completions):
        raise RecordInvalid(
            f"{len(completions)} completions and {len(records)} records; the dataset needs the "
            f"column ground_truth, or {', '.join(_NEEDED)} and object"
        )
    pairs = zip(records, completions, strict=True)
    return [score(record, text_of(said))["overall"] for record, said in pairs]


def text_of(said: Any) -> str:  # noqa: ANN401 - text, a message, or a list of messages
    """Return the text of a completion: itself, or what the last message says.

    Raises:
        RecordInvalid: If it is none of these.
    """
    match said:
        case str():
            return said
        case [*_, {"content": content}] | {"content": content}:
            return text_of(content)
        case [*_, {"type": "text", "text": str(text)}] | {"text": str(text)}:
            return text
    raise RecordInvalid(f"expected text or messages, got {said!r:.80}")


def _record(facts: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(facts, Mapping):
        return facts
    try:
        record = json.loads(facts)
    except (ValueError, TypeError) as error:
        raise RecordInvalid(
            f"ground_truth is not JSON ({error}); rewards.ground_truth writes it"
        ) from error
    if not isinstance(record, Mapping):
        raise RecordInvalid(f"ground_truth is no object: {facts!r:.60}")
    return record
