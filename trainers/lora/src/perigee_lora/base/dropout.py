"""Dropout whose every choice is a function of (seed, step, layer and module, place), in the place of torch's."""

from __future__ import annotations

import torch
from torch import nn

from perigee_lora import counter_hash
from perigee_lora.counter_hash import Purpose


class DropoutClock:
    """Where training is: told before each forward pass, read by all dropouts.

    ``rows`` (int64, one per sequence of the batch) are the places of the sequences within the step.
    """

    def __init__(self, seed: int, length: int) -> None:
        self.seed = seed
        self.length = length
        self.step = 0
        self.rows = torch.zeros(0, dtype=torch.int64)

    def tell(self, step: int, rows: torch.Tensor) -> None:
        self.step = step
        self.rows = rows


class CounterDropout(nn.Module):
    """Keeps or drops each element of ``[sequences, tokens, width]``; identity when the model is not training."""

    def __init__(self, clock: DropoutClock, rate: float, code: int) -> None:
        super().__init__()
        self._clock = clock
        self._threshold = int(rate * 2**32)
        self._scale = 1 / (1 - rate)
        self._code = code

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        clock = self._clock
        key = counter_hash.stream(clock.seed, Purpose.DROPOUT, clock.step, self._code)
        count, tokens, width = x.shape
        first = (clock.rows.to(x.device) * clock.length).view(count, 1, 1)
        place = torch.arange(tokens, device=x.device).view(1, tokens, 1)
        index = (first + place) * width + torch.arange(width, device=x.device).view(1, 1, width)
        kept = counter_hash.top_bits(key, index) >= self._threshold
        return x * kept.to(x.dtype) * self._scale
