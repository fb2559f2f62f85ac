"""The switches that make bits repeatable. Importing this module must not import torch.

Which settings change bits, and what each costs, was measured. CPU kernels of MKL, ATen and oneDNN are pinned to one
instruction set. Matrix products are spread over threads by MKL, whose strict reproducible mode gives the same bits with any
number of them. Everything else runs on one thread: ATen cuts long tensors at places that depend on the number of threads,
and computes what is left at a cut with other functions than the rest (silu and the gradient of softmax differ, for two).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from perigee_lora.failure import bad_spec, machine_failed

AVX512 = "avx512"
AVX2 = "avx2"
#: What an assignment in a GPU's class names; the processor's own kernels then decide no bits.
CUDA = "cuda"

_SETS = {
    AVX512: {"MKL_CBWR": "AVX512,STRICT", "ATEN_CPU_CAPABILITY": "avx512", "DNNL_MAX_CPU_ISA": "AVX512_CORE"},
    AVX2: {"MKL_CBWR": "AVX2,STRICT", "ATEN_CPU_CAPABILITY": "avx2", "DNNL_MAX_CPU_ISA": "AVX2"},
}
_ALWAYS = {
    "ONEDNN_MAX_CPU_ISA": "",
    "OMP_DYNAMIC": "FALSE",
    "OMP_WAIT_POLICY": "PASSIVE",  # threads that wait for products of one another do not spin on lent processors
    "MKL_DYNAMIC": "FALSE",
    # what a step frees stays for the next one: given back, it would be cleared and mapped anew, page by page, each step.
    # Only the largest blocks come and go, so that they leave no holes
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "1099511627776",
    "PYTORCH_ALLOC_CONF": "expandable_segments:True",  # a GPU's memory is then hardly more than what is in use
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    "NVIDIA_TF32_OVERRIDE": "0",
    "PYTHONHASHSEED": "0",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
    "BITSANDBYTES_NOWELCOME": "1",
}


def machine_sets() -> list[str]:
    """The kernel sets this processor can run, the widest first."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    flags = set(re.findall(r"[a-z0-9_]+", text[text.find("flags") : text.find("\n", text.find("flags"))]))
    sets = []
    if {"avx512f", "avx512bw", "avx512vl", "avx512dq"} <= flags:
        sets.append(AVX512)
    if {"avx2", "fma"} <= flags:
        sets.append(AVX2)
    return sets


def kernels(environment: Mapping[str, str]) -> str:
    """The processor's kernel set to use: PERIGEE_KERNELS, or the machine's widest. Raises JobFailure."""
    able = machine_sets()
    wanted = environment.get("PERIGEE_KERNELS") or ""
    if wanted in ("", CUDA):
        wanted = able[0] if able else ""
    if wanted and wanted not in _SETS:
        raise bad_spec(
            "BAD_KERNELS",
            f"Expected PERIGEE_KERNELS to be avx512, avx2 or cuda, but it is '{wanted}'.",
            "Leave it unset for the machine's widest set.",
        )
    if wanted not in able:
        raise machine_failed(
            "NO_KERNELS",
            f"Expected a processor with {wanted or 'AVX2 and FMA'}, but this one has {', '.join(able) or 'neither'}.",
            "Take the job on a machine of its numeric class.",
        )
    return wanted


def environment_for(kernel_set: str) -> dict[str, str]:
    """The variables of the preset."""
    return {name: value for name, value in {**_ALWAYS, **_SETS[kernel_set]}.items() if value}


def enter(arguments: list[str]) -> None:
    """Starts this program anew with the preset, unless it already has it: libraries read these once, at their start."""
    wanted = environment_for(kernels(os.environ))
    if all(os.environ.get(name) == value for name, value in wanted.items()):
        return
    environment = {name: value for name, value in os.environ.items() if name not in _ALWAYS}
    environment.update(wanted)
    os.execve(sys.executable, [sys.executable, "-m", "perigee_lora", *arguments], environment)  # noqa: S606


def _share_products(thread_count: int) -> None:
    """Sets MKL's threads apart from ATen's, for the calling thread; torch itself only sets both together.

    It does so once more in a thread's first parallel loop, so that loop has to come first.
    """
    import torch

    torch.zeros(1 << 16).add_(1)
    try:
        _mkl("MKL_Set_Num_Threads_Local", thread_count)
    except (OSError, AttributeError):
        print("no MKL in this torch: one thread is used", flush=True)


def product_threads() -> int:
    """How many threads compute a matrix product now, in the calling thread."""
    try:
        return _mkl("MKL_Get_Max_Threads")
    except (OSError, AttributeError):
        return 1


def _mkl(function: str, *arguments: int) -> int:
    import ctypes

    import torch

    library = ctypes.CDLL(str(Path(torch.__file__).parent / "lib/libtorch_cpu.so"))
    return int(getattr(library, function)(*map(ctypes.c_int, arguments)))


def apply(thread_count: int) -> None:
    """Torch's own switches; call it once, before the first tensor."""
    import logging
    import warnings

    import torch

    logging.getLogger("bitsandbytes").setLevel(logging.CRITICAL)  # it offers kernels from elsewhere

    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    _share_products(thread_count)
    # what torch.use_deterministic_algorithms(True) does, without loading the compiler, which takes seconds
    torch._C._set_deterministic_algorithms(True, warn_only=False)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    torch.manual_seed(0)  # nothing draws from it; if something ever does, it is at least the same everywhere


def leave_out_bitsandbytes() -> None:
    """Hides bitsandbytes, which transformers and PEFT load wherever they find it and which takes seconds to load.

    Call it before they are imported, and only for a job that needs none of it.
    """
    if "bitsandbytes" not in sys.modules:
        sys.modules["bitsandbytes"] = None  # type: ignore[assignment]  # find_spec and import then see none
