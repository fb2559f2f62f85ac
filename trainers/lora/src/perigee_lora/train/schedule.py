"""The learning rate of a step, as transformers' ``get_scheduler`` gives it (so the first warm-up step has rate 0)."""

from __future__ import annotations

import math

from perigee_lora.job.spec import Train


def rate(train: Train, done: int) -> float:
    """The rate of the step after ``done`` steps."""
    if done < train.warmup_steps:
        return train.lr * (done / train.warmup_steps)
    left = max(1, train.steps - train.warmup_steps)
    match train.scheduler:
        case "linear":
            share = max(0.0, (train.steps - done) / left)
        case "cosine":
            share = max(0.0, 0.5 * (1 + math.cos(math.pi * ((done - train.warmup_steps) / left))))
        case _:
            share = 1.0
    return train.lr * share
