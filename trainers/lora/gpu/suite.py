"""What is checked on a GPU: bits across processes, resumption, QLoRA, peak memory, tokens a second beside Trainer.

suite.py FILE
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from support import JobDirectory, make_base

SIZES = {"hidden_size": 1024, "intermediate_size": 2816, "num_hidden_layers": 12, "num_attention_heads": 16,
         "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 32768}  # fmt: skip
STEPS = 12


def a_job(root, base, kind, **train):
    job = JobDirectory(root, base).rows([{"text": f"{i} " * 300} for i in range(64)])
    job.method(kind=kind, r=16, alpha=32, dropout="0.05", targets=["q_proj", "k_proj", "v_proj", "o_proj"])
    job.spec["resources"]["gpu"] = {"count": 1, "models": [], "vramMin": 0}
    settings = {"steps": STEPS, "microBatch": 4, "seqLen": 128, "lr": "0.0002"} | train
    return job.train(**settings).section("segments", stepsPerSegment=STEPS // 3)


def bits(root, base, kind, **train):
    """Two processes and a resumption: whether all checkpoints are the same bytes."""
    one, two = (a_job(root / f"{kind}-{name}", base, kind, **train) for name in ("one", "two"))
    for job in (one, two):
        done = job.process("run")
        if done.returncode:
            return f"failed: {done.stderr.strip().splitlines()[-1][:200]}"
    resumed = one.again(root / f"{kind}-resumed").resume_from(1, one)
    resumed.process("run", PERIGEE_FROM="1")
    same = all(one.checkpoint(i) == two.checkpoint(i) for i in range(4))
    again = all(one.checkpoint(i) == resumed.checkpoint(i) for i in (2, 3))
    return f"processes {'equal' if same else 'DIFFERENT'}, resumed {'equal' if again else 'DIFFERENT'}"


def speed(root, base):
    """Tokens a second of this trainer and of a plain PEFT loop with torch's defaults, same model and batch."""
    job = a_job(root / "speed", base, "lora", steps=60, dtype="bfloat16")
    job.process("run")
    lines = [json.loads(line) for line in (job.root / "progress.jsonl").read_text().splitlines()]
    mine = sum(line["tokens"] for line in lines[20:]) / (lines[-1]["seconds"] - lines[19]["seconds"])
    return mine, plain_speed(base)


def plain_speed(base):
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16).cuda()
    model = get_peft_model(
        model,
        LoraConfig(r=16, lora_alpha=32, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"], task_type="CAUSAL_LM"),
    )
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=2e-4)
    ids = torch.randint(4, 260, (4, 128), device="cuda")
    for step in range(60):
        if step == 20:
            torch.cuda.synchronize()
            began = time.monotonic()
        model(input_ids=ids, labels=ids).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    torch.cuda.synchronize()
    return 40 * ids.numel() / (time.monotonic() - began)


def main(target):
    import torch

    described = json.loads(
        subprocess.run(
            [sys.executable, "-m", "perigee_lora", "class"], capture_output=True, text=True, check=True
        ).stdout
    )["classes"][0]
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        base = make_base(root / "base", "llama", **SIZES)
        for kind, train in (
            ("lora", {}),
            ("lora", {"dtype": "bfloat16"}),
            ("dora", {}),
            ("qlora", {"dtype": "bfloat16"}),
        ):
            name = f"{kind} {train.get('dtype', 'float32')}"
            rows.append((f"bits, {name}", bits(root / name.replace(" ", "-"), base, kind, **train)))
        mine, plain = speed(root, base)
        rows.append(("tokens a second, bfloat16 LoRA, pinned", f"{mine:.0f}"))
        rows.append(("the same with torch's defaults and a plain loop", f"{plain:.0f}"))
    lines = ["# GPU results", "", f"Written by `trainers/lora/gpu/run` on {torch.cuda.get_device_name(0)}.", ""]
    lines += ["```json", json.dumps(described, indent=1), "```", "", "| | |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in rows]
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return int(any("DIFFERENT" in value or "failed" in value for _, value in rows))


if __name__ == "__main__":
    os.environ.setdefault("PERIGEE_THREADS", "1")
    sys.exit(main(sys.argv[1]))
