"""The merged model, and its quantised forms with their perplexities."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from perigee_lora.base.config import BaseConfig
from perigee_lora.base.load import load_base, put_adapter, trained
from perigee_lora.base.tokenizer import Tokenizer
from perigee_lora.canonical import safetensors
from perigee_lora.canonical.files import publish_files
from perigee_lora.data.compose import Item
from perigee_lora.data.dataset import read_dataset
from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import Job
from perigee_lora.outputs import gguf
from perigee_lora.train import checkpoints
from perigee_lora.train.evaluate import evaluate, perplexity
from perigee_lora.train.forward import Forward

#: Without held-out rows, perplexities are of this many rows of the data trained on.
_ROWS = 64


def write(place: Workplace, job: Job, config: BaseConfig, checkpoint: Path) -> dict[str, Any]:
    """Writes ``merged/`` and ``gguf/`` as the job asks; returns what eval.json says about them.

    A quantised base is merged in full width: the adapter was trained on the quantised one, and runs on either.
    """
    model = merged(place, job, config, checkpoint)
    if job.outputs.merged:
        from perigee_lora.outputs.export import base_files

        publish_files(
            place.outputs / "merged",
            {
                "model.safetensors": safetensors.writer(weights_of(model, config)),
                **base_files(place.base, job.train.dtype),
            },
        )
    if not job.outputs.gguf:
        return {}
    return {"gguf": _quantised(place, job, config, model)}


def merged(place: Workplace, job: Job, config: BaseConfig, checkpoint: Path) -> nn.Module:
    """The base with the adapter added into its weights, or the fully fine-tuned model."""
    plain = replace(job, method=replace(job.method, kind="lora")) if job.method.quantised else job
    model, _ = put_adapter(load_base(place.base, config, plain), plain, config)
    checkpoints.load_parameters(checkpoint, trained(model))
    if not job.method.full:
        model = cast(nn.Module, cast(Any, model).merge_and_unload())
    return model.eval().requires_grad_(False)


def weights_of(model: nn.Module, config: BaseConfig) -> dict[str, torch.Tensor]:
    """Names and weights as the base's own layout has them; a tied head only once."""
    return {name: value for name, value in model.state_dict().items() if not (config.tied and name == "lm_head.weight")}


def _quantised(place: Workplace, job: Job, config: BaseConfig, model: nn.Module) -> dict[str, Any]:
    tokenizer = Tokenizer(place.base, config)
    rows, on = _rows(place, tokenizer, job)
    plain = replace(job, train=replace(job.train, objective="sft"))
    device = next(model.parameters()).device
    forward = Forward(model, next(model.parameters()).dtype, False)
    whole = evaluate(plain, model, forward, rows, device)
    found: dict[str, Any] = {}
    for name in job.outputs.gguf:
        path = place.outputs / "gguf" / f"model-{name}.gguf"
        gguf.write(path, name, place.base, config, weights_of(model, config), tokenizer)
        original = {key: value.clone() for key, value in model.state_dict().items()}
        gguf.load_quantised(model, name, config)
        small = evaluate(plain, model, forward, rows, device)
        model.load_state_dict(original)
        found[name] = {"perplexity": small["perplexity"], "float": perplexity(float(whole["loss"])), "on": on}
    return found


def _rows(place: Workplace, tokenizer: Tokenizer, job: Job) -> tuple[list[Item], str]:
    data = read_dataset(place.dataset, tokenizer, replace(job, train=replace(job.train, packing=False)))
    if data.held_out:
        return [item[:1] for item in data.held_out], f"{len(data.held_out)} held-out rows"
    rows = [item[:1] for item in data.items[:_ROWS]]
    return rows, f"the first {len(rows)} rows trained on"
