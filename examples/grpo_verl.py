"""The score as verl's reward, and rows as verl reads them.

Rows: `python examples/grpo_verl.py out/World2VLM svc-real train.parquet`. Then tell verl's trainer
`data.train_files=train.parquet`, `data.image_key=images`, the reward's file (in most versions as
`custom_reward_function.path=examples/grpo_verl.py`) and its name, `compute_score`.
"""

import sys
from collections.abc import Mapping
from typing import Any

from datasets import concatenate_datasets, load_dataset

from builder import rewards

compute_score = rewards.verl_score


def row_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as verl's data sets hold it, but for its pictures."""
    return {
        "data_source": "world2vlm",
        "prompt": [row["messages"][0]],
        "ability": row["task_type"],
        "reward_model": {"style": "rule", "ground_truth": rewards.ground_truth(row)},
        "extra_info": {"record_id": row["record_id"]},
    }


if __name__ == "__main__":
    folder, config, out = sys.argv[1:]
    rows = load_dataset(folder, config, split="train")
    text = rows.remove_columns("images")  # so that no picture is decoded
    text = text.map(row_of, remove_columns=text.column_names)
    concatenate_datasets([text, rows.select_columns("images")], axis=1).to_parquet(out)
