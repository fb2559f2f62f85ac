"""Seconds of a job from a machine's throughput."""

from __future__ import annotations

from perigee_lora.base.config import BaseConfig
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


def seconds(config: BaseConfig, job: Job, throughput: float) -> float:
    """Of all steps with full sequences, of which everything is learned: what it takes at most."""
    sequences = job.train.rows_per_step * (2 if job.train.objective == "dpo" else 1)
    tokens = sequences * job.train.seq_len
    return job.train.steps * operations(config, job, tokens, job.train.seq_len, tokens) / throughput
