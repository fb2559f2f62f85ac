"""The commands for people: help, class, estimate, bench."""

import json

import pytest

from perigee_lora import cli, numeric_class, preset
from perigee_lora.base.config import read_config
from perigee_lora.estimate import memory
from perigee_lora.job.spec import read_job
from support import JobDirectory


@pytest.mark.parametrize("verb", ["", "run", "estimate", "bench", "class", "export", "verify-resume"])
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
