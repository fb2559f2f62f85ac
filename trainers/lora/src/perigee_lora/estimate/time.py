"""Seconds of a job from a machine's throughput."""

from __future__ import annotations

from dataclasses import dataclass

from perigee_lora.base.config import BaseConfig
from perigee_lora.estimate.memory import kept_per_token, trained_parameters
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


#: Bytes that go through memory, found by least squares at every other point of the grids of a processor and of a GPU (the
#: points between came out as well): for each byte of weights that a pass multiplies with (they are read, arranged and read
#: again), and for each byte that is kept for the backward pass (norms, scores, activations, losses and their gradients).
_MULTIPLIED, _KEPT = 3.0, 8.0
#: And for a trained weight, 4 a number: its gradient is written, read for the norm, read and written for clipping; AdamW reads
#: gradient, weight and two averages and writes the last three.
UPDATED = 4 * 11.0


@dataclass(frozen=True)
class Speed:
    """What a machine does, as ``bench`` measures it.

    flops: operations a second of products; stream: bytes a second of everything else; layer: seconds that one layer takes in
    one step of a LoRA job however few its tokens are.
    """

    flops: float
    stream: float
    layer: float


def traffic(config: BaseConfig, job: Job, tokens: int) -> float:
    """Bytes that go through memory in one step over ``tokens``, whatever is computed with them."""
    train = job.train
    dpo = 1.0 if train.objective == "dpo" else 0.0
    width = 2 if train.dtype == "bfloat16" and not job.method.full else 4
    passes = (3.0 if job.method.full or train.grad_checkpointing else 2.0) * train.grad_accum + dpo
    again = (1.5 if train.grad_checkpointing else 1.0) + 0.5 * dpo
    multiplied = _MULTIPLIED * width * passes * config.parameters
    kept = _KEPT * again * kept_per_token(config, job) * tokens
    return multiplied + kept + UPDATED * trained_parameters(config, job)


def seconds(config: BaseConfig, job: Job, speed: Speed) -> float:
    """Of all steps with full sequences, of which everything is learned. Held-out rows and outputs come on top.

    A GPU computes while the processor calls its next kernels, so the slower of the two counts.
    """
    sequences = job.train.rows_per_step * (2 if job.train.objective == "dpo" else 1)
    tokens = sequences * job.train.seq_len
    work = operations(config, job, tokens, job.train.seq_len, tokens) / speed.flops
    work += traffic(config, job, tokens) / speed.stream
    calls = _calls(config, job) * speed.layer
    return job.train.steps * (max(work, calls) if job.gpus else work + calls)


def _calls(config: BaseConfig, job: Job) -> float:
    """How often a step calls a layer's kernels, in layers of a LoRA job with four adapted modules, as 'bench' trains one.

    A module's adapter adds a tenth of what a bare layer calls, and so does each weight that is stored quantised; measured on
    a GPU, where calls are what small batches wait for.
    """
    train = job.train
    passes = (1.5 if train.grad_checkpointing else 1.0) * train.grad_accum + (0.5 if train.objective == "dpo" else 0.0)
    quantised = len(config.linears) if job.method.quantised else 0
    return config.layers * passes * (1 + 0.1 * (len(job.method.targets) + quantised)) / 1.4
