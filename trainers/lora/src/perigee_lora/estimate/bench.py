"""A short benchmark: what a class on this machine computes, in useful operations a second."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from perigee_lora import preset
from perigee_lora.canonical import json
from perigee_lora.estimate.time import operations
from perigee_lora.failure import Exit
from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import Job, parse_job

_BASE = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "vocab_size": 16384,
    "hidden_size": 512,
    "intermediate_size": 1376,
    "num_hidden_layers": 8,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "max_position_embeddings": 256,
    "tie_word_embeddings": True,
    "eos_token_id": 0,
}
_LENGTH, _ROWS = 128, 4


def bench(seconds: float) -> Exit:
    """Trains a random model of 33 million weights for about ``seconds`` and prints the median step's throughput."""
    job = _job()
    count = int(os.environ.get("PERIGEE_THREADS") or len(os.sched_getaffinity(0)))
    preset.apply(count)
    preset.leave_out_bitsandbytes()
    from perigee_lora.train.session import open_session

    with tempfile.TemporaryDirectory() as directory:
        place = Workplace(Path(directory))
        _write(place)
        session = open_session(place, job)
        session.trainer.step(0)
        times: list[tuple[float, float]] = []
        began = time.monotonic()
        while len(times) < 3 or (time.monotonic() - began < seconds and len(times) < 500):
            wall, processor = time.monotonic(), time.process_time()
            session.trainer.step(1 + len(times))
            times.append((time.monotonic() - wall, time.process_time() - processor))
        tokens = _LENGTH * _ROWS
        useful = operations(session.config, job, tokens, _LENGTH, tokens)
    wall, processor = (sorted(column)[len(times) // 2] for column in zip(*times, strict=True))
    document: dict[str, Any] = {
        "device": str(session.device),
        "kernels": preset.kernels(os.environ),
        "threads": count,
        "steps": len(times),
        "flops": json.rounded(useful / wall),
        "flopsPerProcessorSecond": json.rounded(useful / processor),
        "tokensPerSecond": json.rounded(tokens / wall),
    }
    print(json.render(document), flush=True)
    return Exit.DONE


def _job() -> Job:
    return parse_job(
        {
            "version": 1,
            "method": {"kind": "lora", "r": 8, "alpha": 16, "targets": ["q_proj", "k_proj", "v_proj", "o_proj"]},
            "train": {"steps": 1000, "microBatch": _ROWS, "seqLen": _LENGTH, "lr": "0.0001", "seed": 1},
        }
    )


def _write(place: Workplace) -> None:
    """The random base and its data; the same on every machine."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(1)
    place.dataset.mkdir(parents=True)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**_BASE))
    model.save_pretrained(place.base)
    words = {f"w{i}": i for i in range(256)}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {"type": "WordLevel", "vocab": words, "unk_token": "w0"},
    }
    (place.base / "tokenizer.json").write_text(json.render(tokenizer), encoding="utf-8")
    rows = [json.render({"text": " ".join(f"w{(i * 7 + j) % 256}" for j in range(_LENGTH))}) for i in range(16)]
    (place.dataset / "data.jsonl").write_text("\n".join(rows), encoding="utf-8")
