"""The dataset as a job sees it: items to train on, and items held out."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from perigee_lora.base.tokenizer import Tokenizer
from perigee_lora.canonical import json
from perigee_lora.data import formats, rows
from perigee_lora.data.compose import Composer, Item
from perigee_lora.data.packing import pack
from perigee_lora.data.rows import BadRows, Row, bad_dataset
from perigee_lora.job.spec import Job


@dataclass(frozen=True)
class Dataset:
    """``read`` rows gave these items; ``bad`` rows were skipped and ``empty`` had nothing to learn within the length."""

    items: list[Item]
    held_out: list[Item]
    format: str
    read: int
    empty: int
    bad: BadRows

    @property
    def longest(self) -> int:
        """Tokens of the longest sequence trained on."""
        return max(len(example.tokens) for item in self.items for example in item)


def read_dataset(directory: Path, tokenizer: Tokenizer, job: Job) -> Dataset:
    """Reads, checks, splits, tokenises and packs. Raises JobFailure (65)."""
    names = rows.files(directory)
    evaluation = _evaluation_file(names, job)
    bad = BadRows(job.data.max_bad_rows)
    composer = Composer(tokenizer, job.train.seq_len, job.train.loss_on == "all" and job.train.objective == "sft")
    reader = _Reader(job, composer, bad)
    items, held_out = reader.split(rows.read(directory, [name for name in names if name != evaluation], bad))
    if evaluation:
        held_out = reader.all(rows.read(directory, [evaluation], bad))
    bad.refuse_if_too_many()
    _refuse_empty(reader, items, held_out, job)
    if job.train.packing:
        items = [(packed,) for packed in pack([item[0] for item in items], job.train.seq_len, job.train.seed)]
    return Dataset(items, held_out, reader.format, reader.read, reader.empty, bad)


def held_out(row: Row, share: Decimal, seed: int) -> bool:
    """Whether a row is held out: a function of its canonical bytes and the seed, so equal rows go the same way."""
    digest = hashlib.sha256(seed.to_bytes(8, "big") + json.render(row.value).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") < int(share * 2**64)


class _Reader:
    def __init__(self, job: Job, composer: Composer, bad: BadRows) -> None:
        self._job = job
        self._composer = composer
        self._bad = bad
        self.format = ""
        self.read = 0
        self.empty = 0

    def split(self, source: Iterator[Row]) -> tuple[list[Item], list[Item]]:
        first = list(itertools.islice(source, formats.LOOKED_AT))
        self._find_format(first)
        share = self._job.data.held_out
        kept: list[Item] = []
        held: list[Item] = []
        for row in itertools.chain(first, source):
            out = share > 0 and held_out(row, share, self._job.train.seed)
            (held if out else kept).extend(self._items(row))
        return kept, held

    def all(self, source: Iterator[Row]) -> list[Item]:
        return [item for row in source for item in self._items(row)]

    def _items(self, row: Row) -> list[Item]:
        self.read += 1
        try:
            items = self._composer.compose(formats.meaning(row.value, self.format))
        except formats.UnreadableError as e:
            self._bad.add(row.place, str(e))
            self._bad.refuse_if_too_many()
            return []
        self.empty += not items
        return items

    def _find_format(self, first: list[Row]) -> None:
        wanted = self._job.data.format
        found = wanted if wanted != "auto" else formats.detect(row.value for row in first)
        if first and found is None:
            keys = ", ".join(sorted(first[0].value))[:120]
            raise bad_dataset(
                f"Expected rows of a known format, but {first[0].place} has only the keys: {keys or 'none'}."
            )
        self.format = found or ""
        pairs = self._job.train.objective == "dpo"
        if first and pairs != (self.format == "preference"):
            raise bad_dataset(
                f"Expected {'preference pairs' if pairs else 'rows to imitate'} for '{self._job.train.objective}', "
                f"but the rows are of format {self.format}."
            )


def _evaluation_file(names: list[str], job: Job) -> str:
    wanted = job.data.eval_file
    if wanted and wanted not in names:
        raise bad_dataset(
            f"Expected the evaluation file '{wanted}' in the dataset, but there are only {', '.join(names)[:200]}."
        )
    if wanted and len(names) == 1:
        raise bad_dataset(f"Expected a file to train on beside '{wanted}', but there is none.")
    return wanted


def _refuse_empty(reader: _Reader, items: list[Item], held: list[Item], job: Job) -> None:
    if reader.read == 0:
        raise bad_dataset("Expected the dataset to have at least one row, but its files are empty.")
    if not items:
        raise bad_dataset(
            "Expected at least one row with something to learn within 'train.seqLen' tokens, "
            f"but none of {reader.read} has."
        )
    if not held and job.evaluate is not None:
        raise bad_dataset(
            "Expected at least one held-out row with something to learn within 'train.seqLen' tokens, but there is none."
        )
