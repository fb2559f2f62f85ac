#!/usr/bin/env python3
"""Pre-trains the demo's base model: a Llama of about one million parameters, on public-domain English.

    apt-get install bible-kjv bible-kjv-text dict-jargon
    pip install torch==2.15.0 transformers==5.23.0 safetensors==0.8.0
    python3 trainers/base/pretrain.py examples/quickstart/base

One thread; the same versions on the same CPU give the same file. The Devil's Dictionary, the demo's dataset, is
not among the texts, so that fine-tuning has something to teach.
"""

import hashlib
import json
import math
import re
import sys
import time
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.nn.functional import cross_entropy
from transformers import LlamaConfig, LlamaForCausalLM

import sources

SEED, STEPS, BATCH, CONTEXT, PEAK, WARMUP = 7, 2900, 16, 128, 3e-3, 100
BEGIN, END = "<|begin|>", "<|end|>"


def documents():
    """Training documents of both texts, and every fiftieth document of each, held out."""
    texts = [[re.sub(r"[^\n\x20-\u024f]", "", text) for text in source] for source in (sources.king_james(), sources.jargon_file())]
    return [t for source in texts for i, t in enumerate(source) if i % 50], [source[::50] for source in texts]


def train_tokenizer(texts):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=1024, special_tokens=[BEGIN, END], initial_alphabet=sorted(alphabet), show_progress=False))
    return tokenizer


def encode(tokenizer, texts):
    ids = [i for text in texts for i in [0, *tokenizer.encode(text).ids, 1]]
    return torch.tensor(ids, dtype=torch.long)


@torch.no_grad()
def evaluate(model, data):
    rows = data[: (len(data) - 1) // CONTEXT * CONTEXT].view(-1, CONTEXT)
    losses = [model(input_ids=part, labels=part).loss.item() * len(part) for part in rows.split(64)]
    return sum(losses) / len(rows)


def main(directory):
    out = Path(directory)
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    train_texts, held_texts = documents()
    tokenizer = train_tokenizer(train_texts)
    train, held = encode(tokenizer, train_texts), [encode(tokenizer, texts) for texts in held_texts]
    bytes_per_token = [sum(len(t.encode()) for t in texts) / len(ids) for texts, ids in zip(held_texts, held)]
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=1024, hidden_size=128, intermediate_size=448, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=CONTEXT, rms_norm_eps=1e-5, tie_word_embeddings=True,
        bos_token_id=0, eos_token_id=1, dtype="float32", attn_implementation="eager"))
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{parameters} parameters, {len(train)} training tokens", flush=True)
    decay = [p for p in model.parameters() if p.dim() > 1]
    rest = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], lr=PEAK, betas=(0.9, 0.98))
    losses = []
    started = time.process_time()
    for step in range(STEPS):
        for group in optimizer.param_groups:
            progress = (step - WARMUP) / (STEPS - WARMUP)
            group["lr"] = PEAK * (step + 1) / WARMUP if step < WARMUP else PEAK * (0.02 + 0.49 * (1 + math.cos(math.pi * progress)))
        at = torch.randint(len(train) - CONTEXT - 1, (BATCH,))
        rows = torch.stack([train[i:i + CONTEXT + 1] for i in at])
        logits = model(input_ids=rows[:, :-1]).logits
        loss = cross_entropy(logits.reshape(-1, 1024), rows[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % 100 == 99:
            print(f"step {step + 1}: loss {loss.item():.3f}, {time.process_time() - started:.0f} CPU s", flush=True)
    seconds = time.process_time() - started
    model.eval()
    train_loss, held_loss = sum(losses[-200:]) / 200, [evaluate(model, ids) for ids in held]
    model.save_pretrained(out, safe_serialization=True)
    (out / "generation_config.json").unlink(missing_ok=True)
    (out / "model.safetensors").chmod(0o644)
    tokenizer.save(str(out / "tokenizer.json"))
    (out / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": BEGIN, "eos_token": END,
        "model_max_length": CONTEXT, "clean_up_tokenization_spaces": False}, indent=2) + "\n")
    sample = generate(model, tokenizer, "In the beginning")
    (out / "README.md").write_text(card(parameters, len(train), train_loss, held_loss, bytes_per_token, seconds, sample,
                                        hashlib.sha256((out / "model.safetensors").read_bytes()).hexdigest()))
    print(f"held-out loss {held_loss}, {seconds:.0f} CPU s\n{sample}")


@torch.no_grad()
def generate(model, tokenizer, prompt):
    torch.manual_seed(SEED)
    ids = torch.tensor([[0, *tokenizer.encode(prompt).ids]])
    for _ in range(60):
        logits = model(input_ids=ids).logits[0, -1] / 0.8
        ids = torch.cat([ids, torch.multinomial(torch.softmax(logits, -1), 1)[None]], 1)
        if ids[0, -1] == 1:
            break
    return tokenizer.decode(ids[0].tolist(), skip_special_tokens=True)


def card(parameters, tokens, train_loss, held_loss, bytes_per_token, seconds, sample, digest):
    bits = [loss / count / math.log(2) for loss, count in zip(held_loss, bytes_per_token)]
    return f"""---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
---
# perigee-tiny-llama

A Llama of {parameters:,} parameters for the quickstart: vocabulary 1,024 (byte-level BPE), width 128, 4 layers,
4 heads (2 key/value heads), SwiGLU 448, context {CONTEXT}, tied embeddings, float32. It is genuinely pre-trained and
genuinely small: it has learned spelling and cadence, not facts. Use it to see a fine-tune work, not to ask it things.

| | |
| --- | --- |
| Data | King James Version (Debian packages `bible-kjv`, `bible-kjv-text`) and The Jargon File 4.4.7, 29 Dec 2003 (`dict-jargon`), both in the public domain; {tokens:,} tokens; every 50th chapter and entry held out |
| Licence of the weights | Apache-2.0, as the repository |
| Command | `python3 trainers/base/pretrain.py examples/quickstart/base` |
| Versions | torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__} |
| Training | {STEPS} steps of {BATCH} x {CONTEXT} tokens, AdamW, peak rate {PEAK}, cosine, seed {SEED}, one thread, {seconds:.0f} CPU seconds |
| Training loss, nats a token | {train_loss:.3f}, mean of the last 200 steps |
| Held-out loss, nats a token | {held_loss[0]:.3f} on the Bible ({bits[0]:.2f} bits a byte), {held_loss[1]:.3f} on The Jargon File ({bits[1]:.2f} bits a byte) |
| SHA-256 of model.safetensors | `{digest}` |

What it writes after "In the beginning" (temperature 0.8):

> {sample.replace(chr(10), chr(10) + "> ")}
"""


if __name__ == "__main__":
    main(sys.argv[1])
