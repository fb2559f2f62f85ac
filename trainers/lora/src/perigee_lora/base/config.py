"""The base's config.json: which architectures are taken, and the sizes that everything else follows from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perigee_lora.canonical import json
from perigee_lora.failure import JobFailure, bad_data, bad_spec
from perigee_lora.job.fields import Fields

#: ``model_type`` of what is tested, and its class in transformers.
ARCHITECTURES = {
    "llama": "LlamaForCausalLM",
    "qwen2": "Qwen2ForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "gemma3_text": "Gemma3ForCausalLM",
    "mistral": "MistralForCausalLM",
    "phi3": "Phi3ForCausalLM",
}
_HINT = f"The lora trainer takes bases of model_type {', '.join(ARCHITECTURES)} in Hugging Face layout."


@dataclass(frozen=True)
class BaseConfig:
    """Sizes of the base. ``linears`` are (inputs, outputs) of one layer's projections, by module name."""

    model_type: str
    vocabulary: int
    width: int
    inner: int
    layers: int
    heads: int
    key_heads: int
    head_width: int
    context: int
    tied: bool
    attention_bias: bool
    begin: int | None
    ends: tuple[int, ...]

    @property
    def linears(self) -> dict[str, tuple[int, int]]:
        queries = self.heads * self.head_width
        keys = self.key_heads * self.head_width
        if self.model_type == "phi3":
            return {
                "qkv_proj": (self.width, queries + 2 * keys),
                "o_proj": (queries, self.width),
                "gate_up_proj": (self.width, 2 * self.inner),
                "down_proj": (self.inner, self.width),
            }
        return {
            "q_proj": (self.width, queries),
            "k_proj": (self.width, keys),
            "v_proj": (self.width, keys),
            "o_proj": (queries, self.width),
            "gate_proj": (self.width, self.inner),
            "up_proj": (self.width, self.inner),
            "down_proj": (self.inner, self.width),
        }

    @property
    def linear_parameters(self) -> int:
        """Weights of all layers' projections."""
        return self.layers * sum(inputs * outputs for inputs, outputs in self.linears.values())

    @property
    def parameters(self) -> int:
        """All weights, to within the norms' and biases' small change."""
        embeddings = self.vocabulary * self.width * (1 if self.tied else 2)
        norms = self.width * (4 if self.model_type == "gemma3_text" else 2)
        heads = 2 * self.head_width if self.model_type in ("qwen3", "gemma3_text") else 0
        biases = (self.heads + 2 * self.key_heads) * self.head_width if self.attention_bias else 0
        return embeddings + self.linear_parameters + self.layers * (norms + heads + biases) + self.width


def read_config(base: Path) -> BaseConfig:
    """Raises JobFailure (65)."""
    path = base / "config.json"
    if not path.is_file():
        raise _bad("Expected the base model to have a 'config.json', but there is none.")
    try:
        value = json.read(path, 1 << 20)
    except json.MalformedError as e:
        raise _bad(f"Expected the base model's 'config.json' to be JSON, but {e}.") from e
    fields = Fields("", value, _bad)
    model_type = fields.text("model_type")
    if model_type not in ARCHITECTURES:
        raise _bad(
            f"Expected the base's 'model_type' to be one of {', '.join(ARCHITECTURES)}, but it is \"{model_type[:60]}\"."
        )
    if fields.has("quantization_config"):
        raise _bad("Expected a base with plain weights, but 'quantization_config' is given.")
    width = fields.integer("hidden_size", 2, 65536)
    heads = fields.integer("num_attention_heads", 1, 1024)
    key_heads = fields.integer("num_key_value_heads", 1, heads, heads)
    vocabulary = fields.integer("vocab_size", 2, 1 << 24)
    config = BaseConfig(
        model_type=model_type,
        vocabulary=vocabulary,
        width=width,
        inner=fields.integer("intermediate_size", 1, 1 << 20),
        layers=fields.integer("num_hidden_layers", 1, 1024),
        heads=heads,
        key_heads=key_heads,
        head_width=fields.integer("head_dim", 2, 4096, _head_width(model_type, width, heads)),
        context=fields.integer("max_position_embeddings", 1, 1 << 24, 2048),
        tied=fields.flag("tie_word_embeddings", model_type in ("gemma3_text",)),
        attention_bias=model_type == "qwen2" or fields.flag("attention_bias", False),
        begin=_token(value, "bos_token_id", vocabulary),
        ends=_ends(value, vocabulary),
    )
    if heads % key_heads or config.head_width % 2:
        raise _bad(
            f"Expected heads of even width that share key heads evenly, but there are {heads} heads of width "
            f"{config.head_width} and {key_heads} key heads."
        )
    return config


def check_targets(targets: Sequence[str], config: BaseConfig) -> None:
    """Refuses names that no module of the base has. Raises JobFailure (64)."""
    known = sorted(config.linears)
    for name in targets:
        if name not in known:
            raise bad_spec(
                "BAD_TARGETS",
                f"Expected 'method.targets' to name modules of the base ({', '.join(known)}), but it names '{name}'.",
                "Name modules that the base has.",
            )


def _head_width(model_type: str, width: int, heads: int) -> int:
    """What transformers takes where the config names none."""
    return {"qwen3": 128, "gemma3_text": 256}.get(model_type, max(2, width // heads))


def _token(config: dict[str, Any], name: str, vocabulary: int) -> int | None:
    value = config.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < vocabulary:
        raise _bad(f"Expected '{name}' to be a token from 0 to {vocabulary - 1}, but it is {json.kind(value)}.")
    return value


def _ends(config: dict[str, Any], vocabulary: int) -> tuple[int, ...]:
    value = config.get("eos_token_id")
    listed = value if isinstance(value, list) else [value]
    found = [_token({"eos_token_id": token}, "eos_token_id", vocabulary) for token in listed]
    return tuple(token for token in found if token is not None)


def _bad(message: str) -> JobFailure:
    return bad_data("BAD_BASE", message, _HINT)
