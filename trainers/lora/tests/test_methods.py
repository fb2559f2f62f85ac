"""Methods, objectives, optimisers and the switches of training."""

import pytest

from perigee_lora.failure import JobFailure
from support import JobDirectory

PAIRS = [{"prompt": f"{i}:", "chosen": " yes indeed", "rejected": " no"} for i in range(12)]


def changed(job, change):
    match change:
        case "rslora" | "dora" | "lora" | "qlora":
            job.method(kind=change, dropout="0.1")
        case "full":
            job.full().train(lr="0.005", weightDecay="0.01")
        case "dpo":
            job.rows(PAIRS).train(objective="dpo", dpoBeta="0.5")
        case "adamw8bit":
            job.method(r=128).train(optimizer="adamw8bit")
        case "all":
            job.train(
                lossOn="all", gradAccum=2, maxGradNorm="0.5", weightDecay="0.1", scheduler="cosine", warmupSteps=1
            )
        case "packing":
            job.train(packing=True, seqLen=96)
        case "checkpointing":
            job.train(gradCheckpointing=True).method(dropout="0.2")
        case "bfloat16":
            job.train(dtype="bfloat16")
        case "full-bfloat16":
            job.full().train(lr="0.005", dtype="bfloat16")
    return job


@pytest.mark.parametrize(
    "change",
    [
        "rslora",
        "dora",
        "qlora",
        "full",
        "dpo",
        "adamw8bit",
        "all",
        "packing",
        "checkpointing",
        "bfloat16",
        "full-bfloat16",
    ],
)
def test_should_learn_and_resume_to_the_same_bits_with_any_number_of_threads(change, base, tmp_path):
    # given
    job = changed(JobDirectory(tmp_path / "a", base), change).train(steps=12).section("segments", stepsPerSegment=6)
    job.run()

    # when
    other = job.again(tmp_path / "b").resume_from(1, job)
    other.run(first=1, threads=2)

    # then
    losses = job.losses()
    assert sum(losses[-4:]) < sum(losses[:4])
    assert other.checkpoint(2) == job.checkpoint(2)
    assert other.outputs() == job.outputs()


@pytest.mark.parametrize("border", [0, 1, 2])
def test_should_run_one_segment_again_to_the_same_leaf(border, base, tmp_path):
    # given
    whole = JobDirectory(tmp_path / "a", base).method(dropout="0.1").train(steps=6)
    whole.run()

    # when
    audit = whole.again(tmp_path / "b").resume_from(border, whole)
    audit.run(first=border, last=border + 1)

    # then
    assert audit.checkpoint(border + 1) == whole.checkpoint(border + 1)
    assert audit.outputs() == (whole.outputs() if border == 2 else {})


def test_should_give_the_same_gradient_with_checkpointing(base, tmp_path):
    # given
    one = JobDirectory(tmp_path / "a", base).method(dropout="0.2")
    two = JobDirectory(tmp_path / "b", base).method(dropout="0.2").train(gradCheckpointing=True)

    # when
    one.run()
    two.run()

    # then
    assert one.checkpoint(2)["adapter.safetensors"] == two.checkpoint(2)["adapter.safetensors"]


def test_should_accumulate_to_the_loss_of_one_large_batch(base, tmp_path):
    # given
    one = JobDirectory(tmp_path / "a", base).train(microBatch=4)
    two = JobDirectory(tmp_path / "b", base).train(microBatch=2, gradAccum=2)

    # when
    one.run()
    two.run()

    # then
    assert two.losses() == pytest.approx(one.losses(), rel=1e-5)
    assert [line["tokens"] for line in two.metrics(1)] == [line["tokens"] for line in one.metrics(1)]


def test_should_clip_as_torch_does():
    # given
    import torch

    from perigee_lora.train.trainer import clip, gradient_norm

    parameters = [torch.nn.Parameter(torch.randn(50, 40)) for _ in range(3)]
    for p in parameters:
        p.grad = torch.randn_like(p)
    copies = [p.detach().clone().requires_grad_() for p in parameters]
    for copy, p in zip(copies, parameters, strict=True):
        copy.grad = p.grad.clone()

    # when
    norm = gradient_norm(parameters)
    clip(parameters, norm, 0.5)

    # then
    assert norm == pytest.approx(torch.nn.utils.clip_grad_norm_(copies, 0.5).item(), rel=1e-6)
    for copy, p in zip(copies, parameters, strict=True):
        torch.testing.assert_close(p.grad, copy.grad)


def test_should_stop_a_job_that_diverges(base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).full().train(lr="10", weightDecay="10", steps=60)

    # when
    with pytest.raises(JobFailure) as failure:
        job.run()

    # then
    assert (failure.value.exit_code, failure.value.code) == (64, "DIVERGED")
