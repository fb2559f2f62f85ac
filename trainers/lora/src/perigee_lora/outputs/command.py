"""The export command."""

from __future__ import annotations

import os
from pathlib import Path

from perigee_lora import preset
from perigee_lora.failure import Exit
from perigee_lora.job.place import Workplace, threads
from perigee_lora.job.spec import read_job
from perigee_lora.outputs.export import export


def export_checkpoint(place: Workplace, checkpoint: Path) -> Exit:
    """Derives the outputs again. Raises JobFailure."""
    job = read_job(place.job)
    preset.apply(threads(os.environ, job))
    export(place, job, checkpoint)
    return Exit.DONE
