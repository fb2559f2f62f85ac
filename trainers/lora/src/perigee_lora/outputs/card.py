"""The model card: what this is made of, how well it does, how to load it and how to verify it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from perigee_lora.base.config import BaseConfig
from perigee_lora.canonical.json import rounded
from perigee_lora.job.spec import Job
from perigee_lora.train.state import RunState

_NAMES = {
    "lora": "LoRA",
    "rslora": "rsLoRA",
    "dora": "DoRA",
    "qlora": "QLoRA (nf4, double quantisation)",
    "full": "full fine-tune",
}


def write(base: Path, job: Job, config: BaseConfig, state: RunState, evaluation: dict[str, Any]) -> str:
    """Markdown with the metadata that model repositories read."""
    licence = licence_of(base)
    title = job.name or "perigee-fine-tune"
    sections = [
        _front(job, licence),
        f"# {title}\n\nA {_NAMES[job.method.kind]} of a `{config.model_type}` base, trained and verified on Perigee.",
        _made_of(job, licence),
        _training(job, state),
        _results(state, evaluation),
        "![loss](curve.svg)",
        "## Load it\n\n```python\n" + _load(job) + "\n```",
        _verify(job),
    ]
    return "\n\n".join(sections) + "\n"


def licence_of(base: Path) -> str:
    """The licence that the base's own card names; ``unknown`` where it names none."""
    try:
        text = (base / "README.md").read_text(encoding="utf-8", errors="replace")[:65536]
    except OSError:
        return "unknown"
    front = re.match(r"---\n(.*?)\n---", text, re.DOTALL)
    found = re.search(r"^license:[ \t]*['\"]?([A-Za-z0-9.+-]{1,60})", front.group(1), re.MULTILINE) if front else None
    return found.group(1) if found else "unknown"


def _front(job: Job, licence: str) -> str:
    lines = ["---", f"license: {licence}", "pipeline_tag: text-generation"]
    lines += ["library_name: transformers"] if job.method.full else ["library_name: peft"]
    lines += ["tags:", "- perigee", f"- {job.method.kind}", "---"]
    return "\n".join(lines)


def _made_of(job: Job, licence: str) -> str:
    return _table(
        "## What it is made of",
        [
            ("Base", f"`{job.base or 'not named'}`"),
            ("Licence, carried over from the base", licence),
            ("Data", f"`{job.dataset or 'not named'}`"),
            ("Held out", _held_out(job)),
        ],
    )


def _held_out(job: Job) -> str:
    if job.data.eval_file:
        return f"the rows of `{job.data.eval_file}`"
    return f"{rounded(float(job.data.held_out) * 100)} % of the rows, by hash" if job.data.held_out else "nothing"


def _training(job: Job, state: RunState) -> str:
    train, method = job.train, job.method
    rows: list[tuple[str, object]] = [("method.kind", method.kind)]
    if not method.full:
        rows += [
            ("method.r", method.r),
            ("method.alpha", rounded(method.alpha)),
            ("method.dropout", rounded(method.dropout)),
            ("method.targets", ", ".join(method.targets)),
        ]
    rows += [
        ("train.objective", train.objective),
        ("train.lossOn", train.loss_on),
        ("train.steps", f"{train.steps}" + (f" (stopped early after {state.steps})" if state.stopped else "")),
        ("train.microBatch", train.micro_batch),
        ("train.gradAccum", train.grad_accum),
        ("train.seqLen", train.seq_len),
        ("train.lr", rounded(train.lr)),
        ("train.scheduler", train.scheduler),
        ("train.warmupSteps", train.warmup_steps),
        ("train.optimizer", train.optimizer),
        ("train.weightDecay", rounded(train.weight_decay)),
        ("train.maxGradNorm", rounded(train.max_grad_norm) if train.max_grad_norm else "no clipping"),
        ("train.packing", str(train.packing).lower()),
        ("train.gradCheckpointing", str(train.grad_checkpointing).lower()),
        ("train.dtype", train.dtype),
        ("train.seed", train.seed),
    ]
    if train.objective == "dpo":
        rows.append(("train.dpoBeta", rounded(train.dpo_beta)))
    rows.append(("segments.stepsPerSegment", job.steps_per_segment))
    return _table("## How it was trained", [(f"`{name}`", str(value)) for name, value in rows])


def _results(state: RunState, evaluation: dict[str, Any]) -> str:
    last = evaluation["lastSegment"]
    lines = ["## How well it does", ""]
    if last:
        lines.append(f"Training loss in the last step: {last[-1]['loss']}.")
    if state.evaluations:
        keys = [key for key in state.evaluations[-1] if key not in ("tokens", "rows", "exactMatchRows")]
        lines += ["", "| " + " | ".join(keys) + " | |", "| --- " * (len(keys) + 1) + "|"]
        best = state.best
        for entry in state.evaluations:
            mark = "best" if entry is best else ""
            lines.append("| " + " | ".join(str(entry.get(key, "")) for key in keys) + f" | {mark} |")
        lines += ["", f"On {state.evaluations[-1]['rows']} rows that were not trained on; border 0 is the base alone."]
    elif not last:
        lines.append("Nothing was trained in the last segment.")
    for name, entry in sorted(evaluation.get("gguf", {}).items()):
        lines += [
            "",
            f"GGUF {name}: perplexity {entry['perplexity']}, beside {entry['float']} before quantisation ({entry['on']}).",
        ]
    return "\n".join(lines)


def _load(job: Job) -> str:
    if job.method.full:
        lines = [
            "from transformers import AutoModelForCausalLM, AutoTokenizer",
            "model = AutoModelForCausalLM.from_pretrained('.')",
            "tokenizer = AutoTokenizer.from_pretrained('.')",
        ]
    else:
        lines = [
            "from transformers import AutoModelForCausalLM",
            "from peft import PeftModel  # BASE: the directory of the base above",
            "model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(BASE), '.')",
        ]
    return "\n".join(lines)


def _verify(job: Job) -> str:
    return (
        "## Verify it\n\n"
        "`perigee verify <this bundle>` checks the signatures, the agreement of those who computed it, and that these files "
        "are the ones they agreed on. With the job's image, its inputs and the last checkpoint, `python -m perigee_lora "
        "export <checkpoint>` writes these files again, to the byte."
    )


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    return "\n".join([title, "", "| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])
