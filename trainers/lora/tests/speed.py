"""Puts this trainer's throughput beside that of transformers.Trainer with PEFT: same model, rows, batch and settings.

speed.py [--gpu] [--model NAME] [--steps N]    prints a table; exit code 1 when ours falls below 0.97 of Trainer's
speed.py --one WHO ROOT GPU STEPS              one measurement in a process of its own, as JSON

On a processor tokens are counted per second of the processor, so that other load matters less; on a GPU per second on the
wall. Ours includes segments, hashing and checkpoints. 'ours' and 'trainer' have the preset's kernels and one thread;
'unpinned' is Trainer as the libraries come, but for the thread and attention.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
LIMIT = 0.97
ROWS, LENGTH = 4, 128
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj"]


def shape(gpu):
    """Micro-batch and length: what a machine of the kind is kept busy by."""
    return (8, 512) if gpu else (ROWS, LENGTH)


def make_job(root, base, gpu, steps):
    from support import JobDirectory

    rows, length = shape(gpu)
    job = JobDirectory(root, base).rows([{"text": "abcdefgh" * length} for _ in range(16)])
    job.method(kind="lora", r=16, alpha=32, targets=TARGETS)
    job.train(steps=steps, microBatch=rows, seqLen=length, lr="0.0002", maxGradNorm="1", packing=False)
    job.train(dtype="bfloat16" if gpu else "float32").section("segments", stepsPerSegment=max(1, steps // 4))
    job.spec["resources"]["gpu"] = {"count": int(gpu)}
    return job.write()


class Clock:
    """Seconds that count on this kind of machine."""

    def __init__(self, gpu):
        self._gpu = gpu
        self._began = self._now()

    def _now(self):
        if self._gpu:
            import torch

            torch.cuda.synchronize()
            return time.monotonic()
        return time.process_time()

    def seconds(self):
        return self._now() - self._began


def ours(root, gpu, steps):
    from perigee_lora import preset
    from perigee_lora.job.place import Borders, Workplace
    from perigee_lora.job.spec import read_job
    from perigee_lora.train.progress import Progress
    from perigee_lora.train.segments import Segments
    from perigee_lora.train.stop import StopSignal

    preset.apply(1)
    preset.leave_out_bitsandbytes()
    job = read_job(root / "job.json")
    place = Workplace(root)
    segments = Segments(place, job, StopSignal())
    for step in range(2):
        segments.session.trainer.step(step)
    clock = Clock(gpu)
    segments.run(Borders(0, job.last_border), Progress(place.progress))
    return clock.seconds()


def trainer(root, gpu, steps, pinned):
    import torch

    from perigee_lora import preset

    if pinned:
        preset.apply(1)
    torch.set_num_threads(1)
    preset.leave_out_bitsandbytes()
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, TrainerCallback, TrainingArguments
    from transformers import Trainer as Theirs

    rows, length = shape(gpu)
    dtype = torch.bfloat16 if gpu else torch.float32
    attention = "eager" if pinned or not gpu else "sdpa"
    model = AutoModelForCausalLM.from_pretrained(root / "inputs/base", dtype=dtype, attn_implementation=attention)
    model.config.use_cache = False
    model = get_peft_model(model, LoraConfig(r=16, lora_alpha=32, target_modules=TARGETS, task_type="CAUSAL_LM"))
    ids = [4 + i % 200 for i in range(length)]
    data = [{"input_ids": ids, "labels": ids} for _ in range(16)]
    arguments = TrainingArguments(
        output_dir=str(root / "theirs"), per_device_train_batch_size=rows, max_steps=2 + steps, learning_rate=2e-4,
        lr_scheduler_type="constant", report_to=[], save_strategy="no", logging_strategy="no", disable_tqdm=True,
        use_cpu=not gpu, dataloader_pin_memory=gpu,
    )  # fmt: skip

    class Started(TrainerCallback):
        clock = None

        def on_step_end(self, _arguments, state, _control, **_):
            if state.global_step == 2:
                self.clock = Clock(gpu)

    started = Started()
    Theirs(model=model, args=arguments, train_dataset=data, callbacks=[started]).train()
    return started.clock.seconds()


def one(who, root, gpu, steps):
    seconds = ours(root, gpu, steps) if who == "ours" else trainer(root, gpu, steps, who == "trainer")
    rows, length = shape(gpu)
    # a sequence's last token predicts nothing, in both
    print(json.dumps({"tokens": rows * (length - 1) * steps / seconds}))


def measure(who, root, gpu, steps):
    from perigee_lora import preset

    pinned = preset.environment_for(preset.kernels(os.environ))
    environment = {k: v for k, v in os.environ.items() if k not in pinned}
    environment |= {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}
    if who != "unpinned":
        environment |= pinned
    command = [sys.executable, __file__, "--one", who, str(root), str(int(gpu)), str(steps)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise SystemExit(f"{who} failed: {done.stderr.strip()[-800:]}")
    return json.loads(done.stdout.splitlines()[-1])["tokens"]


def table(base, gpu, steps, repeats=3):
    """Medians of alternating measurements: tokens a second of ours, of Trainer with the same switches and without."""
    found = {who: [] for who in ("ours", "trainer", "unpinned")}
    with tempfile.TemporaryDirectory() as directory:
        for turn in range(repeats):
            for who, values in found.items():
                root = Path(directory) / f"{who}{turn}"
                make_job(root, base, gpu, steps)
                values.append(measure(who, root, gpu, steps))
    return {who: sorted(values)[len(values) // 2] for who, values in found.items()}


def main():
    from estimate_grid import base_of

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--model", default="135M")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        found = table(base_of(Path(directory), options.model), options.gpu, options.steps, options.repeats)
    unit = "second" if options.gpu else "second of the processor"
    for who, tokens in found.items():
        print(f"{who:9s} {tokens:10.1f} tokens a {unit}")
    ratio, price = found["ours"] / found["trainer"], 1 - found["trainer"] / found["unpinned"]
    print(f"ours beside Trainer with the same switches: {ratio:.3f} (at least {LIMIT}); the switches cost {price:+.1%}")
    return int(ratio < LIMIT)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]), sys.argv[4] == "1", int(sys.argv[5]))
    else:
        sys.exit(main())
