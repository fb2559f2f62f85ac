"""What a row says, whichever way it is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from perigee_lora.canonical.json import kind

#: Looked at to find the format.
LOOKED_AT = 16
_ROLES = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant", "system": "system",
          "tool": "tool", "observation": "tool", "function_call": "assistant"}  # fmt: skip


class UnreadableError(ValueError):
    """The row is not of its format; the text is the sentence."""


@dataclass(frozen=True)
class Message:
    role: str
    content: str


@dataclass(frozen=True)
class Completion:
    """Text to be given and text to be learned after it."""

    prompt: str
    completion: str


@dataclass(frozen=True)
class Chat:
    """Turns; what the assistant says is learned. With ``last_only`` only the last turn is."""

    messages: tuple[Message, ...]
    last_only: bool = False


@dataclass(frozen=True)
class Plain:
    """Text that is learned as a whole."""

    text: str


@dataclass(frozen=True)
class Preference:
    """Two ways to go on, of which the first is liked better."""

    chosen: Completion | Chat
    rejected: Completion | Chat


Meaning = Completion | Chat | Plain | Preference


def detect(rows: Iterable[dict[str, Any]]) -> str | None:
    """The format that most of the first rows have; None when none has any."""
    votes = Counter(found for row in rows if (found := _shape(row)))
    return votes.most_common(1)[0][0] if votes else None


def _shape(row: dict[str, Any]) -> str | None:
    keys = {name for name, value in row.items() if value is not None}
    if {"chosen", "rejected"} <= keys:
        return "preference"
    if {"prompt", "completion"} <= keys:
        return "prompt"
    if "messages" in keys:
        return "messages"
    if "conversations" in keys:
        return "sharegpt"
    if {"instruction", "output"} <= keys:
        return "alpaca"
    return "text" if "text" in keys else None


def meaning(row: dict[str, Any], row_format: str) -> Meaning:
    """Reads a row. Raises UnreadableError."""
    match row_format:
        case "prompt":
            return Completion(_text(row, "prompt"), _text(row, "completion"))
        case "messages":
            return _chat(_list(row, "messages"), "messages", "role", "content")
        case "sharegpt":
            return _chat(_list(row, "conversations"), "conversations", "from", "value")
        case "alpaca":
            return _alpaca(row)
        case "alpaca-instruct":
            return _alpaca_instruct(row)
        case "preference":
            return _preference(row)
        case _:
            return Plain(_text(row, "text"))


def _alpaca(row: dict[str, Any]) -> Chat:
    """What a user says, as LLaMA-Factory reads such rows, and the answer."""
    asked = "\n".join(text for text in (_text(row, "instruction"), _given(row)) if text)
    return Chat((Message("user", asked), Message("assistant", _text(row, "output"))))


def _alpaca_instruct(row: dict[str, Any]) -> Completion:
    """The prompt that Stanford Alpaca was trained on, which Axolotl's type alpaca writes."""
    given = _given(row)
    context = ", paired with an input that provides further context" if given else ""
    parts = [
        f"Below is an instruction that describes a task{context}. "
        "Write a response that appropriately completes the request.",
        f"### Instruction:\n{_text(row, 'instruction')}",
        *([f"### Input:\n{given}"] if given else []),
        "### Response:\n",
    ]
    return Completion("\n\n".join(parts), _text(row, "output"))


def _given(row: dict[str, Any]) -> str:
    return _text(row, "input") if row.get("input") is not None else ""


def _preference(row: dict[str, Any]) -> Preference:
    if isinstance(row.get("chosen"), list) and isinstance(row.get("rejected"), list):
        prompt = row.get("prompt")
        first = _list(row, "prompt") if isinstance(prompt, list) else []
        sides = []
        for name in ("chosen", "rejected"):
            chat = _chat([*first, *_list(row, name)], name, "role", "content")
            if chat.messages[-1].role != "assistant":
                raise UnreadableError(
                    f"Expected '{name}' to end with the assistant, but {chat.messages[-1].role} does."
                )
            sides.append(Chat(chat.messages, last_only=True))
        return Preference(sides[0], sides[1])
    prompt_text = _text(row, "prompt")
    return Preference(Completion(prompt_text, _text(row, "chosen")), Completion(prompt_text, _text(row, "rejected")))


def _chat(turns: list[Any], name: str, who: str, what: str) -> Chat:
    if not turns:
        raise UnreadableError(f"Expected '{name}' to have at least one turn, but it is empty.")
    messages = []
    for index, turn in enumerate(turns):
        if not isinstance(turn, dict):
            raise UnreadableError(f"Expected '{name}[{index}]' to be an object, but it is {kind(turn)}.")
        role = _text(turn, who, f"{name}[{index}].")
        if role not in _ROLES:
            raise UnreadableError(f"Expected '{name}[{index}].{who}' to be a known role, but it is \"{role[:40]}\".")
        messages.append(Message(_ROLES[role], _text(turn, what, f"{name}[{index}].")))
    if all(message.role != "assistant" for message in messages):
        raise UnreadableError(f"Expected '{name}' to have a turn of the assistant, but it has none.")
    return Chat(tuple(messages))


def _list(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name)
    if not isinstance(value, list):
        raise UnreadableError(f"Expected '{name}' to be a list, but {_fact(value)}.")
    return value


def _text(row: dict[str, Any], name: str, before: str = "") -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise UnreadableError(f"Expected '{before}{name}' to be a string, but {_fact(value)}.")
    return value


def _fact(value: object) -> str:
    return "it is missing" if value is None else f"it is {kind(value)}"
