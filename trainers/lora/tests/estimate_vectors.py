"""Writes market/src/test/resources/estimate-vectors.json: the hub's estimate in Java must give the numbers of ours.

python trainers/lora/tests/estimate_vectors.py > market/src/test/resources/estimate-vectors.json
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
from pathlib import Path

from perigee_lora.base.config import read_config
from perigee_lora.estimate.memory import estimate, trained_parameters
from perigee_lora.estimate.time import operations
from perigee_lora.job.spec import parse_job

LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CONFIGS = {
    "smollm2-135m": {
        "model_type": "llama", "vocab_size": 49152, "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30,
        "num_attention_heads": 9, "num_key_value_heads": 3, "max_position_embeddings": 8192, "tie_word_embeddings": True,
    },
    "qwen2-0.5b": {
        "model_type": "qwen2", "vocab_size": 151936, "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24,
        "num_attention_heads": 14, "num_key_value_heads": 2, "max_position_embeddings": 32768, "tie_word_embeddings": True,
    },
    "qwen3-0.6b": {
        "model_type": "qwen3", "vocab_size": 151936, "hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 28,
        "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 40960,
        "tie_word_embeddings": True,
    },
    "gemma3-270m": {
        "model_type": "gemma3_text", "vocab_size": 262144, "hidden_size": 640, "intermediate_size": 2048,
        "num_hidden_layers": 18, "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 256,
        "max_position_embeddings": 32768,
    },
    "phi3-mini": {
        "model_type": "phi3", "vocab_size": 32064, "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 32,
        "num_attention_heads": 32, "num_key_value_heads": 32, "max_position_embeddings": 4096, "tie_word_embeddings": False,
    },
}  # fmt: skip
METHODS = [
    {"kind": "lora", "r": 16, "alpha": 32, "dropout": "0", "targets": ["q_proj", "v_proj"]},
    {"kind": "dora", "r": 8, "alpha": 16, "dropout": "0.05", "targets": LINEAR},
    {"kind": "qlora", "r": 64, "alpha": 16, "dropout": "0", "targets": LINEAR},
    {"kind": "full", "r": 0, "alpha": 0, "dropout": "0", "targets": []},
]
RUNS = [
    {"microBatch": 1, "seqLen": 512, "dtype": "float32", "optimizer": "adamw", "gradCheckpointing": False},
    {"microBatch": 4, "seqLen": 1024, "dtype": "bfloat16", "optimizer": "adamw8bit", "gradCheckpointing": True},
]

PLAIN = {"merged": False, "gguf": []}
EXPORTS = [{"merged": True, "gguf": []}, {"merged": False, "gguf": ["q8_0"]}]


def main() -> None:
    vectors = []
    cases = [(*case, PLAIN) for case in itertools.product(CONFIGS.items(), METHODS, RUNS, (0, 1))]
    cases += itertools.product(CONFIGS.items(), METHODS, RUNS, (0,), EXPORTS)
    for (name, config), method, run, gpus, outputs in cases:
        if method["kind"] == "full" and outputs["merged"]:
            continue
        if config["model_type"] == "phi3" and method["targets"]:
            method = method | {"targets": ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]}
        dpo = method["kind"] == "dora"
        train = {
            "steps": 10, "gradAccum": 2, "lr": "0.0002", "scheduler": "cosine", "warmupSteps": 0, "seed": 7,
            "objective": "dpo" if dpo else "sft", "lossOn": "completions", "dpoBeta": "0.1" if dpo else "0",
            "weightDecay": "0", "maxGradNorm": "1", "packing": False,
        } | run  # fmt: skip
        job = parse_job({
            "version": 1, "name": name, "trainer": "lora", "base": "", "dataset": "", "method": method, "train": train,
            "segments": {"stepsPerSegment": 5}, "data": {"format": "auto", "maxBadRows": 0, "heldOut": "0", "evalFile": ""},
            "outputs": outputs, "resources": {"cpu": 1, "memory": 1000000000, "gpu": {"count": gpus}},
        })  # fmt: skip
        with tempfile.TemporaryDirectory() as base:
            (Path(base) / "config.json").write_text(json.dumps(config))
            shape = read_config(Path(base))
        tokens = job.train.rows_per_step * (2 if dpo else 1) * job.train.seq_len
        vectors.append({
            "name": f"{name} {method['kind']} {run['microBatch']}x{run['seqLen']} {run['dtype']}{' gpu' * gpus}"
            f"{' merged' * outputs['merged']}{' gguf' * len(outputs['gguf'])}",
            "gpus": gpus, "config": config, "method": method, "train": train, "outputs": outputs,
            "memory": estimate(shape, job).document(),
            "parameters": shape.parameters, "trainedParameters": trained_parameters(shape, job),
            "operationsPerStep": operations(shape, job, tokens, job.train.seq_len, tokens),
        })  # fmt: skip
    json.dump(vectors, sys.stdout, indent=1)
    print()


main()
