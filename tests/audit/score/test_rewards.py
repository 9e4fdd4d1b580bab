"""The reward in the signatures of verl, EasyR1 and TRL; the last against the installed `trl`."""

import importlib.util
import inspect
import json
from pathlib import Path

import pytest
from score_examples import ROWS, TWO

import builder
from builder import rewards
from builder.core.errors import RecordInvalid

EXAMPLES = Path(builder.__file__).parents[1] / "examples"
GOOD = {name: row["accepted"][0] for name, row in ROWS.items()}


def columns_of(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.mark.parametrize("name", ROWS)
def test_the_ground_truth_of_a_record_scores_like_the_record(name):
    text = rewards.ground_truth(ROWS[name])
    assert isinstance(text, str)
    for said in (GOOD[name], "no", "[140, 210, 340, 410]", ""):
        expected = builder.score(ROWS[name], said)
        assert builder.score(json.loads(text), said) == expected


def test_verl_calls_by_keyword_and_takes_a_dict_with_score():
    given = {"data_source": "world2vlm", "ground_truth": rewards.ground_truth(ROWS["A3"])}
    more = {"extra_info": {"num_turns": None}, "reward_router_address": None}
    right = rewards.verl_score(solution_str=GOOD["A3"], **given, **more)
    assert right == {"score": 1.0, "acc": 1.0, "format": 1.0}
    wrong = rewards.verl_score(solution_str="", **given)
    assert wrong == {"score": 0.0, "acc": 0.0, "format": 0.0}


def test_verl_in_batches_is_the_same_one_by_one():
    truths = [rewards.ground_truth(row) for row in ROWS.values()]
    said = list(GOOD.values())
    sources = ["world2vlm"] * len(said)
    scores = rewards.verl_scores(
        data_sources=sources, solution_strs=said, ground_truths=truths, extra_infos=[{}] * len(said)
    )
    assert [score["score"] for score in scores] == [1.0] * len(said)


def test_easyr1_takes_one_input_or_a_list_of_them():
    inputs = [
        {
            "response": f"<think>so</think><answer>{GOOD[name]}</answer>",
            "response_length": 9,
            "ground_truth": rewards.ground_truth(row),
        }
        for name, row in ROWS.items()
    ]
    one = rewards.easyr1_score(inputs[0])
    assert one == {"overall": 1.0, "format": 1.0, "accuracy": 1.0}
    assert rewards.easyr1_score(inputs) == [one] * len(inputs)


@pytest.mark.parametrize("columns", ["our own", "one ground_truth"])
def test_trl_gives_columns_and_takes_floats(columns):
    rows = list(ROWS.values())
    given = columns_of(rows)
    if columns == "one ground_truth":
        given = {"ground_truth": [rewards.ground_truth(row) for row in rows]}
    prompts = [None] * len(rows)
    right = [[{"role": "assistant", "content": text}] for text in GOOD.values()]
    assert rewards.trl_reward(prompts=prompts, completions=right, **given) == [1.0] * len(rows)
    plain = rewards.trl_reward(prompts=prompts, completions=[""] * len(rows), trainer=1, **given)
    assert plain == [0.0] * len(rows)


def test_columns_that_are_missing_are_named():
    with pytest.raises(RecordInvalid, match="the dataset needs the column ground_truth, or task_t"):
        rewards.trl_reward(prompts=["?"], completions=["yes"], label=["yes"])


@pytest.mark.parametrize("truth", ["", "[]", "1", "{}", None])
def test_a_ground_truth_of_another_kind_is_refused(truth):
    with pytest.raises(RecordInvalid):
        rewards.verl_score("x", "yes", truth)


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        [{"role": "assistant", "content": "yes"}],
        {"content": [{"type": "text", "text": "yes"}]},
    ],
)
def test_text_is_found_in_every_usual_completion(said):
    assert rewards.text_of(said) == "yes"


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="examples/ are not at hand outside the checkout")
@pytest.mark.parametrize("file", ["grpo_verl.py", "grpo_easyr1.py"])
def test_the_example_file_binds_compute_score(file):
    spec = importlib.util.spec_from_file_location("custom_reward_fn", EXAMPLES / file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    row = module.row_of({**ROWS["A3"], "images": []})
    if file == "grpo_verl.py":
        assert list(inspect.signature(module.compute_score).parameters)[:4] == [
            "data_source",
            "solution_str",
            "ground_truth",
            "extra_info",
        ]
        truth = row["reward_model"]["ground_truth"]
        assert module.compute_score(row["data_source"], TWO, truth, {})["score"] == 1.0
    else:
        given = {"response": TWO, "response_length": 3, "ground_truth": row["answer"]}
        assert module.compute_score([given])[0]["overall"] == 1.0


@pytest.mark.slow
def test_trl_trains_two_steps_with_our_reward(tmp_path):
    pytest.importorskip("trl", reason="trl is not installed: pip install trl")
    import torch
    from datasets import Dataset
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from trl import GRPOConfig, GRPOTrainer

    torch.manual_seed(0)
    words = ["<pad>", "</s>", "yes", "no", "true", "false", "A", "B", "?"]
    marks = {"pad_token": words[0], "eos_token": words[1], "unk_token": words[-1]}
    vocabulary = {word: number for number, word in enumerate(words)}
    inner = Tokenizer(models.WordLevel(vocabulary, words[-1]))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, **marks)
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
    config = LlamaConfig(
        vocab_size=len(words), num_attention_heads=2, pad_token_id=0, eos_token_id=1, **sizes
    )
    rows = [ROWS[name] for name in ("A4", "D2", "D4 choice")] * 4
    names = ("task_type", "messages", "answer_form", "accepted", "object")
    data = Dataset.from_list(
        [{"prompt": row["messages"][0]["content"]} | {n: row[n] for n in names} for row in rows]
    )
    arguments = GRPOConfig(
        str(tmp_path),
        per_device_train_batch_size=4,
        num_generations=4,
        max_completion_length=2,
        max_steps=2,
        logging_steps=1,
        use_cpu=True,
        report_to=[],
        bf16=False,
        save_strategy="no",
    )
    seen = []

    def watched(**given):
        seen.append((given["completions"], rewards.trl_reward(**given)))
        return seen[-1][1]

    trainer = GRPOTrainer(
        LlamaForCausalLM(config),
        reward_funcs=[rewards.trl_reward, watched],
        args=arguments,
        train_dataset=data,
        processing_class=tokenizer,
    )
    trainer.train()
    assert len(seen) == 2
    assert all(len(given) == len(paid) == 4 for given, paid in seen)
    assert {reward for _, paid in seen for reward in paid} > {0.0}, "some were readable"
    logged = trainer.state.log_history[0]
    assert logged["rewards/trl_reward/mean"] == pytest.approx(sum(seen[0][1]) / 4, abs=1e-6)
