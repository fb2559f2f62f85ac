"""Where a job is at a border, beside its tensors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from perigee_lora.canonical import json
from perigee_lora.job.spec import Job
from perigee_lora.train.optimizer import bad_state


@dataclass(frozen=True)
class RunState:
    """Steps done, and what evaluation has found so far.

    ``evaluations`` is one entry a border that was evaluated; ``curve`` is (step, mean training loss) of every segment.
    ``waited`` counts evaluations since the lowest held-out loss; ``stopped`` is true from the border on at which that
    were too many.
    """

    steps: int = 0
    stopped: bool = False
    waited: int = 0
    evaluations: tuple[dict[str, Any], ...] = ()
    curve: tuple[tuple[int, Decimal], ...] = ()

    @property
    def best(self) -> dict[str, Any] | None:
        """The evaluation with the lowest loss; of equal ones the first."""
        return min(self.evaluations, key=lambda e: (Decimal(e["loss"]), e["border"]), default=None)

    def evaluated(self, border: int, found: dict[str, Any], patience: int) -> RunState:
        """With one more evaluation; stops when ``patience`` (0: never) evaluations brought no lower loss."""
        entry = {"border": border, "step": self.steps, **found}
        best = self.best
        waited = 0 if best is None or Decimal(found["loss"]) < Decimal(best["loss"]) else self.waited + 1
        return replace(self, evaluations=(*self.evaluations, entry), waited=waited, stopped=0 < patience <= waited)

    def document(self, job: Job) -> str:
        """``state.json``: canonical, and three keys only where nothing is evaluated."""
        document: dict[str, Any] = {
            "dataCursor": self.steps * job.train.rows_per_step,
            "step": self.steps,
            "version": 1,
        }
        if job.evaluate is not None:
            best = self.best
            document |= {
                "best": None if best is None else {"border": best["border"], "loss": best["loss"]},
                "curve": [list(point) for point in self.curve],
                "evaluations": list(self.evaluations),
                "stopped": self.stopped,
                "waited": self.waited,
            }
        return json.render(document) + "\n"


def read_state(text: object, job: Job, border: int) -> RunState:
    """The state of a border. Raises JobFailure (65) when it is another border's or another job's."""
    if not isinstance(text, dict):
        raise bad_state(f"Expected the checkpoint's state to be an object, but it is {json.kind(text)}.")
    try:
        state = RunState(
            steps=int(text["step"]),
            stopped=bool(text.get("stopped", False)),
            waited=int(text.get("waited", 0)),
            evaluations=tuple(dict(entry) for entry in text.get("evaluations", [])),
            curve=tuple((int(step), Decimal(loss)) for step, loss in text.get("curve", [])),
        )
        cursor = int(text["dataCursor"])
        known = state.document(job) == json.render(text) + "\n"
    except (KeyError, TypeError, ValueError, ArithmeticError) as e:
        raise bad_state("Expected the checkpoint's state to have step and dataCursor, but it has not.") from e
    steps = job.steps_at(border)
    right = state.steps <= steps if state.stopped else state.steps == steps
    if not right or cursor != state.steps * job.train.rows_per_step:
        raise bad_state(
            f"Expected the checkpoint of border {border} (step {steps}), but its state is of step {state.steps}."
        )
    if not known:
        raise bad_state("Expected the checkpoint's state as this job writes it, but it has other content.")
    return state
