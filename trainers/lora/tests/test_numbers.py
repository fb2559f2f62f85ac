"""Numbers that must be exactly these: the counter hash, rates, canonical bytes."""

import math
from decimal import Decimal

import numpy as np
import pytest
import torch
from transformers import get_scheduler

from perigee_lora import counter_hash
from perigee_lora.canonical import json, safetensors
from perigee_lora.canonical.files import publish_files
from perigee_lora.counter_hash import Purpose
from perigee_lora.job.spec import read_job
from perigee_lora.train import schedule
from perigee_lora.train.forward import ordered_square_sum, ordered_sum
from support import JobDirectory, digest


@pytest.mark.parametrize(
    "text", ["1e400", "-12.5e-400", "0.0", '"\\ud83d\\ude00"', "[" * 64 + "]" * 64, '"' + "[" * 99 + '"']
)
def test_should_read_what_lies_within_the_bounds(text):
    # when
    value = json.parse(text)

    # then
    assert json.parse(json.render(value)) == value


def test_should_mix_as_splitmix64_is_published_to():
    # given
    state = 1234567

    # when
    first = [counter_hash.mix((state + i * 0x9E3779B97F4A7C15) & (2**64 - 1)) for i in range(3)]

    # then
    assert first == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_should_give_the_same_numbers_one_by_one_and_at_once():
    # given
    key = counter_hash.stream(7, Purpose.DROPOUT, 3, 12)

    # when
    single = [counter_hash.at(key, i) for i in range(500)]

    # then
    assert counter_hash.top_bits(key, torch.arange(500)).tolist() == [value >> 32 for value in single]
    assert counter_hash.uniform(key, 500).tolist() == [(value >> 40) / 2**24 for value in single]


@pytest.mark.parametrize("scheduler", ["constant", "linear", "cosine"])
def test_should_schedule_as_transformers_does(scheduler, base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).train(scheduler=scheduler, warmupSteps=5, steps=40, lr="0.003").write()
    train = read_job(job.root / "job.json").train
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=train.lr)
    name = scheduler + ("_with_warmup" if scheduler == "constant" else "")
    theirs = get_scheduler(name, optimizer, train.warmup_steps, train.steps)

    # when
    wanted = []
    for _ in range(40):
        wanted.append(theirs.get_last_lr()[0])
        optimizer.step()
        theirs.step()

    # then
    assert [schedule.rate(train, i) for i in range(40)] == pytest.approx(wanted, rel=1e-12)


def test_should_write_nine_digits_and_no_exponent():
    assert json.render({"b": json.rounded(2e-7), "a": [json.rounded(1 / 3), 3, None, True, "ü\n"]}) == (
        '{"a":[0.333333333,3,null,true,"ü\\n"],"b":0.0000002}'
    )
    assert json.render(json.rounded(1234567891.0)) == "1234567890"
    assert json.render(json.rounded(0.0)) == "0"
    assert json.rounded(math.pi) == Decimal("3.14159265")


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', "NaN", "[1]x", "[" * 100000, '"\\ud800', b"\xff"])
def test_should_refuse_what_is_not_json(text):
    with pytest.raises(json.MalformedError):
        json.parse(text)


def test_should_write_the_bytes_that_safetensors_writes(tmp_path):
    # given
    from safetensors.torch import save

    tensors = {"b": torch.randn(3, 5), "a": torch.randn(7), "c": torch.zeros(0, 4)}

    # when
    publish_files(tmp_path, {"mine": safetensors.writer(tensors)})

    # then
    assert (tmp_path / "mine").read_bytes() == save(tensors)
    assert safetensors.read_header(tmp_path / "mine")["b"].shape == (3, 5)
    assert len(digest(tmp_path / "mine")) == 64


def test_should_sum_in_one_order_whatever_the_threads():
    # given
    values = torch.from_numpy(np.random.default_rng(3).standard_normal(3_000_001)).float()

    # when
    sums = set()
    for threads in (1, 2, 3):
        torch.set_num_threads(threads)
        sums.add(ordered_sum(values).item())
    torch.set_num_threads(1)

    # then
    assert len(sums) == 1
    assert sums.pop() == pytest.approx(math.fsum(values.double().tolist()), abs=1e-8)


def test_should_sum_squares_in_one_order_and_without_losing_any():
    # given
    values = torch.from_numpy(np.random.default_rng(4).standard_normal(300_001)).float()

    # when
    sums = set()
    for threads in (1, 2, 3):
        torch.set_num_threads(threads)
        sums.add(ordered_square_sum(values).item())
    torch.set_num_threads(1)

    # then
    assert len(sums) == 1
    assert sums.pop() == pytest.approx(math.fsum(value * value for value in values.double().tolist()), rel=1e-14)
