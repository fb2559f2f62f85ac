"""Answers a prompt twice: as the base does, and as base and adapter do."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perigee_lora import preset
from perigee_lora.canonical import json
from perigee_lora.failure import Exit, bad_data, bad_spec
from perigee_lora.job.place import Workplace

if TYPE_CHECKING:
    from perigee_lora.base.config import BaseConfig
    from perigee_lora.base.tokenizer import Tokenizer

_PROMPT_LIMIT = 1 << 20
_MOST_TOKENS = 4096


def generate(place: Workplace, tokens: int, chat: bool) -> Exit:
    """Reads a prompt from standard input and prints ``{"adapted", "base"}`` as one line of JSON.

    Each answer takes the likeliest token every time, at most ``tokens`` of them. The adapter lies in ``inputs/adapter`` as
    PEFT writes it, or as a whole model. With ``chat`` the prompt is what a user says. Raises JobFailure (64, 65).
    """
    if not 1 <= tokens <= _MOST_TOKENS:
        raise bad_spec(
            "USAGE", f"Expected 1 to {_MOST_TOKENS} tokens, but got {tokens}.", "Ask for fewer; 64 is usual."
        )
    text = sys.stdin.buffer.read(_PROMPT_LIMIT + 1)
    if len(text) > _PROMPT_LIMIT:
        raise bad_spec(
            "PROMPT", f"Expected a prompt of at most {_PROMPT_LIMIT} bytes, but it is longer.", "Shorten it."
        )
    preset.apply(int(os.environ.get("PERIGEE_THREADS") or len(os.sched_getaffinity(0))))
    preset.leave_out_bitsandbytes()
    from perigee_lora.base import files
    from perigee_lora.base.config import read_config
    from perigee_lora.base.tokenizer import Tokenizer

    adapter = place.root / "inputs/adapter"
    for directory in (place.base, adapter):
        files.check_base(directory)
    config = read_config(place.base)
    tokenizer = Tokenizer(place.base, config)
    prompt = _prompt(tokenizer, config, text.decode("utf-8", "replace"), chat)
    answers = _answers(place.base, adapter, tokenizer, config, prompt, tokens)
    print(json.render(answers), flush=True)
    return Exit.DONE


def _prompt(tokenizer: Tokenizer, config: BaseConfig, text: str, chat: bool) -> list[int]:
    """Ids as a row of the kind would have them before what is learned."""
    from perigee_lora.data.formats import Message

    if chat and tokenizer.has_template:
        ids = tokenizer.encode(tokenizer.render([Message("user", text)], generation_prompt=True))
    else:
        pieces = ["user: ", f"{text}\n", "assistant: "] if chat else [text]
        ids = [token for piece in pieces for token in tokenizer.encode(piece)]
        if tokenizer.begin is not None:
            ids = [tokenizer.begin, *ids]
    most = config.context - 1
    if not text or len(ids) > most:
        raise bad_spec(
            "PROMPT", f"Expected a prompt of 1 to {most} tokens, but it has {len(ids) if text else 0}.", "Shorten it."
        )
    return ids


def _answers(
    base: Path, adapter: Path, tokenizer: Tokenizer, config: BaseConfig, prompt: list[int], tokens: int
) -> dict[str, str]:
    import torch

    from perigee_lora.base.load import from_directory

    room = min(tokens, config.context - len(prompt))

    def answer(model: Any) -> str:
        model.eval()
        ids = torch.tensor([prompt], device=model.device)
        with torch.no_grad():
            found = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=room,
                do_sample=False,
                use_cache=True,
                eos_token_id=list(config.ends) or None,
                pad_token_id=config.ends[0] if config.ends else 0,
            )
        return tokenizer.decode(found[0, len(prompt) :].tolist())

    plain: Any = from_directory(base, torch.float32)
    plain.to("cuda" if torch.cuda.is_available() else "cpu")
    before = answer(plain)
    if (adapter / "adapter_config.json").is_file():
        return {"base": before, "adapted": answer(_adapted(plain, adapter))}
    if not any(adapter.glob("*.safetensors")):
        raise bad_data(
            "NO_ADAPTER",
            "Expected 'inputs/adapter' to hold adapter_config.json or a whole model, but it has neither.",
            "Mount the outputs of a job.",
        )
    whole: Any = from_directory(adapter, torch.float32).to(plain.device)
    return {"base": before, "adapted": answer(whole)}


def _adapted(model: Any, adapter: Path) -> Any:
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, str(adapter), use_safetensors=True)
    except (ValueError, KeyError, RuntimeError, OSError) as e:
        first = str(e).splitlines()[0][:160] if str(e) else type(e).__name__
        raise bad_data(
            "BAD_ADAPTER",
            f"Expected PEFT to put the adapter on the base, but it says: {first}.",
            "The base must be the one that the adapter was trained on.",
        ) from e
