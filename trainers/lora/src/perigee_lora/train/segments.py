"""The loop over segments."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from perigee_lora.canonical import json
from perigee_lora.canonical.json import rounded
from perigee_lora.failure import Exit
from perigee_lora.job.place import Borders, Workplace
from perigee_lora.job.spec import Job
from perigee_lora.train import checkpoints
from perigee_lora.train.evaluate import evaluate
from perigee_lora.train.progress import Progress
from perigee_lora.train.session import open_session
from perigee_lora.train.state import RunState
from perigee_lora.train.stop import StopSignal

#: Seconds. A segment that surely ends within this is finished after a stop; any other is dropped.
_FINISH = 4.0


class Segments:
    """Trains from border to border and writes what the contract asks for at each."""

    def __init__(self, place: Workplace, job: Job, stop: StopSignal) -> None:
        self._place = place
        self._job = job
        self._stop = stop
        self.session = open_session(place, job)

    def run(self, borders: Borders, progress: Progress) -> Exit:
        """Writes the borders after the first."""
        state = self._start(borders)
        for border in range(borders.first + 1, borders.last + 1):
            lines: list[str] = []
            if not state.stopped:
                trained = self._segment(state, border, lines, progress)
                if trained is None:
                    return Exit.YIELDED
                state = self._evaluated(trained, border)
            self._write(border, state, lines)
            loss = f", loss {json.parse(lines[-1])['loss']:.4f}" if lines else ", stopped early"
            print(f"border {border} of {self._job.last_border}: step {state.steps}{loss}", flush=True)
            if self._stop.requested and border < borders.last:
                return Exit.YIELDED
        return Exit.DONE

    def _start(self, borders: Borders) -> RunState:
        if borders.first > 0:
            session = self.session
            return checkpoints.load(self._place.resume, self._job, borders.first, session.parameters, session.optimizer)
        state = self._evaluated(RunState(), 0)
        self._write(0, state, [])
        return state

    def _segment(self, state: RunState, border: int, lines: list[str], progress: Progress) -> RunState | None:
        """Steps up to a border; None when a stop drops them."""
        began = time.monotonic()
        first = done = state.steps
        last = self._job.steps_at(border)
        total = 0.0
        while done < last:
            if self._stop.requested and not _ends_soon(done - first, last - done, time.monotonic() - began):
                return None
            report = self.session.trainer.step(done)
            facts = report.facts()
            lines.append(json.render(facts) + "\n")
            progress.report(facts)
            total += report.loss
            done += 1
        curve = (*state.curve, (done, rounded(total / (done - first))))
        return replace(state, steps=done, curve=curve if self._job.evaluate else ())

    def _evaluated(self, state: RunState, border: int) -> RunState:
        if self._job.evaluate is None or not self._job.evaluates_at(border):
            return state
        session = self.session
        found: dict[str, Any] = evaluate(
            self._job, session.model, session.forward, session.data.held_out, session.device
        )
        print(f"border {border}: held-out loss {found['loss']:.4f}", flush=True)
        return state.evaluated(border, found, self._job.evaluate.early_stop)

    def _write(self, border: int, state: RunState, lines: list[str]) -> None:
        session = self.session
        checkpoints.write(
            self._place.checkpoints, border, self._job, session.parameters, session.optimizer, state, lines
        )


def _ends_soon(done: int, left: int, seconds: float) -> bool:
    return done > 0 and seconds / done * left <= _FINISH
