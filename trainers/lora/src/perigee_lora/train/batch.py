"""Sequences as the model takes them: padded, with positions and a mask that keeps documents apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from perigee_lora.data.compose import Example


@dataclass(frozen=True)
class Batch:
    """``count`` sequences of ``length`` tokens at most.

    ids, positions, documents: int64 [count, length]; a document of -1 is padding.
    learned_at: int64 [n], flat places whose next token is learned; labels: int64 [n], those tokens;
    owners: int64 [n], the sequence of each; tokens: how many were read, padding apart.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    documents: torch.Tensor
    learned_at: torch.Tensor
    labels: torch.Tensor
    owners: torch.Tensor
    tokens: int


def batch(examples: Sequence[Example], device: torch.device) -> Batch:
    """Pads on the right to the longest. A sequence's last token predicts nothing and is left out."""
    length = max(len(example.tokens) for example in examples) - 1
    shape = (len(examples), max(1, length))
    ids = np.zeros(shape, dtype=np.int64)
    positions = np.zeros(shape, dtype=np.int64)
    documents = np.full(shape, -1, dtype=np.int64)
    places, labels, owners = [], [], []
    for row, example in enumerate(examples):
        size = len(example.tokens) - 1
        ids[row, :size] = example.tokens[:-1]
        lengths = example.lengths
        positions[row, :size] = np.concatenate([np.arange(n) for n in lengths])[:size]
        documents[row, :size] = np.repeat(np.arange(len(lengths)), lengths)[:size]
        next_learned = np.flatnonzero(example.learned[1:])
        places.append(next_learned + row * shape[1])
        labels.append(example.tokens[1:][next_learned])
        owners.append(np.full(len(next_learned), row))
    return Batch(
        torch.from_numpy(ids).to(device),
        torch.from_numpy(positions).to(device),
        torch.from_numpy(documents).to(device),
        torch.from_numpy(np.concatenate(places).astype(np.int64)).to(device),
        torch.from_numpy(np.concatenate(labels).astype(np.int64)).to(device),
        torch.from_numpy(np.concatenate(owners).astype(np.int64)).to(device),
        sum(len(example.tokens) for example in examples),
    )


def attention_mask(documents: torch.Tensor, window: int | None, dtype: torch.dtype) -> torch.Tensor:
    """What may be seen, as numbers to add: ``[count, 1, length, length]``, 0 or the smallest number of the type.

    A token sees itself and earlier tokens of its own document, at most ``window`` of them in all. Padding sees padding.
    """
    length = documents.shape[1]
    place = torch.arange(length, device=documents.device)
    seen = place[None, :] <= place[:, None]
    if window is not None:
        seen &= place[None, :] > place[:, None] - window
    allowed = seen[None] & (documents[:, :, None] == documents[:, None, :])
    mask = torch.zeros(allowed.shape, dtype=dtype, device=documents.device)
    return mask.masked_fill_(~allowed, torch.finfo(dtype).min)[:, None]
