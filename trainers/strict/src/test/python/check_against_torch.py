#!/usr/bin/env python3
"""Compares the strict trainer with torch + transformers + peft on a base and a dataset in Hugging Face form.

Runs the trainer's jar, computes the same steps with the Hugging Face stack, written here from the trainer's
documented rules and not from its code, and prints every deviation beside its limit. Exit code 1 when one is exceeded.

    check_against_torch.py JAVA CLASSPATH BASE DATASET
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast, get_scheduler

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CODES = {name: i + 1 for i, name in enumerate(ALL)}
failures = []


def mix(value):
    z = (value + GOLDEN) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def stream(seed, purpose, first, second):
    return mix((mix((mix((mix(seed) + purpose) & MASK) + first) & MASK) + second) & MASK)


def at(key, index):
    return mix((key + index * GOLDEN) & MASK)


def example_at(seed, size, cursor):
    half = (max(2, (size - 1).bit_length()) + 1) // 2
    epoch, place = divmod(cursor, size)
    while True:
        left, right = place >> half, place & ((1 << half) - 1)
        for turn in range(4):
            left, right = right, left ^ (at(stream(seed, 2, epoch, turn), right) & ((1 << half) - 1))
        place = left << half | right
        if place < size:
            return place


def job(targets, dropout, steps, scheduler):
    return {
        "base": "sha256:" + "0" * 64, "dataset": "sha256:" + "0" * 64, "version": 1, "trainer": "strict",
        "method": {"alpha": 16, "dropout": dropout, "kind": "lora", "r": 8, "targets": targets},
        "train": {"dtype": "float32", "gradAccum": 2, "lr": "0.002", "microBatch": 2, "scheduler": scheduler, "seed": 7,
                  "seqLen": 64, "steps": steps, "warmupSteps": 2},
        "segments": {"stepsPerSegment": 1}, "resources": {"cpu": 1}}


def examples(tokenizer, dataset, length):
    for line in (dataset / "data.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        prompt = [0, *tokenizer(row["prompt"], add_special_tokens=False).input_ids]
        ids = [*prompt, *tokenizer(row["completion"], add_special_tokens=False).input_ids, 1]
        labels = [-100] * len(prompt) + ids[len(prompt):]
        yield torch.tensor(ids[:length]), torch.tensor(labels[:length])


def compare(what, mine, other, limit):
    """Relative L2 distance."""
    mine, other = mine.double().flatten(), other.double().flatten()
    distance = ((mine - other).norm() / max(other.norm(), 1e-30)).item()
    report(what, distance, limit)


def report(what, value, limit):
    print(f"  {what:58s} {value:10.2e}  limit {limit:.0e}{'' if value <= limit else '  EXCEEDED'}")
    if not value <= limit:
        failures.append(what)


class CounterDropout(torch.nn.Module):
    """The trainer's dropout, in the place of torch's."""

    def __init__(self, clock, seed, rate, layer, code):
        super().__init__()
        self.clock, self.seed, self.rate, self.layer, self.code = clock, seed, rate, layer, code

    def forward(self, x):
        key = stream(self.seed, 3, self.clock["step"], self.layer * 8 + self.code)
        first, width = self.clock["first"], x.shape[-1]
        kept = [(at(key, first * width + i) >> 32) >= int(self.rate * 2 ** 32) for i in range(x[0].numel())]
        return x * torch.tensor(kept, dtype=x.dtype).view(x[0].shape) * (1 / (1 - self.rate))


def check(java, base, dataset, spec, rounds):
    train, method = spec["train"], spec["method"]
    seed, count, rate = train["seed"], train["microBatch"] * train["gradAccum"], float(method["dropout"])
    print(f"targets {','.join(method['targets'])}, dropout {rate}, {train['scheduler']}")
    with tempfile.TemporaryDirectory() as root:
        place = Path(root)
        for name in ("inputs", "checkpoints", "outputs"):
            (place / name).mkdir()
        (place / "inputs/base").symlink_to(base)
        (place / "inputs/dataset").symlink_to(dataset)
        (place / "job.json").write_text(json.dumps(spec))
        run = lambda *more: subprocess.run([*java, *more], env={**os.environ, "PERIGEE_ROOT": root}, check=True, capture_output=True)
        run()
        metrics = [json.loads((place / f"checkpoints/{i}/metrics.jsonl").read_text()) for i in range(1, train["steps"] + 1)]
        state = lambda border, name: load_file(place / f"checkpoints/{border}/{name}.safetensors")

        tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(base / "tokenizer.json"))
        rows = list(examples(tokenizer, dataset, train["seqLen"]))
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation="eager")
        model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, lora_dropout=rate, target_modules=method["targets"], task_type="CAUSAL_LM"))
        named = {name.replace(".default", ""): p for name, p in model.named_parameters() if p.requires_grad}
        start = state(0, "adapter")
        assert sorted(start) == sorted(named), "the adapter's names are not PEFT's"
        with torch.no_grad():
            for name, p in named.items():
                p.copy_(start[name])
        check_start(start, seed)
        clock = {}
        if rate:
            for layer, block in enumerate(model.base_model.model.model.layers):
                for target in method["targets"]:
                    module = getattr(block.self_attn, target, None) or getattr(block.mlp, target)
                    module.lora_dropout["default"] = CounterDropout(clock, seed, rate, layer, CODES[target])
        optimizer = torch.optim.AdamW(model.parameters(), lr=float(train["lr"]), weight_decay=0.0, foreach=False)
        scheduler = get_scheduler(train["scheduler"] + ("_with_warmup" if train["scheduler"] == "constant" else ""), optimizer, train["warmupSteps"], train["steps"])
        model.train()
        worst = {"loss": 0.0, "norm": 0.0, "rate": 0.0}
        for step in range(rounds):
            batch = [rows[example_at(seed, len(rows), step * count + i)] for i in range(count)]
            learned = sum((labels[1:] != -100).sum().item() for _, labels in batch)
            optimizer.zero_grad()
            total = 0.0
            for i, (ids, labels) in enumerate(batch):
                clock.update(step=step, first=i * train["seqLen"])
                # the last token predicts nothing, and the trainer does not compute it
                logits = model(input_ids=ids[None, :-1]).logits[0]
                loss = torch.nn.functional.cross_entropy(logits, labels[1:], reduction="sum") / learned
                loss.backward()
                total += loss.item()
            assert metrics[step]["tokens"] == sum(len(ids) for ids, _ in batch), "other rows were read"
            norm = torch.sqrt(sum(p.grad.double().pow(2).sum() for p in named.values())).item()
            worst["loss"] = max(worst["loss"], abs(total - metrics[step]["loss"]) / total)
            worst["norm"] = max(worst["norm"], abs(norm - metrics[step]["gradNorm"]) / norm)
            worst["rate"] = max(worst["rate"], abs(scheduler.get_last_lr()[0] - metrics[step]["lr"]) / float(train["lr"]))
            if step == 0:
                mean = state(1, "optimizer")
                gradients = torch.cat([p.grad.flatten() for p in named.values()])
                compare("gradient of the first step", torch.cat([mean["exp_avg." + n].flatten() * 10 for n in named]), gradients, 1e-5)
            optimizer.step()
            scheduler.step()
        report(f"loss of {rounds} steps, largest relative deviation", worst["loss"], 1e-5)
        report("norm of the gradients", worst["norm"], 1e-4)
        report("learning rates against transformers' scheduler", worst["rate"], 1e-8)
        after = state(rounds, "adapter")
        flat = lambda tensors: torch.cat([tensors[n].detach().flatten() for n in named])
        compare(f"update of the adapter over {rounds} steps", flat(after) - flat(start), flat(named) - flat(start), 5e-4)
        check_outputs(place, run, base, rows, train["steps"], spec)


def check_start(start, seed):
    for name, tensor in start.items():
        if "lora_B" in name:
            assert not tensor.any(), "lora_B must start as zeros"
        else:
            layer, target = int(name.split(".")[4]), name.split(".")[6]
            key = stream(seed, 1, layer, CODES[target])
            bound = 1 / tensor.shape[1] ** 0.5
            wanted = torch.tensor([(2 * ((at(key, i) >> 40) / 2 ** 24) - 1) * bound for i in range(tensor.numel())], dtype=torch.float64).float()
            assert torch.equal(wanted, tensor.flatten()), f"{name} does not start as documented"


def check_outputs(place, run, base, rows, last, spec):
    """The result opens in PEFT and says the same as the trainer."""
    count = 8
    run("logits", str(place / f"checkpoints/{last}"), str(last), str(count))
    mine = load_file(place / "outputs/logits.safetensors")
    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation="eager")
    with torch.no_grad():
        before = [plain(input_ids=rows[i][0][None]).logits[0] for i in range(count)]
    model = PeftModel.from_pretrained(plain, place / "outputs").eval()
    largest = changed = 0.0
    with torch.no_grad():
        for i in range(count):
            ids, labels = rows[i]
            wanted = model(input_ids=ids[None]).logits[0]
            picked = torch.nonzero(labels[1:] != -100).flatten()
            largest = max(largest, (mine[str(i)] - wanted[picked]).abs().max().item())
            changed = max(changed, (wanted - before[i]).abs().max().item())
    report("logits of the result in PEFT, largest difference", largest, 1e-4)
    print(f"  (the adapter itself moves logits by up to {changed:.2f})")
    written = (place / "outputs/adapter_model.safetensors").read_bytes()
    assert written == save(load_file(place / "outputs/adapter_model.safetensors")), "the safetensors library writes other bytes"
    config = json.loads((place / "outputs/adapter_config.json").read_text())
    assert config["r"] == spec["method"]["r"] and config["peft_type"] == "LORA"


def main(java, classpath, base, dataset):
    torch.manual_seed(0)
    torch.set_num_threads(1)
    command = [java, "--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmx512m", "-cp", classpath, "io.perigee.trainers.strict.Main"]
    base, dataset = Path(base).resolve(), Path(dataset).resolve()
    check(command, base, dataset, job(ALL[:4], "0", 12, "cosine"), 12)
    check(command, base, dataset, job(ALL, "0", 12, "linear"), 12)
    check(command, base, dataset, job(["q_proj", "v_proj"], "0.1", 3, "constant"), 3)
    print("all within their limits" if not failures else f"{len(failures)} exceeded")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
