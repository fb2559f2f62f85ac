"""A base's chat template, with nothing in it that depends on the day, on chance or on where things lie in memory."""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from perigee_lora.failure import JobFailure, bad_data

#: What templates are told when they ask for the date: the one that Llama 3's own templates name where they can ask for none.
TODAY = datetime(2024, 7, 26)
#: No seconds since 1970 and no zone: both depend on where the machine thinks it stands.
_DATE = re.compile(r"([^%]|%-?[aAbBdeHIjmMpSuUwWyYDFRT%])*")
#: Those of Jinja's names that give something else at each call, or things that are written as their address.
_REFUSED = ("random", "lipsum", "cycler", "joiner")
_FUNCTIONS = (
    types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType, functools.partial,
)  # fmt: skip


class ChatTemplate:
    """Text and special tokens in, a function from a chat to text out."""

    def __init__(self, source: str, special_tokens: dict[str, Any]) -> None:
        """Raises JobFailure (65) when the template is none, or asks for chance."""
        from jinja2 import TemplateError, nodes
        from transformers.utils import chat_template_utils

        environment: Any = chat_template_utils._cached_compile_jinja_template("").environment
        try:
            for node in environment.parse(source).find_all((nodes.Filter, nodes.Name)):
                if node.name in _REFUSED:
                    raise _bad(f"Expected a chat template that always writes the same, but it uses '{node.name}'.")
            _steady(environment)
            self._template = environment.from_string(source)
        except (TemplateError, RecursionError, SyntaxError) as e:
            raise _bad(f"Expected the chat template to be one of Jinja's, but {str(e)[:120]}.") from e
        self._special_tokens = chat_template_utils._plain_template_data(special_tokens)

    def render(self, messages: list[dict[str, str]], generation_prompt: bool) -> str:
        """The chat as text. Raises whatever the template raises."""
        given = {"messages": messages, "tools": None, "documents": None, "add_generation_prompt": generation_prompt}
        return str(self._template.render(**(self._special_tokens | given)))


class _Quiet:
    """A function that is written by a name, and not by its address."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._call(*arguments, **named)

    def __repr__(self) -> str:
        return "<function>"


class _Dictionary(_Quiet):
    """The template's ``dict``."""

    def fromkeys(self, *arguments: Any) -> dict[Any, Any]:
        return dict.fromkeys(*arguments)


def _steady(environment: Any) -> None:
    """Changes transformers' own sandbox so that no value in it is written as an address, and the date is a constant."""
    for name in _REFUSED:
        environment.globals.pop(name, None)
        environment.filters.pop(name, None)
    environment.globals["strftime_now"] = _date
    for name, value in environment.globals.items():
        if not isinstance(value, type):
            environment.globals[name] = _Quiet(value)
    environment.globals["dict"] = _Dictionary(dict)
    for name, call in environment.filters.items():
        environment.filters[name] = _quietly(call)
    environment.getattr = _quietly(environment.getattr)
    environment.getitem = _quietly(environment.getitem)
    environment.finalize = _written


def _quietly(call: Callable[..., Any]) -> Callable[..., Any]:
    from jinja2.runtime import BlockReference

    @functools.wraps(call)
    def quiet(*arguments: Any, **named: Any) -> Any:
        value = call(*arguments, **named)
        if isinstance(value, Iterator):
            return list(value)
        return _Quiet(value) if isinstance(value, (*_FUNCTIONS, BlockReference)) else value

    return quiet


def _written(value: object) -> object:
    from jinja2 import TemplateError, Undefined

    if value is None or isinstance(value, str | int | float | Undefined):
        return value
    raise TemplateError(f"Expected to write text or a number, but it is a {type(value).__name__}")


def _date(wanted: str) -> str:
    from jinja2 import TemplateError

    if not isinstance(wanted, str) or len(wanted) > 100 or not _DATE.fullmatch(wanted):
        raise TemplateError(f"Expected a format of days and hours, but it is {wanted!r:.100}")
    return TODAY.strftime(wanted)


def _bad(message: str) -> JobFailure:
    return bad_data(
        "BAD_TEMPLATE", message, "Change 'chat_template.jinja', or the 'chat_template' of 'tokenizer_config.json'."
    )
