"""The same bits: threads, processes, kills, stops."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support import QUICKSTART, JobDirectory, make_base, os_environ

USUAL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def quickstart(root, **train):
    """A job on the shipped base and dataset, whose lengths fit no vector."""
    job = JobDirectory(root, QUICKSTART / "base")
    shutil.rmtree(job.root / "inputs/dataset")
    (job.root / "inputs/dataset").symlink_to(QUICKSTART / "dataset")
    job.method(dropout="0.1", targets=USUAL)
    return job.train(**{"steps": 6, "microBatch": 4, "seqLen": 63, "lr": "0.002"} | train)


def start(job, **environment):
    job.write()
    environment = os_environ() | {"PERIGEE_ROOT": str(job.root)} | environment
    return subprocess.Popen(
        [sys.executable, "-m", "perigee_lora", "run"], env=environment, stdout=subprocess.PIPE, text=True
    )


def holds_back(pid, signum):
    """Whether a process blocks a signal (proc(5), SigBlk: bit n - 1 is signal n)."""
    status = Path(f"/proc/{pid}/status").read_text()
    blocked = next(line for line in status.splitlines() if line.startswith("SigBlk:"))
    return int(blocked.split()[1], 16) >> (signum - 1) & 1 == 1


def test_should_give_the_same_bits_in_two_processes_and_with_any_number_of_threads(tmp_path):
    # given
    jobs = [quickstart(tmp_path / str(threads)) for threads in (1, 2, 5)]

    # when
    done = [job.process("run", PERIGEE_THREADS=threads) for job, threads in zip(jobs, "125", strict=True)]

    # then
    assert [process.returncode for process in done] == [0, 0, 0]
    for job in jobs[1:]:
        assert [job.checkpoint(i) for i in range(4)] == [jobs[0].checkpoint(i) for i in range(4)]
        assert job.outputs() == jobs[0].outputs()


def test_should_still_spread_products_when_a_job_has_run(tmp_path):
    # given
    from perigee_lora import preset

    # when
    found = []
    for threads in (2, 1):
        quickstart(tmp_path / str(threads)).run(threads=threads)
        found.append(preset.product_threads())

    # then
    assert found == [2, 1]


def test_should_give_other_bits_with_another_kernel_set_and_say_so_in_the_class(tmp_path):
    # given
    from perigee_lora import preset

    if len(preset.machine_sets()) < 2 or os.environ.get("PERIGEE_TEST_GPU"):
        pytest.skip("this machine has one kernel set, or a GPU computes")
    jobs = {name: quickstart(tmp_path / name, steps=2) for name in preset.machine_sets()}

    # when
    classes = []
    for name, job in jobs.items():
        assert job.process("run", PERIGEE_KERNELS=name).returncode == 0
        classes.append(job.process("class", "--seconds", "0", PERIGEE_KERNELS=name).stdout)

    # then
    assert len({job.checkpoint(1)["adapter.safetensors"] for job in jobs.values()}) == 2
    assert len(set(classes)) == 2


STEADY = """
import resource, sys
from pathlib import Path
from perigee_lora import preset
from perigee_lora.job.place import Workplace
from perigee_lora.job.spec import read_job
preset.apply(1)
from perigee_lora.train.session import open_session
place = Workplace(Path(sys.argv[1]))
trainer = open_session(place, read_job(place.job)).trainer
for step in range(24):
    if step == 12:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    trainer.step(step)
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 12)
"""


def test_should_keep_from_step_to_step_what_a_step_needs(tmp_path, monkeypatch):
    # given
    monkeypatch.delenv("PERIGEE_TEST_GPU", raising=False)  # of the process's memory: a GPU's job has little of it
    base = make_base(tmp_path / "base", "llama", hidden_size=256, intermediate_size=688, vocab_size=8192)
    job = JobDirectory(tmp_path / "a", base).full().rows([{"text": "abcdefgh" * 64}] * 4)
    job.train(steps=24, microBatch=4, seqLen=128, lr="0.0001").write()
    returning = {name: value for name, value in os_environ().items() if not name.startswith("MALLOC_")}

    # when
    pages = [
        int(
            subprocess.run([sys.executable, "-c", STEADY, job.root], env=env, stdout=subprocess.PIPE, check=True).stdout
        )
        for env in (os_environ(), returning)
    ]

    # then
    assert 4 * pages[0] < pages[1]


def test_should_lose_at_most_one_segment_when_killed_at_any_instant(tmp_path):
    # given
    # 'check-kills' asks for more; each kill ends a start of seconds
    wanted = int(os.environ.get("PERIGEE_TEST_KILLS", "4"))
    seed = int(os.environ.get("PERIGEE_TEST_SEED", "20261126"))
    chance = random.Random(seed)
    steps = 6 * wanted
    whole = quickstart(tmp_path / "whole", steps=steps)
    whole.run()

    # when
    job = quickstart(tmp_path / "killed", steps=steps)
    border = 0
    kills = 0
    while True:
        process = start(job, PERIGEE_FROM=str(border))
        if kills < wanted:
            while process.poll() is None and not (job.root / "progress.jsonl").exists():
                time.sleep(0.02)
            time.sleep(chance.uniform(0.0, 0.6))
            process.kill()
            kills += 1
        process.communicate()
        if process.returncode == 0:
            break
        kept = [int(p.name) for p in (job.root / "checkpoints").iterdir() if p.name.isdecimal()]
        for found in kept:
            assert job.checkpoint(found) == whole.checkpoint(found), f"seed {seed}, kill {kills}"
        assert max(kept, default=0) >= border, f"seed {seed}, kill {kills}"
        border = max(kept, default=0)
        progress = job.root / "progress.jsonl"
        if progress.exists():
            whole_lines = progress.read_text().split("\n")[:-1]
            done = json.loads(whole_lines[-1])["step"] if whole_lines else 0
            assert done <= 2 * (border + 1), f"seed {seed}, kill {kills}: more than a segment is lost"
            progress.unlink()
        if border:
            job.resume_from(border)

    # then
    assert kills == wanted
    assert job.checkpoint(steps // 2) == whole.checkpoint(steps // 2)
    assert job.outputs() == whole.outputs()


def test_should_yield_to_sigterm_within_the_grace_with_nothing_half_written(tmp_path):
    # given
    job = quickstart(tmp_path / "a", steps=100000, warmupSteps=0).section("segments", stepsPerSegment=50000)
    process = start(job)
    while not (job.root / "checkpoints/0/DONE").exists():
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1)

    # when
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate()

    # then
    assert process.returncode == 75
    assert time.monotonic() - began < 10
    assert sorted(p.name for p in (job.root / "checkpoints").iterdir()) == ["0"]


def test_should_yield_to_sigterm_while_it_is_still_starting(tmp_path):
    # given
    process = start(quickstart(tmp_path / "a"))
    while not holds_back(process.pid, signal.SIGTERM):
        assert process.poll() is None
        time.sleep(0.01)

    # when
    process.send_signal(signal.SIGTERM)
    process.communicate()

    # then
    assert process.returncode == 75


def test_should_verify_a_segment_from_its_checkpoints(tmp_path):
    # given
    job = quickstart(tmp_path / "a")
    job.run()
    good = job.process("verify-resume", str(job.root / "checkpoints/1"), str(job.root / "checkpoints/2"))
    metrics = job.root / "checkpoints/2/metrics.jsonl"
    metrics.write_text(metrics.read_text().replace("loss", "lost"))

    # when
    bad = job.process("verify-resume", str(job.root / "checkpoints/1"), str(job.root / "checkpoints/2"))

    # then
    assert (good.returncode, bad.returncode) == (0, 65)
    assert "metrics.jsonl has other bytes" in bad.stderr
