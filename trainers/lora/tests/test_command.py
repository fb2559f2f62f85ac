"""The commands for people: help, class, estimate, bench."""

import json
from dataclasses import asdict

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from perigee_lora import cli, numeric_class, preset
from perigee_lora.base.config import read_config
from perigee_lora.estimate import bench, memory
from perigee_lora.estimate.time import Speed, operations, seconds, traffic
from perigee_lora.job.spec import read_job
from perigee_lora.train.stop import StopSignal
from support import JobDirectory


@pytest.mark.parametrize("verb", ["", "run", "estimate", "bench", "class", "export", "generate", "verify-resume"])
def test_should_explain_itself(verb, capsys):
    # when
    with pytest.raises(SystemExit) as end:
        cli.parser().parse_args([*([verb] if verb else []), "--help"])

    # then
    assert end.value.code == 0
    assert len(capsys.readouterr().out) > 100


def test_should_name_every_class_with_all_that_decides_its_bits_as_text(monkeypatch, capsys):
    # given
    monkeypatch.delenv("PERIGEE_KERNELS", raising=False)

    # when
    numeric_class.show(0)

    # then
    lines = capsys.readouterr().out.splitlines()
    answer = json.loads(lines[-1])
    classes = [c for c in answer["classes"] if not c["gpu"]]
    assert len(lines) == 1 and answer["version"] == 1
    assert [c["kernels"] for c in classes] == preset.machine_sets()
    assert len({json.dumps(c["madeOf"]) for c in classes}) == len(classes)
    assert all(c["madeOf"]["packages.torch"] and c["flopsPerSecond"] == 0 for c in classes)
    assert all(isinstance(text, str) and len(text) <= 200 for c in classes for text in c["madeOf"].values())
    assert all(len(c["madeOf"]) <= 32 for c in classes)


@pytest.mark.parametrize(("outputs", "copies"), [({"merged": True}, 1), ({"gguf": ["q8_0"]}, 2)])
def test_should_estimate_the_memory_that_outputs_take_in_full_width(outputs, copies, tmp_path):
    # given: a model that is much smaller while it is trained
    from perigee_lora.base.config import BaseConfig

    config = BaseConfig("llama", 1000, 4096, 16384, 32, 32, 32, 128, 128, True, False, 0, (1,))
    job = (
        JobDirectory(tmp_path / "a", tmp_path)
        .method(kind="qlora")
        .train(microBatch=1)
        .section("outputs", **outputs)
        .write()
    )

    # when
    found = memory.estimate(config, read_job(job.root / "job.json"))

    # then
    assert found.weights - copies * 4 * config.parameters == 4 * memory.trained_parameters(
        config, read_job(job.root / "job.json")
    )
    assert (found.gradients, found.optimizer, found.activations) == (0, 0, 0)
    assert found.logits == (1 * 40 * 1000 * 8 if outputs.get("gguf") else 0)


@pytest.mark.parametrize("targets", [["x_proj"], ["q_proj", "x_proj"]])
def test_should_refuse_to_estimate_for_modules_that_the_base_has_not(targets, base, tmp_path, monkeypatch):
    # given
    job = JobDirectory(tmp_path / "a", base).method(targets=targets).write()
    monkeypatch.setenv("PERIGEE_ROOT", str(job.root))

    # when
    code = cli.main(["estimate"], StopSignal())

    # then
    assert (code, job.error()["code"]) == (64, "BAD_TARGETS")


def test_should_estimate_without_weights_and_say_what_would_fit(base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base)
    (job.own_base() / "model.safetensors").unlink()

    # when
    done = job.process("estimate", "--memory", "900000000", "--speed", "1e10", "1e9", "0.01")

    # then
    found = json.loads(done.stdout)
    parts = ["weights", "gradients", "optimizer", "activations", "logits", "workspace"]
    assert sum(found["memory"][part] for part in parts) == found["memory"]["total"]
    assert found["fits"] is True and found["largest"]["seqLen"] == 128 and found["seconds"] > 0


@pytest.mark.parametrize("course", [bench._PROCESSOR, bench._GPU])
def test_should_find_the_speed_at_which_the_bench_took_what_it_took(course, tmp_path):
    # given
    speed = Speed(9e10, 2e10, 0.002) if course is bench._PROCESSOR else Speed(4e14, 3e12, 0.005)
    took = []
    for name, step in (("large", course.large), ("small", course.small)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps(step.base))
        config, job, tokens = read_config(tmp_path / name), course.job(step), step.rows * step.length
        took.append(
            {
                "operations": operations(config, job, tokens, step.length, tokens),
                "traffic": traffic(config, job, tokens),
                "wall": seconds(config, job, speed) / job.train.steps,
            }
        )

    # when
    found = bench._solve(course, *took, {"wall": speed.stream}, "wall")

    # then
    assert asdict(found) == pytest.approx(asdict(speed))


def test_should_count_the_parameters_that_there_are(bases, tmp_path):
    from transformers import AutoModelForCausalLM

    for name, base in bases.items():
        # given
        model = AutoModelForCausalLM.from_pretrained(base)

        # when
        counted = read_config(base).parameters

        # then
        assert counted == sum(p.numel() for p in model.parameters()), name


@pytest.mark.parametrize("kind", ["lora", "dora"])
def test_should_count_what_is_trained(kind, base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).method(kind=kind)
    job.run()

    # when
    counted = memory.trained_parameters(read_config(base), read_job(job.root / "job.json"))

    # then
    from safetensors.torch import load_file

    assert counted == sum(t.numel() for t in load_file(job.root / "checkpoints/0/adapter.safetensors").values())


@pytest.mark.parametrize("kind", ["dora", "full"])
def test_should_answer_as_transformers_does_with_and_without_what_was_learned(kind, base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).train(steps=12)
    job = job.full().train(lr="0.01") if kind == "full" else job.method(kind=kind)
    job.run()
    (job.root / "inputs/adapter").symlink_to(job.root / "outputs")

    # when
    done = job.process("generate", "12", input="the cat")

    # then
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    assert answers["base"] != answers["adapted"]
    assert answers["base"] == told(AutoModelForCausalLM.from_pretrained(base), base)
    if kind == "full":
        adapted = AutoModelForCausalLM.from_pretrained(job.root / "outputs")
    else:
        adapted = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), job.root / "outputs")
    assert answers["adapted"] == told(adapted, base)


def told(model, base):
    """What the model says after "the cat"."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(base)
    ids = torch.tensor([[0, *tokenizer("the cat", add_special_tokens=False).input_ids]])
    found = model.eval().generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=12, do_sample=False
    )
    return tokenizer.decode(found[0, ids.shape[1] :], skip_special_tokens=True)


@pytest.mark.parametrize(
    ("arguments", "prompt", "sentence"),
    [
        (["0"], "x", "Expected 1 to 4096 tokens, but got 0"),
        (["8"], "", "Expected a prompt of 1 to 127 tokens, but it has 0"),
        (["8"], "word " * 400, "Expected a prompt of 1 to 127 tokens"),
    ],
)
def test_should_refuse_what_it_cannot_answer(arguments, prompt, sentence, base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base)
    (job.root / "inputs/adapter").mkdir()

    # when
    done = job.process("generate", *arguments, input=prompt)

    # then
    assert done.returncode == 64
    assert sentence in done.stderr
