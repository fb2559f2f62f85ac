"""From a batch to what the model thinks of its learned tokens."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from perigee_lora.base.load import plain_model
from perigee_lora.train.batch import Batch, attention_mask

#: Width of the blocks that long sums are cut into; see ordered_sum.
_BLOCK = 1024
_PART = 1 << 16


class Forward:
    """Runs a model on batches; the head is computed at learned places only."""

    def __init__(self, model: nn.Module, dtype: torch.dtype, autocast: bool) -> None:
        """``dtype`` is what is computed in; ``autocast`` when the weights themselves are wider."""
        self._model = model
        self._dtype = dtype
        self._autocast = autocast
        config: Any = plain_model(model).config
        self._kinds: list[str] = sorted(set(getattr(config, "layer_types", None) or []))
        self._window: int | None = getattr(config, "sliding_window", None)
        self._cap: float | None = getattr(config, "final_logit_softcapping", None)

    def logits(self, batch: Batch) -> torch.Tensor:
        """Float32 ``[learned, vocabulary]``."""
        inner = plain_model(self._model)
        with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=self._autocast):
            hidden = inner.model(
                input_ids=batch.ids,
                attention_mask=self._mask(batch.documents),
                position_ids=batch.positions,
                use_cache=False,
            ).last_hidden_state
            picked = hidden.reshape(-1, hidden.shape[-1]).index_select(0, batch.learned_at)
            logits: torch.Tensor = inner.lm_head(picked)
        if self._cap:
            logits = torch.tanh(logits / self._cap) * self._cap
        return logits.float()

    def losses(self, batch: Batch) -> torch.Tensor:
        """Float32 ``[learned]``: nats for each learned token."""
        return nn.functional.cross_entropy(self.logits(batch), batch.labels, reduction="none")

    def _mask(self, documents: torch.Tensor) -> torch.Tensor | dict[str, torch.Tensor]:
        """One mask, or one for each kind of layer where the architecture mixes kinds."""
        if not self._kinds:
            return attention_mask(documents, self._window, self._dtype)
        windows = {"full_attention": None, "sliding_attention": self._window}
        return {kind: attention_mask(documents, windows[kind], self._dtype) for kind in self._kinds}


def ordered_sum(values: torch.Tensor) -> torch.Tensor:
    """A float64 sum in one order, whatever the number of threads: short rows first, then the rows' sums."""
    return _sum_of_blocks(values.detach().reshape(-1).double())


def ordered_square_sum(values: torch.Tensor) -> torch.Tensor:
    """The float64 sum of squares in one order; long tensors are widened a part at a time, which the cache then holds."""
    flat = values.detach().reshape(-1)
    parts = [flat[first : first + _PART] for first in range(0, flat.numel(), _PART)]
    return _sum_of_blocks(torch.cat([_blocks(part.double().square()) for part in parts]))


def _sum_of_blocks(flat: torch.Tensor) -> torch.Tensor:
    while flat.numel() > _BLOCK:
        flat = _blocks(flat)
    return flat.sum()


def _blocks(flat: torch.Tensor) -> torch.Tensor:
    """The sums of blocks, the last filled with zeros."""
    return nn.functional.pad(flat, (0, -flat.numel() % _BLOCK)).view(-1, _BLOCK).sum(1)
