"""Takes optimiser steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from perigee_lora.canonical.json import rounded
from perigee_lora.data.compose import Item
from perigee_lora.data.order import Order
from perigee_lora.failure import bad_spec
from perigee_lora.job.spec import Job
from perigee_lora.train import schedule
from perigee_lora.train.forward import ordered_square_sum, ordered_sum
from perigee_lora.train.objective import Objective
from perigee_lora.train.optimizer import Optimizer


@dataclass(frozen=True)
class Report:
    """What a step did; ``step`` counts from 1, ``loss`` is in nats a learned token (or a pair)."""

    step: int
    loss: float
    rate: float
    gradient_norm: float
    tokens: int

    def facts(self) -> dict[str, Any]:
        """The committed line of metrics: nothing timed, nothing of the machine."""
        return {
            "step": self.step,
            "loss": rounded(self.loss),
            "lr": rounded(self.rate),
            "gradNorm": rounded(self.gradient_norm),
            "tokens": self.tokens,
        }


class Trainer:
    """Steps over the job's items in the job's order. Micro-batches add their gradients in the order of their rows."""

    def __init__(
        self,
        job: Job,
        model: nn.Module,
        parameters: Sequence[nn.Parameter],
        items: Sequence[Item],
        objective: Objective,
        optimizer: Optimizer,
    ) -> None:
        self._job = job
        self._model = model
        self._parameters = list(parameters)
        self._items = items
        self._objective = objective
        self._optimizer = optimizer
        self._order = Order(job.train.seed, len(items))

    def step(self, done: int) -> Report:
        """The optimiser step after ``done`` steps. Raises JobFailure (64) when training has diverged."""
        train = self._job.train
        self._model.train()
        rows = [self._items[self._order.at(done * train.rows_per_step + i)] for i in range(train.rows_per_step)]
        units = self._objective.units(rows)
        total = 0.0
        tokens = 0
        for first in range(0, len(rows), train.micro_batch):
            losses, read = self._objective.losses(rows[first : first + train.micro_batch], done, first)
            (losses.sum() / units).backward()  # type: ignore[no-untyped-call]
            total += ordered_sum(losses).item()
            tokens += read
        norm = gradient_norm(self._parameters)
        loss = total / units
        if not (math.isfinite(loss) and math.isfinite(norm)):
            raise bad_spec(
                "DIVERGED",
                f"Expected a finite loss and gradient in step {done + 1}, but training has diverged.",
                "Lower 'train.lr', or warm up over more steps.",
            )
        clip(self._parameters, norm, train.max_grad_norm)
        learning_rate = schedule.rate(train, done)
        self._optimizer.step(learning_rate)
        return Report(done + 1, loss, learning_rate, norm, tokens)


def gradient_norm(parameters: Sequence[nn.Parameter]) -> float:
    """The L2 norm of all gradients; the same bits however many threads there are."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    if gradients[0].is_cuda:  # its reductions have one order; a launch for each tensor would cost more than the sums
        squares = torch.stack(torch._foreach_norm(gradients, 2, torch.float64)).square()
    else:
        squares = torch.stack([ordered_square_sum(gradient) for gradient in gradients])
    return math.sqrt(ordered_sum(squares).item())


def clip(parameters: Sequence[nn.Parameter], norm: float, limit: float) -> None:
    """As torch's ``clip_grad_norm_``, over the norm that is reported; a limit of 0 is none."""
    scale = limit / (norm + 1e-6)
    if limit == 0 or scale >= 1:
        return
    for p in parameters:
        if p.grad is not None:
            p.grad.mul_(scale)
