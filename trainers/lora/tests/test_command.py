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


def test_should_name_the_class_by_everything_that_decides_the_bits(monkeypatch, capsys):
    # given
    monkeypatch.delenv("PERIGEE_KERNELS", raising=False)
    monkeypatch.setenv("PERIGEE_IMAGE", "sha256:one")
    numeric_class.show()
    one = json.loads(capsys.readouterr().out)["classes"]
    monkeypatch.setenv("PERIGEE_IMAGE", "sha256:two")

    # when
    numeric_class.show()

    # then
    two = json.loads(capsys.readouterr().out)["classes"]
    assert [c["parts"]["kernels"] for c in one if c["parts"]["device"] == "cpu"] == preset.machine_sets()
    assert not {c["numericClass"] for c in one} & {c["numericClass"] for c in two}
    assert all(len(c["numericClass"]) == 66 and c["parts"]["packages"]["torch"] for c in one)


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
