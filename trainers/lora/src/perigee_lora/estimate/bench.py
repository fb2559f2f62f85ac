"""A short benchmark: what a class on this machine computes, in operations and bytes a second."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perigee_lora import preset
from perigee_lora.canonical import json
from perigee_lora.estimate.time import UPDATED, Speed, operations, traffic
from perigee_lora.failure import Exit
from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import Job, parse_job

if TYPE_CHECKING:
    from perigee_lora.train.session import Session

_BASE: dict[str, Any] = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "vocab_size": 8192,
    "hidden_size": 768,
    "intermediate_size": 2048,
    "num_hidden_layers": 3,
    "num_attention_heads": 12,
    "num_key_value_heads": 4,
    "max_position_embeddings": 256,
    "tie_word_embeddings": True,
    "eos_token_id": 0,
}
_CLOCKS = ("wall", "processor")


@dataclass(frozen=True)
class _Step:
    """A step to measure: the base's sizes, and the sequences and their length."""

    base: dict[str, Any]
    rows: int
    length: int


@dataclass(frozen=True)
class _Course:
    """What is trained to measure a device: a step where products count, and one where calls and weights do."""

    large: _Step
    small: _Step
    dtype: str
    gpus: int

    def job(self, step: _Step) -> Job:
        method = {"kind": "lora", "r": 8, "alpha": 16, "targets": ["q_proj", "k_proj", "v_proj", "o_proj"]}
        train = {"steps": 1000, "microBatch": step.rows, "seqLen": step.length, "lr": "0.0001", "seed": 1}
        gpu = {"gpu": {"count": self.gpus}}
        return parse_job({"version": 1, "method": method, "train": train | {"dtype": self.dtype}, "resources": gpu})


_NARROW = _BASE | {"hidden_size": 256, "intermediate_size": 688, "num_hidden_layers": 8, "num_attention_heads": 4}
_PROCESSOR = _Course(_Step(_BASE, 4, 128), _Step(_NARROW | {"num_key_value_heads": 2}, 1, 16), "float32", 0)
_HEADS = {"num_attention_heads": 32, "num_key_value_heads": 8, "max_position_embeddings": 1024}
_WIDE = _BASE | _HEADS | {"hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 2}
_DEEP = _BASE | _HEADS | {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 16}
_GPU = _Course(_Step(_WIDE, 8, 512), _Step(_DEEP, 1, 16), "bfloat16", 1)


def bench(seconds: float) -> Exit:
    """Trains a random model for about ``seconds`` and prints what the machine does a second.

    With PERIGEE_KERNELS=cuda it is the GPU that is measured, in bfloat16; else the processor, in float32.
    """
    course = _GPU if os.environ.get("PERIGEE_KERNELS") == preset.CUDA else _PROCESSOR
    count = int(os.environ.get("PERIGEE_THREADS") or len(os.sched_getaffinity(0)))
    preset.apply(count)
    preset.leave_out_bitsandbytes()
    large = _measure(course, course.large, seconds / 2)
    small = _measure(course, course.small, seconds / 2)
    stream = _stream(course)
    wall, processor = (_solve(course, large, small, stream, clock) for clock in _CLOCKS)
    document: dict[str, Any] = {
        "kernels": preset.CUDA if course.gpus else preset.kernels(os.environ),
        "threads": count,
        **_rounded(wall),
        "processor": _rounded(processor),
        "operationsPerSecond": json.rounded(large["operations"] / large["wall"]),
        "tokensPerSecond": json.rounded(course.large.rows * course.large.length / large["wall"]),
    }
    print(json.render(document), flush=True)
    return Exit.DONE


def _measure(course: _Course, step: _Step, seconds: float) -> dict[str, float]:
    """The median step: its operations, the bytes it goes through, its seconds on the wall and of the processor."""
    job = course.job(step)
    with tempfile.TemporaryDirectory() as directory:
        place = Workplace(Path(directory))
        _write(place, step)
        session = _session(place, job)
    session.trainer.step(0)
    times: list[tuple[float, float]] = []
    began = time.monotonic()
    while len(times) < 3 or (time.monotonic() - began < seconds and len(times) < 500):
        times.append(_timed(lambda: session.trainer.step(1 + len(times)), course))
    wall, processor = (sorted(column)[len(times) // 2] for column in zip(*times, strict=True))
    tokens = step.rows * step.length
    return {
        "operations": operations(session.config, job, tokens, step.length, tokens),
        "traffic": traffic(session.config, job, tokens),
        "wall": wall,
        "processor": processor,
    }


def _session(place: Workplace, job: Job) -> Session:
    """A session on random weights, which never were a file: a job's /tmp is small."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    from perigee_lora.base.config import read_config
    from perigee_lora.base.load import compute_dtype, device_of, prepare
    from perigee_lora.base.tokenizer import Tokenizer
    from perigee_lora.data.dataset import read_dataset
    from perigee_lora.train.session import assemble

    config = read_config(place.base)
    data = read_dataset(place.dataset, Tokenizer(place.base, config), job)
    torch.manual_seed(1)
    described = AutoConfig.from_pretrained(place.base, local_files_only=True, trust_remote_code=False)
    with device_of(job):
        base: Any = AutoModelForCausalLM.from_config(
            described, dtype=compute_dtype(job), attn_implementation="eager", trust_remote_code=False
        )
    base.config.use_cache = False
    return assemble(job, config, data, prepare(base, job))


def _timed(work: Callable[[], object], course: _Course) -> tuple[float, float]:
    """Seconds on the wall and of the processor until the device has done it."""
    import torch

    wall, processor = time.monotonic(), time.process_time()
    work()
    if course.gpus:
        torch.cuda.synchronize()
    return time.monotonic() - wall, time.process_time() - processor


def _stream(course: _Course) -> dict[str, float]:
    """Bytes a second of what a step does to many weights when their gradient is known, by the clock."""
    import torch

    from perigee_lora.train.optimizer import Exact
    from perigee_lora.train.trainer import clip, gradient_norm

    size = 1 << (26 if course.gpus else 22)  # beyond a cache, below what the preset gives back to the system
    weights = torch.nn.Parameter(torch.zeros(size, device="cuda" if course.gpus else "cpu"))
    steps = Exact({"weights": weights}, 0.0)

    def update() -> None:
        weights.grad = torch.ones_like(weights)
        clip([weights], gradient_norm([weights]), 1.0)
        steps.step(1e-3)

    times = [_timed(update, course) for _ in range(6)]
    middle = [sorted(column)[len(times) // 2] for column in zip(*times, strict=True)]
    return {clock: UPDATED * size / value for clock, value in zip(_CLOCKS, middle, strict=True)}


def _solve(
    course: _Course, large: dict[str, float], small: dict[str, float], stream: dict[str, float], clock: str
) -> Speed:
    """The speed at which both steps take what they took."""
    few, many = (step.base["num_hidden_layers"] for step in (course.large, course.small))
    large_left, small_left = (max(step[clock] - step["traffic"] / stream[clock], 1e-9) for step in (large, small))
    if course.gpus:  # it computes while it is called
        return Speed(large["operations"] / large_left, stream[clock], small[clock] / many)
    share = few / many
    per_operation = (large_left - share * small_left) / (large["operations"] - share * small["operations"])
    per_operation = max(per_operation, 1e-15)
    calls = small_left - per_operation * small["operations"]
    return Speed(1 / per_operation, stream[clock], max(calls, 0.0001) / many)


def _rounded(speed: Speed) -> dict[str, Any]:
    return {name: json.rounded(value) for name, value in asdict(speed).items()}


def _write(place: Workplace, step: _Step) -> None:
    """The base's sizes and the data; the same on every machine."""
    place.dataset.mkdir(parents=True)
    place.base.mkdir(parents=True)
    words = {f"w{i}": i for i in range(256)}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {"type": "WordLevel", "vocab": words, "unk_token": "w0"},
    }
    (place.base / "config.json").write_text(json.render(step.base), encoding="utf-8")
    (place.base / "tokenizer.json").write_text(json.render(tokenizer), encoding="utf-8")
    rows = [json.render({"text": " ".join(f"w{(i * 7 + j) % 256}" for j in range(step.length))}) for i in range(16)]
    (place.dataset / "data.jsonl").write_text("\n".join(rows), encoding="utf-8")
