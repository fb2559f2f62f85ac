"""From what a row says to what the model reads and what it is to learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigee_lora.base.tokenizer import Tokenizer
from perigee_lora.data.formats import Chat, Completion, Meaning, Message, Plain, Preference, UnreadableError

Tokens = npt.NDArray[np.int32]
Learned = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """One sequence: its tokens, which of them are learned, and the lengths of the documents it was packed from.

    The first token of a document is never learned: nothing before it predicts it.
    """

    tokens: Tokens
    learned: Learned
    lengths: tuple[int, ...]

    @staticmethod
    def of(tokens: list[int], learned: list[bool]) -> Example:
        mask = np.array(learned, dtype=np.bool_)
        if len(mask):
            mask[0] = False
        return Example(np.array(tokens, dtype=np.int32), mask, (len(tokens),))

    @property
    def learned_count(self) -> int:
        return int(self.learned.sum())


#: What is read at one place of the order: one sequence, or the two of a preference pair.
Item = tuple[Example, ...]


class Composer:
    """Tokenises; sequences have at most ``length`` tokens."""

    def __init__(self, tokenizer: Tokenizer, length: int, learn_all: bool) -> None:
        self._tokenizer = tokenizer
        self._length = length
        self._learn_all = learn_all

    def compose(self, said: Meaning) -> list[Item]:
        """The items of a row: none when nothing is left to learn within the length, several for long plain text.

        Raises UnreadableError when the model's chat template refuses the row.
        """
        match said:
            case Plain(text):
                return [(example,) for example in self._windows(text)]
            case Preference(chosen, rejected):
                pair = (self._one(chosen), self._one(rejected))
                return [pair] if all(side.learned_count for side in pair) else []
            case _:
                example = self._one(said)
                return [(example,)] if example.learned_count else []

    def _one(self, said: Completion | Chat) -> Example:
        if isinstance(said, Completion):
            tokens, learned = self._pieces([(said.prompt, False), (said.completion, True)])
        elif self._tokenizer.has_template:
            tokens, learned = self._templated(said)
        else:
            tokens, learned = self._pieces(_written_out(said))
        if self._learn_all:
            learned = [True] * len(tokens)
        return Example.of(tokens[: self._length], learned[: self._length])

    def _windows(self, text: str) -> list[Example]:
        tokens, learned = self._pieces([(text, True)])
        cuts = range(0, len(tokens), self._length)
        found = [Example.of(tokens[i : i + self._length], learned[i : i + self._length]) for i in cuts]
        return [example for example in found if example.learned_count]

    def _pieces(self, pieces: list[tuple[str, bool]]) -> tuple[list[int], list[bool]]:
        """Each piece tokenised by itself, between the model's begin and end tokens, as the strict trainer does it."""
        tokens: list[int] = []
        learned: list[bool] = []
        if self._tokenizer.begin is not None:
            tokens.append(self._tokenizer.begin)
            learned.append(False)
        for text, learn in pieces:
            ids = self._tokenizer.encode(text)
            tokens.extend(ids)
            learned.extend([learn] * len(ids))
        if self._tokenizer.end is not None:
            tokens.append(self._tokenizer.end)
            learned.append(pieces[-1][1])
        return tokens, learned

    def _templated(self, chat: Chat) -> tuple[list[int], list[bool]]:
        text = self._tokenizer.render(chat.messages)
        spans = self._spans(chat, text)
        tokens, starts = self._tokenizer.encode_with_starts(text)
        return tokens, [any(begin <= start < end for begin, end in spans) for start in starts]

    def _spans(self, chat: Chat, text: str) -> list[tuple[int, int]]:
        """Where in the rendered text the assistant speaks, up to and with the token that ends its turn."""
        spans = []
        for index, message in enumerate(chat.messages):
            last = index + 1 == len(chat.messages)
            if message.role != "assistant" or (chat.last_only and not last):
                continue
            begin = self._prefix(chat.messages[:index], text)
            if last:
                end = len(text)
            else:
                content = message.content.strip()
                found = text.find(content, begin)
                if found < 0:
                    raise UnreadableError(
                        f"Expected the chat template to write out turn {index + 1}, but its text is not there."
                    )
                end = self._tokenizer.turn_end(text, found + len(content))
            spans.append((begin, begin + len(text[begin:end].rstrip())))
        return spans

    def _prefix(self, before: tuple[Message, ...], text: str) -> int:
        """Where a turn of the assistant begins: after what the template writes to ask for it."""
        for asked in (True, False):
            prefix = self._tokenizer.render(before, generation_prompt=asked) if before else ""
            if prefix and text.startswith(prefix):
                return len(prefix)
        if not before:
            return 0
        raise UnreadableError(
            "Expected the chat template to write turns in order, "
            f"but it writes the first {len(before)} otherwise when more follow."
        )


def _written_out(chat: Chat) -> list[tuple[str, bool]]:
    """``role: content`` lines, for models without a template of their own."""
    pieces: list[tuple[str, bool]] = []
    for index, message in enumerate(chat.messages):
        learn = message.role == "assistant" and (not chat.last_only or index + 1 == len(chat.messages))
        pieces.append((f"{message.role}: ", False))
        pieces.append((f"{message.content}\n", learn))
    return pieces
