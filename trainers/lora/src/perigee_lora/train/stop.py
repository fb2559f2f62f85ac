"""SIGTERM: the process ends with the contract's exit code, at the latest after the grace.

The signal is blocked and waited for by a thread of its own, because Python runs handlers only between instructions and
one backward pass may be a single instruction of many seconds. Blocking also makes it work for process 1 of a container.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

from perigee_lora.failure import Exit

#: Seconds. The contract's grace is ten; this leaves time for the engine.
GRACE = 8.0
_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def block() -> None:
    """Holds the signals back; call it first of all. It lasts through exec."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


class StopSignal:
    """Knows whether the process was asked to stop, and ends it when that takes too long."""

    def __init__(self, grace: float = GRACE) -> None:
        self._requested = threading.Event()
        self._ended = threading.Event()
        self._grace = grace
        #: Run just before a hard end.
        self.clean_up: Callable[[], None] = lambda: None

    def install(self) -> StopSignal:
        """Starts the waiting thread."""
        threading.Thread(target=self._wait, name="stop", daemon=True).start()
        return self

    @property
    def requested(self) -> bool:
        return self._requested.is_set()

    def request(self) -> None:
        """Asks for a stop, as the signal does."""
        self._requested.set()

    def ended(self) -> None:
        """The work is over; the process ends by itself now."""
        self._ended.set()

    def _wait(self) -> None:
        signal.sigwait(_SIGNALS)
        self._requested.set()
        if not self._ended.wait(self._grace):
            self.clean_up()
            sys.stdout.flush()
            os._exit(Exit.YIELDED)
