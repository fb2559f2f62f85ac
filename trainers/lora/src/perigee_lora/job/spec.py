"""What the canonical spec asks of a trainer. Everything else in the spec is other people's business."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from perigee_lora.canonical import json
from perigee_lora.failure import JobFailure, bad_spec
from perigee_lora.job.fields import Fields

KINDS = ("lora", "rslora", "dora", "qlora", "full")
FORMATS = ("auto", "prompt", "messages", "sharegpt", "alpaca", "alpaca-instruct", "text", "preference")
GGUF_TYPES = ("q8_0", "q4_0", "q5_1")
_LIMIT = 1 << 20
_HINT = "Correct the order and submit it again; docs/protocol.md describes every key."


@dataclass(frozen=True)
class Method:
    """How the base is changed. ``r``, ``alpha``, ``dropout`` and ``targets`` are empty for a full fine-tune."""

    kind: str
    r: int
    alpha: float
    dropout: float
    targets: tuple[str, ...]

    @property
    def full(self) -> bool:
        """True when the base's own weights are trained and there is no adapter."""
        return self.kind == "full"

    @property
    def quantised(self) -> bool:
        return self.kind == "qlora"


@dataclass(frozen=True)
class Train:
    """How long, how fast and towards what to train."""

    steps: int
    micro_batch: int
    grad_accum: int
    seq_len: int
    lr: float
    scheduler: str
    warmup_steps: int
    seed: int
    dtype: str
    objective: str
    loss_on: str
    dpo_beta: float
    optimizer: str
    weight_decay: float
    max_grad_norm: float
    packing: bool
    grad_checkpointing: bool

    @property
    def rows_per_step(self) -> int:
        return self.micro_batch * self.grad_accum


@dataclass(frozen=True)
class Data:
    """How the dataset is read. ``held_out`` is a share of the rows, exact."""

    format: str = "auto"
    max_bad_rows: int = 0
    held_out: Decimal = Decimal(0)
    eval_file: str = ""


@dataclass(frozen=True)
class Evaluate:
    """When the held-out rows are looked at; ``early_stop`` 0 never stops."""

    every: int
    early_stop: int


@dataclass(frozen=True)
class Outputs:
    """What is made beside the adapter."""

    merged: bool = False
    gguf: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """The whole job. ``cpus``, ``gpus`` and ``memory`` (bytes, 0 when not said) are what it asked for."""

    name: str
    base: str
    dataset: str
    method: Method
    train: Train
    data: Data
    evaluate: Evaluate | None
    outputs: Outputs
    steps_per_segment: int
    cpus: int
    memory: int
    gpus: int

    @property
    def last_border(self) -> int:
        """The border after the last step; border 0 is before the first."""
        return -(-self.train.steps // self.steps_per_segment)

    def steps_at(self, border: int) -> int:
        """Steps done at a border."""
        return min(self.train.steps, border * self.steps_per_segment)

    def cursor_at(self, border: int) -> int:
        """Rows read at a border, over all epochs."""
        return self.steps_at(border) * self.train.rows_per_step

    def evaluates_at(self, border: int) -> bool:
        """Whether the held-out rows are looked at there; the start and the end always are."""
        if self.evaluate is None:
            return False
        return border % self.evaluate.every == 0 or border == self.last_border


def read_job(path: Path) -> Job:
    """Reads and checks the spec. Raises JobFailure (64)."""
    if not path.is_file():
        raise _bad(f"Expected the job at '{path}', but there is no such file.")
    try:
        spec = json.read(path, _LIMIT)
    except json.MalformedError as e:
        raise _bad(f"Expected '{path.name}' to be JSON, but {e}.") from e
    return parse_job(spec)


def parse_job(spec: object) -> Job:
    """Checks a parsed spec."""
    fields = Fields("", spec, _bad)
    fields.integer("version", 1, 1)
    train = _train(fields.object("train"))
    method = _method(fields.object("method"))
    segments = fields.object("segments").only("stepsPerSegment") if fields.has("segments") else None
    resources = fields.object("resources") if fields.has("resources") else None
    data = _data(fields.object("data")) if fields.has("data") else Data()
    evaluates = data.held_out > 0 or data.eval_file != ""
    job = Job(
        name=fields.text("name", ""),
        base=fields.text("base", ""),
        dataset=fields.text("dataset", ""),
        method=method,
        train=train,
        data=data,
        evaluate=_evaluate(fields, evaluates),
        outputs=_outputs(fields.object("outputs")) if fields.has("outputs") else Outputs(),
        steps_per_segment=segments.integer("stepsPerSegment", 1, 1_000_000) if segments else train.steps,
        cpus=max(1, int(resources.decimal("cpu", "0.01", "4096", "1"))) if resources else 1,
        memory=resources.integer("memory", 0, 1 << 62, 0) if resources else 0,
        gpus=resources.object("gpu").integer("count", 0, 64, 0) if resources and resources.has("gpu") else 0,
    )
    _together(job)
    return job


def _method(method: Fields) -> Method:
    method.only("kind", "r", "alpha", "dropout", "targets")
    kind = method.choice("kind", KINDS)
    if kind == "full":
        given = [name for name in ("r", "alpha") if method.decimal(name, "-1e9", "1e9", "0") != 0]
        if given or method.texts("targets", ()) or method.decimal("dropout", "0", "1", "0") != 0:
            raise _bad("Expected a full fine-tune to have no r, alpha, dropout and targets, but some are given.")
        return Method(kind, 0, 0.0, 0.0, ())
    targets = method.texts("targets")
    if not 1 <= len(targets) <= 64:
        raise _bad(f"Expected 'method.targets' to name 1 to 64 modules, but it names {len(targets)}.")
    for name in targets:
        if not re.fullmatch(r"[A-Za-z0-9_]{1,64}", name):
            raise _bad(f"Expected 'method.targets' to name modules such as q_proj, but it names '{name[:60]}'.")
        if targets.count(name) > 1:
            raise _bad(f"Expected 'method.targets' to name each module once, but '{name}' is there twice.")
    return Method(
        kind,
        method.integer("r", 1, 512),
        float(method.decimal("alpha", "0.000001", "65536")),
        float(method.decimal("dropout", "0", "0.95", "0")),
        targets,
    )


def _train(train: Fields) -> Train:
    train.only(
        "steps", "microBatch", "gradAccum", "seqLen", "lr", "scheduler", "warmupSteps", "seed", "dtype", "objective",
        "lossOn", "dpoBeta", "optimizer", "weightDecay", "maxGradNorm", "packing", "gradCheckpointing",
    )  # fmt: skip
    steps = train.integer("steps", 1, 1_000_000)
    objective = train.choice("objective", ("sft", "dpo"), "sft")
    result = Train(
        steps=steps,
        micro_batch=train.integer("microBatch", 1, 4096),
        grad_accum=train.integer("gradAccum", 1, 4096, 1),
        seq_len=train.integer("seqLen", 2, 1 << 20),
        lr=float(train.decimal("lr", "0", "10")),
        scheduler=train.choice("scheduler", ("cosine", "linear", "constant"), "constant"),
        warmup_steps=train.integer("warmupSteps", 0, steps, 0),
        seed=train.integer("seed", 0, (1 << 53) - 1),
        dtype=train.choice("dtype", ("float32", "bfloat16"), "float32"),
        objective=objective,
        loss_on=train.choice("lossOn", ("completions", "all"), "completions"),
        dpo_beta=float(train.decimal("dpoBeta", "0", "100", "0.1" if objective == "dpo" else "0")),
        optimizer=train.choice("optimizer", ("adamw", "adamw8bit"), "adamw"),
        weight_decay=float(train.decimal("weightDecay", "0", "10", "0")),
        max_grad_norm=float(train.decimal("maxGradNorm", "0", "1e9", "0")),
        packing=train.flag("packing", False),
        grad_checkpointing=train.flag("gradCheckpointing", False),
    )
    if result.rows_per_step > 65536:
        raise _bad(
            "Expected 'train.microBatch' times 'train.gradAccum' to be at most 65536, "
            f"but it is {result.rows_per_step}."
        )
    return result


def _data(data: Fields) -> Data:
    data.only("format", "maxBadRows", "heldOut", "evalFile")
    result = Data(
        data.choice("format", FORMATS, "auto"),
        data.integer("maxBadRows", 0, 1 << 31, 0),
        data.decimal("heldOut", "0", "0.5", "0"),
        data.text("evalFile", ""),
    )
    if result.held_out and result.eval_file:
        raise _bad("Expected 'data.heldOut' or 'data.evalFile', but both are given.")
    parts = Path(result.eval_file).parts
    if result.eval_file and (result.eval_file.startswith("/") or ".." in parts or "\0" in result.eval_file):
        raise _bad("Expected 'data.evalFile' to be a path inside the dataset, but it leads out of it.")
    return result


def _evaluate(fields: Fields, evaluates: bool) -> Evaluate | None:
    if not fields.has("evaluate"):
        return Evaluate(1, 0) if evaluates else None
    if not evaluates:
        raise _bad("Expected 'evaluate' only with 'data.heldOut' or 'data.evalFile', but neither is given.")
    evaluate = fields.object("evaluate").only("every", "earlyStop")
    return Evaluate(evaluate.integer("every", 1, 1_000_000, 1), evaluate.integer("earlyStop", 0, 1_000_000, 0))


def _outputs(outputs: Fields) -> Outputs:
    outputs.only("merged", "gguf")
    types = outputs.texts("gguf", ())
    for name in types:
        if name not in GGUF_TYPES or types.count(name) > 1:
            raise _bad(f"Expected 'outputs.gguf' to list each of {', '.join(GGUF_TYPES)} once, but it has '{name}'.")
    return Outputs(outputs.flag("merged", False), types)


def _together(job: Job) -> None:
    """What single keys cannot say."""
    train = job.train
    if train.objective == "dpo":
        if job.method.full:
            raise _bad(
                "Expected 'train.objective' dpo to train an adapter, whose absence is the reference, but 'method.kind' is full."
            )
        if train.packing:
            raise _bad(
                "Expected 'train.packing' to be false for dpo, whose pairs are compared row by row, but it is true."
            )
        if train.dpo_beta == 0:
            raise _bad("Expected 'train.dpoBeta' to be above 0 for dpo, but it is 0.")
        if job.data.format not in ("auto", "preference"):
            raise _bad(f"Expected 'data.format' to be preference for dpo, but it is {job.data.format}.")
    else:
        if train.dpo_beta != 0:
            raise _bad("Expected 'train.dpoBeta' only for dpo, but 'train.objective' is sft.")
        if job.data.format == "preference":
            raise _bad("Expected 'train.objective' to be dpo for preference pairs, but it is sft.")
    if job.method.full and job.outputs.merged:
        raise _bad(
            "Expected 'outputs.merged' only with an adapter, but 'method.kind' is full, whose result is a whole model."
        )


def _bad(message: str) -> JobFailure:
    return bad_spec("BAD_SPEC", message, _HINT)
