"""What a builder gets, and that it follows from the last checkpoint alone."""

import json

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import read_job
from perigee_lora.outputs.export import export
from support import JobDirectory, digests, make_base

FACTS = [{"prompt": f"{i} and {i}", "completion": f" is {i + i}"} for i in range(60)]


def evaluated(root, base):
    job = JobDirectory(root, base).rows(FACTS).train(steps=8, seqLen=64)
    return job.section("data", heldOut="0.2")


def test_should_evaluate_at_borders_and_mark_the_best(base, tmp_path):
    # given
    job = evaluated(tmp_path / "a", base)

    # when
    job.run()

    # then
    evaluation = json.loads((job.root / "outputs/eval.json").read_text())
    assert [entry["border"] for entry in evaluation["evaluations"]] == [0, 1, 2, 3, 4]
    assert evaluation["evaluations"][-1]["loss"] < evaluation["evaluations"][0]["loss"]
    losses = [entry["loss"] for entry in evaluation["evaluations"]]
    assert evaluation["best"]["loss"] == min(losses)
    assert {"loss", "perplexity", "tokenAccuracy", "exactMatch", "rows"} <= evaluation["evaluations"][0].keys()
    card = (job.root / "outputs/README.md").read_text()
    for part in (
        "license: apache-2.0",
        "sha256:" + "b" * 64,
        "sha256:" + "d" * 64,
        "`train.lr`",
        "| best |",
        "PeftModel",
    ):
        assert part in card
    assert (job.root / "outputs/curve.svg").read_text().count("<polyline") == 2


def test_should_resume_an_evaluated_job_to_the_same_bytes(base, tmp_path):
    # given
    job = evaluated(tmp_path / "a", base)
    job.run()

    # when
    other = job.again(tmp_path / "b").resume_from(2, job)
    other.run(first=2)

    # then
    assert other.checkpoint(4) == job.checkpoint(4)
    assert other.outputs() == job.outputs()


def test_should_stop_early_and_write_the_remaining_borders_unchanged(base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).train(lr="0.1", steps=16)
    job.rows([{"prompt": f"{i}", "completion": "the other way round"} for i in range(5)], "eval.jsonl")
    job.section("data", evalFile="eval.jsonl").section("evaluate", every=1, earlyStop=2)

    # when
    job.run()

    # then
    states = [job.state(border) for border in range(9)]
    first = next(border for border, state in enumerate(states) if state["stopped"])
    assert first < 7
    for border in range(first + 1, 9):
        assert job.checkpoint(border)["adapter.safetensors"] == job.checkpoint(first)["adapter.safetensors"]
        assert states[border] == states[first] and job.metrics(border) == []
    other = job.again(tmp_path / "b").resume_from(first + 1, job)
    other.run(first=first + 1)
    assert other.outputs() == job.outputs()


def test_should_evaluate_preferences(base, tmp_path):
    # given
    pairs = [{"prompt": f"{i}:", "chosen": " yes indeed", "rejected": " no"} for i in range(40)]
    job = JobDirectory(tmp_path / "a", base).rows(pairs).train(objective="dpo", steps=8).section("data", heldOut="0.3")

    # when
    job.run()

    # then
    first, *_, last = job.state(4)["evaluations"]
    assert first["loss"] == pytest.approx(0.693147181)
    assert last["preferenceAccuracy"] == 1


@pytest.mark.parametrize("kind", ["lora", "dora", "qlora", "full"])
def test_should_export_the_same_bytes_again(kind, base, tmp_path):
    # given
    job = evaluated(tmp_path / "a", base)
    job = job.full() if kind == "full" else job.method(kind=kind).section("outputs", merged=True)
    job.run()
    wanted = job.outputs()
    (job.root / "outputs/eval.json").unlink()

    # when
    export(Workplace(job.root), read_job(job.root / "job.json"), job.root / "checkpoints/4")

    # then
    assert job.outputs() == wanted


def test_should_write_a_whole_model_that_transformers_opens(base, tmp_path):
    # given
    merged = evaluated(tmp_path / "a", base).section("outputs", merged=True)
    full = evaluated(tmp_path / "b", base).full()

    # when
    merged.run()
    full.run()

    # then
    for directory in (merged.root / "outputs/merged", full.root / "outputs"):
        model, info = AutoModelForCausalLM.from_pretrained(directory, output_loading_info=True)
        assert not info["missing_keys"] and not info["unexpected_keys"]
        assert model.dtype == torch.float32
        assert AutoTokenizer.from_pretrained(directory)("a").input_ids


@pytest.mark.parametrize("model_type", ["llama", "qwen2", "qwen3", "mistral"])
def test_should_write_gguf_files_that_transformers_opens(model_type, tmp_path):
    # given: transformers reads no width of heads for qwen3, and the format's llama has no sliding window
    base = make_base(tmp_path / "base", model_type, head_dim=128 if model_type == "qwen3" else 8, sliding_window=None)
    job = evaluated(tmp_path / "a", base)
    job.section("outputs", merged=True, gguf=["q8_0", "q4_0", "q5_1"])

    # when
    job.run()

    # then
    merged = AutoModelForCausalLM.from_pretrained(job.root / "outputs/merged").eval()
    ids = torch.arange(4, 40)[None]
    limits = {"q8_0": 0.02, "q5_1": 0.15, "q4_0": 0.3}
    for name, limit in limits.items():
        opened = AutoModelForCausalLM.from_pretrained(
            job.root / "outputs/gguf", gguf_file=f"model-{name}.gguf", dtype=torch.float32
        ).eval()
        with torch.no_grad():
            one, two = merged(ids).logits, opened(ids).logits
        assert (one - two).norm() / one.norm() < limit, name
    found = json.loads((job.root / "outputs/eval.json").read_text())["gguf"]
    assert float(found["q8_0"]["perplexity"]) == pytest.approx(float(found["q8_0"]["float"]), rel=0.02)
    assert "q4_0" in (job.root / "outputs/README.md").read_text()


CUTS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def split(number):
    pattern = {"type": "Split", "pattern": {"Regex": CUTS % number}, "behavior": "Isolated", "invert": False}
    plain = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    return {"type": "Sequence", "pretokenizers": [pattern, plain]}


LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
DIGITS = {"type": "Digits", "individual_digits": True}


@pytest.mark.parametrize(
    ("pre_tokenizer", "name"),
    [
        (LEVEL, "gpt-2"),
        (split(r"\p{N}{1,3}"), "llama-bpe"),
        (split(r"\p{N}"), "qwen2"),
        ({"type": "Sequence", "pretokenizers": [DIGITS, LEVEL]}, "smollm"),
    ],
)
def test_should_name_in_gguf_how_a_text_is_cut_and_a_chat_is_written(pre_tokenizer, name, base, tmp_path):
    # given
    from gguf import GGUFReader

    from perigee_lora.base.config import read_config
    from perigee_lora.base.tokenizer import Tokenizer
    from perigee_lora.outputs import gguf

    own = JobDirectory(tmp_path / "a", base).own_base()
    tokenizer = json.loads((own / "tokenizer.json").read_text())
    (own / "tokenizer.json").write_text(json.dumps(tokenizer | {"pre_tokenizer": pre_tokenizer}))
    settings = json.loads((own / "tokenizer_config.json").read_text())
    (own / "tokenizer_config.json").write_text(json.dumps(settings | {"chat_template": "{{ messages }}"}))
    config = read_config(own)
    gguf.check(own, config)

    # when
    gguf.write(tmp_path / "x.gguf", "q8_0", own, config, {}, Tokenizer(own, config))

    # then
    fields = GGUFReader(tmp_path / "x.gguf").fields
    assert fields["tokenizer.ggml.pre"].contents() == name
    assert fields["tokenizer.chat_template"].contents() == "{{ messages }}"


def test_should_give_agents_of_one_job_the_same_outputs_from_different_starts(base, tmp_path):
    # given
    job = evaluated(tmp_path / "a", base)
    job.run()

    # when
    other = job.again(tmp_path / "b").resume_from(4, job)
    other.run(first=4)

    # then
    assert digests(other.root / "outputs") == digests(job.root / "outputs")
