"""The score as EasyR1's reward, and rows as EasyR1 reads them.

Rows: `python examples/grpo_easyr1.py out/World2VLM svc-real train.parquet`. Then tell EasyR1's
trainer `data.train_files=train.parquet`, `data.prompt_key=problem`, `data.answer_key=answer`,
`data.image_key=images` and `worker.reward.reward_function=examples/grpo_easyr1.py:compute_score`.
"""

import sys
from collections.abc import Mapping
from typing import Any

from datasets import concatenate_datasets, load_dataset

from builder import rewards

compute_score = rewards.easyr1_score


def row_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as EasyR1's data sets hold it, but for its pictures."""
    return {
        "problem": row["messages"][0]["content"],
        "answer": rewards.ground_truth(row),
    }


if __name__ == "__main__":
    folder, config, out = sys.argv[1:]
    rows = load_dataset(folder, config, split="train")
    text = rows.remove_columns("images")  # so that no picture is decoded
    text = text.map(row_of, remove_columns=text.column_names)
    concatenate_datasets([text, rows.select_columns("images")], axis=1).to_parquet(out)
