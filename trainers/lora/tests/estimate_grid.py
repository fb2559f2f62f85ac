"""Measures peak memory and seconds of a grid of jobs and puts the estimates beside them.

estimate_grid.py [--quick]                 all points, each in a process of its own; exit code 1 when a limit is exceeded
estimate_grid.py --point NAME KIND B T     one point, as JSON

Seconds are of the processor, one thread, so that what else runs on the machine counts less; the first step is left out.
"""

import json
import os
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
KINDS = ("lora", "full")
BATCHES = (1, 2, 4)
LENGTHS = (64, 128)
MEMORY_LIMIT, TIME_LIMIT = 0.10, 0.20


def job_directory(root, base, kind, batch, length, steps):
    from support import JobDirectory

    job = JobDirectory(root, base)
    if kind == "full":
        job.full()
    else:
        job.method(kind=kind, r=8, alpha=16, targets=["q_proj", "k_proj", "v_proj", "o_proj"])
    job.rows([{"text": "abcdefgh" * 64}] * 4).train(steps=steps, microBatch=batch, seqLen=length, lr="0.0001")
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
        began, done = time.process_time(), 0
        while done < 2 or (time.process_time() - began < 3 and done < 40):
            session.trainer.step(1 + done)
            done += 1
        print(json.dumps({"peak": peak_bytes(), "seconds": (time.process_time() - began) / done}))


def estimates(root, name, kind, batch, length):
    from perigee_lora.base.config import read_config
    from perigee_lora.estimate import memory
    from perigee_lora.estimate import time as duration
    from perigee_lora.job.spec import read_job

    with tempfile.TemporaryDirectory() as directory:
        job = job_directory(Path(directory) / "job", root / name, kind, batch, length, 1)
        spec, config = read_job(job.root / "job.json"), read_config(root / name)
        return memory.estimate(config, spec), lambda speed: duration.seconds(config, spec, speed)


def child(*arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PERIGEE_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def main(quick):
    from perigee_lora.estimate import time as duration

    root = Path(os.environ.get("PERIGEE_GRID") or tempfile.mkdtemp())
    points = [(n, k, b, t) for n in MODELS for k in KINDS for b in BATCHES for t in LENGTHS]
    if quick:
        points = [p for p in points if p[0] != "135M" and p[2] != 2]
    for name in {p[0] for p in points}:
        subprocess.run([sys.executable, __file__, "--base", str(root), name], check=True)
    measured = child("-m", "perigee_lora", "bench")
    speed = duration.Speed(*(measured["processor"][name] for name in ("flops", "stream", "layer")))
    print(f"bench: {json.dumps(measured)}")
    print("model  method batch length  peak MiB  estimate         s a step  estimate")
    over = 0
    for chosen in points:
        found = child(__file__, "--point", str(root), *map(str, chosen))
        need, seconds = estimates(root, *chosen)
        expected = seconds(speed)
        memory_error, time_error = need.total / found["peak"] - 1, expected / found["seconds"] - 1
        bad = abs(memory_error) > MEMORY_LIMIT or abs(time_error) > TIME_LIMIT
        over += bad
        print(
            f"{chosen[0]:6s} {chosen[1]:6s} {chosen[2]:5d} {chosen[3]:6d} {found['peak'] >> 20:9d} {need.total >> 20:9d} "
            f"{memory_error:+6.1%} {found['seconds']:9.3f} {expected:9.3f} {time_error:+6.1%}{'  EXCEEDED' if bad else ''}",
            flush=True,
        )
    print(f"{len(points) - over} passed, {over} failed")
    return 1 if over else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--point", directory, name, kind, batch, length]:
            point(Path(directory), name, kind, int(batch), int(length))
        case ["--base", directory, name]:
            base_of(Path(directory), name)
        case rest:
            sys.exit(main("--quick" in rest))
