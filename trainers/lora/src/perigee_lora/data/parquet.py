"""Rows out of Parquet files, bounded in memory: a few kilobytes can say one long text a million times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from perigee_lora.data.rows import LINE_LIMIT, TOTAL_LIMIT, BadRows, Place, bad_dataset

#: Of one row group, as its file declares it; one is held at a time.
GROUP_LIMIT = 1 << 30
_VALUES_LIMIT = 64 << 20
_AT_ONCE = 256
#: What a value takes beside its text: as JSON it would have at least a sign and a comma.
_SIGNS = 2
_TEXT = ("STRING", "NONE", "JSON", "ENUM", "BSON")


def read(path: Path, name: str, bad: BadRows) -> Iterator[tuple[int, Any]]:
    """Rows with their numbers; what is too long as a row is bad, what is too long to look at ends the job."""
    import pyarrow
    import pyarrow.parquet

    number = 0
    total = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as plain:
            columns = [plain.schema.column(i) for i in range(len(plain.schema))]
        # texts stay a dictionary and the places in it, so that a repeated one takes no more memory than its first
        texts = [c.path for c in columns if c.physical_type == "BYTE_ARRAY" and c.logical_type.type in _TEXT]
        with pyarrow.parquet.ParquetFile(path, read_dictionary=texts, buffer_size=1 << 20) as file:
            for group in range(file.metadata.num_row_groups):
                rows = _check_group(file.metadata.row_group(group), name)
                sizes = _Sizes()
                for batch in file.iter_batches(batch_size=max(1, rows), row_groups=[group], use_threads=False):
                    for part in _parts(batch, sizes):
                        total += sizes.of(part)
                        if total > TOTAL_LIMIT:
                            raise bad_dataset(
                                f"Expected '{name}' to hold at most {TOTAL_LIMIT} bytes, but it holds more."
                            )
                        if sizes.of(part) > LINE_LIMIT:
                            number += 1
                            bad.add(Place(name, number), f"Expected at most {LINE_LIMIT} bytes, but it is longer.")
                            bad.refuse_if_too_many()
                            continue
                        for value in part.to_pylist():
                            number += 1
                            yield number, _plain(value)
    except (pyarrow.ArrowException, OSError, ValueError) as e:
        first = str(e).splitlines()[0][:120] if str(e) else type(e).__name__
        raise bad_dataset(f"Expected '{name}' to be a Parquet file, but after row {number} it says: {first}.") from e


def _check_group(group: Any, name: str) -> int:
    """The group's rows. Raises JobFailure (65) when it would take too much memory."""
    values = max((group.column(i).num_values for i in range(group.num_columns)), default=0)
    if group.total_byte_size > GROUP_LIMIT or values > _VALUES_LIMIT:
        raise bad_dataset(
            f"Expected '{name}' to have row groups of at most {GROUP_LIMIT} bytes and {_VALUES_LIMIT} values, but one has "
            f"{group.total_byte_size} bytes and {values} values. Write it with smaller ones (pyarrow: 'row_group_size')."
        )
    return int(group.num_rows)


def _parts(batch: Any, sizes: _Sizes) -> Iterator[Any]:
    """The batch in pieces that may become Python's values at once: small ones, or single rows."""
    waiting = [batch.slice(first, _AT_ONCE) for first in range(0, batch.num_rows, _AT_ONCE)][::-1]
    while waiting:
        part = waiting.pop()
        if part.num_rows > 1 and sizes.of(part) > LINE_LIMIT:
            half = part.num_rows // 2
            waiting += [part.slice(half), part.slice(0, half)]
        else:
            yield part


class _Sizes:
    """Bytes of rows as they would be written out, counted without writing them out."""

    def __init__(self) -> None:
        self._lengths: dict[tuple[int, int], Any] = {}

    def of(self, batch: Any) -> int:
        return sum(self._array(column) for column in batch.columns)

    def _array(self, array: Any) -> int:
        import pyarrow.compute as compute
        from pyarrow import types

        kind = array.type
        signs = _SIGNS * len(array)
        if types.is_dictionary(kind) and _is_text(kind.value_type):
            return signs + (compute.sum(self._of_dictionary(array.dictionary).take(array.indices)).as_py() or 0)
        if _is_text(kind):
            return signs + (compute.sum(compute.binary_length(array)).as_py() or 0)
        if types.is_map(kind):
            first, last = array.offsets[0].as_py(), array.offsets[-1].as_py()
            return signs + sum(self._array(side[first:last]) for side in (array.keys, array.items))
        if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
            return signs + self._array(array.flatten())
        if types.is_struct(kind):
            return signs + sum(self._array(member) for member in array.flatten())
        return signs + int(array.nbytes)

    def _of_dictionary(self, dictionary: Any) -> Any:
        """A group's dictionary is the same in all its pieces, and may be long."""
        import pyarrow.compute as compute

        key = (dictionary.buffers()[1].address if dictionary.buffers()[1] else 0, len(dictionary))
        if key not in self._lengths:
            self._lengths[key] = compute.binary_length(dictionary).cast("int64")
        return self._lengths[key]


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    return bool(
        types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind) or types.is_large_binary(kind)
    )


def _plain(value: Any) -> Any:
    """Only what JSON has, and columns without a value left out, so that both kinds of file mean the same."""
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_plain(element) for element in value]
    if isinstance(value, bool | int | str) or value is None:
        return value
    return str(value)
