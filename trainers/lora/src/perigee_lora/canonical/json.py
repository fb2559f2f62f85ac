"""JSON in one way only when written, and bounded and strict when read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

#: What is nested deeper is no data of ours, and would take the stack of whoever walks it.
_DEEPEST = 64
#: Powers of ten beyond this one are no numbers of ours either; written without an exponent they would fill the memory.
_LARGEST_POWER = 400
_NINE_DIGITS = Context(prec=9, rounding=ROUND_HALF_UP)


class MalformedError(ValueError):
    """Not JSON; the text says why, without a full stop."""


def rounded(value: float) -> Decimal:
    """A finite number with at most nine significant digits and no trailing zeros, as metrics carry them."""
    if not math.isfinite(value):
        raise ValueError(f"Expected a finite number, but it is {value}")
    return _NINE_DIGITS.create_decimal_from_float(value).normalize(_NINE_DIGITS)


def plain(number: Decimal) -> str:
    """A decimal without an exponent: ``0.0000002``, not ``2E-7``."""
    return "0" if number == 0 else format(number, "f")


def render(value: object) -> str:
    """Sorted keys, no spaces. Takes what JSON has, and Decimal; a float is a bug, because its text is no contract."""
    match value:
        case None | bool() | int() | str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return plain(value)
        case Mapping():
            members = sorted((str(key), member) for key, member in value.items())
            return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{render(v)}" for k, v in members) + "}"
        case list() | tuple():
            return "[" + ",".join(render(element) for element in value) + "]"
        case _:
            raise TypeError(f"Expected something JSON has, but it is a {type(value).__name__}")


def parse(text: bytes | str) -> Any:
    """Strict: no duplicate keys, no NaN, nothing after the end, and bounded in depth and powers of ten.

    Decimals come as Decimal. Raises MalformedError.
    """
    try:
        text = text if isinstance(text, str) else text.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_decimal,
        )
        if text.count("[") + text.count("{") > _DEEPEST or "\\ud" in text or "\\uD" in text:
            check(value)
        return value
    except UnicodeDecodeError as e:
        raise MalformedError(f"byte {e.start} is not UTF-8") from e
    except json.JSONDecodeError as e:
        raise MalformedError(f"{e.msg[0].lower()}{e.msg[1:]} at column {e.colno}") from e
    except RecursionError as e:
        raise MalformedError("it is nested too deeply") from e
    except ValueError as e:
        raise MalformedError(str(e)) from e


def check(value: object) -> None:
    """Refuses what is nested too deeply and text that UTF-8 cannot hold. Raises MalformedError."""
    level = [value]
    depth = 0
    while level:
        following: list[Any] = []
        for element in level:
            if isinstance(element, str):
                _check_text(element)
            elif isinstance(element, dict):
                following += element
                following += element.values()
            elif isinstance(element, list):
                following += element
        nested = any(isinstance(element, dict | list) for element in level)
        depth += nested
        if depth > _DEEPEST:
            raise MalformedError(f"it is nested more than {_DEEPEST} deep")
        level = following


def read(path: Path, limit: int) -> Any:
    """Parses a file of at most ``limit`` bytes."""
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise MalformedError(f"it is longer than {limit} bytes")
    return parse(content)


def kind(value: object) -> str:
    """What a value is, for a sentence."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return f"the number {str(value)[:40]}"
        case Decimal():
            return f"the number {str(value)[:40]}"
        case str():
            return f'the text "{value[:60]}"'
        case list():
            return "a list"
        case _:
            return "an object"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedError(f"the key '{twice[:40]}' is there twice")
    return members


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as e:
        raise MalformedError(f"a text holds half of a character: \\u{ord(text[e.start]):04x}") from e


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = None
    if number is None or abs(number.adjusted()) > _LARGEST_POWER:
        raise MalformedError(f"the number {text[:40]} is beyond ten to the power of {_LARGEST_POWER}")
    return number


def _refuse_constant(text: str) -> Any:
    raise MalformedError(f"{text} is not JSON")
