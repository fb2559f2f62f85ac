"""One run of a job, or of some of its segments, as the container contract asks for it."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from perigee_lora import preset
from perigee_lora.canonical.files import remove
from perigee_lora.failure import Exit
from perigee_lora.job.place import Borders, Workplace, threads
from perigee_lora.job.spec import Job, read_job
from perigee_lora.train.progress import Progress, peak_bytes
from perigee_lora.train.stop import StopSignal

if TYPE_CHECKING:
    from perigee_lora.train.session import Session


def run(place: Workplace, environment: Mapping[str, str], stop: StopSignal) -> Exit:
    """Does the work and says how it ended; failures of the job's own making are raised as JobFailure."""
    started = time.monotonic()
    (place.outputs / "error.json").unlink(missing_ok=True)
    job = read_job(place.job)
    borders = Borders.of(environment, job)
    stop.clean_up = lambda: _remove_drafts(place)
    _remove_drafts(place)
    count = threads(environment, job)
    preset.apply(count)
    if not (job.method.quantised or job.train.optimizer == "adamw8bit"):
        preset.leave_out_bitsandbytes()
    ending = _train(place, job, borders, stop, count)
    gc.collect()  # the model, before its outputs need one
    if ending is Exit.DONE and borders.last == job.last_border:
        from perigee_lora.outputs.export import export

        written = borders.first < borders.last or borders.last == 0
        export(place, job, place.checkpoints / str(borders.last) if written else place.resume)
    print(
        f"lora trainer: {time.monotonic() - started:.2f} s, {time.process_time():.2f} CPU s, "
        f"{peak_bytes() >> 20} MiB at most",
        flush=True,
    )
    return ending


def _train(place: Workplace, job: Job, borders: Borders, stop: StopSignal, count: int) -> Exit:
    from perigee_lora.train.segments import Segments

    segments = Segments(place, job, stop)
    _announce(job, borders, segments.session, count)
    progress = Progress(place.progress)
    try:
        return segments.run(borders, progress)
    finally:
        progress.close()


def _announce(job: Job, borders: Borders, session: Session, count: int) -> None:
    sizes = sum(p.numel() for p in session.parameters.values())
    data = session.data
    print(
        f"lora trainer: borders {borders.first} to {borders.last} of {job.last_border}, {job.method.kind}, "
        f"{sizes} trained parameters beside {session.config.parameters} of the base, {len(data.items)} sequences of "
        f"{data.read} rows ({data.format}), {len(data.held_out)} held out, {session.device}, {count} thread(s)",
        flush=True,
    )
    for sentence in data.bad.first:
        print(f"skipped {sentence}", flush=True)
    if data.bad.count:
        print(f"{data.bad.count} bad rows skipped, {job.data.max_bad_rows} allowed", flush=True)


def _remove_drafts(place: Workplace) -> None:
    for directory in (place.checkpoints, place.outputs):
        if directory.is_dir():
            for draft in directory.glob(".*.draft"):
                remove(draft)
