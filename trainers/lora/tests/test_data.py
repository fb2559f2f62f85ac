"""Rows in every format, bad rows, the split, and what is learned of a chat."""

import json

import numpy as np
import pytest

from perigee_lora.base.config import read_config
from perigee_lora.base.tokenizer import Tokenizer
from perigee_lora.data import formats
from perigee_lora.data.compose import Composer
from perigee_lora.data.dataset import read_dataset
from perigee_lora.data.order import Order
from perigee_lora.data.packing import pack
from perigee_lora.failure import JobFailure
from perigee_lora.job.spec import read_job
from support import TEMPLATE, JobDirectory, make_base

TURNS = [
    {"role": "system", "content": "be brief"},
    {"role": "user", "content": "hi"},
    {"role": "assistant", "content": "hello"},
    {"role": "user", "content": "bye"},
    {"role": "assistant", "content": "so long"},
]
ROWS = {
    "prompt": {"prompt": "a", "completion": " b"},
    "messages": {"messages": TURNS},
    "sharegpt": {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]},
    "alpaca": {"instruction": "add", "input": "1 2", "output": "3"},
    "text": {"text": "some text"},
}


def tokenizer_of(base):
    return Tokenizer(base, read_config(base))


def read(job):
    job.write()
    base = job.root / "inputs/base"
    return read_dataset(job.root / "inputs/dataset", tokenizer_of(base), read_job(job.root / "job.json"))


def learned_text(tokenizer, example):
    return tokenizer._tokenizer.decode(example.tokens[example.learned].tolist(), skip_special_tokens=False)


@pytest.mark.parametrize("name", ROWS)
def test_should_find_and_read_every_format(name, base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).train(seqLen=100).rows([ROWS[name]] * 3)

    # when
    data = read(job)

    # then
    assert (data.format, len(data.items), data.bad.count) == (name, 3, 0)


@pytest.mark.parametrize(
    ("told", "given", "text"),
    [
        ("alpaca", "1 2", "user: add\n1 2\nassistant: 3\n<|end|>"),
        (
            "alpaca-instruct",
            "1 2",
            "Below is an instruction that describes a task, paired with an input that provides further context. Write a "
            "response that appropriately completes the request.\n\n### Instruction:\nadd\n\n### Input:\n1 2\n\n"
            "### Response:\n3<|end|>",
        ),
        (
            "alpaca-instruct",
            "",
            "Below is an instruction that describes a task. Write a response that appropriately completes the request."
            "\n\n### Instruction:\nadd\n\n### Response:\n3<|end|>",
        ),
    ],
)
def test_should_write_alpaca_rows_as_the_tool_they_come_from(told, given, text, tmp_path):
    # given
    base = make_base(tmp_path / "base", "llama", max_position_embeddings=512)
    job = JobDirectory(tmp_path / "a", base).train(seqLen=400).section("data", format=told)
    job.rows([{"instruction": "add", "input": given, "output": "3"}])

    # when
    example = read(job).items[0][0]

    # then
    tokenizer = tokenizer_of(base)
    assert tokenizer._tokenizer.decode(example.tokens.tolist(), skip_special_tokens=False) == "<|begin|>" + text
    assert learned_text(tokenizer, example).startswith("3")


@pytest.mark.parametrize("name", ROWS)
def test_should_read_parquet_as_jsonl(name, base, tmp_path):
    # given
    import pyarrow
    import pyarrow.parquet

    lines = JobDirectory(tmp_path / "a", base).train(seqLen=100).rows([ROWS[name]] * 3)
    table = JobDirectory(tmp_path / "b", base).train(seqLen=100)
    (table.root / "inputs/dataset/data.jsonl").unlink()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([ROWS[name]] * 3), table.root / "inputs/dataset/data.parquet")

    # when
    one, two = read(lines), read(table)

    # then
    assert [i[0].tokens.tolist() for i in one.items] == [i[0].tokens.tolist() for i in two.items]


def test_should_name_long_rows_of_parquet_and_hold_little_of_what_they_repeat(base, tmp_path):
    # given: files of some kilobytes that say a long text again and again, flat and within lists
    import pyarrow
    import pyarrow.parquet

    job = JobDirectory(tmp_path / "a", base).section("data", maxBadRows=60)
    directory = job.root / "inputs/dataset"
    (directory / "data.jsonl").unlink()
    good = pyarrow.array(["a", "b"])
    long = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 50 + [1], "int32"), ["x" * (20 << 20), "y"])
    listed = pyarrow.ListArray.from_arrays(
        [0, 1, 60, 61], pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 61, "int32"), ["z" * (1 << 20)])
    )
    for name, table in {
        "a.parquet": pyarrow.table({"text": good}),
        "b.parquet": pyarrow.table({"text": long}),
        "c.parquet": pyarrow.table({"text": ["1", "2", "3"], "more": listed}),
    }.items():
        pyarrow.parquet.write_table(table, directory / name, compression="zstd")
    before = pyarrow.default_memory_pool().max_memory()

    # when
    data = read(job)

    # then
    assert (len(data.items), data.bad.count) == (5, 51)
    assert data.bad.first[0] == "row 1 of 'b.parquet': Expected at most 4194304 bytes, but it is longer."
    assert pyarrow.default_memory_pool().max_memory() < max(before, 400 << 20)


@pytest.mark.parametrize("limit", ["GROUP_LIMIT", "TOTAL_LIMIT", "_VALUES_LIMIT"])
def test_should_refuse_parquet_that_would_fill_the_memory(limit, base, tmp_path, monkeypatch):
    # given
    import pyarrow
    import pyarrow.parquet

    from perigee_lora.data import parquet

    job = JobDirectory(tmp_path / "a", base)
    table = pyarrow.table({"text": ["a long text of some bytes"] * 1000})
    pyarrow.parquet.write_table(table, job.root / "inputs/dataset/data.parquet")
    monkeypatch.setattr(parquet, limit, 100)

    # when
    with pytest.raises(JobFailure) as failure:
        read(job)

    # then
    assert failure.value.exit_code == 65
    assert "Expected 'data.parquet' to h" in failure.value.message


def test_should_read_every_kind_of_column_as_parquet_has_it(base, tmp_path):
    # given
    import datetime
    import decimal

    import pyarrow
    import pyarrow.parquet

    from perigee_lora.data import rows

    columns = {
        "text": pyarrow.array([f"text {i}" * i for i in range(3000)]),
        "large": pyarrow.array(["x"] * 3000, pyarrow.large_string()),
        "raw": pyarrow.array([b"x", None, b"y"] * 1000),
        "number": pyarrow.array([1, None, 3] * 1000),
        "flag": pyarrow.array([True] * 3000),
        "day": pyarrow.array([datetime.date(2024, 1, 1)] * 3000),
        "price": pyarrow.array([decimal.Decimal("1.50")] * 3000),
        "names": pyarrow.array([["a", "b"], [], None] * 1000),
        "fixed": pyarrow.array([[1, 2]] * 3000, pyarrow.list_(pyarrow.int32(), 2)),
        "map": pyarrow.array([[("a", 1)]] * 3000, pyarrow.map_(pyarrow.string(), pyarrow.int32())),
        "kind": pyarrow.array(["one", "two", None] * 1000).dictionary_encode(),
        "turns": pyarrow.array([[{"role": "user", "content": "hi"}], [], [{"role": None, "content": "a" * 9}]] * 1000),
        "nothing": pyarrow.nulls(3000),
    }
    table = pyarrow.table(columns)
    pyarrow.parquet.write_table(table, tmp_path / "data.parquet", row_group_size=1000)

    # when
    found = [row.value for row in rows.read(tmp_path, ["data.parquet"], rows.BadRows(0))]

    # then
    from perigee_lora.data.parquet import _plain

    assert found == [_plain(value) for value in table.to_pylist()]


def test_should_write_a_chat_out_as_strict_does_without_a_template(base):
    # given
    tokenizer = tokenizer_of(base)
    said = formats.meaning({"messages": TURNS[1:3]}, "messages")

    # when
    ((example,),) = Composer(tokenizer, 100, False).compose(said)

    # then
    assert tokenizer._tokenizer.decode(example.tokens.tolist()) == "user: hi\nassistant: hello\n"
    assert example.tokens[0] == 0 and example.tokens[-1] == 1
    assert learned_text(tokenizer, example) == "hello\n<|end|>"


def test_should_learn_the_assistants_turns_of_the_models_own_template(base, tmp_path):
    # given
    own = JobDirectory(tmp_path / "a", base).own_base()
    (own / "chat_template.jinja").write_text(TEMPLATE)
    tokenizer = tokenizer_of(own)

    # when
    ((example,),) = Composer(tokenizer, 200, False).compose(formats.meaning({"messages": TURNS}, "messages"))

    # then
    assert learned_text(tokenizer, example) == "hello<|turn_end|>so long<|turn_end|>"


def test_should_learn_only_the_last_turn_of_a_preference(base, tmp_path):
    # given
    own = JobDirectory(tmp_path / "a", base).own_base()
    (own / "chat_template.jinja").write_text(TEMPLATE)
    tokenizer = tokenizer_of(own)
    row = {"chosen": TURNS, "rejected": [*TURNS[:-1], {"role": "assistant", "content": "never"}]}

    # when
    (pair,) = Composer(tokenizer, 200, False).compose(formats.meaning(row, "preference"))

    # then
    assert [learned_text(tokenizer, side) for side in pair] == ["so long<|turn_end|>", "never<|turn_end|>"]


def test_should_learn_everything_when_told(base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).train(lossOn="all")

    # when
    data = read(job)

    # then
    assert all(item[0].learned[1:].all() and not item[0].learned[0] for item in data.items)


def test_should_name_every_bad_row_and_skip_those_that_are_allowed(base, tmp_path):
    # given
    good = json.dumps(ROWS["prompt"])
    bad = ["{", "[1]", '{"prompt": 7, "completion": "x"}', '{"prompt": "x"}', '{"a": 1, "a": 2}', '{"prompt": NaN}']
    bad += [
        '{"n": 1e99999999999999999999}',
        '{"n": 1e401}',
        "[" * 65 + "]" * 65,
        '{"prompt": "\\udfff", "completion": "x"}',
    ]
    job = JobDirectory(tmp_path / "a", base).lines([good, *bad, good]).section("data", maxBadRows=10)

    # when
    data = read(job)

    # then
    assert (len(data.items), data.bad.count) == (2, 10)
    assert [sentence.split(":")[0] for sentence in data.bad.first] == [
        f"line {i} of 'data.jsonl'" for i in range(2, 12)
    ]
    assert "Expected 'prompt' to be a string, but it is the number 7." in data.bad.first[2]


def test_should_refuse_more_bad_rows_than_are_allowed(base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).lines([json.dumps(ROWS["prompt"]), "{"])

    # when
    with pytest.raises(JobFailure) as failure:
        read(job)

    # then
    assert failure.value.exit_code == 65
    assert failure.value.message.startswith("Expected at most 0 bad rows, but there are 1. line 2 of 'data.jsonl'")


def test_should_hold_out_by_content_so_that_equal_rows_go_the_same_way(base, tmp_path):
    # given
    rows = [{"prompt": f"{i}", "completion": f" {i * i}"} for i in range(200)]
    job = JobDirectory(tmp_path / "a", base).rows([*rows, *rows]).section("data", heldOut="0.25")

    # when
    data = read(job)

    # then
    kept = {item[0].tokens.tobytes() for item in data.items}
    held = {item[0].tokens.tobytes() for item in data.held_out}
    assert not kept & held
    assert 30 < len(held) < 70 and len(data.held_out) == 2 * len(held)


def test_should_read_an_evaluation_file_apart(base, tmp_path):
    # given
    job = (
        JobDirectory(tmp_path / "a", base)
        .rows([ROWS["prompt"]] * 2, "eval.jsonl")
        .section("data", evalFile="eval.jsonl")
    )

    # when
    data = read(job)

    # then
    assert (len(data.items), len(data.held_out)) == (20, 2)


def test_should_read_each_row_once_an_epoch():
    # given
    order = Order(7, 37)

    # when
    epochs = [[order.at(epoch * 37 + i) for i in range(37)] for epoch in range(3)]

    # then
    assert all(sorted(epoch) == list(range(37)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]


def test_should_pack_every_token_once_within_the_length(base, tmp_path):
    # given
    data = read(JobDirectory(tmp_path / "a", base))
    examples = [item[0] for item in data.items]

    # when
    packs = pack(examples, 64, 7)

    # then
    assert max(len(p.tokens) for p in packs) <= 64
    assert len(packs) < len(examples) / 2
    cut = [np.split(p.tokens, np.cumsum(p.lengths)[:-1]) for p in packs]
    assert sorted(part.tobytes() for parts in cut for part in parts) == sorted(e.tokens.tobytes() for e in examples)


@pytest.mark.parametrize("model_type", ["llama", "gemma3_text", "mistral", "qwen3", "phi3", "qwen2"])
def test_should_give_packed_rows_the_losses_they_have_alone(model_type, bases, tmp_path):
    # given
    import torch

    from perigee_lora.job.place import Workplace
    from perigee_lora.train.batch import batch
    from perigee_lora.train.session import open_session

    target = "qkv_proj" if model_type == "phi3" else "q_proj"
    job = (
        JobDirectory(tmp_path / "a", bases[model_type]).train(lossOn="all", seqLen=96).method(targets=[target]).write()
    )
    session = open_session(Workplace(job.root), read_job(job.root / "job.json"))
    session.model.eval()
    examples = [item[0] for item in session.data.items]
    packs = pack(examples, 96, 7)

    # when
    with torch.no_grad():
        alone = torch.cat([session.forward.losses(batch([e], session.device)) for e in examples])
        together = torch.cat([session.forward.losses(batch([p], session.device)) for p in packs])

    # then
    torch.testing.assert_close(together.sort().values, alone.sort().values, rtol=1e-4, atol=1e-4)
    assert len(together) == len(alone)
