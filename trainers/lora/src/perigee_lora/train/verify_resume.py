"""Computes segments again and compares them with what somebody claims."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from perigee_lora import preset
from perigee_lora.failure import Exit, bad_data, bad_spec
from perigee_lora.job.place import Borders, Workplace, threads
from perigee_lora.job.spec import read_job
from perigee_lora.train import checkpoints
from perigee_lora.train.progress import Progress
from perigee_lora.train.stop import StopSignal

_FILES = (checkpoints.ADAPTER, checkpoints.OPTIMIZER, checkpoints.STATE, checkpoints.METRICS)


def verify(place: Workplace, start: Path, end: Path) -> Exit:
    """Prints a digest of every file beside the claimed one. Raises JobFailure (65) when one differs."""
    first, last = _border(start), _border(end)
    job = read_job(place.job)
    borders = Borders.of({"PERIGEE_FROM": str(first), "PERIGEE_TO": str(last)}, job)
    preset.apply(threads(os.environ, job))
    from perigee_lora.train.segments import Segments

    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        (root / "inputs").mkdir()
        for link, target in ((root / "inputs/base", place.base), (root / "inputs/dataset", place.dataset),
                             (root / "resume", start), (root / "job.json", place.job)):  # fmt: skip
            link.symlink_to(target.resolve())
        again = Workplace(root)
        Segments(again, job, StopSignal()).run(borders, Progress(again.progress))
        differing = [name for name in _FILES if not _same(name, again.checkpoints / str(last) / name, end / name)]
    if differing:
        raise bad_data(
            "DIFFERENT",
            f"Expected border {last} to follow from border {first}, but {', '.join(differing)} has other bytes.",
            "Compare the numeric classes first: 'class' prints this one.",
        )
    return Exit.DONE


def _same(name: str, mine: Path, theirs: Path) -> bool:
    digests = [
        hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing" for path in (mine, theirs)
    ]
    equal = digests[0] == digests[1]
    print(f"{name:24s} {digests[0][:16]} {'=' if equal else '!='} {digests[1][:16]}", flush=True)
    return equal


def _border(directory: Path) -> int:
    name = directory.resolve().name
    if not name.isdecimal() or len(name) > 7:
        raise bad_spec(
            "BAD_BORDERS",
            f"Expected a checkpoint's directory to be named by its border, but it is '{name}'.",
            "Give directories such as checkpoints/3 and checkpoints/4.",
        )
    return int(name)
