"""What the model makes of the held-out rows. The same numbers from the same checkpoint, everywhere in the class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from perigee_lora.canonical.json import rounded
from perigee_lora.data.compose import Item
from perigee_lora.failure import bad_spec
from perigee_lora.job.spec import Job
from perigee_lora.train.batch import batch
from perigee_lora.train.forward import Forward, ordered_sum
from perigee_lora.train.objective import margins, pair_losses

#: Answers up to this many tokens, the end included, count for the exact match.
SHORT = 16


def evaluate(
    job: Job, model: nn.Module, forward: Forward, items: Sequence[Item], device: torch.device
) -> dict[str, Any]:
    """Loss (nats), perplexity and accuracy over all items; for pairs, how often the chosen side is preferred.

    Every number is as metrics carry them. The model is left in evaluation mode.
    Raises JobFailure (64) when the loss is not finite.
    """
    model.eval()
    by_length = sorted(range(len(items)), key=lambda i: (max(len(e.tokens) for e in items[i]), i))
    parts = [by_length[i : i + job.train.micro_batch] for i in range(0, len(by_length), job.train.micro_batch)]
    measure = _pairs if job.train.objective == "dpo" else _tokens
    with torch.no_grad():
        return measure(job, model, forward, [[items[i] for i in part] for part in parts], device)


def perplexity(loss: float) -> Any:
    """exp of a loss in nats a token, as metrics carry it; capped, so that a hopeless model is still a number."""
    return rounded(math.exp(min(loss, 700.0)))


def _tokens(
    job: Job, model: nn.Module, forward: Forward, parts: list[list[Item]], device: torch.device
) -> dict[str, Any]:
    total = 0.0
    count = right = short = exact = 0
    for part in parts:
        examples = [item[0] for item in part]
        data = batch(examples, device)
        logits = forward.logits(data)
        total += ordered_sum(nn.functional.cross_entropy(logits, data.labels, reduction="none")).item()
        hits = (logits.argmax(-1) == data.labels).cpu()
        count += len(hits)
        right += int(hits.sum())
        owners = data.owners.cpu()
        for row, example in enumerate(examples):
            if example.learned_count <= SHORT:
                # with every earlier token right, the greedy answer is the learned one exactly when all are right
                short += 1
                exact += bool(hits[owners == row].all())
    loss = _finite(total / count)
    found = {
        "loss": rounded(loss),
        "perplexity": perplexity(loss),
        "tokenAccuracy": rounded(right / count),
        "tokens": count,
        "rows": sum(len(part) for part in parts),
    }
    if short:
        found |= {"exactMatch": rounded(exact / short), "exactMatchRows": short}
    return found


def _pairs(
    job: Job, model: nn.Module, forward: Forward, parts: list[list[Item]], device: torch.device
) -> dict[str, Any]:
    total = margin_total = 0.0
    count = right = 0
    for part in parts:
        data = batch([example for item in part for example in item], device)
        margin = margins(model, forward, data, job.train.dpo_beta)
        total += ordered_sum(pair_losses(margin)).item()
        margin_total += ordered_sum(margin).item()
        right += int((margin > 0).sum())
        count += len(part)
    return {
        "loss": rounded(_finite(total / count)),
        "preferenceAccuracy": rounded(right / count),
        "margin": rounded(_finite(margin_total / count)),
        "rows": count,
    }


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise bad_spec(
            "DIVERGED",
            "Expected a finite loss of the held-out rows, but training has diverged.",
            "Lower 'train.lr', or warm up over more steps; at border 0 the base itself computes no finite numbers.",
        )
    return value
