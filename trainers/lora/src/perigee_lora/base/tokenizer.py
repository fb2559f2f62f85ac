"""The base's own tokenizer and chat template; only JSON and a sandboxed template are read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from perigee_lora.base.config import BaseConfig
from perigee_lora.base.template import ChatTemplate
from perigee_lora.canonical import json
from perigee_lora.failure import JobFailure, bad_data

_LIMIT = 256 << 20
_HINT = "The lora trainer reads 'tokenizer.json', as the tokenizers library writes it."


class Turn(Protocol):
    """A turn of a chat."""

    @property
    def role(self) -> str: ...
    @property
    def content(self) -> str: ...


class Tokenizer:
    """``begin`` and ``end`` are put around rows that no chat template writes; None where the model has none."""

    def __init__(self, base: Path, config: BaseConfig) -> None:
        """Raises JobFailure (65) when ids could leave the embedding."""
        import tokenizers

        self._base = base
        path = _tokenizer_file(base)
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        except Exception as e:  # the library raises plain Exception
            raise _bad(f"Expected 'tokenizer.json' to be a tokenizer, but the library says: {str(e)[:120]}.") from e
        chance = next((name for name in ("dropout", "alpha") if getattr(self._tokenizer.model, name, None)), None)
        if chance:
            raise _bad(
                f"Expected a tokenizer that cuts a text always the same way, but its '{chance}' asks for chance."
            )
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        largest = max(self._tokenizer.get_vocab(with_added_tokens=True).values(), default=-1)
        if largest >= config.vocabulary:
            raise _bad(
                f"Expected the tokenizer's ids to be below the embedding's {config.vocabulary} rows, "
                f"but the largest is {largest}."
            )
        self._settings = self._read_settings()
        self.begin = self._begin(config)
        self.end = self._end(config)

    def encode(self, text: str) -> list[int]:
        """Ids of a text alone; special tokens written out in it are recognised, as transformers does."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode_with_starts(self, text: str) -> tuple[list[int], list[int]]:
        """Ids, and the character at which each begins."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return list(encoded.ids), [begin for begin, _ in encoded.offsets]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, special tokens left out."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))

    @property
    def has_template(self) -> bool:
        """Whether the model brings a chat template."""
        return bool(self._settings.get("chat_template")) or (self._base / "chat_template.jinja").is_file()

    @property
    def template_text(self) -> str | None:
        """The chat template as it is written, the default one of several; None where there is none."""
        path = self._base / "chat_template.jinja"
        if path.is_file():
            return path.read_text(encoding="utf-8")
        found = self._settings.get("chat_template")
        if isinstance(found, list):
            named = [entry for entry in found if isinstance(entry, dict) and entry.get("name") == "default"]
            found = named[0].get("template") if named else None
        return found if isinstance(found, str) else None

    def render(self, turns: Sequence[Turn], generation_prompt: bool = False) -> str:
        """A chat as the model's template writes it.

        Raises UnreadableError when the template refuses it, and JobFailure (65) when the template is none to be used.
        """
        from perigee_lora.data.formats import UnreadableError

        template = self._template
        try:
            return template.render([{"role": turn.role, "content": turn.content} for turn in turns], generation_prompt)
        except Exception as e:  # a template may raise anything
            raise UnreadableError(f"Expected the chat template to take the row, but it says: {str(e)[:120]}.") from e

    def turn_end(self, text: str, at: int) -> int:
        """The place after the special token that ends a turn, where one follows within a few characters."""
        ends = [token for token in self._specials if token and text.startswith(token, at)]
        if ends:
            return at + len(max(ends, key=len))
        spaced = at + len(text[at:]) - len(text[at:].lstrip())
        ends = [token for token in self._specials if token and text.startswith(token, spaced)]
        return spaced + len(max(ends, key=len)) if ends and spaced - at <= 2 else at

    @cached_property
    def _template(self) -> ChatTemplate:
        from transformers import PreTrainedTokenizerFast

        try:
            found: Any = PreTrainedTokenizerFast.from_pretrained(
                self._base, local_files_only=True, trust_remote_code=False
            )
            source = found.get_chat_template()
        except Exception as e:  # the library may raise anything
            raise _bad(
                f"Expected the tokenizer to have one chat template, but the library says: {str(e)[:120]}."
            ) from e
        return ChatTemplate(source, found.special_tokens_map)

    @cached_property
    def _specials(self) -> tuple[str, ...]:
        """Tokens that may end a turn: special ones that do not begin one."""
        added = self._tokenizer.get_added_tokens_decoder().values()
        return tuple(token.content for token in added if token.special and "start" not in token.content)

    def _read_settings(self) -> dict[str, Any]:
        path = self._base / "tokenizer_config.json"
        if not path.is_file():
            return {}
        try:
            value = json.read(path, _LIMIT)
        except json.MalformedError as e:
            raise _bad(f"Expected 'tokenizer_config.json' to be JSON, but {e}.") from e
        if not isinstance(value, dict):
            raise _bad(f"Expected 'tokenizer_config.json' to be an object, but it is {json.kind(value)}.")
        return value

    def _begin(self, config: BaseConfig) -> int | None:
        """The config's, unless the tokenizer says outright that it puts none."""
        settings = self._settings
        if settings.get("add_bos_token") is False or ("bos_token" in settings and settings["bos_token"] is None):
            return None
        return config.begin

    def _end(self, config: BaseConfig) -> int | None:
        token = self._settings.get("eos_token")
        content = token.get("content") if isinstance(token, dict) else token
        named = self._tokenizer.token_to_id(content) if isinstance(content, str) else None
        if named is not None and named in config.ends:
            return int(named)
        return config.ends[0] if config.ends else None


def read_tokenizer(base: Path) -> dict[str, Any]:
    """The JSON of a base's tokenizer, whose ``model`` is an object. Raises JobFailure (65)."""
    try:
        value = json.read(_tokenizer_file(base), _LIMIT)
    except json.MalformedError as e:
        raise _bad(f"Expected 'tokenizer.json' to be JSON, but {e}.") from e
    if not isinstance(value, dict) or not isinstance(value.get("model"), dict):
        raise _bad("Expected 'tokenizer.json' to be a tokenizer, but it has no object 'model'.")
    return value


def _tokenizer_file(base: Path) -> Path:
    path = base / "tokenizer.json"
    if not path.is_file():
        raise _bad("Expected the base model to have a 'tokenizer.json', but there is none.")
    if path.stat().st_size > _LIMIT:
        raise _bad(f"Expected 'tokenizer.json' to have at most {_LIMIT} bytes, but it is larger.")
    return path


def _bad(message: str) -> JobFailure:
    return bad_data("BAD_TOKENIZER", message, _HINT)
