"""For people: one line a step with what metrics say, and seconds, memory and speed besides. Never committed to."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from perigee_lora.canonical import json


class Progress:
    """Appends to a file that somebody else may have made and mounted. Where it cannot be written, work goes on without."""

    def __init__(self, path: Path) -> None:
        self._started = time.monotonic()
        self._tokens = 0
        self._file: TextIO | None
        try:
            self._file = path.open("a", encoding="utf-8")
        except OSError as e:
            print(f"no progress is written: {e}", flush=True)
            self._file = None

    def report(self, facts: dict[str, Any]) -> None:
        """Adds the line of a step and flushes it."""
        self._tokens += facts["tokens"]
        seconds = max(1e-3, time.monotonic() - self._started)
        line = facts | {
            "seconds": Decimal(round(seconds * 1000)) / 1000,
            "tokensPerSecond": round(self._tokens / seconds),
            "memory": resident_bytes(),
        }
        if self._file is not None:
            try:
                self._file.write(json.render(line) + "\n")
                self._file.flush()
            except OSError:
                self._file = None  # the contract does not hang on it

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def resident_bytes() -> int:
    """What the process holds in memory now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
    except (OSError, ValueError, IndexError):
        return 0


def peak_bytes() -> int:
    """The most the process has held; 0 where the system does not say."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 0
