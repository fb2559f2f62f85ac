"""Which row is read where: in every epoch each row once, in an order of its own.

The order is a keyed permutation (a four-round Feistel network, walked until it lands inside), so it needs no list and no
state; the same as the strict trainer's.
"""

from __future__ import annotations

from perigee_lora import counter_hash
from perigee_lora.counter_hash import Purpose

_ROUNDS = 4


class Order:
    """An order over ``size`` rows."""

    def __init__(self, seed: int, size: int, purpose: Purpose = Purpose.ORDER) -> None:
        self._seed = seed
        self._size = size
        self._purpose = purpose
        self._half_bits = (max(2, (size - 1).bit_length()) + 1) // 2

    def at(self, cursor: int) -> int:
        """The row at a cursor, which counts rows from the start of the job."""
        epoch, place = divmod(cursor, self._size)
        keys = [counter_hash.stream(self._seed, self._purpose, epoch, turn) for turn in range(_ROUNDS)]
        while True:
            place = self._permute(keys, place)
            if place < self._size:
                return place

    def _permute(self, keys: list[int], value: int) -> int:
        mask = (1 << self._half_bits) - 1
        left, right = value >> self._half_bits, value & mask
        for key in keys:
            left, right = right, left ^ (counter_hash.at(key, right) & mask)
        return left << self._half_bits | right
