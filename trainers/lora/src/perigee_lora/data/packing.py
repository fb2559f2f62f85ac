"""Several short rows in one sequence, so that little of it is padding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perigee_lora.counter_hash import Purpose
from perigee_lora.data.compose import Example
from perigee_lora.data.order import Order

#: Sequences that are open at a time; more would fill a little better and search longer.
_OPEN = 32


def pack(examples: Sequence[Example], length: int, seed: int) -> list[Example]:
    """Joins examples into sequences of at most ``length`` tokens, each example into the first open one with room.

    The examples are taken in an order of the seed's, so that neighbours in the dataset do not stay neighbours.
    """
    order = Order(seed, len(examples), Purpose.PACKING)
    packs: list[list[Example]] = []
    open_packs: list[int] = []
    room: dict[int, int] = {}
    for place in range(len(examples)):
        example = examples[order.at(place)]
        size = len(example.tokens)
        target = next((index for index in open_packs if room[index] >= size), None)
        if target is None:
            target = len(packs)
            packs.append([])
            open_packs.append(target)
            room[target] = length
            if len(open_packs) > _OPEN:
                open_packs.remove(min(open_packs, key=lambda index: (room[index], index)))
        packs[target].append(example)
        room[target] -= size
    return [_join(members) for members in packs]


def _join(members: list[Example]) -> Example:
    return Example(
        np.concatenate([member.tokens for member in members]),
        np.concatenate([member.learned for member in members]),
        tuple(len(member.tokens) for member in members),
    )
