"""Typed access to an object's members; every mismatch becomes one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn

from perigee_lora.canonical.json import kind

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")


class Fields:
    """An object's members. ``fault`` turns "Expected …, but …." into the exception to raise."""

    def __init__(self, path: str, value: object, fault: Callable[[str], Exception]) -> None:
        self._path = path
        self._fault = fault
        if not isinstance(value, dict):
            raise fault(f"Expected '{path}' to be an object, but it is {kind(value)}.")
        self._members: dict[str, Any] = value

    def only(self, *known: str) -> Fields:
        """Refuses members this trainer would otherwise silently ignore."""
        for name in self._members:
            if name not in known:
                raise self._fault(
                    f"Expected '{self._path}' to hold only {', '.join(sorted(known))}, but it has '{name[:60]}'."
                )
        return self

    def has(self, name: str) -> bool:
        """True when the member is there and not null."""
        return self._members.get(name) is not None

    def object(self, name: str) -> Fields:
        return Fields(self._at(name), self._value(name), self._fault)

    def text(self, name: str, default: str | None = None) -> str:
        if default is not None and not self.has(name):
            return default
        value = self._value(name)
        return value if isinstance(value, str) else self._mismatch(name, "a string")

    def choice(self, name: str, options: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in options:
            listed = ", ".join(options)
            raise self._fault(f"Expected '{self._at(name)}' to be one of {listed}, but it is \"{value[:60]}\".")
        return value

    def flag(self, name: str, default: bool) -> bool:
        if not self.has(name):
            return default
        value = self._value(name)
        return value if isinstance(value, bool) else self._mismatch(name, "true or false")

    def integer(self, name: str, least: int, most: int, default: int | None = None) -> int:
        if default is not None and not self.has(name):
            return default
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            return self._mismatch(name, f"a whole number from {least} to {most}")
        if not least <= value <= most or value != int(value):  # bounds first: a power of ten may be too long for an int
            return self._mismatch(name, f"a whole number from {least} to {most}")
        return int(value)

    def decimal(self, name: str, least: str, most: str, default: str | None = None) -> Decimal:
        """A decimal, written as a number or (as the canonical spec does) as a string."""
        if default is not None and not self.has(name):
            return Decimal(default)
        expected = f"a decimal from {least} to {most}"
        value = self._value(name)
        if isinstance(value, str) and len(value) <= 40 and _DECIMAL.fullmatch(value):
            value = Decimal(value)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            return self._mismatch(name, expected)
        number = Decimal(value)
        return number if Decimal(least) <= number <= Decimal(most) else self._mismatch(name, expected)

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        if default is not None and not self.has(name):
            return default
        value = self._value(name)
        if not isinstance(value, list) or not all(isinstance(element, str) for element in value):
            return self._mismatch(name, "a list of strings")
        return tuple(value)

    def _value(self, name: str) -> Any:
        if not self.has(name):
            raise self._fault(f"Expected '{self._at(name)}' to be given, but it is missing.")
        return self._members[name]

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _mismatch(self, name: str, expected: str) -> NoReturn:
        raise self._fault(f"Expected '{self._at(name)}' to be {expected}, but it is {kind(self._value(name))}.")
