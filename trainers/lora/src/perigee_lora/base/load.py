"""The base as a torch model, with its adapter on."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from perigee_lora import counter_hash
from perigee_lora.base import files
from perigee_lora.base.config import BaseConfig, check_targets
from perigee_lora.base.dropout import CounterDropout, DropoutClock
from perigee_lora.counter_hash import Purpose
from perigee_lora.failure import bad_data, machine_failed
from perigee_lora.job.spec import Job, Method

#: Numbers of projections in the random streams; part of the trainer's definition. The first seven are strict's.
_CODES = {"q_proj": 1, "k_proj": 2, "v_proj": 3, "o_proj": 4, "gate_proj": 5, "up_proj": 6, "down_proj": 7}
_MORE_CODES = {"qkv_proj": 1, "gate_up_proj": 2}


def device_of(job: Job) -> torch.device:
    """Where the job computes: a GPU exactly when it asked for one. Raises JobFailure (70)."""
    if job.gpus == 0:
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise machine_failed(
            "NO_GPU", "Expected a GPU, but torch finds none.", "Lend the container the GPU that the job asks for."
        )
    return torch.device("cuda")


def compute_dtype(job: Job) -> torch.dtype:
    return torch.bfloat16 if job.train.dtype == "bfloat16" else torch.float32


def load_base(base: Path, config: BaseConfig, job: Job) -> nn.Module:
    """The base's weights, checked, on the job's device; frozen, unless they are what is trained.

    A full fine-tune keeps its weights in float32 and computes in ``train.dtype``. Raises JobFailure (65).
    """
    device = device_of(job)
    dtype = torch.float32 if job.method.full else compute_dtype(job)
    more: dict[str, Any] = {}
    gguf = files.gguf_file(base)
    if gguf is None:
        _check_weights(base, config)
    else:
        more["gguf_file"] = gguf
    if job.method.quantised:
        more["quantization_config"] = _nf4(compute_dtype(job))
        more["device_map"] = {"": str(device)}
    model = from_directory(base, dtype, **more)
    if not job.method.quantised:
        model.to(device)
        _refuse_infinite(model)
    return prepare(model, job)


def prepare(model: nn.Module, job: Job) -> nn.Module:
    """Sets a base's switches as the job wants them, and freezes it unless its weights are what is trained."""
    _silence_dropout(model)
    if job.method.quantised:
        _same_path_everywhere(model)
    if job.train.grad_checkpointing:
        cast(Any, model).gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.requires_grad_(job.method.full)
    return model


def from_directory(base: Path, dtype: torch.dtype, **more: Any) -> nn.Module:
    """A model of a directory in Hugging Face layout; never runs code of the directory's."""
    from transformers import AutoModelForCausalLM

    try:
        model: nn.Module = AutoModelForCausalLM.from_pretrained(
            base,
            dtype=dtype,
            attn_implementation="eager",
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            **more,
        )
    except (ValueError, KeyError, RuntimeError, OSError) as e:
        first = str(e).splitlines()[0][:160] if str(e) else type(e).__name__
        raise bad_data(
            "BAD_BASE",
            f"Expected transformers to open the base, but it says: {first}.",
            "Check that the base opens in transformers with from_pretrained.",
        ) from e
    cast(Any, model).config.use_cache = False
    return model


def put_adapter(model: nn.Module, job: Job, config: BaseConfig) -> tuple[nn.Module, DropoutClock]:
    """Puts the method's adapter on the base at the job's agreed start. A full fine-tune comes back as it is."""
    clock = DropoutClock(job.train.seed, job.train.seq_len)
    if job.method.full:
        return model, clock
    from peft import LoraConfig, get_peft_model

    check_targets(job.method.targets, config)
    adapted: nn.Module = get_peft_model(model, LoraConfig(**peft_settings(job.method)))
    start(adapted, job.train.seed)
    if job.method.dropout > 0:
        for module, layer, target in _adapted_modules(adapted):
            dropout = CounterDropout(clock, job.method.dropout, stream_code(layer, target))
            cast(Any, module).lora_dropout["default"] = dropout
    return adapted, clock


def peft_settings(method: Method) -> dict[str, Any]:
    """What PEFT is told about the method."""
    return {
        "r": method.r,
        "lora_alpha": int(method.alpha) if method.alpha == int(method.alpha) else method.alpha,
        "lora_dropout": method.dropout,
        "target_modules": sorted(method.targets),
        "use_rslora": method.kind == "rslora",
        "use_dora": method.kind == "dora",
        "bias": "none",
        "task_type": "CAUSAL_LM",
    }


def start(model: nn.Module, seed: int) -> None:
    """The agreed start (border 0): lora_A uniform within 1/sqrt(inputs), lora_B zero.

    Each value is a function of (seed, layer, module, index). DoRA's magnitudes are the norms of the base's own rows.
    """
    with torch.no_grad():
        for module, layer, target in _adapted_modules(model):
            down = cast(Any, module).lora_A["default"].weight
            key = counter_hash.stream(seed, Purpose.START, layer, start_code(target))
            values = (2 * counter_hash.uniform(key, down.numel()) - 1) * (1 / math.sqrt(down.shape[1]))
            down.copy_(torch.from_numpy(values).to(torch.float32).view(down.shape))
            cast(Any, module).lora_B["default"].weight.zero_()


def start_code(target: str) -> int:
    """A module's number in the streams of starts."""
    return _CODES.get(target) or 8 + _MORE_CODES[target]


def stream_code(layer: int, target: str) -> int:
    """A layer's module in the streams of dropout: ``layer * 8 + code`` for strict's seven, apart from them for others."""
    code = _CODES.get(target)
    return layer * 8 + code if code is not None else (1 << 32) + layer * 8 + _MORE_CODES[target]


def trained(model: nn.Module) -> dict[str, nn.Parameter]:
    """What is trained, sorted by the name PEFT (or, for a full fine-tune, transformers) saves it under."""
    found = {saved_name(name): p for name, p in model.named_parameters() if p.requires_grad}
    return dict(sorted(found.items()))


def saved_name(name: str) -> str:
    """A parameter's name as PEFT saves it: without the adapter's own name."""
    if ".lora_magnitude_vector." in name:
        return name.replace(".lora_magnitude_vector.default.weight", ".lora_magnitude_vector")
    return name.replace(".default.", ".")


def plain_model(model: nn.Module) -> Any:
    """The model of transformers inside, adapted modules included."""
    inner = getattr(model, "get_base_model", None)
    return inner() if inner is not None else model


def _same_path_everywhere(model: nn.Module) -> None:
    """bitsandbytes has a path of its own for processors with AVX-512 BF16, which the numeric class does not know."""
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            cast(Any, module).support_avx512bf16_for_cpu = False


def _silence_dropout(model: nn.Module) -> None:
    """The base's own dropouts draw from torch's generator, which has a state; the adapter's is ours."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if isinstance(getattr(module, "attention_dropout", None), float):
            cast(Any, module).attention_dropout = 0.0


def _adapted_modules(model: nn.Module) -> list[tuple[nn.Module, int, str]]:
    found = []
    for name, module in model.named_modules():
        if hasattr(module, "lora_A") and "default" in cast(Any, module).lora_A:
            layer = re.search(r"\.layers\.(\d+)\.", name)
            if layer is not None:
                found.append((module, int(layer.group(1)), name.rsplit(".", 1)[-1]))
    return found


def _nf4(dtype: torch.dtype) -> Any:
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=dtype
    )


def _check_weights(base: Path, config: BaseConfig) -> None:
    """Names and shapes against the empty model that the config describes."""
    from transformers import AutoConfig, AutoModelForCausalLM

    found = files.weights(base)
    try:
        description = AutoConfig.from_pretrained(base, local_files_only=True, trust_remote_code=False)
        with torch.device("meta"):
            empty: nn.Module = AutoModelForCausalLM.from_config(description, trust_remote_code=False)
    except (ValueError, TypeError, KeyError, AttributeError) as e:
        first = str(e).splitlines()[0][:160] if str(e) else type(e).__name__
        raise bad_data(
            "BAD_BASE",
            f"Expected transformers to understand the base's 'config.json', but it says: {first}.",
            "Give the config.json that came with the base.",
        ) from e
    needed = {name: tuple(value.shape) for name, value in empty.state_dict().items()}
    if config.tied:
        needed.pop("lm_head.weight", None)
    files.check_shapes(found, needed)


def _refuse_infinite(model: nn.Module) -> None:
    for name, value in model.named_parameters():
        if not bool(torch.isfinite(value).all()):
            raise bad_data(
                "BAD_BASE",
                f"Expected finite weights, but '{name}' holds a value that is not finite.",
                "Give the base as its makers published it.",
            )
