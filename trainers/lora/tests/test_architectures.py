"""Every architecture of the table: two segments lower the loss, every border resumes, the adapter opens in PEFT."""

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from support import ARCHITECTURES, JobDirectory

TARGETS = {"phi3": ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]}
USUAL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


@pytest.mark.parametrize("model_type", ARCHITECTURES)
def test_should_learn_resume_and_open_in_peft(model_type, bases, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", bases[model_type])
    job.method(targets=TARGETS.get(model_type, USUAL), dropout="0.05").train(steps=8).section(
        "segments", stepsPerSegment=4
    )

    # when
    job.run()

    # then
    losses = job.losses()
    assert sum(losses[-3:]) < sum(losses[:3])
    for border in (0, 1, 2):
        other = job.again(tmp_path / f"from{border}")
        if border:
            other.resume_from(border, job)
        other.run(first=border)
        for later in range(border + 1, 3):
            assert other.checkpoint(later) == job.checkpoint(later)
        assert other.outputs() == job.outputs()
    assert_logits(job, bases[model_type], tmp_path)


def assert_logits(job, base, tmp_path):
    """The adapter in PEFT says what the trainer's own forward pass says."""
    from perigee_lora.job.place import Workplace
    from perigee_lora.job.spec import read_job
    from perigee_lora.train import checkpoints
    from perigee_lora.train.batch import batch
    from perigee_lora.train.session import open_session

    session = open_session(Workplace(job.root), read_job(job.root / "job.json"))
    checkpoints.load_parameters(job.root / "checkpoints/2", session.parameters)
    session.model.eval()
    examples = [item[0] for item in session.data.items[:4]]
    data = batch(examples, session.device)
    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation="eager")
    adapted = PeftModel.from_pretrained(plain, job.root / "outputs").eval()
    with torch.no_grad():
        mine = session.forward.logits(data).cpu()
        theirs = torch.cat(
            [adapted(input_ids=torch.tensor(e.tokens[None]).long()).logits[0, :-1][e.learned[1:]] for e in examples]
        )
    assert (mine - theirs).abs().max() < 1e-5


def test_should_write_the_names_that_peft_writes(base, tmp_path):
    # given
    job = JobDirectory(tmp_path / "a", base).method(kind="dora")
    job.run()
    plain = AutoModelForCausalLM.from_pretrained(base, attn_implementation="eager")

    # when
    PeftModel.from_pretrained(plain, job.root / "outputs").save_pretrained(tmp_path / "peft")

    # then
    from safetensors.torch import load_file

    mine, theirs = (load_file(d / "adapter_model.safetensors") for d in (job.root / "outputs", tmp_path / "peft"))
    assert sorted(mine) == sorted(theirs)
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)


def test_should_tokenise_as_transformers_does(base):
    # given
    from perigee_lora.base.config import read_config
    from perigee_lora.base.tokenizer import Tokenizer

    # when
    mine = Tokenizer(base, read_config(base)).encode("Größe <|end|> x")

    # then
    assert mine == PreTrainedTokenizerFast.from_pretrained(base)("Größe <|end|> x", add_special_tokens=False).input_ids
