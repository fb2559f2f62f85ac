"""The estimate command."""

from __future__ import annotations

from perigee_lora.base.config import check_targets, read_config
from perigee_lora.canonical import json
from perigee_lora.estimate import memory, time
from perigee_lora.failure import Exit, bad_spec
from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import read_job


def estimate(place: Workplace, lent: int | None, speed: list[float] | None) -> Exit:
    """Prints the estimate as JSON. Raises JobFailure (64, 65)."""
    job = read_job(place.job)
    config = read_config(place.base)
    check_targets(job.method.targets, config)
    found = memory.estimate(config, job)
    document: dict[str, object] = {
        "memory": found.document(),
        "trainedParameters": memory.trained_parameters(config, job),
        "parameters": config.parameters,
    }
    if lent is not None:
        document["fits"] = found.total <= lent
        document["largest"] = memory.largest(config, job, lent)
    if speed is not None:
        if not all(value > 0 for value in speed):
            raise bad_spec(
                "USAGE", "Expected the values of --speed to be above 0, but one is not.", "Run 'bench' for them."
            )
        document["seconds"] = json.rounded(time.seconds(config, job, time.Speed(*speed)))
    print(json.render(document), flush=True)
    return Exit.DONE
