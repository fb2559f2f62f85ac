"""Measures peak memory and seconds of a grid of jobs, and puts the estimates beside them.

estimate_grid.py RAW [--page PAGE]      measures the points that RAW has not yet, each in a process of its own, and keeps them
                                        there as JSON; writes the page; exit code 1 when a limit is exceeded
estimate_grid.py RAW --again …          the same without measuring, with the estimates of today
estimate_grid.py --point NAME KIND B T  one point, as JSON

Seconds are of the processor, one thread: the median of the steps that had it to themselves, without the first.
"""

import argparse
import itertools
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
MODELS = {
    "7M": {"hidden_size": 256, "intermediate_size": 688, "num_hidden_layers": 6, "num_attention_heads": 4,
           "num_key_value_heads": 2, "head_dim": 64, "vocab_size": 8192},
    "33M": {"hidden_size": 512, "intermediate_size": 1376, "num_hidden_layers": 8, "num_attention_heads": 8,
            "num_key_value_heads": 4, "head_dim": 64, "vocab_size": 16384},
    "135M": {"hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30, "num_attention_heads": 9,
             "num_key_value_heads": 3, "head_dim": 64, "vocab_size": 49152},
}  # fmt: skip
GRID = list(itertools.product(MODELS, ("lora", "full"), (1, 2, 4), (64, 128)))
#: Preference pairs: two sequences each, and the reference's pass.
PAIRS = list(itertools.product(("33M", "135M"), ("dpo",), (1, 4), (128,)))
MEMORY_LIMIT, TIME_LIMIT = 0.10, 0.20


def job_directory(root, base, kind, batch, length, steps):
    from support import JobDirectory

    job = JobDirectory(root, base)
    if kind == "full":
        job.full()
    else:
        job.method(
            kind="lora" if kind == "dpo" else kind, r=8, alpha=16, targets=["q_proj", "k_proj", "v_proj", "o_proj"]
        )
    # 512 tokens with those at both ends, so that every sequence is full
    job.rows([{"text": ("abcdefgh" * 64)[:-2]}] * 4).train(steps=steps, microBatch=batch, seqLen=length, lr="0.0001")
    if kind == "dpo":
        row = {"prompt": "?", "chosen": "abcdefgh" * 64, "rejected": "hgfedcba" * 64}
        job.rows([row] * 4).train(objective="dpo", dpoBeta="0.1")
    return job.write()


def base_of(root, name):
    from support import make_base

    directory = root / name
    if not (directory / "config.json").exists():
        make_base(directory, "llama", **MODELS[name])
    return directory


def point(root, name, kind, batch, length):
    """Runs steps for some seconds and prints what they took."""
    from perigee_lora import preset
    from perigee_lora.job.place import Workplace
    from perigee_lora.job.spec import read_job
    from perigee_lora.train.progress import peak_bytes

    preset.apply(1)
    preset.leave_out_bitsandbytes()
    from perigee_lora.train.session import open_session

    with tempfile.TemporaryDirectory() as directory:
        job = job_directory(Path(directory) / "job", root / name, kind, batch, length, 1000)
        session = open_session(Workplace(job.root), read_job(job.root / "job.json"))
        session.trainer.step(0)
        alone, done = [], 0
        while len(alone) < 3 or (sum(alone) < 2 and len(alone) < 40):
            began, worked = time.monotonic(), time.process_time()
            session.trainer.step(1 + done)
            done += 1
            worked = time.process_time() - worked
            if time.monotonic() - began < 1.2 * worked or done > 300:
                alone.append(worked)
        print(json.dumps({"peak": peak_bytes(), "seconds": sorted(alone)[len(alone) // 2]}))


def estimates(root, name, kind, batch, length, speed):
    """(bytes, seconds a step) that the package expects of a point."""
    from perigee_lora.base.config import read_config
    from perigee_lora.estimate import memory
    from perigee_lora.estimate import time as duration
    from perigee_lora.job.spec import read_job

    with tempfile.TemporaryDirectory() as directory:
        job = job_directory(Path(directory) / "job", root / name, kind, batch, length, 1)
        spec, config = read_job(job.root / "job.json"), read_config(root / name)
        return memory.estimate(config, spec).total, duration.seconds(config, spec, speed)


def child(*arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PERIGEE_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def measure(raw, root, models):
    """Measures what is missing, and keeps it after each point, so that it can be stopped and go on."""
    found = json.loads(raw.read_text()) if raw.exists() else {"machine": machine(), "points": []}

    def keep():
        raw.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")

    if "bench" not in found:
        found["bench"] = child("-m", "perigee_lora", "bench")
        keep()
    done = [tuple(kept["point"]) for kept in found["points"]]
    for missing in (wanted for wanted in GRID + PAIRS if wanted[0] in models and wanted not in done):
        measured = child(__file__, "--point", str(root), *map(str, missing))
        found["points"].append({"point": missing} | measured)
        print(f"measured {missing}: {measured['peak'] >> 20} MiB, {measured['seconds']:.3f} s", flush=True)
        keep()
    return found


def machine():
    """What the seconds are of."""
    import torch

    from perigee_lora import preset

    names = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return f"{names[0] if names else platform.machine()}, {preset.kernels(os.environ)}, torch {torch.__version__}"


def compare(found, root):
    """Of each point: it, what was measured, and how far the estimates of memory and seconds are off."""
    from perigee_lora.estimate import time as duration

    speed = duration.Speed(*(found["bench"]["processor"][name] for name in ("flops", "stream", "layer")))
    rows = []
    for kept in found["points"]:
        memory, seconds = estimates(root, *kept["point"], speed)
        rows.append(
            (*kept["point"], kept["peak"], memory / kept["peak"] - 1, kept["seconds"], seconds / kept["seconds"] - 1)
        )
    return rows


def sentence(name, rows):
    """How many points are within the limits."""
    parts = []
    for what, column, limit in (("memory", 5, MEMORY_LIMIT), ("seconds", 7, TIME_LIMIT)):
        off = [abs(row[column]) for row in rows]
        parts.append(
            f"{what} within {limit:.0%} at {sum(e <= limit for e in off)} of {len(off)} points (worst {max(off):.1%})"
        )
    return f"{name}: {'; '.join(parts)}."


PAGE = """\
# Estimates beside what was measured

Written by `trainers/lora/check-estimates` on: {machine}.

Random Llamas, float32, one thread, nothing else running; each point in a process of its own. `lora` has r = 8 at four modules,
`full` trains every weight, `dpo` is that lora on pairs: two sequences for each of the batch, and the reference's pass. Memory is
the most the process held, seconds are the processor's for one step. What `bench` measured there: {flops:.1f} billion operations
a second, {stream:.1f} GB through memory a second, {layer:.2f} ms for a layer's calls.{remarks}

{sentences}

| Model | Method | Batch | Length | MiB | estimate | s | estimate |
| --- | --- | --- | --- | --- | --- | --- | --- |
{rows}
"""


def page(found, rows, sentences):
    bench = found["bench"]["processor"]
    cells = [
        (*map(str, row[:4]), str(row[4] >> 20), f"{row[5]:+.1%}", f"{row[6]:.3f}", f"{row[7]:+.1%}") for row in rows
    ]
    return PAGE.format(
        machine=found["machine"], flops=bench["flops"] / 1e9, stream=bench["stream"] / 1e9, layer=bench["layer"] * 1e3,
        remarks="".join(f"\n\n{remark}" for remark in found.get("remarks", [])),
        sentences="\n".join(f"- {each}" for each in sentences),
        rows="\n".join(f"| {' | '.join(row)} |" for row in cells),
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--model", nargs="*", choices=MODELS, help="measure only these")
    parser.add_argument("--again", action="store_true", help="without measuring")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(os.environ.get("PERIGEE_GRID") or directory)
        for name in MODELS:
            base_of(root, name)
        found = (
            json.loads(options.raw.read_text())
            if options.again
            else measure(options.raw, root, options.model or MODELS)
        )
        rows = compare(found, root)
    grid = [row for row in rows if row[1] != "dpo"]
    pairs = [row for row in rows if row[1] == "dpo"]
    sentences = [sentence(name, part) for name, part in (("lora and full", grid), ("dpo", pairs)) if part]
    for row in rows:
        print(
            "{:5} {:5} {:2} {:4}  {:6.0f} MiB {:+6.1%}  {:6.3f} s {:+6.1%}".format(*row[:4], row[4] / 2**20, *row[5:])
        )
    print("\n".join(sentences))
    if options.page:
        options.page.write_text(page(found, rows, sentences), encoding="utf-8")
    failed = sum(abs(row[5]) > MEMORY_LIMIT or abs(row[7]) > TIME_LIMIT for row in rows)
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--point", directory, name, kind, batch, length]:
            point(Path(directory), name, kind, int(batch), int(length))
        case _:
            sys.exit(main())
