"""How far honest segments of different numeric classes are apart, and the smallest cheat that is farther.

across_classes.py [--model NAME] [--classes NAME...]    the first class is the reference

Every run starts from the reference's own checkpoint, so that a distance is that of one segment of ten steps. Distances are
relative to the reference's update: L2; L2 without the largest 1 % of the differences; the median over 1024 buckets of a
signed sketch, relative to the root mean square of the update's buckets; the largest element.
"""

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
STEPS = 10
RATE = Decimal("0.0002")
BUCKETS = 1024
CHEATS = ("0.99999", "0.9999", "0.999", "0.99")
HEAD = [
    "| Segment | Run | L2 | L2, trimmed | sketch | largest |",
    "| --- | --- | --- | --- | --- | --- |",
]


def a_job(root, base, kernels, **train):
    from support import WORDS, JobDirectory

    job = JobDirectory(root, base).rows([{"text": " ".join(WORDS[i % 7 :] * 8)} for i in range(64)])
    job.method(kind="lora", r=16, alpha=32, targets=["q_proj", "k_proj", "v_proj", "o_proj"])
    job.spec["resources"]["gpu"] = {"count": int(kernels == "cuda")}
    settings = {"steps": 2 * STEPS, "microBatch": 4, "seqLen": 64, "lr": str(RATE)} | train
    return job.train(**settings).section("segments", stepsPerSegment=STEPS)


def run(job, kernels, border=0, start=None):
    """The segment after a border; the update's new values."""
    environment = {"PERIGEE_KERNELS": kernels, "PERIGEE_FROM": str(border), "PERIGEE_TO": str(border + 1)}
    if start is not None:
        job.resume_from(border, start)
    done = job.process("run", **environment)
    if done.returncode:
        raise RuntimeError(done.stderr[-400:])
    return weights(job, border + 1)


def weights(job, border):
    from safetensors.numpy import load_file

    tensors = load_file(job.root / f"checkpoints/{border}/adapter.safetensors")
    return np.concatenate([tensors[name].astype(np.float64).ravel() for name in sorted(tensors)])


def distance(before, other, reference):
    difference, update = other - reference, reference - before
    size = np.linalg.norm(update)
    kept = np.sort(np.abs(difference))[: -max(1, len(difference) // 100)]
    chance = np.random.default_rng(1)
    bucket, sign = chance.integers(0, BUCKETS, len(update)), chance.choice([-1.0, 1.0], len(update))
    sketches = [np.bincount(bucket, sign * values, BUCKETS) for values in (difference, update)]
    return {
        "l2": float(np.linalg.norm(difference) / size),
        "trimmed": float(np.linalg.norm(kept) / size),
        "sketch": float(np.median(np.abs(sketches[0])) / np.sqrt(np.mean(sketches[1] ** 2))),
        "largest": float(np.abs(difference).max()),
    }


def distances(root, base, classes):
    """Rows (segment, run, distance), honest classes first."""
    reference = classes[0]
    truth = a_job(root / "truth", base, reference)
    first = run(truth, reference)
    second_job = a_job(root / "second", base, reference)
    second = run(second_job, reference, 1, truth)
    before = weights(truth, 0), first
    found = {"reference": reference, "rows": []}
    runs = [(f"honest, {name}", name, {}) for name in classes[1:]]
    runs += [(f"cheat, rate x {rate}", reference, {"lr": str(RATE * Decimal(rate))}) for rate in CHEATS]

    def compared(border, expected, name, kernels, train):
        job = a_job(root / f"{name}-{border}".replace(" ", "-"), base, kernels, **train)
        new = run(job, kernels, border, truth if border else None)
        return [border + 1, name, distance(before[border], new, expected)]

    with ThreadPoolExecutor(max(1, len(os.sched_getaffinity(0)) // 2)) as pool:
        started = [
            pool.submit(compared, border, expected, *each)
            for border, expected in enumerate((first, second))
            for each in runs
        ]
        found["rows"] += [each.result() for each in started]
    half = a_job(root / "half", base, reference, microBatch=2)
    found["rows"].append([1, "cheat, half the batch", distance(before[0], run(half, reference), first)])
    short = a_job(root / "short", base, reference, steps=2 * STEPS - 2).section("segments", stepsPerSegment=STEPS - 1)
    found["rows"].append([1, "cheat, one step skipped", distance(before[0], run(short, reference), first)])
    return found


def rows_of(found):
    """Lines of a Markdown table; then which cheats each class's noise hides."""
    lines = [
        f"| {segment} | {name} | {d['l2']:.1e} | {d['trimmed']:.1e} | {d['sketch']:.1e} | {d['largest']:.1e} |"
        for segment, name, d in found["rows"]
    ]
    lines += ["", f"Reference: {found['reference']}.", ""]
    for segment in (1, 2):
        rows = [(name, d["sketch"]) for number, name, d in found["rows"] if number == segment]
        for name, noise in rows:
            if name.startswith("honest"):
                seen = sorted(
                    (value, cheat) for cheat, value in rows if cheat.startswith("cheat") and value > 2 * noise
                )
                smallest = seen[0][1].removeprefix("cheat, ") if seen else "none of these"
                other = name.removeprefix("honest, ")
                lines.append(f"Segment {segment}, {other}: the smallest cheat seen is {smallest}.")
    return lines


def main():
    from estimate_grid import base_of
    from perigee_lora import preset

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="33M")
    parser.add_argument("--base", type=Path, help="a directory with a model instead of a random one")
    parser.add_argument("--classes", nargs="+", default=preset.machine_sets())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        base = options.base.resolve() if options.base else base_of(Path(directory), options.model)
        found = distances(Path(directory) / "jobs", base, options.classes)
    print("\n".join([*HEAD, *rows_of(found)]))


if __name__ == "__main__":
    main()
