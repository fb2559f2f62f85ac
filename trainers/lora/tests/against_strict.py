"""Compares strict and lora on the same jobs; exit code 1 when a limit is exceeded.

against_strict.py JAVA JAR QUICKSTART SEEDS

Limits are on what one segment changes: the relative L2 distance of the adapter's update, also without the 1 % of elements
that differ most (with the averages of squares still empty, AdamW turns a gradient that is only rounding into a full step),
and on losses and gradient norms.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

LIMITS = {"loss": 2e-5, "norm": 2e-4, "update": 5e-3, "trimmed": 2e-5, "later update": 2e-4}
SEGMENT, SEGMENTS = 4, 3
KINDS = [
    (["q_proj", "k_proj", "v_proj", "o_proj"], "0", "cosine", 4, 1),
    (["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], "0.1", "linear", 2, 2),
]


def spec(seed, trainer):
    targets, dropout, scheduler, micro, accumulate = KINDS[seed % len(KINDS)]
    return {
        "version": 1, "trainer": trainer, "base": "sha256:" + "0" * 64, "dataset": "sha256:" + "0" * 64,
        "method": {"kind": "lora", "r": 8, "alpha": 16, "dropout": dropout, "targets": targets},
        "train": {"steps": SEGMENT * SEGMENTS, "microBatch": micro, "gradAccum": accumulate, "seqLen": 48, "lr": "0.002",
                  "scheduler": scheduler, "warmupSteps": 2, "seed": seed, "dtype": "float32"},
        "segments": {"stepsPerSegment": SEGMENT}, "resources": {"cpu": 1},
    }  # fmt: skip


def train(root, trainer, seed, command, quickstart, resume=None):
    """Runs a job; with ``resume`` only the segment after that checkpoint."""
    for name in ("inputs", "checkpoints", "outputs"):
        (root / name).mkdir(parents=True)
    for name in ("base", "dataset"):
        (root / "inputs" / name).symlink_to(quickstart / name)
    (root / "job.json").write_text(json.dumps(spec(seed, trainer)))
    environment = os.environ | {"PERIGEE_ROOT": str(root), "PERIGEE_THREADS": "1"}
    if resume is not None:
        (root / "resume").symlink_to(resume)
        environment |= {"PERIGEE_FROM": resume.name, "PERIGEE_TO": str(int(resume.name) + 1)}
    subprocess.run(command, env=environment, check=True, capture_output=True)


def flat(root, border):
    tensors = load_file(root / f"checkpoints/{border}/adapter.safetensors")
    return np.concatenate([tensors[name].astype(np.float64).ravel() for name in sorted(tensors)])


def metrics(root, border):
    return [json.loads(line) for line in (root / f"checkpoints/{border}/metrics.jsonl").read_text().splitlines()]


def distances(before, mine, other):
    """Relative L2 of two updates from one start: plain, and without the largest 1 % of the differences."""
    difference = np.abs(mine - other)
    size = np.linalg.norm(other - before)
    kept = np.sort(difference)[: -max(1, len(difference) // 100)]
    return np.linalg.norm(difference) / size, np.linalg.norm(kept) / size


def compare(seed, java, jar, quickstart, found):
    strict = [java, "--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmx512m", "-jar", jar]
    lora = [sys.executable, "-m", "perigee_lora", "run"]
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        train(root / "strict", "strict", seed, strict, quickstart)
        train(root / "lora", "lora", seed, lora, quickstart)
        one, two = root / "strict", root / "lora"
        for name in ("adapter.safetensors", "optimizer.safetensors", "state.json"):
            start = [(place / "checkpoints/0" / name).read_bytes() for place in (one, two)]
            assert start[0] == start[1], f"seed {seed}: border 0 has another {name}"
        assert (one / "checkpoints/3/state.json").read_bytes() == (two / "checkpoints/3/state.json").read_bytes()
        for border in range(1, SEGMENTS + 1):
            for mine, other in zip(metrics(two, border), metrics(one, border), strict=True):
                assert (mine["step"], mine["tokens"]) == (other["step"], other["tokens"]), "other rows were read"
                assert abs(mine["lr"] - other["lr"]) <= 1e-9 * 0.002, "another learning rate"
                found["loss"].append(abs(mine["loss"] - other["loss"]) / other["loss"])
                found["norm"].append(abs(mine["gradNorm"] - other["gradNorm"]) / other["gradNorm"])
        plain, trimmed = distances(flat(one, 0), flat(two, 1), flat(one, 1))
        found["update"].append(plain)
        found["trimmed"].append(trimmed)
        # a later segment, from strict's own checkpoint: what a referee does
        train(root / "referee", "lora", seed, lora, quickstart, one / "checkpoints/2")
        later, _ = distances(flat(one, 2), flat(root / "referee", 3), flat(one, 3))
        found["later update"].append(later)


def main(java, jar, quickstart, seeds):
    found = {name: [] for name in LIMITS}
    for seed in range(1, int(seeds) + 1):
        compare(seed, java, str(Path(jar).resolve()), Path(quickstart).resolve(), found)
        print(
            f"seed {seed:2d}  " + "  ".join(f"{name} {max(values):.1e}" for name, values in found.items()), flush=True
        )
    print(f"\n{'largest relative deviation over ' + seeds + ' seeds':48s} {'median':>9s} {'largest':>9s} {'limit':>9s}")
    words = {
        "loss": "loss of a step", "norm": "norm of a step's gradient", "update": "update of the first segment, L2",
        "trimmed": "the same without the largest 1 %", "later update": "update of the third segment from one start, L2",
    }  # fmt: skip
    bad = 0
    for name, values in found.items():
        over = max(values) > LIMITS[name]
        bad += over
        print(
            f"{words[name]:48s} {np.median(values):9.1e} {max(values):9.1e} {LIMITS[name]:9.0e}{'  EXCEEDED' if over else ''}"
        )
    print(f"{len(found) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
