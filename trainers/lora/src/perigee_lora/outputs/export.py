"""What a builder gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from perigee_lora.base.config import BaseConfig, read_config
from perigee_lora.base.files import check_base
from perigee_lora.canonical import json
from perigee_lora.canonical.files import Writer, content, publish_files
from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import Job
from perigee_lora.outputs import card, curve
from perigee_lora.train import checkpoints
from perigee_lora.train.state import RunState


def export(place: Workplace, job: Job, checkpoint: Path) -> None:
    """Writes the outputs from the checkpoint of the last border. Raises JobFailure.

    A function of the spec, the inputs and that checkpoint; nothing timed, nothing of the machine outside its class.
    """
    check_base(place.base)
    config = read_config(place.base)
    state = checkpoints.state_at(checkpoint, job, job.last_border)
    metrics = read_metrics(checkpoint)
    weights = checkpoint / checkpoints.ADAPTER
    checkpoints.tensors(weights)  # refuses what is no safetensors file
    evaluation = _evaluation(state, metrics)
    files: dict[str, Writer] = {}
    if job.method.full:
        files |= _whole_model(place, job, weights)
    else:
        files["adapter_config.json"] = content(json.render(adapter_config(job)) + "\n")
        files["adapter_model.safetensors"] = _copy(weights)
    publish_files(place.outputs, files)
    if job.outputs.merged or job.outputs.gguf:
        evaluation |= _models(place, job, config, checkpoint)
    more: dict[str, Writer] = {"eval.json": content(json.render(evaluation) + "\n")}
    drawing = curve.draw(curve.points(state, metrics))
    more["curve.svg"] = content(drawing)
    more["README.md"] = content(card.write(place.base, job, config, state, evaluation))
    publish_files(place.outputs, more)


def adapter_config(job: Job) -> dict[str, Any]:
    """``adapter_config.json`` with every key PEFT writes, lists in order."""
    from peft import LoraConfig

    from perigee_lora.base.load import peft_settings

    settings = LoraConfig(**peft_settings(job.method)).to_dict()
    settings |= {"base_model_name_or_path": job.base or None, "inference_mode": True}
    result: dict[str, Any] = _plain(settings)
    return result


def read_metrics(checkpoint: Path) -> list[dict[str, Any]]:
    """The steps of the segment that ended at a checkpoint."""
    path = checkpoint / checkpoints.METRICS
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return [json.parse(line) for line in lines]


def _evaluation(state: RunState, metrics: list[dict[str, Any]]) -> dict[str, Any]:
    best = state.best
    return {
        "version": 1,
        "steps": state.steps,
        "stopped": state.stopped,
        "evaluations": list(state.evaluations),
        "best": None if best is None else {"border": best["border"], "loss": best["loss"]},
        "lastSegment": metrics,
    }


def _models(place: Workplace, job: Job, config: BaseConfig, checkpoint: Path) -> dict[str, Any]:
    from perigee_lora.outputs import models

    return models.write(place, job, config, checkpoint)


def _whole_model(place: Workplace, job: Job, weights: Path) -> dict[str, Writer]:
    files: dict[str, Writer] = {"model.safetensors": _copy(weights)}
    files |= base_files(place.base, "float32")
    return files


def base_files(base: Path, dtype: str) -> dict[str, Writer]:
    """What a whole model needs of its base beside the weights; the config says which type they have now."""
    settings = json.read(base / "config.json", 1 << 20)
    settings.pop("torch_dtype", None)
    settings["dtype"] = dtype
    files: dict[str, Writer] = {"config.json": content(json.render(settings) + "\n")}
    for name in (
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja",
        "generation_config.json",
    ):  # fmt: skip
        if (base / name).is_file():
            files[name] = _copy(base / name)
    return files


def _copy(path: Path) -> Writer:
    import shutil

    def write(file: Any) -> None:
        with path.open("rb") as source:
            shutil.copyfileobj(source, file, 1 << 20)

    return write


def _plain(value: Any) -> Any:
    """Sets as sorted lists, enumerations as their values, floats as decimals."""
    from enum import Enum

    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(member) for member in value)
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, Enum):
        return _plain(value.value)
    return json.rounded(value) if isinstance(value, float) else value
