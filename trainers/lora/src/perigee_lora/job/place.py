"""The paths and variables of the container contract."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perigee_lora.failure import bad_spec
from perigee_lora.job.spec import Job


@dataclass(frozen=True)
class Workplace:
    """The paths of the contract, below ``/perigee`` or, for trying things by hand, below PERIGEE_ROOT."""

    root: Path

    @staticmethod
    def of(environment: Mapping[str, str]) -> Workplace:
        return Workplace(Path(environment.get("PERIGEE_ROOT") or "/perigee"))

    @property
    def job(self) -> Path:
        return self.root / "job.json"

    @property
    def base(self) -> Path:
        return self.root / "inputs/base"

    @property
    def dataset(self) -> Path:
        return self.root / "inputs/dataset"

    @property
    def resume(self) -> Path:
        return self.root / "resume"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"

    @property
    def progress(self) -> Path:
        return self.root / "progress.jsonl"


@dataclass(frozen=True)
class Borders:
    """The part of a job one run does: start at checkpoint ``first``, write the checkpoints up to ``last``."""

    first: int
    last: int

    @staticmethod
    def of(environment: Mapping[str, str], job: Job) -> Borders:
        """From PERIGEE_FROM and PERIGEE_TO; unset means the whole job. Raises JobFailure (64)."""
        first = _border(environment, "PERIGEE_FROM", 0, job.last_border)
        last = _border(environment, "PERIGEE_TO", job.last_border, job.last_border)
        if first > last:
            raise bad_spec(
                "BAD_BORDERS",
                f"Expected PERIGEE_FROM to be at most PERIGEE_TO, but they are {first} and {last}.",
                _HINT,
            )
        return Borders(first, last)


_HINT = "Borders count segments; the last one is train.steps / stepsPerSegment, rounded up."


def _border(environment: Mapping[str, str], name: str, fallback: int, last: int) -> int:
    text = environment.get(name) or ""
    if not text:
        return fallback
    if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > last:
        raise bad_spec("BAD_BORDERS", f"Expected {name} to be a border from 0 to {last}, but it is '{text}'.", _HINT)
    return int(text)


def threads(environment: Mapping[str, str], job: Job) -> int:
    """PERIGEE_THREADS, or what the job asks for and the machine lends."""
    wanted = environment.get("PERIGEE_THREADS") or ""
    if re.fullmatch(r"[1-9][0-9]{0,2}", wanted):
        return int(wanted)
    return max(1, min(job.cpus, len(os.sched_getaffinity(0))))
