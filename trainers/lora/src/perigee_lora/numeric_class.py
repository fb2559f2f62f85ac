"""The numeric class: what decides the bits, and its digest."""

from __future__ import annotations

import hashlib
import os
import platform
from importlib import metadata
from typing import Any

from perigee_lora import __version__, preset
from perigee_lora.canonical import json
from perigee_lora.failure import Exit

_PACKAGES = ("torch", "transformers", "peft", "safetensors", "tokenizers", "bitsandbytes", "numpy")


def show() -> Exit:
    """Prints ``{"classes": [{"numericClass", "parts"}…]}``, the widest first; a wide machine is of several."""
    classes = [described(parts) for parts in _all_parts()]
    print(json.render({"classes": classes}), flush=True)
    return Exit.DONE


def described(parts: dict[str, Any]) -> dict[str, Any]:
    """A class: the SHA-256 of its parts' canonical JSON, and the parts."""
    digest = hashlib.sha256(json.render(parts).encode("utf-8")).hexdigest()
    return {"numericClass": f"0x{digest}", "parts": parts}


def _all_parts() -> list[dict[str, Any]]:
    wanted = os.environ.get("PERIGEE_KERNELS")
    sets = [wanted] if wanted else preset.machine_sets()
    return [*_gpu_parts(), *(_common() | _cpu_parts(name) for name in sets)]


def _common() -> dict[str, Any]:
    return {
        "trainer": "lora",
        "version": __version__,
        "image": os.environ.get("PERIGEE_IMAGE", ""),
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
