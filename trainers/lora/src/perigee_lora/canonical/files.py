"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from perigee_lora.failure import JobFailure, machine_failed

#: Writes one file's content.
Writer = Callable[[BinaryIO], None]


def content(data: bytes | str) -> Writer:
    """A writer of what is already in memory."""
    encoded = data.encode("utf-8") if isinstance(data, str) else data

    def write(file: BinaryIO) -> None:
        file.write(encoded)

    return write


def publish_directory(directory: Path, files: Mapping[str, Writer]) -> None:
    """Writes a directory beside its place and moves it there in one step; an older one is replaced.

    Raises JobFailure (70) when the machine cannot take it; then nothing of it is left.
    """
    draft = directory.parent / f".{directory.name}.draft"
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        remove(draft)
        draft.mkdir()
        for name, write in files.items():
            with (draft / name).open("wb") as file:
                write(file)
        remove(directory)
        draft.rename(directory)
    except OSError as e:
        shutil.rmtree(draft, ignore_errors=True)
        raise unwritable(directory, e) from e


def publish_files(directory: Path, files: Mapping[str, Writer]) -> None:
    """Writes files into a directory, each moved into its place whole; names may have folders."""
    for name, write in files.items():
        place = directory / name
        draft = place.with_name(f".{place.name}.draft")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                write(file)
            draft.replace(place)
        except OSError as e:
            draft.unlink(missing_ok=True)
            raise unwritable(place, e) from e


def remove(path: Path) -> None:
    """Removes a directory, a file or nothing; never follows a link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> JobFailure:
    """The failure for a write that the machine refused."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    reason = "the disk is full" if full else f"{(error.strerror or str(error)).lower()}"
    return machine_failed(
        "DISK_FULL" if full else "IO",
        f"Expected to write '{path}', but {reason}.",
        "Lend the job the disk it asks for ('resources.disk')." if full else "Look at the disk and the mounts.",
    )
