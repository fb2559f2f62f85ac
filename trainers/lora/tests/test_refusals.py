"""Broken inputs: the right exit code, one sentence that says what to do, and nothing half written."""

import json
import os
import shutil
import struct

import pytest

from perigee_lora import cli
from perigee_lora.train.stop import StopSignal
from support import JobDirectory, make_base, write_json


def weights(change):
    """Breaks the bytes of the base's weights."""

    def apply(job):
        path = job.own_base() / "model.safetensors"
        path.write_bytes(change(path.read_bytes()))

    return apply


def tensors(change):
    """Writes the base's tensors again, changed."""

    def apply(job):
        from safetensors.torch import load_file, save_file

        path = job.own_base() / "model.safetensors"
        found = load_file(path)
        change(found)
        save_file(found, path)

    return apply


def header(change):
    """Writes the header of the base's weights again, changed."""

    def edit(data):
        size = struct.unpack("<Q", data[:8])[0]
        value = json.loads(data[8 : 8 + size])
        change(value)
        text = json.dumps(value).encode()
        return struct.pack("<Q", len(text)) + text + data[8 + size :]

    return weights(edit)


def config(**changes):
    def apply(job):
        path = job.own_base() / "config.json"
        write_json(path, {k: v for k, v in (json.loads(path.read_text()) | changes).items() if v is not ...})

    return apply


def base_file(name, text):
    def apply(job):
        path = job.own_base() / name
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return apply


def larger_tokenizer(job):
    path = job.own_base() / "tokenizer.json"
    value = json.loads(path.read_text())
    value["model"]["vocab"]["zebra"] = 260
    write_json(path, value)


def resume(change):
    """Breaks the checkpoint to resume from."""

    def apply(job):
        job.run(last=1)
        job.resume_from(1)
        for found in (job.root / "checkpoints").iterdir():
            shutil.rmtree(found)
        change(job.root / "resume")
        os.environ["PERIGEE_FROM"] = "1"

    return apply


def cut(path, count=4):
    path.write_bytes(path.read_bytes()[:-count])


def huge_line(job):
    """A line of 2 GB, as a sparse file."""
    path = job.root / "inputs/dataset/data.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "')
        file.seek(2 << 30)
        file.write(b'"}\n')


def other_state(directory):
    state = json.loads((directory / "state.json").read_text())
    (directory / "state.json").write_text(json.dumps(state | {"step": 3}))


def held_out_line(line):
    def apply(job):
        job.section("data", heldOut="0.5").lines([line])

    return apply


def gguf_without_tokenizer(job, text=None):
    base_file("tokenizer.json", text)(job)
    job.section("outputs", gguf=["q8_0"])


def diverge(job, dpo=False):
    """A base whose weights are finite and whose products are not."""
    tensors(lambda t: [value.fill_(3e38) for key, value in t.items() if "norm" in key])(job)
    job.section("data", heldOut="0.5")
    if dpo:
        job.rows([{"prompt": f"{i}", "chosen": " yes", "rejected": " no"} for i in range(20)]).train(objective="dpo")


SPEC = [
    ("'job.json' to be JSON", lambda job: setattr(job, "raw", "{")),
    ("'version' to be a whole number from 1 to 1", lambda job: job.spec.update(version=2)),
    ("'train' to be given, but it is missing", lambda job: job.spec.pop("train")),
    ("'method.kind' to be one of lora, rslora, dora, qlora, full", lambda job: job.method(kind="ia3")),
    ("'method.targets' to name modules of the base", lambda job: job.method(targets=["q_proj", "x_proj"])),
    ("'method.targets' to name 1 to 64 modules", lambda job: job.method(targets=[])),
    ("'q_proj' is there twice", lambda job: job.method(targets=["q_proj", "q_proj"])),
    ("'method' to hold only", lambda job: job.method(rank=8)),
    ("'method.r' to be a whole number from 1 to 512, but it is the number 0", lambda job: job.method(r=0)),
    ("full fine-tune to have no r, alpha, dropout and targets", lambda job: job.method(kind="full")),
    ("'train' to hold only", lambda job: job.train(epochs=3)),
    ("'train.dtype' to be one of float32, bfloat16", lambda job: job.train(dtype="float16")),
    ("'train.lr' to be a decimal", lambda job: job.train(lr="NaN")),
    ("'train.steps' to be a whole number", lambda job: job.train(steps="64")),
    ("'train.seqLen' to be at most the base model's context of 128", lambda job: job.train(seqLen=129)),
    ("'train.packing' to be false for dpo", lambda job: job.train(objective="dpo", packing=True)),
    ("'train.dpoBeta' only for dpo", lambda job: job.train(dpoBeta="0.1")),
    ("'data.heldOut' or 'data.evalFile', but both", lambda job: job.section("data", heldOut="0.1", evalFile="e.jsonl")),
    ("a path inside the dataset, but it leads out", lambda job: job.section("data", evalFile="../e.jsonl")),
    ("'evaluate' only with", lambda job: job.section("evaluate", every=1)),
    ("'outputs.gguf' to list each of", lambda job: job.section("outputs", gguf=["q2_k"])),
    ("PERIGEE_TO to be a border from 0 to 2", lambda job: os.environ.update(PERIGEE_TO="9")),
    (
        "'job.json' to be JSON, but a text holds half of a character",
        lambda job: setattr(job, "raw", '{"name": "\\ud800"}'),
    ),
    (
        "'job.json' to be JSON, but the number 1e999999999999 is",
        lambda job: setattr(job, "raw", '{"version": 1e999999999999}'),
    ),
    ("a finite loss of the held-out rows, but", lambda job: diverge(job)),
    ("a finite loss of the held-out rows, but", lambda job: diverge(job, dpo=True)),
]
DATA = [
    ("'config.json', but there is none", base_file("config.json", None)),
    ("'model_type' to be one of", config(model_type="gpt2")),
    ("'hidden_size' to be a whole number", config(hidden_size="wide")),
    ("plain weights, but 'quantization_config' is given", config(quantization_config={"bits": 4})),
    ("there is 'pytorch_model.bin', which may hold code", base_file("pytorch_model.bin", b"\x80\x02")),
    ("there is 'notes/x.ckpt', which may hold code", lambda job: nested_pickle(job)),
    ("'model.safetensors', but it does not exist", base_file("model.safetensors", None)),
    ("bytes of data in 'model.safetensors'", weights(lambda data: data[:-4])),
    ("bytes of data in 'model.safetensors'", weights(lambda data: data + b"\0")),
    ("to begin with the size of a header", weights(lambda data: data[:5])),
    ("to begin with the size of a header", weights(lambda data: b"\xff" * 8 + data[8:])),
    ("header of 'model.safetensors' to be JSON", weights(lambda data: data[:8] + b"!" + data[9:])),
    ("to have dtype, shape and offsets", header(lambda h: h["model.norm.weight"].update(dtype="F31"))),
    ("to have 0 bytes, but it has 128", header(lambda h: h["model.norm.weight"].update(shape=[0]))),
    ("'model.norm.weight' is missing", tensors(lambda t: t.pop("model.norm.weight"))),
    (
        "where [64, 32] is needed",
        tensors(lambda t: t.update({key: t[key][:60].clone() for key in list(t) if "up_proj" in key})),
    ),
    ("a value that is not finite", tensors(lambda t: t["model.norm.weight"].fill_(float("nan")))),
    ("to understand the base's 'config.json'", config(hidden_act="no-such-function")),
    ("'tokenizer.json', but there is none", base_file("tokenizer.json", None)),
    ("'tokenizer.json' to be a tokenizer", base_file("tokenizer.json", '{"model": {}}')),
    ("below the embedding's 260 rows, but the largest is 260", larger_tokenizer),
    ("has only the keys: question", lambda job: job.rows([{"question": "a"}])),
    ("1 to 4096 .jsonl or .parquet files in the dataset, but there are none", lambda job: empty_dataset(job)),
    ("at least one row, but its files are empty", lambda job: job.lines(["", "  "])),
    ("line 2 of 'data.jsonl': Expected JSON", lambda job: job.lines(['{"text":"a"}', '{"text":"a"'])),
    ("line 1 of 'data.jsonl': Expected JSON, but byte 0 is not UTF-8", lambda job: raw_rows(job, b"\xff\n")),
    ("line 1 of 'data.jsonl': Expected JSON, but it is nested too deeply", lambda job: job.lines(["[" * 200000])),
    (
        "line 1 of 'data.jsonl': Expected JSON, but it is nested more than 64 deep",
        held_out_line('{"a": ' + "[" * 64 + "]" * 64 + "}"),
    ),
    (
        "line 1 of 'data.jsonl': Expected JSON, but it is nested more than 64 deep",
        held_out_line('{"a": ' + "[" * 500 + "]" * 500 + "}"),
    ),
    (
        "line 1 of 'data.jsonl': Expected JSON, but the number 1e30000000 is",
        held_out_line('{"text": "a", "n": 1e30000000}'),
    ),
    ("line 1 of 'data.jsonl': Expected JSON, but the number -1e-401 is", held_out_line('{"text": "a", "n": -1e-401}')),
    ("line 1 of 'data.jsonl': Expected JSON, but the number 0e999 is", held_out_line('{"text": "a", "n": 0e999}')),
    (
        "line 1 of 'data.jsonl': Expected JSON, but the number 1e999999999999 is",
        held_out_line('{"text": "a", "n": 1e999999999999}'),
    ),
    (
        "line 1 of 'data.jsonl': Expected JSON, but the number 1e99999999999999999999 is",
        held_out_line('{"text": "a", "n": 1e99999999999999999999}'),
    ),
    (
        "line 1 of 'data.jsonl': Expected JSON, but a text holds half of a character",
        held_out_line('{"text": "a \\ud83d b"}'),
    ),
    (
        "line 1 of 'data.jsonl': Expected JSON, but a text holds half of a character",
        held_out_line('{"text": "a", "\\uDC00": [{}]}'),
    ),
    (
        "model's 'config.json' to be JSON, but the number 1e99999999999 is",
        base_file("config.json", '{"model_type": "llama", "hidden_size": 1e99999999999}'),
    ),
    ("to have a 'tokenizer.json', but there is none", lambda job: gguf_without_tokenizer(job)),
    ("'tokenizer.json' to be a tokenizer, but", lambda job: gguf_without_tokenizer(job, "[]")),
    ("'completion' to be a string, but it is the number 7", lambda job: job.rows([{"prompt": "a", "completion": 7}])),
    (
        "within 'train.seqLen' tokens, but none of 1 has",
        lambda job: job.rows([{"prompt": "a" * 80, "completion": "b"}]),
    ),
    ("Expected at most 4194304 bytes, but it is longer", huge_line),
    ("to be a Parquet file", lambda job: raw_rows(job, b"PAR1nonsense", "x.parquet")),
    ("the evaluation file 'e.jsonl' in the dataset", lambda job: job.section("data", evalFile="e.jsonl")),
    ("preference pairs for 'dpo', but the rows are of format prompt", lambda job: job.train(objective="dpo")),
    ("rows to imitate for 'sft'", lambda job: job.rows([{"prompt": "a", "chosen": "b", "rejected": "c"}])),
    ("checkpoint of border 1", lambda job: os.environ.update(PERIGEE_FROM="1")),
    ("bytes of data in 'adapter.safetensors'", resume(lambda place: cut(place / "adapter.safetensors"))),
    (
        "to have 'optimizer.safetensors', but it does not exist",
        resume(lambda p: (p / "optimizer.safetensors").unlink()),
    ),
    ("but its state is of step 3", resume(other_state)),
    ("state.json' to be JSON", resume(lambda place: cut(place / "state.json", 3))),
    (
        "is missing",
        resume(
            lambda place: (place / "optimizer.safetensors").write_bytes((place / "adapter.safetensors").read_bytes())
        ),
    ),
]


def nested_pickle(job):
    base = job.own_base()
    (base / "notes").mkdir()
    (base / "notes/x.ckpt").write_bytes(b"")


def empty_dataset(job):
    (job.root / "inputs/dataset/data.jsonl").unlink()


def raw_rows(job, data, name="data.jsonl"):
    (job.root / "inputs/dataset" / name).write_bytes(data)


def refuse(job, damage, monkeypatch, capsys):
    monkeypatch.setenv("PERIGEE_ROOT", str(job.root))
    for name in ("PERIGEE_FROM", "PERIGEE_TO"):
        monkeypatch.setenv(name, "")
    damage(job)
    job.write()
    if hasattr(job, "raw"):
        (job.root / "job.json").write_text(job.raw)
    return cli.main(["run"], StopSignal())


@pytest.mark.parametrize(("exit_code", "sentence", "damage"), [(64, *c) for c in SPEC] + [(65, *c) for c in DATA])
def test_should_refuse(exit_code, sentence, damage, base, tmp_path, monkeypatch, capsys):
    # given
    job = JobDirectory(tmp_path / "a", base)

    # when
    code = refuse(job, damage, monkeypatch, capsys)

    # then
    error = job.error()
    assert code == exit_code, error
    assert sentence in error["message"]
    assert error["message"].startswith("Expected ") and ", but " in error["message"] and error["hint"].strip()
    assert sorted(error) == ["code", "hint", "message"]
    assert not list((job.root / "checkpoints").glob(".*"))
    assert "Traceback" not in capsys.readouterr().err


def test_should_say_that_the_disk_is_full_and_leave_no_draft(base, tmp_path, monkeypatch):
    # given
    import errno

    from perigee_lora.canonical import safetensors

    job = JobDirectory(tmp_path / "a", base).write()
    monkeypatch.setenv("PERIGEE_ROOT", str(job.root))
    written = safetensors.writer

    def full(tensors):
        def write(file):
            written(tensors)(file)
            if "/.1.draft/" in file.name:
                raise OSError(errno.ENOSPC, "No space left on device")

        return write

    monkeypatch.setattr(safetensors, "writer", full)

    # when
    code = cli.main(["run"], StopSignal())

    # then
    assert code == 70
    assert job.error()["code"] == "DISK_FULL"
    assert "the disk is full" in job.error()["message"]
    assert sorted(p.name for p in (job.root / "checkpoints").iterdir()) == ["0"]


def test_should_refuse_a_gguf_of_what_the_format_cannot_say(bases, tmp_path, monkeypatch, capsys):
    # given
    job = JobDirectory(tmp_path / "a", bases["gemma3_text"]).section("outputs", gguf=["q8_0"])

    # when
    code = refuse(job, lambda job: None, monkeypatch, capsys)

    # then
    assert (code, job.error()["code"]) == (64, "NO_GGUF")


def tokenizer_json(change):
    def apply(job):
        path = job.own_base() / "tokenizer.json"
        value = json.loads(path.read_text())
        change(value)
        write_json(path, value)

    return apply


LLAMA3 = {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 64}  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "damage"),
    [
        ("its rotary embedding is of type llama3", config(rope_scaling=LLAMA3)),
        ("its rotary embedding is of type llama3", config(rope_parameters=LLAMA3 | {"rope_theta": 10000.0})),
        ("its rotary embedding is of type linear", config(rope_scaling={"type": "linear", "factor": 2.0})),
        (
            "has no name in the format",
            tokenizer_json(lambda value: value.update(pre_tokenizer={"type": "Whitespace"})),
        ),
        (
            "has no name in the format",
            tokenizer_json(lambda value: value["pre_tokenizer"].update(add_prefix_space=True)),
        ),
        ("has no name in the format", tokenizer_json(lambda value: value.update(pre_tokenizer=None))),
        (
            "its tokenizer changes texts before it cuts them",
            tokenizer_json(lambda v: v.update(normalizer={"type": "Lowercase"})),
        ),
    ],
)
def test_should_refuse_a_gguf_that_would_read_otherwise(fact, damage, base, tmp_path, monkeypatch, capsys):
    # given
    job = JobDirectory(tmp_path / "a", base).section("outputs", gguf=["q8_0"])

    # when
    code = refuse(job, damage, monkeypatch, capsys)

    # then
    assert (code, job.error()["code"]) == (64, "NO_GGUF")
    assert fact in job.error()["message"]


def test_should_never_run_code_of_the_base(base, tmp_path):
    # given
    own = make_base(tmp_path / "base", "llama")
    value = json.loads((own / "config.json").read_text())
    write_json(own / "config.json", value | {"auto_map": {"AutoModelForCausalLM": "modeling_evil.Evil"}})
    (own / "modeling_evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    job = JobDirectory(tmp_path / "a", own)

    # when
    job.run()

    # then
    assert not (tmp_path / "ran").exists()
