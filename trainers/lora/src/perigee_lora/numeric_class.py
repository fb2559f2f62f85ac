"""The numeric class: what decides the bits. Its digest is the agent's to make, who knows the image's digest."""

from __future__ import annotations

import json as stdlib_json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Any

from perigee_lora import __version__, preset
from perigee_lora.canonical import json
from perigee_lora.failure import Exit

_PACKAGES = ("torch", "transformers", "peft", "safetensors", "tokenizers", "bitsandbytes", "numpy")


def show(seconds: float) -> Exit:
    """Prints, as one line, what this machine's agent makes its numeric classes and its offer of.

    ``{"version": 1, "classes": [{"kernels", "gpu", "flopsPerSecond", "madeOf": {name: text}}…]}``, the widest first; a wide
    machine is of several. ``kernels`` is what PERIGEE_KERNELS must say to compute in the class. ``seconds`` is roughly how
    long each class's throughput is measured; 0 leaves it out, and ``flopsPerSecond`` is then 0.
    """
    classes = [described(parts, seconds) for parts in _all_parts()]
    print(json.render({"version": 1, "classes": classes}), flush=True)
    return Exit.DONE


def described(parts: dict[str, Any], seconds: float) -> dict[str, Any]:
    """A class: everything that decides its bits, as flat text, and what it computes a second."""
    gpu = parts["device"] == "cuda"
    kernels = preset.CUDA if gpu else str(parts["kernels"])
    return {
        "kernels": kernels,
        "gpu": gpu,
        "flopsPerSecond": _measured(kernels, seconds),
        "madeOf": dict(_flat("", parts)),
    }


def _flat(prefix: str, parts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in parts.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", str(value).lower() if isinstance(value, bool) else str(value)


def _measured(kernels: str, seconds: float) -> int:
    """Operations a second, measured by a process of its own, since a process has one kernel set for life; 0 when it fails."""
    if seconds <= 0:
        return 0
    command = [sys.executable, "-m", "perigee_lora", "bench", "--seconds", str(seconds)]
    environment = {**os.environ, "PERIGEE_KERNELS": kernels}
    try:
        limit = 60 + 10 * seconds
        done = subprocess.run(command, env=environment, capture_output=True, timeout=limit, check=True)  # noqa: S603
        return int(stdlib_json.loads(done.stdout.splitlines()[-1])["operationsPerSecond"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, IndexError):
        return 0


def _all_parts() -> list[dict[str, Any]]:
    wanted = os.environ.get("PERIGEE_KERNELS")
    sets = [name for name in preset.machine_sets() if wanted in (None, "", name)]
    gpus = _gpu_parts() if wanted in (None, "", preset.CUDA) else []
    return [*gpus, *(_common() | _cpu_parts(name) for name in sets)]


def _common() -> dict[str, Any]:
    return {
        "trainer": "lora",
        "version": __version__,
        "python": platform.python_version(),
        "libc": "-".join(platform.libc_ver()),
        "packages": {name: _version(name) for name in _PACKAGES},
        "attention": "eager",
        "deterministicAlgorithms": True,
    }


def _cpu_parts(kernels: str) -> dict[str, Any]:
    return {"device": "cpu", "architecture": platform.machine(), "kernels": kernels,
            "switches": {name: value for name, value in preset.environment_for(kernels).items()
                         if name in ("MKL_CBWR", "ATEN_CPU_CAPABILITY", "DNNL_MAX_CPU_ISA")}}  # fmt: skip


def _gpu_parts() -> list[dict[str, Any]]:
    import torch

    if not torch.cuda.is_available():
        return []
    found = {}
    for index in range(torch.cuda.device_count()):
        major, minor = torch.cuda.get_device_capability(index)
        parts = _common() | {
            "device": "cuda",
            "model": torch.cuda.get_device_name(index),
            "capability": f"{major}.{minor}",
            "driverBranch": _driver_branch(),
            "cuda": str(torch.version.cuda),
            "cublasWorkspace": preset.environment_for(preset.AVX2)["CUBLAS_WORKSPACE_CONFIG"],
            "tf32": False,
            "reducedPrecisionReductions": False,
        }
        found[json.render(parts)] = parts
    return list(found.values())


def _driver_branch() -> str:
    """The first number of the NVIDIA driver's version; its kernels are the driver's only for just-in-time code."""
    from pathlib import Path

    try:
        text = Path("/proc/driver/nvidia/version").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return next((word.split(".")[0] for word in text.split() if word[:1].isdigit() and "." in word), "")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
