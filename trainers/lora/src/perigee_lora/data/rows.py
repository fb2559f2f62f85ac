"""Raw rows out of JSONL and Parquet files, bounded in bytes; what is no row is reported and not fatal by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perigee_lora.canonical import json
from perigee_lora.failure import JobFailure, bad_data

LINE_LIMIT = 4 << 20
TOTAL_LIMIT = 8 << 30
FILES_LIMIT = 4096
_CHUNK = 1 << 20
_HINT = (
    'Each row is one object: {"prompt", "completion"}, {"messages": [{"role", "content"}]}, {"conversations"}, '
    '{"instruction", "output"}, {"text"} or {"prompt", "chosen", "rejected"}.'
)


@dataclass(frozen=True)
class Place:
    """Where a row is, for people: a line of a JSONL file or a row of a Parquet file, counted from 1."""

    file: str
    number: int

    def __str__(self) -> str:
        return f"{'row' if self.file.endswith('.parquet') else 'line'} {self.number} of '{self.file}'"


@dataclass(frozen=True)
class Row:
    """One row."""

    place: Place
    value: dict[str, Any]


@dataclass
class BadRows:
    """Rows that are none: all are counted, some are kept with what was expected of them."""

    allowed: int
    count: int = 0
    _kept: list[tuple[str, int, str]] = field(default_factory=list)
    _MOST = 20

    def add(self, row_place: Place, sentence: str) -> None:
        """``sentence`` says what was expected and what is there."""
        self.count += 1
        if len(self._kept) < self._MOST:
            self._kept.append((row_place.file, row_place.number, f"{row_place}: {sentence}"))

    @property
    def first(self) -> list[str]:
        """Place and sentence of the rows that are kept, in the order of the files."""
        return [sentence for _, _, sentence in sorted(self._kept)]

    def refuse_if_too_many(self) -> None:
        """Raises JobFailure (65) that names the first bad rows."""
        if self.count > self.allowed:
            shown = " ".join(self.first[:3])
            more = f" And {self.count - 3} more." if self.count > 3 else ""
            raise bad_dataset(f"Expected at most {self.allowed} bad rows, but there are {self.count}. {shown}{more}")


def bad_dataset(message: str) -> JobFailure:
    return bad_data("BAD_DATASET", message, _HINT)


def files(directory: Path) -> list[str]:
    """The dataset's files, by their path below the directory. Raises JobFailure (65)."""
    if not directory.is_dir():
        raise bad_dataset(f"Expected the dataset at '{directory}', but there is no such directory.")
    real = directory.resolve()
    found: list[str] = []
    for folder, folders, names in os.walk(real):
        if len(Path(folder).relative_to(real).parts) >= 8:
            folders.clear()
        for name in names:
            path = Path(folder) / name
            if name.endswith((".jsonl", ".parquet")) and path.is_file():
                found.append(path.relative_to(real).as_posix())
    if not found or len(found) > FILES_LIMIT:
        amount = "more" if found else "none"
        raise bad_dataset(
            f"Expected 1 to {FILES_LIMIT} .jsonl or .parquet files in the dataset, but there are {amount}."
        )
    return sorted(found)


def read(directory: Path, names: list[str], bad: BadRows) -> Iterator[Row]:
    """Every row of the named files, in order. Stops with JobFailure (65) as soon as too many rows are bad."""
    from perigee_lora.data import parquet

    real = directory.resolve()
    total = sum((real / name).stat().st_size for name in names)
    if total > TOTAL_LIMIT:
        raise bad_dataset(f"Expected a dataset of at most {TOTAL_LIMIT} bytes, but it has {total}.")
    for name in names:
        rows = parquet.read(real / name, name, bad) if name.endswith(".parquet") else _jsonl(real / name, name, bad)
        for number, value in rows:
            if isinstance(value, dict):
                yield Row(Place(name, number), value)
            else:
                bad.add(Place(name, number), f"Expected an object, but it is {json.kind(value)}.")
            bad.refuse_if_too_many()


def _jsonl(path: Path, name: str, bad: BadRows) -> Iterator[tuple[int, Any]]:
    for number, line in _lines(path):
        if line is None:
            bad.add(Place(name, number), f"Expected at most {LINE_LIMIT} bytes, but it is longer.")
        elif line.strip(b" \t\r"):
            try:
                yield number, json.parse(line)
                continue
            except json.MalformedError as e:
                bad.add(Place(name, number), f"Expected JSON, but {e}.")
        bad.refuse_if_too_many()


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers; None, as soon as it is known, for one over the limit, which is never held in memory."""
    number = 1
    parts: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            for index, piece in enumerate(chunk.split(b"\n")):
                if index:
                    if size <= LINE_LIMIT:
                        yield number, b"".join(parts)
                    number, parts, size = number + 1, [], 0
                known = size > LINE_LIMIT
                size += len(piece)
                if size <= LINE_LIMIT:
                    parts.append(piece)
                elif not known:
                    parts = []
                    yield number, None
    if 0 < size <= LINE_LIMIT:
        yield number, b"".join(parts)
