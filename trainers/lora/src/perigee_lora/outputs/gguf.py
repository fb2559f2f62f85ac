"""Quantised GGUF files for phones and laptops, written with the gguf package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from perigee_lora.base.config import BaseConfig
from perigee_lora.base.tokenizer import Tokenizer, read_tokenizer
from perigee_lora.canonical import json
from perigee_lora.canonical.files import unwritable
from perigee_lora.failure import JobFailure, bad_spec

#: ``model_type`` and what GGUF calls it.
ARCHITECTURES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}
_BLOCK = 32
_FILE_TYPES = {"q8_0": "MOSTLY_Q8_0", "q4_0": "MOSTLY_Q4_0", "q5_1": "MOSTLY_Q5_1"}

_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
#: What llama.cpp calls the ways to cut a text into words, by the steps of ``tokenizer.json``: GPT-2's are ByteLevel's own.
_PRE_TOKENIZERS = {
    ("words",): "gpt-2",
    ("digits", "words"): "smollm",
    (_WORDS % r"\p{N}{1,3}", "bytes"): "llama-bpe",
    (_WORDS % r"\p{N}", "bytes"): "qwen2",
}

Floats = npt.NDArray[np.float32]


def check(base: Path, config: BaseConfig) -> None:
    """Refuses, before anything is trained, a base of which no GGUF could be made.

    Raises JobFailure: 64, and 65 for a tokenizer that is none.
    """
    if config.model_type not in ARCHITECTURES:
        raise _cannot(f"the base is {config.model_type}, and only {', '.join(ARCHITECTURES)} can be written")
    window = json.read(base / "config.json", 1 << 20).get("sliding_window")
    if config.model_type == "mistral" and not (
        window is None or (isinstance(window, int) and window >= config.context)
    ):
        raise _cannot("its attention has a sliding window, which the format's llama has not")
    rotary = _rotary_type(json.read(base / "config.json", 1 << 20))
    if rotary != "default":
        raise _cannot(f"its rotary embedding is of type {rotary[:40]}, which the file would not say")
    tokenizer = read_tokenizer(base)
    model = tokenizer["model"]
    if model.get("type") != "BPE" or model.get("byte_fallback"):
        raise _cannot("its tokenizer is not byte-level BPE")
    if tokenizer.get("normalizer") not in (None, {"type": "NFC"}):  # readers take texts for normal
        raise _cannot("its tokenizer changes texts before it cuts them")
    if _pre_tokenizer(tokenizer) is None:
        raise _cannot("the way its tokenizer cuts a text into words has no name in the format that is known here")


def write(
    path: Path, kind: str, base: Path, config: BaseConfig, weights: Mapping[str, torch.Tensor], tokenizer: Tokenizer
) -> None:
    """Writes a file whole or not at all; matrices in ``kind``, embeddings and head in q8_0, the rest in float32."""
    import gguf

    draft = path.with_name(f".{path.name}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer: Any = gguf.GGUFWriter(str(draft), ARCHITECTURES[config.model_type])
        _describe(writer, kind, base, config)
        _vocabulary(writer, base, config, tokenizer)
        names = gguf.get_tensor_name_map(_architecture(gguf, config), config.layers)
        for name, value in weights.items():
            array = _ordered(name, value.detach().float().cpu().numpy(), config)
            packed, form = _packed(name, array, kind)
            writer.add_tensor(names.get_name(name, try_suffixes=(".weight", ".bias")), packed, raw_dtype=form)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        draft.replace(path)
    except OSError as e:
        draft.unlink(missing_ok=True)
        raise unwritable(path, e) from e


def load_quantised(model: nn.Module, kind: str, config: BaseConfig) -> None:
    """Replaces a model's weights by what is left of them after quantisation."""
    import gguf

    with torch.no_grad():
        for name, value in model.state_dict().items():
            if config.tied and name == "lm_head.weight":
                continue
            packed, form = _packed(name, value.detach().float().cpu().numpy(), kind)
            if form is not gguf.GGMLQuantizationType.F32:
                value.copy_(torch.from_numpy(np.array(gguf.dequantize(packed, form), dtype=np.float32)))


def _packed(name: str, array: Floats, kind: str) -> tuple[npt.NDArray[Any], Any]:
    import gguf

    forms = gguf.GGMLQuantizationType
    if array.ndim < 2 or array.shape[-1] % _BLOCK:
        return array, forms.F32
    wide = "embed_tokens" in name or "lm_head" in name
    form = forms.Q8_0 if wide else forms[kind.upper()]
    return gguf.quantize(array, form), form


def _ordered(name: str, array: Floats, config: BaseConfig) -> Floats:
    """GGUF's llama turns neighbouring pairs of a head, transformers turns its halves."""
    if ARCHITECTURES[config.model_type] != "llama":
        return array
    heads = {"q_proj": config.heads, "k_proj": config.key_heads}.get(name.split(".")[-2])
    if heads is None:
        return array
    half = array.shape[0] // heads // 2
    return np.ascontiguousarray(array.reshape(heads, 2, half, *array.shape[1:]).swapaxes(1, 2).reshape(array.shape))


def _describe(writer: Any, kind: str, base: Path, config: BaseConfig) -> None:
    import gguf

    settings = json.read(base / "config.json", 1 << 20)
    rope = settings.get("rope_parameters") or {}
    writer.add_name("perigee")
    writer.add_context_length(config.context)
    writer.add_embedding_length(config.width)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.inner)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.key_heads)
    writer.add_key_length(config.head_width)
    writer.add_value_length(config.head_width)
    writer.add_rope_dimension_count(config.head_width)
    writer.add_rope_freq_base(float(rope.get("rope_theta") or settings.get("rope_theta") or 10000.0))
    writer.add_layer_norm_rms_eps(float(settings.get("rms_norm_eps", 1e-6)))
    writer.add_vocab_size(config.vocabulary)
    writer.add_file_type(int(getattr(gguf.LlamaFileType, _FILE_TYPES[kind])))
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def _vocabulary(writer: Any, base: Path, config: BaseConfig, tokenizer: Tokenizer) -> None:
    import gguf

    model = read_tokenizer(base)
    words: dict[int, str] = {int(index): word for word, index in model["model"]["vocab"].items()}
    special: dict[int, bool] = {}
    for added in model.get("added_tokens", []):
        words[int(added["id"])] = added["content"]
        special[int(added["id"])] = bool(added.get("special"))
    types = []
    for index in range(config.vocabulary):
        if index not in words:
            types.append(gguf.TokenType.UNUSED)
        elif index in special:
            types.append(gguf.TokenType.CONTROL if special[index] else gguf.TokenType.USER_DEFINED)
        else:
            types.append(gguf.TokenType.NORMAL)
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_pre_tokenizer(model))
    writer.add_token_list([words.get(index, f"[PAD{index}]") for index in range(config.vocabulary)])
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    if config.begin is not None:
        writer.add_bos_token_id(config.begin)
    if tokenizer.end is not None:
        writer.add_eos_token_id(tokenizer.end)
    writer.add_add_bos_token(tokenizer.begin is not None)
    template = tokenizer.template_text
    if template is not None:
        writer.add_chat_template(template)


def _rotary_type(settings: Mapping[str, Any]) -> str:
    """``default``, or what the config says under its newer or its older name."""
    for name in ("rope_parameters", "rope_scaling"):
        said = settings.get(name)
        if isinstance(said, dict):
            found = said.get("rope_type", said.get("type")) or "default"
            if found != "default":
                return str(found)
    return "default"


def _pre_tokenizer(tokenizer: Mapping[str, Any]) -> str | None:
    whole = tokenizer.get("pre_tokenizer")
    steps = whole.get("pretokenizers") if isinstance(whole, dict) and whole.get("type") == "Sequence" else [whole]
    return _PRE_TOKENIZERS.get(tuple(_step(step) for step in steps)) if isinstance(steps, list) else None


def _step(step: Any) -> str:
    match step:
        case {"type": "ByteLevel", "add_prefix_space": False}:
            return "words" if step.get("use_regex", True) is True else "bytes"
        case {"type": "Digits", "individual_digits": True}:
            return "digits"
        case {"type": "Split", "pattern": {"Regex": str(pattern)}, "behavior": "Isolated"} if not step.get("invert"):
            return pattern
        case _:
            return "unknown"


def _architecture(gguf: Any, config: BaseConfig) -> Any:
    return {"llama": gguf.MODEL_ARCH.LLAMA, "qwen2": gguf.MODEL_ARCH.QWEN2, "qwen3": gguf.MODEL_ARCH.QWEN3}[
        ARCHITECTURES[config.model_type]
    ]


def _cannot(fact: str) -> JobFailure:
    return bad_spec(
        "NO_GGUF", f"Expected to be able to write 'outputs.gguf', but {fact}.", "Leave 'outputs.gguf' empty."
    )
