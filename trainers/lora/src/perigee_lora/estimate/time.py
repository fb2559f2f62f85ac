"""Seconds of a job from a machine's throughput."""

from __future__ import annotations

from dataclasses import dataclass

from perigee_lora.base.config import BaseConfig
from perigee_lora.estimate.memory import trained_parameters
from perigee_lora.job.spec import Job


def operations(config: BaseConfig, job: Job, tokens: int, length: int, learned: int) -> float:
    """Multiplications and additions of one step over ``tokens`` in sequences of ``length``, of which ``learned`` count.

    Forward is 2 a weight and token; backward is 2 more for the gradient of what flows and, where weights are trained,
    2 for theirs. Checkpointing repeats the layers' forward.
    """
    passes = 6.0 if job.method.full else 4.0
    passes += 2.0 if job.train.grad_checkpointing else 0.0
    passes += 2.0 if job.train.objective == "dpo" else 0.0
    layers = passes * config.linear_parameters * tokens
    attention = (passes + 2.0) * config.layers * 2 * config.heads * config.head_width * length * tokens
    head = (6.0 if job.method.full else 4.0) * config.vocabulary * config.width * learned
    return layers + attention + head


@dataclass(frozen=True)
class Speed:
    """What a machine does, as ``bench`` measures it.

    flops: operations a second; stream: bytes of weights and averages a second; layer: seconds that one layer takes in one
    step of a LoRA job however few its tokens are.
    """

    flops: float
    stream: float
    layer: float


def weight_traffic(config: BaseConfig, job: Job) -> float:
    """Bytes of weights that one step goes through, whatever its batch; products hide it once there are some tokens."""
    width = 2 if job.train.dtype == "bfloat16" and not job.method.full else 4
    return width * _passes(job) * config.parameters


def update_traffic(config: BaseConfig, job: Job) -> float:
    """Bytes that AdamW goes through: it reads and writes the weight and two averages; the norm reads the gradient."""
    return 4 * 10.0 * trained_parameters(config, job)


def seconds(config: BaseConfig, job: Job, speed: Speed) -> float:
    """Of all steps with full sequences, of which everything is learned: what it takes at most.

    A GPU computes while the processor calls its next kernels, so the slower of the two counts.
    """
    sequences = job.train.rows_per_step * (2 if job.train.objective == "dpo" else 1)
    tokens = sequences * job.train.seq_len
    work = operations(config, job, tokens, job.train.seq_len, tokens) / speed.flops
    work = max(work, weight_traffic(config, job) / speed.stream) + update_traffic(config, job) / speed.stream
    calls = config.layers * speed.layer * _visits(job)
    return job.train.steps * (max(work, calls) if job.gpus else work + calls)


def _passes(job: Job) -> float:
    """How often a step goes through the weights: forward, backward, and once more where they are trained or repeated."""
    passes = 3.0 if job.method.full or job.train.grad_checkpointing else 2.0
    return passes * job.train.grad_accum + (1.0 if job.train.objective == "dpo" else 0.0)


def _visits(job: Job) -> float:
    """How often a step calls a layer's kernels, in steps of a LoRA job with four adapted modules, as 'bench' trains one.

    A module's adapter adds a tenth of what a bare layer calls; measured on a GPU, where calls are what small batches wait for.
    """
    train = job.train
    passes = (1.5 if train.grad_checkpointing else 1.0) * train.grad_accum + (0.5 if train.objective == "dpo" else 0.0)
    return passes * (1 + 0.1 * len(job.method.targets)) / 1.4
