"""AdamW with eight-bit averages, as bitsandbytes computes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from perigee_lora.train.optimizer import bad_state, decays, no_eight_bit

#: bitsandbytes keeps smaller tensors' averages in float32.
_SMALL = 4096


class EightBit:
    """bitsandbytes' AdamW8bit. Its state has, for every parameter, two averages and the scales of their blocks."""

    _NAMES = ("state1", "state2", "absmax1", "absmax2")

    def __init__(self, parameters: Mapping[str, nn.Parameter], weight_decay: float) -> None:
        """Raises JobFailure (64) where bitsandbytes has no such optimiser for the device."""
        try:
            import bitsandbytes
        except ImportError as e:
            raise no_eight_bit("bitsandbytes is not there") from e
        self._parameters = dict(parameters)
        self._optimizer: Any = bitsandbytes.optim.AdamW8bit(
            [{"params": [p], "weight_decay": weight_decay if decays(name) else 0.0} for name, p in parameters.items()],
            lr=0.0,
            betas=(0.9, 0.999),
            eps=1e-8,
            min_8bit_size=_SMALL,
        )
        self._prepare()

    def step(self, rate: float) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)

    def state(self) -> dict[str, torch.Tensor]:
        found: dict[str, torch.Tensor] = {}
        for name, p in self._parameters.items():
            for part in self._NAMES:
                value = self._optimizer.state[p].get(part)
                if value is not None:
                    found[f"{part}.{name}"] = value
        return found

    def load(self, state: Mapping[str, torch.Tensor], steps: int) -> None:
        wanted = self.state()
        for name, value in wanted.items():
            if name not in state or state[name].shape != value.shape or state[name].dtype != value.dtype:
                raise bad_state(f"Expected the checkpoint to hold '{name}' as this job keeps it, but it does not.")
        for name in state:
            if name not in wanted:
                raise bad_state(f"Expected the checkpoint to hold only this job's tensors, but it has '{name[:120]}'.")
        for name, p in self._parameters.items():
            kept = self._optimizer.state[p]
            kept["step"] = steps
            for part in self._NAMES:
                if f"{part}.{name}" in state:
                    kept[part].copy_(state[f"{part}.{name}"])

    def _prepare(self) -> None:
        """Makes the empty averages now, so that the first border has them, too."""
        device = next(iter(self._parameters.values())).device
        try:
            self._optimizer.check_overrides()
            for gindex, group in enumerate(self._optimizer.param_groups):
                for pindex, p in enumerate(group["params"]):
                    self._optimizer.init_state(group, p, gindex, pindex)
            self._optimizer.initialized = True
            self._probe(device)
        except (AttributeError, NotImplementedError, RuntimeError, AssertionError) as e:
            first = str(e).splitlines()[0][:120] if str(e) else type(e).__name__
            raise no_eight_bit(f"bitsandbytes has no 8-bit AdamW for {device.type}: {first}") from e

    @staticmethod
    def _probe(device: torch.device) -> None:
        """A step of one block, to find out at once and not after the first segment."""
        import bitsandbytes

        p = nn.Parameter(torch.zeros(2 * _SMALL, device=device))
        p.grad = torch.ones_like(p)
        bitsandbytes.optim.AdamW8bit([p], lr=1e-3, min_8bit_size=_SMALL).step()
