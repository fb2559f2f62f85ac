"""The full training state at borders, as the container contract lays it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import nn

from perigee_lora.canonical import json, safetensors
from perigee_lora.canonical.files import content, publish_directory
from perigee_lora.job.spec import Job
from perigee_lora.train.optimizer import Optimizer, bad_state, check_names
from perigee_lora.train.state import RunState, read_state

ADAPTER = "adapter.safetensors"
OPTIMIZER = "optimizer.safetensors"
STATE = "state.json"
METRICS = "metrics.jsonl"
DONE = "DONE"


def write(
    checkpoints: Path,
    border: int,
    job: Job,
    parameters: Mapping[str, nn.Parameter],
    optimizer: Optimizer,
    state: RunState,
    metrics: Sequence[str],
) -> None:
    """Writes a border's checkpoint, whole or not at all; ``metrics`` are the lines of the segment that ends there."""
    publish_directory(
        checkpoints / str(border),
        {
            ADAPTER: safetensors.writer(parameters),
            OPTIMIZER: safetensors.writer(optimizer.state()),
            STATE: content(state.document(job)),
            METRICS: content("".join(metrics)),
            DONE: content(b""),
        },
    )


def state_at(checkpoint: Path, job: Job, border: int) -> RunState:
    """The state of a checkpoint that must be of this border. Raises JobFailure (65)."""
    path = checkpoint / STATE
    if not path.is_file():
        raise bad_state(f"Expected the checkpoint of border {border} at '{checkpoint}', but there is no '{STATE}'.")
    try:
        return read_state(json.read(path, 64 << 20), job, border)
    except json.MalformedError as e:
        raise bad_state(f"Expected the checkpoint's '{STATE}' to be JSON, but {e}.") from e


def load(
    checkpoint: Path, job: Job, border: int, parameters: Mapping[str, nn.Parameter], optimizer: Optimizer
) -> RunState:
    """Takes over a checkpoint, which must be exactly that of border ``border`` of this job. Raises JobFailure (65)."""
    state = state_at(checkpoint, job, border)
    load_parameters(checkpoint, parameters)
    optimizer.load(tensors(checkpoint / OPTIMIZER), state.steps)
    return state


def load_parameters(checkpoint: Path, parameters: Mapping[str, nn.Parameter]) -> None:
    """Takes over the trained parameters alone. Raises JobFailure (65)."""
    found = tensors(checkpoint / ADAPTER)
    check_names(found, {name: p.shape for name, p in parameters.items()})
    with torch.no_grad():
        for name, p in parameters.items():
            p.copy_(found[name])


def tensors(path: Path) -> dict[str, torch.Tensor]:
    """A checkpoint's file, its header checked first. Raises JobFailure (65)."""
    from safetensors.torch import load_file

    if not path.is_file():
        raise bad_state(f"Expected the checkpoint to have '{path.name}', but it does not exist.")
    try:
        safetensors.read_header(path)
    except safetensors.BrokenError as e:
        raise bad_state(str(e)) from e
    found: dict[str, torch.Tensor] = load_file(path)
    return found
