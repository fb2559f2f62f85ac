"""A short benchmark: what a class on this machine computes, in operations and bytes a second."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from perigee_lora import preset
from perigee_lora.canonical import json
from perigee_lora.estimate.time import Speed, operations, traffic
from perigee_lora.failure import Exit
from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import Job, parse_job

_BASE: dict[str, Any] = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "vocab_size": 8192,
    "hidden_size": 384,
    "intermediate_size": 1024,
    "num_hidden_layers": 4,
    "num_attention_heads": 6,
    "num_key_value_heads": 3,
    "max_position_embeddings": 256,
    "tie_word_embeddings": True,
    "eos_token_id": 0,
}
_CLOCKS = ("wall", "processor")
_LENGTH = 128
#: Sequences of the two measurements: many, where products count, and one short one, where going through the weights does.
_LARGE, _SMALL = (4, _LENGTH), (1, 16)


def bench(seconds: float) -> Exit:
    """Trains a random model for about ``seconds`` and prints what the machine does a second.

    Its ten million weights fit a job's /tmp.
    """
    count = int(os.environ.get("PERIGEE_THREADS") or len(os.sched_getaffinity(0)))
    preset.apply(count)
    preset.leave_out_bitsandbytes()
    with tempfile.TemporaryDirectory() as directory:
        place = Workplace(Path(directory))
        _write(place)
        large = _measure(place, *_LARGE, seconds / 2)
        small = _measure(place, *_SMALL, seconds / 2)
    stream = _stream()
    wall, processor = (_solve(large, small, stream, clock) for clock in _CLOCKS)
    document: dict[str, Any] = {
        "kernels": preset.kernels(os.environ),
        "threads": count,
        **_rounded(wall),
        "processor": _rounded(processor),
        "tokensPerSecond": json.rounded(_LARGE[0] * _LARGE[1] / large["wall"]),
    }
    print(json.render(document), flush=True)
    return Exit.DONE


def _measure(place: Workplace, rows: int, length: int, seconds: float) -> dict[str, float]:
    """The median step: its operations, its bytes, its seconds on the wall and of the processor."""
    from perigee_lora.train.session import open_session

    job = _job(rows, length)
    session = open_session(place, job)
    session.trainer.step(0)
    times: list[tuple[float, float]] = []
    began = time.monotonic()
    while len(times) < 3 or (time.monotonic() - began < seconds and len(times) < 500):
        wall, processor = time.monotonic(), time.process_time()
        session.trainer.step(1 + len(times))
        times.append((time.monotonic() - wall, time.process_time() - processor))
    wall, processor = (sorted(column)[len(times) // 2] for column in zip(*times, strict=True))
    tokens = rows * length
    return {
        "operations": operations(session.config, job, tokens, length, tokens),
        "bytes": traffic(session.config, job),
        "wall": wall,
        "processor": processor,
    }


def _stream() -> dict[str, float]:
    """Bytes a second of AdamW over many weights, by the clock."""
    import torch

    from perigee_lora.train.optimizer import Exact

    weights = torch.nn.Parameter(torch.zeros(1 << 23))
    steps = Exact({"weights": weights}, 0.0)
    times: list[tuple[float, float]] = []
    for _ in range(6):
        weights.grad = torch.ones_like(weights)
        wall, processor = time.monotonic(), time.process_time()
        steps.step(1e-3)
        times.append((time.monotonic() - wall, time.process_time() - processor))
    middle = [sorted(column)[len(times) // 2] for column in zip(*times, strict=True)]
    return {clock: 40.0 * weights.numel() / value for clock, value in zip(_CLOCKS, middle, strict=True)}


def _solve(large: dict[str, float], small: dict[str, float], stream: dict[str, float], clock: str) -> Speed:
    """The speed at which both steps take what they took."""
    per_operation = (large[clock] - small[clock]) / (large["operations"] - small["operations"])
    per_operation = max(per_operation, 1e-15)
    left = small[clock] - per_operation * small["operations"] - small["bytes"] / stream[clock]
    return Speed(1 / per_operation, stream[clock], max(left, 0.0001) / _BASE["num_hidden_layers"])


def _rounded(speed: Speed) -> dict[str, Any]:
    return {name: json.rounded(value) for name, value in asdict(speed).items()}


def _job(rows: int, length: int) -> Job:
    return parse_job(
        {
            "version": 1,
            "method": {"kind": "lora", "r": 8, "alpha": 16, "targets": ["q_proj", "k_proj", "v_proj", "o_proj"]},
            "train": {"steps": 1000, "microBatch": rows, "seqLen": length, "lr": "0.0001", "seed": 1},
        }
    )


def _write(place: Workplace) -> None:
    """The random base and its data; the same on every machine."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(1)
    place.dataset.mkdir(parents=True)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**_BASE))
    model.save_pretrained(place.base)
    words = {f"w{i}": i for i in range(256)}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {"type": "WordLevel", "vocab": words, "unk_token": "w0"},
    }
    (place.base / "tokenizer.json").write_text(json.render(tokenizer), encoding="utf-8")
    rows = [json.render({"text": " ".join(f"w{(i * 7 + j) % 256}" for j in range(_LENGTH))}) for i in range(16)]
    (place.dataset / "data.jsonl").write_text("\n".join(rows), encoding="utf-8")
