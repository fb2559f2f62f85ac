"""Peak memory by parts. Counts what autograd keeps of each layer, as eager attention and PEFT's layers use it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from perigee_lora.base.config import BaseConfig
from perigee_lora.job.spec import Job

_NARROW = {"float32": 4, "bfloat16": 2}


@dataclass(frozen=True)
class _Device:
    """Measured constants of a kind of device.

    program: bytes of the program itself, or of the driver's context. backward: what backward's own tensors and the allocator
    add to what is kept for it. step: what the optimiser makes beside its averages, in sizes of the largest trained tensor.
    logits: bytes of an element of the logits, of their logarithms and of both gradients, by type. transient: whether what
    lives for a moment comes on top; a GPU's allocator gives it what backward has freed.
    """

    program: int
    backward: float
    step: float
    logits: dict[str, int]
    transient: bool


#: Bytes of an element of the logits and of their logarithms, by the width of weights, where nothing flows back.
_EVALUATED = {4: 8, 2: 10}
PROCESSOR = _Device(765 << 20, 1.45, 3.5, {"float32": 16, "bfloat16": 18}, True)
GPU = _Device(690 << 20, 1.23, 1.1, {"float32": 12, "bfloat16": 12}, False)


@dataclass(frozen=True)
class Memory:
    """Bytes at the moment when most is held.

    That is in the backward pass, or (``full`` with small batches) in the optimiser, or (``qlora``, whose base is merged in full
    width, and small batches) while merged or GGUF outputs are written.
    """

    weights: int
    gradients: int
    optimizer: int
    activations: int
    logits: int
    workspace: int

    @property
    def total(self) -> int:
        return sum(asdict(self).values())

    def document(self) -> dict[str, int]:
        return asdict(self) | {"total": self.total}


def kept_per_token(config: BaseConfig, job: Job) -> int:
    """Bytes that all layers and the head keep of one learned token for the backward pass."""
    logits = (GPU if job.gpus else PROCESSOR).logits[job.train.dtype]
    return config.layers * _saved_per_token(config, job) + config.vocabulary * logits


def trained_parameters(config: BaseConfig, job: Job) -> int:
    """Elements that are trained."""
    method = job.method
    if method.full:
        return config.parameters
    sizes = [config.linears[name] for name in method.targets if name in config.linears]
    count = sum(method.r * (inputs + outputs) for inputs, outputs in sizes)
    if method.kind == "dora":
        count += sum(outputs for _, outputs in sizes)
    return config.layers * count


def estimate(config: BaseConfig, job: Job) -> Memory:
    """The peak of a run whose sequences all have the full length: of the GPU's memory when the job asks for GPUs."""
    train = job.train
    device = GPU if job.gpus else PROCESSOR
    trained = trained_parameters(config, job)
    sequences = train.micro_batch * (2 if train.objective == "dpo" else 1)
    tokens = sequences * train.seq_len
    saved = _saved_per_token(config, job)
    if train.grad_checkpointing:
        kept = tokens * config.layers * config.width * _NARROW[train.dtype]
        activations = kept + tokens * saved
    else:
        activations = tokens * config.layers * saved
    fixed = Memory(
        weights=_weights(config, job),
        gradients=4 * trained,
        optimizer=(2 if train.optimizer == "adamw8bit" else 8) * trained,
        activations=0,
        logits=0,
        workspace=device.program,
    )
    largest_trained = 4 * _largest_trained(config, job)
    backward = replace(
        fixed,
        # gradients of a full fine-tune come while activations go
        gradients=fixed.gradients // 4 + largest_trained if job.method.full else fixed.gradients,
        activations=int(device.backward * activations),
        logits=tokens * config.vocabulary * device.logits[train.dtype],
        workspace=device.program + (_transient(config, job, sequences) if device.transient else 0),
    )
    step = replace(fixed, workspace=device.program + int(device.step * largest_trained))
    return max(backward, step, _export(config, job), key=lambda moment: moment.total)


def _export(config: BaseConfig, job: Job) -> Memory:
    """While outputs are made of the merged model: its weights, and of GGUF a second time, while it stands in their place."""
    train = job.train
    device = GPU if job.gpus else PROCESSOR
    wide = 4 if job.method.full else _NARROW[train.dtype]
    adapter = 0 if job.method.full else 4 * trained_parameters(config, job)
    copies = 2 if job.outputs.gguf else 1
    looked_at = train.micro_batch * train.seq_len if job.outputs.gguf else 0
    merges = job.outputs.merged or job.outputs.gguf
    transient = _transient(config, job, train.micro_batch) if looked_at and device.transient else 0
    return Memory(
        weights=copies * wide * config.parameters + adapter if merges else 0,
        gradients=0,
        optimizer=0,
        activations=0,
        logits=looked_at * config.vocabulary * _EVALUATED[wide],
        workspace=device.program + transient,
    )


def largest(config: BaseConfig, job: Job, memory: int) -> dict[str, int]:
    """The largest microBatch, and the largest seqLen, that would fit beside everything else; 0 where none does."""

    def fits(micro_batch: int, length: int) -> bool:
        train = replace(job.train, micro_batch=micro_batch, seq_len=length)
        return estimate(config, replace(job, train=train)).total <= memory

    return {
        "microBatch": _search(lambda n: fits(n, job.train.seq_len), 4096),
        "seqLen": _search(lambda n: fits(job.train.micro_batch, n), config.context),
    }


def _search(fits: object, most: int) -> int:
    assert callable(fits)
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _largest_trained(config: BaseConfig, job: Job) -> int:
    """Elements of the largest tensor that is trained."""
    if job.method.full:
        return config.vocabulary * config.width
    known = (max(config.linears[name]) for name in job.method.targets if name in config.linears)
    return job.method.r * max(known, default=0)


def _weights(config: BaseConfig, job: Job) -> int:
    trained = 0 if job.method.full else 4 * trained_parameters(config, job)
    if job.method.full:
        return 4 * config.parameters
    wide = _NARROW[job.train.dtype]
    if not job.method.quantised:
        return wide * config.parameters + trained
    # nf4: half a byte, a byte of scale for 64 weights, four bytes for 256 of those
    quantised = config.linear_parameters
    return int(quantised * (0.5 + 1 / 64 + 4 / 16384)) + wide * (config.parameters - quantised) + trained


def _saved_per_token(config: BaseConfig, job: Job) -> int:
    """Bytes that one layer keeps of one token for the backward pass."""
    method, train = job.method, job.train
    wide = 4
    narrow = _NARROW[train.dtype]
    width, queries = config.width, config.heads * config.head_width
    attention_in = any(name in method.targets for name in ("q_proj", "k_proj", "v_proj", "qkv_proj"))
    attention_out = "o_proj" in method.targets
    mlp_in = any(name in method.targets for name in ("gate_proj", "up_proj", "gate_up_proj"))
    mlp_out = "down_proj" in method.targets
    kept = 2 * width * wide  # what the two norms read
    kept += 3 * queries * narrow  # queries, keys and values, repeated to all heads
    kept += config.heads * train.seq_len * (wide + (narrow if narrow != wide else 0))  # attention
    kept += 3 * config.inner * narrow  # gate before and after its activation, and up
    inputs = [
        (attention_in, width), (attention_out, queries), (mlp_in, width), (mlp_out, config.inner),
    ]  # fmt: skip
    for adapted, size in inputs:
        kept += size * (narrow if method.full else wide) if adapted or method.full else 0
    if method.dropout > 0:
        for name in method.targets:
            if name in config.linears:
                kept += config.linears[name][0] * 2 * wide
    if method.full:
        kept += 2 * width * narrow
    if config.model_type in ("qwen3", "gemma3_text"):
        kept += (config.heads + config.key_heads) * config.head_width * wide
    if config.model_type == "gemma3_text":
        kept += 2 * width * wide
    return kept


def _transient(config: BaseConfig, job: Job, sequences: int) -> int:
    """What lives for a moment: scores of one layer's attention and its gradient, or the widest of the MLP."""
    length = job.train.seq_len
    scores = 3 * sequences * config.heads * length * length * 4
    inner = 3 * sequences * length * config.inner * 4
    return max(scores, inner)
