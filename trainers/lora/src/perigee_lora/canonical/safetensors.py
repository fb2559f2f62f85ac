"""Safetensors in canonical form when written, and checked before anything else looks at them when read."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from perigee_lora.canonical.files import Writer

if TYPE_CHECKING:
    import torch

_SIZES = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2,
    "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
}  # fmt: skip
_HEADER_LIMIT = 100 << 20


class BrokenError(ValueError):
    """Not a safetensors file; the text says what was expected and what is there."""


@dataclass(frozen=True)
class Entry:
    """One tensor of a file's header."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return prod(self.shape) * _SIZES[self.dtype]


def writer(tensors: Mapping[str, torch.Tensor]) -> Writer:
    """Writes tensors sorted by name, without metadata, the header padded with spaces to 8 bytes: one form only.

    Tensors are copied to the CPU one at a time, while writing.
    """
    import torch

    names = {
        torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16", torch.float64: "F64",
        torch.uint8: "U8", torch.int8: "I8", torch.int32: "I32", torch.int64: "I64", torch.bool: "BOOL",
    }  # fmt: skip
    header: dict[str, object] = {}
    at = 0
    for name in sorted(tensors):
        tensor = tensors[name]
        size = tensor.numel() * tensor.element_size()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + size]}
        at += size
    head = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    head += b" " * (-len(head) % 8)

    def write(file: BinaryIO) -> None:
        file.write(struct.pack("<Q", len(head)) + head)
        for name in sorted(tensors):
            flat = tensors[name].detach().to("cpu").contiguous().reshape(-1)
            file.write(flat.view(torch.uint8).numpy().data if flat.numel() else b"")

    return write


def read_header(path: Path) -> dict[str, Entry]:
    """The tensors a file says it has, after checking that header and data fit each other to the byte.

    Raises BrokenError; reads nothing but the header.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        first = file.read(8)
        length = struct.unpack("<Q", first)[0] if len(first) == 8 else -1
        if not 2 <= length <= min(_HEADER_LIMIT, size - 8):
            raise BrokenError(f"Expected '{path.name}' to begin with the size of a header, but it does not.")
        try:
            header = json.loads(file.read(length).decode("utf-8"))
        except (ValueError, RecursionError) as e:
            raise BrokenError(f"Expected the header of '{path.name}' to be JSON, but it is not.") from e
    if not isinstance(header, dict):
        raise BrokenError(f"Expected the header of '{path.name}' to be an object, but it is not.")
    header.pop("__metadata__", None)
    entries: dict[str, Entry] = {}
    spans: list[tuple[int, int]] = []
    for name, value in header.items():
        entry, span = _entry(path.name, name, value)
        entries[name] = entry
        spans.append(span)
    at = 0
    for begin, end in sorted(spans):
        if begin != at:
            raise BrokenError(f"Expected the tensors of '{path.name}' to follow each other, but byte {at} has none.")
        at = end
    if at != size - 8 - length:
        raise BrokenError(f"Expected {at} bytes of data in '{path.name}', but there are {size - 8 - length}.")
    return entries


def _entry(file: str, name: str, value: object) -> tuple[Entry, tuple[int, int]]:
    match value:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [int(begin), int(end)]} if (
            dtype in _SIZES and all(type(n) is int and n >= 0 for n in shape) and 0 <= begin <= end
        ):
            entry = Entry(dtype, tuple(shape))
            if entry.size != end - begin:
                raise BrokenError(
                    f"Expected tensor '{name}' of '{file}' to have {entry.size} bytes, but it has {end - begin}."
                )
            return entry, (begin, end)
        case _:
            raise BrokenError(f"Expected tensor '{name}' of '{file}' to have dtype, shape and offsets, but it has not.")
