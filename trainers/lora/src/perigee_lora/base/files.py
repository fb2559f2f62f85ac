"""What lies in a base's directory: pickles are refused by name, weights are checked before a library opens them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from perigee_lora.canonical import json, safetensors
from perigee_lora.canonical.safetensors import Entry
from perigee_lora.failure import JobFailure, bad_data

_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_HINT = "Give a directory in Hugging Face layout: config.json, tokenizer.json and model.safetensors."


def check_base(base: Path) -> None:
    """Refuses, by name, files that can hold code. Raises JobFailure (65)."""
    if not base.is_dir():
        raise _bad(f"Expected the base model at '{base}', but there is no such directory.")
    for path in sorted(base.rglob("*")):
        if path.suffix.lower() in _PICKLES:
            raise bad_data(
                "PICKLE",
                "Expected only safetensors, JSON and GGUF in the base, "
                f"but there is '{path.relative_to(base)}', which may hold code.",
                "Convert the weights to safetensors and leave the other file out.",
            )


def gguf_file(base: Path) -> str | None:
    """The one GGUF file of a base without safetensors."""
    if any(base.glob("*.safetensors")):
        return None
    found = sorted(path.name for path in base.glob("*.gguf"))
    if len(found) > 1:
        raise _bad(f"Expected one GGUF file in the base, but there are {len(found)}.")
    return found[0] if found else None


def weights(base: Path) -> dict[str, Entry]:
    """Names, types and shapes of all weights, over all shards. Raises JobFailure (65)."""
    entries: dict[str, Entry] = {}
    for name in _weight_files(base):
        path = base / name
        if not path.is_file():
            raise _bad(f"Expected the base model to have '{name}', but it does not exist.")
        try:
            found = safetensors.read_header(path)
        except safetensors.BrokenError as e:
            raise _bad(str(e)) from e
        twice = next((tensor for tensor in found if tensor in entries), None)
        if twice is not None:
            raise _bad(f"Expected every tensor in one file, but '{twice}' is in two.")
        entries.update(found)
    return entries


def check_shapes(found: Mapping[str, Entry], needed: Mapping[str, tuple[int, ...]]) -> None:
    """Compares a base's weights with what its config asks for. Raises JobFailure (65)."""
    for name, shape in needed.items():
        entry = found.get(name)
        if entry is None:
            raise _bad(f"Expected the base's weights to fit its config, but '{name}' is missing.")
        if entry.shape != shape:
            raise _bad(
                f"Expected the base's weights to fit its config, but '{name}' has shape {list(entry.shape)} "
                f"where {list(shape)} is needed."
            )
        if entry.dtype not in ("F32", "BF16", "F16"):
            raise _bad(f"Expected weights in float32, bfloat16 or float16, but '{name}' is {entry.dtype}.")


def _weight_files(base: Path) -> list[str]:
    index = base / "model.safetensors.index.json"
    if not index.is_file():
        return ["model.safetensors"]
    try:
        value = json.read(index, 64 << 20)
    except json.MalformedError as e:
        raise _bad(f"Expected '{index.name}' to be JSON, but {e}.") from e
    match value:
        case {"weight_map": dict(names)} if all(
            isinstance(n, str) and "/" not in n and n.endswith(".safetensors") for n in names.values()
        ):
            return sorted(set(names.values()))
        case _:
            raise _bad(f"Expected '{index.name}' to name a safetensors file for every tensor, but it does not.")


def _bad(message: str) -> JobFailure:
    return bad_data("BAD_BASE", message, _HINT)
