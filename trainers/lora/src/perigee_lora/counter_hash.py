"""All randomness of a job: a function of the seed, a purpose and counters, with no state to carry or to lie about.

The mixing step is SplitMix64's finaliser; the same numbers as the strict trainer's.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB


class Purpose(IntEnum):
    """Where the numbers go; the codes are part of the trainer's definition."""

    START = 1
    ORDER = 2
    DROPOUT = 3
    PACKING = 4


def mix(value: int) -> int:
    """SplitMix64's finaliser over 64 bits."""
    z = (value + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * _FIRST) & _MASK
    z = ((z ^ (z >> 27)) * _SECOND) & _MASK
    return z ^ (z >> 31)


def stream(seed: int, purpose: Purpose, first: int, second: int) -> int:
    """The key of one stream."""
    return mix((mix((mix((mix(seed) + int(purpose)) & _MASK) + first) & _MASK) + second) & _MASK)


def at(key: int, index: int) -> int:
    """64 bits of a stream at a place."""
    return mix((key + index * _GOLDEN) & _MASK)


def uniform(key: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The first ``count`` numbers of a stream, float64 in [0, 1) with 24 bits each."""
    with np.errstate(over="ignore"):
        z = np.arange(count, dtype=np.uint64) * np.uint64(_GOLDEN) + np.uint64((key + _GOLDEN) & _MASK)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(_FIRST)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(_SECOND)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-24


def top_bits(key: int, index: torch.Tensor) -> torch.Tensor:
    """The upper 32 bits of a stream at every place of ``index`` (int64), as int64; integers only, so exact anywhere."""
    z = index * _signed(_GOLDEN) + _signed((key + _GOLDEN) & _MASK)
    z = (z ^ _shift(z, 30)) * _signed(_FIRST)
    z = (z ^ _shift(z, 27)) * _signed(_SECOND)
    return _shift(z ^ _shift(z, 31), 32)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _shift(value: torch.Tensor, bits: int) -> torch.Tensor:
    """A logical shift to the right; torch's keeps the sign."""
    return (value >> bits) & ((1 << (64 - bits)) - 1)
