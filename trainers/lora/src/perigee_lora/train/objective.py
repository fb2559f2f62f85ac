"""What a step makes smaller: the surprise at learned tokens, or the wrong order of preference pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import nn

from perigee_lora.base.dropout import DropoutClock
from perigee_lora.data.compose import Item
from perigee_lora.job.spec import Train
from perigee_lora.train.batch import Batch, batch
from perigee_lora.train.forward import Forward


class Objective:
    """The loss of a micro-batch: a sum over ``units``, so that micro-batches add up to their step."""

    def __init__(
        self, train: Train, model: nn.Module, forward: Forward, clock: DropoutClock, device: torch.device
    ) -> None:
        self._train = train
        self._model = model
        self._forward = forward
        self._clock = clock
        self._device = device

    def units(self, items: Sequence[Item]) -> int:
        """What a step's loss is the mean over: learned tokens, or pairs."""
        if self._train.objective == "dpo":
            return len(items)
        return sum(example.learned_count for item in items for example in item)

    def losses(self, items: Sequence[Item], step: int, first: int) -> tuple[torch.Tensor, int]:
        """One loss a unit, and the tokens read. ``first`` is the micro-batch's first row within the step."""
        examples = [example for item in items for example in item]
        data = batch(examples, self._device)
        width = len(items[0])
        rows = torch.arange(first * width, first * width + len(examples), dtype=torch.int64)
        self._clock.tell(step, rows)
        if self._train.objective == "dpo":
            return pair_losses(margins(self._model, self._forward, data, self._train.dpo_beta)), data.tokens
        return self._forward.losses(data), data.tokens


def margins(model: nn.Module, forward: Forward, data: Batch, beta: float) -> torch.Tensor:
    """How much more than the reference the model prefers each chosen side: ``[pairs]``.

    The reference is the base with the adapter off.
    """
    count = int(data.ids.shape[0])
    was_training = model.training
    model.eval()
    with torch.no_grad(), cast(Any, model).disable_adapter():
        reference = _by_sequence(forward.losses(data), data.owners, count)
    model.train(was_training)
    own = _by_sequence(forward.losses(data), data.owners, count)
    gained = reference - own
    return beta * (gained[0::2] - gained[1::2])


def pair_losses(margin: torch.Tensor) -> torch.Tensor:
    """Nats of each pair."""
    return -nn.functional.logsigmoid(margin)


def _by_sequence(losses: torch.Tensor, owners: torch.Tensor, count: int) -> torch.Tensor:
    """Sums of each sequence's losses, in the order of their places."""
    return torch.zeros(count, dtype=losses.dtype, device=losses.device).index_add(0, owners, losses)
