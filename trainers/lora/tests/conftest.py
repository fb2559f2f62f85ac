"""The preset, before anything imports torch; and tiny bases, made once."""

import os
from pathlib import Path

import pytest

from perigee_lora import preset

os.environ.update(preset.environment_for(preset.kernels(os.environ)))
os.environ.setdefault("PYTHONPATH", str(Path(__file__).parents[1] / "src"))

import bitsandbytes  # noqa: F401  # one process runs jobs with and without it

from support import ARCHITECTURES, make_base


@pytest.fixture(scope="session")
def bases(tmp_path_factory):
    """Directories of tiny random bases, by model type."""
    preset.apply(1)
    root = tmp_path_factory.mktemp("bases")
    return {name: make_base(root / name, name) for name in ARCHITECTURES}


@pytest.fixture
def base(bases):
    """A tiny Llama."""
    return bases["llama"]
