"""Tiny bases, and jobs that are valid by default, so that a test names only what matters to it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from perigee_lora.job.place import Workplace
from perigee_lora.train.run import run
from perigee_lora.train.stop import StopSignal

ARCHITECTURES = ("llama", "qwen2", "qwen3", "gemma3_text", "mistral", "phi3")
CHECKPOINT = ("adapter.safetensors", "optimizer.safetensors", "state.json", "metrics.jsonl", "DONE")
QUICKSTART = Path(__file__).parents[3] / "examples/quickstart"
WORDS = [
    "ape",
    "bee",
    "cat",
    "dog",
    "elk",
    "fox",
    "gnu",
    "hen",
    "ibis",
    "jay",
    "kea",
    "lynx",
    "mole",
    "newt",
    "owl",
    "pig",
    "quail",
    "rat",
    "seal",
    "toad",
]


def make_base(directory, model_type, seed=1, **changes):
    """A random model of a known architecture with a byte-level tokenizer of 260 tokens."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import AutoConfig, AutoModelForCausalLM

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = ["<|begin|>", "<|end|>", "<|turn_start|>", "<|turn_end|>", *letters]
    tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, []))
    tokenizer.add_special_tokens(tokens[:4])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    settings = {
        "vocab_size": len(tokens), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 128,
        "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": None, "tie_word_embeddings": True,
        "attention_dropout": 0.1,
    } | changes  # fmt: skip
    if model_type in ("gemma3_text", "mistral", "phi3"):
        settings.setdefault("sliding_window", 16)
    if model_type == "phi3":
        settings.pop("head_dim")
    torch.manual_seed(seed)
    config = AutoConfig.for_model(model_type, **settings)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    model.save_pretrained(directory)
    tokenizer.save(str(directory / "tokenizer.json"))
    write_json(
        directory / "tokenizer_config.json",
        {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin|>", "eos_token": "<|end|>"},
    )
    (directory / "README.md").write_text("---\nlicense: apache-2.0\n---\n# tiny\n")
    return directory


TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}<|turn_start|>{{ m['role'] }}\n{{ m['content'] }}<|turn_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|turn_start|>assistant\n{% endif %}"
)


def write_json(path, value):
    path.write_text(json.dumps(value))


class JobDirectory:
    """A job as an agent would mount it."""

    def __init__(self, root, base):
        self.root = Path(root)
        for name in ("inputs/dataset", "checkpoints", "outputs"):
            (self.root / name).mkdir(parents=True)
        (self.root / "inputs/base").symlink_to(base)
        self.spec = {
            "version": 1,
            "name": "tiny",
            "base": "sha256:" + "b" * 64,
            "dataset": "sha256:" + "d" * 64,
            "trainer": "lora",
            "resources": {"cpu": 1, "memory": 4_000_000_000},
            "segments": {"stepsPerSegment": 2},
            "method": {"kind": "lora", "r": 4, "alpha": 8, "dropout": "0", "targets": ["q_proj", "v_proj"]},
            "train": {
                "steps": 4, "microBatch": 2, "gradAccum": 1, "seqLen": 40, "lr": "0.02", "scheduler": "constant",
                "warmupSteps": 0, "seed": 7, "dtype": "float32",
            },
        }  # fmt: skip
        if os.environ.get("PERIGEE_TEST_GPU"):
            self.spec["resources"]["gpu"] = {"count": 1}
        self.rows([{"prompt": f"the {word}", "completion": f" is {word * 2}"} for word in WORDS])

    def own_base(self):
        """A copy of the base that a test may break."""
        target = (self.root / "inputs/base").resolve()
        (self.root / "inputs/base").unlink()
        shutil.copytree(target, self.root / "inputs/base")
        return self.root / "inputs/base"

    def section(self, section, **changes):
        self.spec.setdefault(section, {}).update(changes)
        return self

    def method(self, **changes):
        return self.section("method", **changes)

    def train(self, **changes):
        return self.section("train", **changes)

    def full(self):
        self.spec["method"] = {"kind": "full", "r": 0, "alpha": 0, "dropout": "0", "targets": []}
        return self

    def rows(self, rows, name="data.jsonl"):
        self.lines([json.dumps(row) for row in rows], name)
        return self

    def lines(self, lines, name="data.jsonl"):
        (self.root / "inputs/dataset" / name).write_text("".join(line + "\n" for line in lines))
        return self

    def write(self):
        write_json(self.root / "job.json", self.spec)
        return self

    def run(self, first=None, last=None, threads=1, stop=None):
        """In this process; raises JobFailure."""
        self.write()
        environment = {"PERIGEE_THREADS": str(threads)}
        if first is not None:
            environment["PERIGEE_FROM"] = str(first)
        if last is not None:
            environment["PERIGEE_TO"] = str(last)
        return run(Workplace(self.root), environment, stop or StopSignal())

    def process(self, *arguments, input="", **environment):
        """In a process of its own, as the image starts it."""
        self.write()
        return subprocess.run(
            [sys.executable, "-m", "perigee_lora", *arguments],
            env=os.environ | {"PERIGEE_ROOT": str(self.root)} | environment,
            input=input,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def resume_from(self, border, other=None):
        """Mounts a checkpoint of this or another directory as the one to resume from."""
        resume = self.root / "resume"
        if resume.exists():
            shutil.rmtree(resume)
        shutil.copytree((other or self).root / "checkpoints" / str(border), resume)
        return self

    def again(self, root):
        """The same job in an empty place."""
        other = JobDirectory(root, (self.root / "inputs/base").resolve())
        other.spec = json.loads(json.dumps(self.spec))
        shutil.rmtree(other.root / "inputs/dataset")
        shutil.copytree(self.root / "inputs/dataset", other.root / "inputs/dataset")
        return other

    def checkpoint(self, border):
        """Digests of a checkpoint's files."""
        directory = self.root / "checkpoints" / str(border)
        return {name: digest(directory / name) for name in CHECKPOINT}

    def outputs(self):
        """Digests of all outputs."""
        return digests(self.root / "outputs")

    def metrics(self, border):
        text = (self.root / "checkpoints" / str(border) / "metrics.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines()]

    def losses(self):
        borders = sorted(int(p.name) for p in (self.root / "checkpoints").iterdir())
        return [line["loss"] for border in borders for line in self.metrics(border)]

    def error(self):
        return json.loads((self.root / "outputs/error.json").read_text())

    def state(self, border):
        return json.loads((self.root / "checkpoints" / str(border) / "state.json").read_text())


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(directory):
    return {str(p.relative_to(directory)): digest(p) for p in sorted(directory.rglob("*")) if p.is_file()}


def os_environ():
    """This process's environment, preset included."""
    return dict(os.environ)
