"""A job's model, data and optimiser, made ready from its inputs."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from perigee_lora.base import files
from perigee_lora.base.config import BaseConfig, read_config
from perigee_lora.base.load import compute_dtype, device_of, load_base, put_adapter, trained
from perigee_lora.base.tokenizer import Tokenizer
from perigee_lora.data.dataset import Dataset, read_dataset
from perigee_lora.failure import bad_spec
from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import Job
from perigee_lora.train.forward import Forward
from perigee_lora.train.objective import Objective
from perigee_lora.train.optimizer import Optimizer, optimizer
from perigee_lora.train.trainer import Trainer


@dataclass(frozen=True)
class Session:
    """Everything a run needs; ``parameters`` are what is trained, by the names they are saved under."""

    job: Job
    config: BaseConfig
    data: Dataset
    model: nn.Module
    parameters: dict[str, nn.Parameter]
    forward: Forward
    optimizer: Optimizer
    trainer: Trainer
    device: torch.device


def check_inputs(place: Workplace, job: Job) -> BaseConfig:
    """Looks at what is cheap to look at, so that a wrong order is refused at once. Raises JobFailure."""
    files.check_base(place.base)
    config = read_config(place.base)
    if job.train.seq_len > config.context:
        raise bad_spec(
            "BAD_SPEC",
            f"Expected 'train.seqLen' to be at most the base model's context of {config.context}, "
            f"but it is {job.train.seq_len}.",
            "Lower 'train.seqLen', or take a base model with a longer context.",
        )
    if job.outputs.gguf:
        from perigee_lora.outputs import gguf

        gguf.check(place.base, config)
    return config


def open_session(place: Workplace, job: Job) -> Session:
    """Reads the data, then the model. Raises JobFailure."""
    config = check_inputs(place, job)
    data = read_dataset(place.dataset, Tokenizer(place.base, config), job)
    return assemble(job, config, data, load_base(place.base, config, job))


def assemble(job: Job, config: BaseConfig, data: Dataset, base: nn.Module) -> Session:
    """A session on a base that is already a model. Raises JobFailure."""
    device = device_of(job)
    model, clock = put_adapter(base, job, config)
    parameters = trained(model)
    forward = Forward(
        model,
        torch.float32 if job.method.full else compute_dtype(job),
        job.method.full and compute_dtype(job) is torch.bfloat16,
    )
    steps = optimizer(job, parameters)
    objective = Objective(job.train, model, forward, clock, device)
    trainer = Trainer(job, model, list(parameters.values()), data.items, objective, steps)
    return Session(job, config, data, model, parameters, forward, steps, trainer, device)
