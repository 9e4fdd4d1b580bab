"""Train with TRL's GRPO on the score: the columns of a row reach the reward as arguments.

python examples/grpo_trl.py out/World2VLM svc-real MODEL    # a vision-language model, a GPU
"""

import sys
from collections.abc import Mapping
from typing import Any

from datasets import Dataset, concatenate_datasets, load_dataset

from builder import rewards


def prompt_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the question as TRL takes it: without marks, since it places the pictures itself."""
    text = row["messages"][0]["content"].replace("<image>", "")
    return {
        "prompt": [{"role": "user", "content": text}],
        "ground_truth": rewards.ground_truth(row),
    }


def rows_for_trl(folder: str, config: str) -> Dataset:
    """Return rows of `prompt`, `images` and `ground_truth`."""
    rows = load_dataset(folder, config, split="train")
    text = rows.remove_columns("images")  # so that no picture is decoded
    text = text.map(prompt_of, remove_columns=text.column_names)
    return concatenate_datasets([text, rows.select_columns("images")], axis=1)


if __name__ == "__main__":
    from trl import GRPOConfig, GRPOTrainer

    folder, config, model = sys.argv[1:]
    trainer = GRPOTrainer(
        model,
        reward_funcs=rewards.trl_reward,
        args=GRPOConfig("grpo", num_generations=4, max_completion_length=256),
        train_dataset=rows_for_trl(folder, config),
    )
    trainer.train()
