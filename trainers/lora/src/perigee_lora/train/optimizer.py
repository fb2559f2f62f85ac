"""AdamW, and its state as named tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import torch
from torch import nn

from perigee_lora.failure import JobFailure, bad_data, bad_spec
from perigee_lora.job.spec import Job


class Optimizer(Protocol):
    """Takes steps; its state is all that a checkpoint has to hold of it."""

    def step(self, rate: float) -> None:
        """Updates the parameters from their gradients, and forgets the gradients."""

    def state(self) -> dict[str, torch.Tensor]:
        """Named tensors, ``<average>.<parameter>``."""

    def load(self, state: Mapping[str, torch.Tensor], steps: int) -> None:
        """Takes over a state after ``steps`` steps. Raises JobFailure (65) when it does not fit."""


def optimizer(job: Job, parameters: Mapping[str, nn.Parameter]) -> Optimizer:
    """The job's optimiser over parameters in the order of their names."""
    if job.train.optimizer == "adamw8bit":
        from perigee_lora.train.optimizer8bit import EightBit

        return EightBit(parameters, job.train.weight_decay)
    return Exact(parameters, job.train.weight_decay)


def decays(name: str) -> bool:
    """Whether weight decay pulls at a parameter; as transformers' Trainer has it, not at norms and biases."""
    return not (name.endswith(".bias") or "norm" in name)


class Exact:
    """torch's AdamW, element by element: betas 0.9 and 0.999, epsilon 1e-8.

    Fused: one pass over each tensor, which makes no other tensors of its size.
    """

    _NAMES = ("exp_avg", "exp_avg_sq")

    def __init__(self, parameters: Mapping[str, nn.Parameter], weight_decay: float) -> None:
        self._parameters = dict(parameters)
        groups = [(weight_decay, [p for name, p in parameters.items() if decays(name)])]
        groups.append((0.0, [p for name, p in parameters.items() if not decays(name)]))
        self._optimizer = torch.optim.AdamW(
            [{"params": members, "weight_decay": decay} for decay, members in groups if members],
            lr=0.0,
            betas=(0.9, 0.999),
            eps=1e-8,
            fused=True,
        )

    def step(self, rate: float) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)

    def state(self) -> dict[str, torch.Tensor]:
        found: dict[str, torch.Tensor] = {}
        for name, p in self._parameters.items():
            kept: dict[str, Any] = self._optimizer.state.get(p, {})
            for average in self._NAMES:
                found[f"{average}.{name}"] = kept.get(average, torch.zeros_like(p, memory_format=torch.preserve_format))
        return found

    def load(self, state: Mapping[str, torch.Tensor], steps: int) -> None:
        wanted = {f"{average}.{name}": p.shape for name, p in self._parameters.items() for average in self._NAMES}
        check_names(state, wanted)
        for name, p in self._parameters.items():
            squares = state[f"exp_avg_sq.{name}"]
            if bool((squares < 0).any()):
                raise bad_state(f"Expected averages of squares that are not negative, but '{name}' has a negative one.")
            self._optimizer.state[p] = {
                "step": torch.tensor(float(steps), device=p.device),
                "exp_avg": state[f"exp_avg.{name}"].to(p.device, p.dtype).clone(),
                "exp_avg_sq": squares.to(p.device, p.dtype).clone(),
            }


def check_names(found: Mapping[str, torch.Tensor], wanted: Mapping[str, torch.Size]) -> None:
    """Exactly the wanted tensors with their shapes, and only finite numbers. Raises JobFailure (65)."""
    for name, shape in wanted.items():
        if name not in found:
            raise bad_state(f"Expected the checkpoint to hold '{name}', but it is missing.")
        if found[name].shape != shape:
            raise bad_state(
                f"Expected '{name}' of the checkpoint to have shape {list(shape)}, but it has {list(found[name].shape)}."
            )
        if found[name].is_floating_point() and not bool(torch.isfinite(found[name]).all()):
            raise bad_state(f"Expected '{name}' of the checkpoint to be finite, but it is not.")
    for name in found:
        if name not in wanted:
            raise bad_state(f"Expected the checkpoint to hold only this job's tensors, but it has '{name[:120]}'.")


def bad_state(message: str) -> JobFailure:
    return bad_data(
        "BAD_CHECKPOINT", message, "Resume from a checkpoint of this very job, with PERIGEE_FROM set to its border."
    )


def no_eight_bit(reason: str) -> JobFailure:
    return bad_spec(
        "NO_ADAMW8BIT",
        f"Expected 'train.optimizer' to be one this trainer has here, but {reason}.",
        "Set 'train.optimizer' to adamw.",
    )
