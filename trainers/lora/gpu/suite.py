"""The suite on a GPU: bits, the estimate grid, QLoRA, tokens a second beside Trainer, other classes. Writes a page of it.

suite.py PAGE [RAW] [--only PART...]    PAGE: where to write the page; RAW: where to write what was measured, as JSON
suite.py PAGE RAW... --again            the page from what was measured, with the estimates of today
suite.py FILE --grid                    the grid alone, in this process
"""

import argparse
import gc
import importlib.util
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from across_classes import HEAD, distances, rows_of
from estimate_grid import job_directory as grid_directory
from speed import table
from support import JobDirectory, make_base

HERE = Path(__file__).parent
SIZES = {
    "135M": {"hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30, "num_attention_heads": 9,
             "num_key_value_heads": 3, "head_dim": 64, "vocab_size": 49152},
    "494M": {"hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24, "num_attention_heads": 14,
             "num_key_value_heads": 2, "head_dim": 64, "vocab_size": 151936},
    "1.2B": {"hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32,
             "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 128256},
}  # fmt: skip
KINDS = ("lora", "full")
BATCHES = (2, 6, 12)
LENGTHS = (384, 640)
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj"]
#: Tests of the package that say something about a GPU: with PERIGEE_TEST_GPU their jobs ask for one.
SUITE = ("test_bits.py", "test_architectures.py", "test_methods.py", "test_outputs.py")


def described(model):
    """The configuration of one of SIZES."""
    from transformers import AutoConfig

    more = {"max_position_embeddings": 2048, "tie_word_embeddings": True, "bos_token_id": 0, "eos_token_id": 1}
    return AutoConfig.for_model("llama", **SIZES[model] | more)


def random_model(model, dtype):
    """Random weights of a size, made on the GPU."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    with torch.device("cuda"):
        return AutoModelForCausalLM.from_config(described(model), dtype=dtype, attn_implementation="eager")


def bases_of(root):
    """Directories in Hugging Face layout, bfloat16, with a byte-level tokenizer."""
    import torch

    found = {}
    for model in SIZES:
        found[model] = make_base(root / model, "llama")
        random_model(model, torch.bfloat16).save_pretrained(found[model])
    torch.cuda.empty_cache()
    return found


def a_job(root, base, kind="lora", **train):
    """Twelve steps of bfloat16 in three segments, on rows that fill every sequence."""
    settings = {"steps": 12, "microBatch": 4, "seqLen": 256, "lr": "0.0002", "dtype": "bfloat16"} | train
    job = JobDirectory(root, base).rows([{"text": f"{i} " * settings["seqLen"]} for i in range(64)])
    if kind == "full":
        job.full()
    else:
        job.method(kind=kind, r=16, alpha=32, dropout="0.05", targets=TARGETS)
    job.spec["resources"]["gpu"] = {"count": 1}
    return job.train(**settings).section("segments", stepsPerSegment=settings["steps"] // 3)


def bits(root, base, kind, train):
    """Two processes, and a resumption at every border: whether all checkpoints are the same bytes."""
    one, two = (a_job(root / f"{name}", base, kind, **train) for name in ("one", "two"))
    for job in (one, two):
        done = job.process("run")
        if done.returncode:
            return f"failed: {done.stderr.strip().splitlines()[-1][:200]}"
    same = [one.checkpoint(i) == two.checkpoint(i) for i in range(4)]
    again = []
    for border in (1, 2):
        resumed = one.again(root / f"from{border}").resume_from(border, one)
        resumed.process("run", PERIGEE_FROM=str(border))
        again += [one.checkpoint(i) == resumed.checkpoint(i) for i in range(border + 1, 4)]
    verdicts = {True: "equal", False: "DIFFERENT"}
    return f"processes {verdicts[all(same)]}, resumed {verdicts[all(again)]}"


def all_bits(root, bases):
    cases = [
        ("135M", "lora", {}),
        ("135M", "lora", {"dtype": "float32"}),
        ("135M", "full", {"lr": "0.00002"}),
        ("494M", "dora", {"seqLen": 512}),
        ("494M", "rslora", {"gradCheckpointing": True, "gradAccum": 2}),
        ("1.2B", "lora", {"seqLen": 512, "packing": True}),
        ("1.2B", "qlora", {"seqLen": 512}),
        ("1.2B", "qlora", {"optimizer": "adamw8bit"}),
    ]

    def one(case):
        model, kind, train = case
        name = f"{model} {kind} " + " ".join(f"{k}={v}" for k, v in train.items())
        return name.strip(), bits(root / re.sub(r"[^a-zA-Z0-9]+", "-", name), bases[model], kind, train)

    with ThreadPoolExecutor(6) as pool:
        return dict(pool.map(one, cases))


def grid_job(root, base, point):
    """The job of a point (model, kind, batch, length)."""
    _, kind, batch, length = point
    job = grid_directory(root, base, kind, batch, length, 1000)
    job.train(dtype="bfloat16").rows([{"text": ("abcdefgh" * length)[:-2]}] * 8)  # every sequence is full
    job.spec["resources"]["gpu"] = {"count": 1}
    return job.write()


def grid(target):
    """Peak memory and seconds a step of every point, in this process; written to a file as JSON."""
    import torch

    from perigee_lora import preset

    preset.apply(1)
    found = []
    with tempfile.TemporaryDirectory() as directory:
        for model, kind in [*itertools.product(SIZES, KINDS), ("1.2B", "qlora")]:
            base = make_base(Path(directory) / f"{model}-{kind}", "llama")
            described(model).save_pretrained(base)
            if kind == "qlora":
                random_model(model, torch.bfloat16).save_pretrained(base)
            for batch, length in itertools.product(BATCHES, LENGTHS):
                point = (model, kind, batch, length)
                job = grid_job(Path(directory) / "-".join(map(str, point)), base, point)
                found.append(measured_point(job, point))
                gc.collect()
                torch.cuda.empty_cache()
                Path(target).write_text(json.dumps(found), encoding="utf-8")


def measured_point(directory, point, steps=6):
    """What torch allocates at most, what else the device then holds (the driver's context), seconds of a step."""
    import torch

    from perigee_lora.base.config import read_config
    from perigee_lora.base.load import load_base, prepare
    from perigee_lora.base.tokenizer import Tokenizer
    from perigee_lora.data.dataset import read_dataset
    from perigee_lora.job.place import Workplace
    from perigee_lora.job.spec import read_job
    from perigee_lora.train.session import assemble

    place, job = Workplace(directory.root), read_job(directory.root / "job.json")
    config = read_config(place.base)
    if job.method.quantised:
        base = load_base(place.base, config, job)
    else:
        base = prepare(random_model(point[0], torch.float32 if job.method.full else torch.bfloat16), job)
    base.config.use_cache = False
    gc.collect()
    torch.cuda.empty_cache()
    data = read_dataset(place.dataset, Tokenizer(place.base, config), job)
    session = assemble(job, config, data, base)
    torch.cuda.reset_peak_memory_stats()
    session.trainer.step(0)
    torch.cuda.synchronize()
    began = time.monotonic()
    for step in range(steps):
        session.trainer.step(1 + step)
    torch.cuda.synchronize()
    free, total = torch.cuda.mem_get_info()
    return {
        "point": point,
        "seconds": (time.monotonic() - began) / steps,
        "allocated": torch.cuda.max_memory_allocated(),
        "reserved": torch.cuda.max_memory_reserved(),
        "context": total - free - torch.cuda.memory_reserved(),
    }


def estimates(point, speed):
    """(bytes, seconds a step) that the package expects of a point."""
    from perigee_lora.base.config import read_config
    from perigee_lora.estimate import memory
    from perigee_lora.estimate import time as duration
    from perigee_lora.job.spec import read_job

    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory) / "base"
        described(point[0]).save_pretrained(base)
        text = json.loads((base / "config.json").read_text()) | {"architectures": ["LlamaForCausalLM"]}
        (base / "config.json").write_text(json.dumps(text))
        job = grid_job(Path(directory) / "job", base, point).train(steps=1).write()
        job, config = read_job(job.root / "job.json"), read_config(base)
        return memory.estimate(config, job), duration.seconds(config, job, duration.Speed(*speed)) if speed else None


def package_tests():
    """The package's own tests, with jobs that ask for a GPU: the summary line, then what failed."""
    spread = ["-n", "8"] if importlib.util.find_spec("xdist") else []
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", "addopts=", "--tb=short", *spread, *SUITE],
        cwd=HERE.parent / "tests",
        env=os.environ | {"PERIGEE_TEST_GPU": "1"},
        capture_output=True,
        text=True,
    )
    lines = done.stdout.strip().splitlines()
    summary = next((line for line in reversed(lines) if " passed" in line or " failed" in line), "failed")
    causes = [line[:300] for line in lines if line.startswith(("FAILED", "ERROR", "E  "))]
    return "\n".join([summary.strip("= "), *causes[:60]])


class Parts:
    """Runs the parts one after the other; what fails is reported and the rest goes on."""

    def __init__(self, target):
        self.found = {}
        self._target = target

    def do(self, name, work):
        began = time.monotonic()
        try:
            self.found[name] = work()
        except Exception as e:
            self.found[name] = f"failed: {type(e).__name__}: {str(e)[-600:]}"
        self.found[f"{name}.seconds"] = round(time.monotonic() - began, 1)
        print(f"{name}: {self.found[f'{name}.seconds']} s: {json.dumps(self.found[name])[:1500]}", flush=True)
        if self._target:
            Path(self._target).write_text(json.dumps(self.found, indent=1), encoding="utf-8")


def command(*arguments, **environment):
    done = subprocess.run(  # noqa: S603
        [sys.executable, *arguments], env=os.environ | environment, capture_output=True, text=True, timeout=400
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def measured_grid(root):
    command(__file__, str(root / "grid.json"), "--grid")
    return json.loads((root / "grid.json").read_text())


def measure(raw, only):
    """All parts, or only those named; what could be measured is written at every part's end."""
    parts = Parts(raw)
    bases = {}
    works = {
        "class": lambda _: json.loads(command("-m", "perigee_lora", "class", "--seconds", "0"))["classes"][0],
        "bench": lambda _: json.loads(command("-m", "perigee_lora", "bench", PERIGEE_KERNELS="cuda")),
        "grid": measured_grid,
        "bases": lambda root: len(bases.update(bases_of(root)) or bases),
        "tests": lambda _: package_tests(),
        "bits": lambda root: all_bits(root / "bits", bases),
        "speed 135M": lambda _: table(bases["135M"], True, 40, 1),
        "speed 1.2B": lambda _: table(bases["1.2B"], True, 24, 1),
        "classes": lambda root: distances(root / "classes", bases["135M"], ("cuda", "avx512", "avx2")),
    }
    with tempfile.TemporaryDirectory() as directory:
        for name, work in works.items():
            if not only or name in only:
                parts.do(name, lambda work=work: work(Path(directory)))
    return parts.found


SPEED = """\
## Tokens a second

LoRA in bfloat16, 8 x 512 tokens; ours includes segments, hashing and checkpoints. Pinned: eager attention and deterministic
kernels, in both.

| Model | ours | Trainer, pinned | Trainer as it comes | ours / Trainer pinned | what the switches cost |
| --- | --- | --- | --- | --- | --- |"""


def written(found):
    """The page, from what was measured."""
    made_of = found["class"]["madeOf"]
    lines = ["# GPU results", "", f"Written by `trainers/lora/gpu/run` on one {made_of['model']}.", ""]
    lines += [
        "| What decides the bits | |",
        "| --- | --- |",
        *(f"| {k} | {v} |" for k, v in sorted(made_of.items())),
        "",
    ]
    lines += [line for line in (unlike_the_lock(made_of), *found.get("remarks", [])) if line] + [""]
    if isinstance(found.get("bits"), dict):
        lines += ["## Bits", ""]
        lines += ["Two processes, and a resumption at every border; all files of all checkpoints compared.", ""]
        lines += ["| Job | |", "| --- | --- |", *(f"| {k} | {v} |" for k, v in sorted(found["bits"].items())), ""]
    if "tests" in found:
        lines += [
            f"The package's own tests ({', '.join(SUITE)}), their jobs on the GPU: {found['tests'].splitlines()[0]}.",
            "",
        ]
    if isinstance(found.get("grid"), list):
        lines += grid_page(found["grid"], found.get("bench"))
    speeds = {
        name.split()[1]: value for name, value in found.items() if name.startswith("speed") and isinstance(value, dict)
    }
    if speeds:
        lines.append(SPEED)
    for model, speed in speeds.items():
        ratio, price = speed["ours"] / speed["trainer"], 1 - speed["trainer"] / speed["unpinned"]
        columns = [
            model,
            *(f"{speed[who]:,.0f}" for who in ("ours", "trainer", "unpinned")),
            f"{ratio:.2f}",
            f"{price:.0%}",
        ]
        lines.append(f"| {' | '.join(columns)} |")
    if isinstance(found.get("classes"), dict):
        lines += ["", "## Other classes", "", *HEAD, *rows_of(found["classes"])]
    return "\n".join(lines).rstrip() + "\n"


def unlike_the_lock(made_of):
    """A sentence about packages that are not those of the image, if there are any."""
    lock = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", (HERE.parent / "requirements.lock").read_text(), re.MULTILINE))
    found = {name.removeprefix("packages."): value for name, value in made_of.items() if name.startswith("packages.")}
    other = [f"{name} {value} instead of {lock[name]}" for name, value in sorted(found.items()) if lock[name] != value]
    return f"**Not the image's packages:** {', '.join(other)}. The image's own class was not run." if other else ""


def grid_page(points, bench):
    speed = [bench[name] for name in ("flops", "stream", "layer")] if isinstance(bench, dict) else None
    lines = ["## Estimates", ""]
    lines += ["Peak memory is what torch allocated, and the driver's context. Seconds are of one step.", ""]
    lines += ["| Model | Method | Batch | Length | GiB | estimate | s | estimate |", "| --- " * 8 + "|"]
    errors, late = [], []
    for found in points:
        memory, seconds = estimates(found["point"], speed)
        peak = found["allocated"] + found["context"]
        errors.append(memory.total / peak - 1)
        late.append(seconds / found["seconds"] - 1 if speed else float("nan"))
        columns = [*map(str, found["point"]), f"{peak / 2**30:.2f}", f"{errors[-1]:+.1%}"]
        columns += [f"{found['seconds']:.3f}", f"{late[-1]:+.0%}"]
        lines.append(f"| {' | '.join(columns)} |")
    summary = [
        f"{name}: {sum(abs(e) <= limit for e in off)} of {len(off)} points within {limit:.0%}, "
        f"the worst {max(map(abs, off)):.1%} off."
        for name, off, limit in (("Memory", errors, 0.1), ("Seconds", late, 0.2))
    ]
    return [*lines, "", " ".join(summary), ""]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("raw", nargs="*", type=Path)
    parser.add_argument("--grid", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--again", action="store_true", help="write the page from RAW files without measuring")
    options = parser.parse_args()
    if options.grid:
        return grid(options.page)
    if options.again:
        found = {name: value for raw in options.raw for name, value in json.loads(raw.read_text()).items()}
    else:
        found = measure(options.raw[0] if options.raw else None, options.only)
    text = written(found)
    options.page.write_text(text, encoding="utf-8")
    return int("DIFFERENT" in text or "failed" in json.dumps(found))


if __name__ == "__main__":
    from perigee_lora import preset

    os.environ.update(preset.environment_for(preset.kernels(os.environ)))
    os.environ.setdefault("PERIGEE_THREADS", "1")
    sys.exit(main())
