"""The commands of the image, for agents and for people."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from pathlib import Path

from perigee_lora import __version__
from perigee_lora.canonical import json
from perigee_lora.failure import Exit, JobFailure, machine_failed
from perigee_lora.job.place import Workplace
from perigee_lora.train.stop import StopSignal

_ABOUT = """\
Fine-tunes language models on the Hugging Face stack so that every machine of a numeric class computes the same bits.

Paths are below /perigee, or below $PERIGEE_ROOT: job.json, inputs/base, inputs/dataset, resume/ (the checkpoint of border
PERIGEE_FROM), checkpoints/<border>/, outputs/, progress.jsonl.
"""
_ENVIRONMENT = """\
environment:
  PERIGEE_FROM, PERIGEE_TO  borders: start from checkpoint FROM, write FROM+1 to TO (default: the whole job)
  PERIGEE_ROOT              where the paths are (default: /perigee)
  PERIGEE_THREADS           threads; changes the time, never the bits
  PERIGEE_KERNELS           avx512, avx2 or cuda (default: the machine's widest); part of the numeric class

exit codes: 0 done, 64 bad spec, 65 bad data, 75 yielded to SIGTERM, 70 the machine failed the job.
On failure outputs/error.json holds {code, message, hint}.
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    raw = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser("perigee_lora", description=_ABOUT, epilog=_ENVIRONMENT, formatter_class=raw)
    top.add_argument("--version", action="version", version=__version__)
    verbs = top.add_subparsers(dest="verb", metavar="COMMAND")
    verbs.add_parser("run", help="train the job, or the segments PERIGEE_FROM to PERIGEE_TO of it (the default)",
                     epilog=_ENVIRONMENT, formatter_class=raw)  # fmt: skip
    estimate = verbs.add_parser(
        "estimate",
        help="peak memory by parts, and seconds, from the job and the base's config alone",
        description="Prints JSON: bytes by parts and in all, the largest microBatch and seqLen that fit --memory, and "
        "seconds where a throughput is given. Reads job.json and inputs/base/config.json; no weights are needed.",
    )
    estimate.add_argument("--memory", type=int, metavar="BYTES", help="what a provider lends")
    estimate.add_argument(
        "--speed",
        type=float,
        nargs=3,
        metavar=("FLOPS", "STREAM", "LAYER"),
        help="what the provider's machine does, as 'bench' prints it",
    )
    bench = verbs.add_parser(
        "bench",
        help="measure this machine's throughput in the class, for estimates",
        description="Trains a small random model for a few steps and prints JSON with 'flops', 'stream' and 'layer'.",
    )
    bench.add_argument("--seconds", type=float, default=8.0, help="roughly how long to measure (default: %(default)s)")
    classes = verbs.add_parser(
        "class", help="the numeric classes of this image on this machine, and what goes into them"
    )
    classes.add_argument(
        "--seconds",
        type=float,
        default=2.0,
        help="roughly how long to measure each class; 0 not at all (default: %(default)s)",
    )
    export = verbs.add_parser(
        "export",
        help="derive the outputs from the last border's checkpoint again",
        description="Writes outputs/ from the job, its inputs and one checkpoint; the same bytes as the run wrote.",
    )
    export.add_argument("checkpoint", type=Path)
    answer = verbs.add_parser(
        "generate",
        help="answer the prompt on standard input, with and without the adapter in inputs/adapter",
        description='Prints one line of JSON, {"adapted", "base"}: the likeliest tokens of either.',
    )
    answer.add_argument("tokens", type=int, help="the most an answer has")
    answer.add_argument("chat", nargs="?", choices=["chat"], help="the prompt is what a user says in a conversation")
    verify = verbs.add_parser(
        "verify-resume",
        help="compute a segment again from one checkpoint and compare with the next",
        description="Runs the segment from checkpoint FROM in a temporary place and compares every file with checkpoint "
        "TO. Exit code 0 when all bytes agree, 65 when one differs.",
    )
    verify.add_argument("start", type=Path, metavar="FROM", help="directory of the checkpoint, named by its border")
    verify.add_argument("end", type=Path, metavar="TO", help="directory of a later checkpoint, named by its border")
    return top


def main(arguments: list[str], stop: StopSignal | None = None) -> int:
    """Runs a command and returns its exit code; every failure is one sentence on stderr and in outputs/error.json."""
    options = parser().parse_args(arguments)
    place = Workplace.of(os.environ)
    stop = stop or StopSignal().install()
    try:
        return int(_dispatch(options, place, stop))
    except JobFailure as failure:
        tell(place, failure)
        return int(failure.exit_code)
    except MemoryError:
        return _machine(place, "OUT_OF_MEMORY", "the memory is full", "Ask for more 'resources.memory'.")
    except OSError as e:
        reason = f"{e.strerror or e}".lower() + (f": '{e.filename}'" if e.filename else "")
        return _machine(place, "IO", reason, "Look at the disk and the mounts.")
    except Exception as e:
        if "out of memory" in str(e).lower() or "can't allocate memory" in str(e).lower():
            return _machine(place, "OUT_OF_MEMORY", "the memory is full", "Ask for more 'resources.memory'.")
        traceback.print_exc()
        return _machine(place, "BUG", f"it failed with {type(e).__name__}: {e}", "Report this with the job file.")
    finally:
        stop.ended()


def tell(place: Workplace, failure: JobFailure) -> None:
    """One sentence for whoever reads the log, and the same as a file for whoever reads the outputs."""
    print(f"{failure.code}: {failure.message} {failure.hint}", file=sys.stderr, flush=True)
    text = json.render({"code": failure.code, "message": failure.message, "hint": failure.hint}) + "\n"
    try:
        if os.access(place.outputs, os.W_OK):  # what only answers has none
            (place.outputs / "error.json").write_text(text, encoding="utf-8")
    except OSError as e:
        print(f"Expected to leave the reason in '{place.outputs}', but {e}.", file=sys.stderr)


def _machine(place: Workplace, code: str, fact: str, hint: str) -> int:
    tell(place, machine_failed(code, f"Expected the machine to carry the job, but {fact}.", hint))
    return int(Exit.FAILED)


def _dispatch(options: argparse.Namespace, place: Workplace, stop: StopSignal) -> Exit:
    match options.verb:
        case "estimate":
            from perigee_lora.estimate import command

            return command.estimate(place, options.memory, options.speed)
        case "bench":
            from perigee_lora.estimate import bench

            return bench.bench(options.seconds)
        case "class":
            from perigee_lora import numeric_class

            return numeric_class.show(options.seconds)
        case "export":
            from perigee_lora.outputs import command as outputs

            return outputs.export_checkpoint(place, options.checkpoint)
        case "generate":
            from perigee_lora import answer

            return answer.generate(place, options.tokens, options.chat is not None)
        case "verify-resume":
            from perigee_lora.train import verify_resume

            return verify_resume.verify(place, options.start, options.end)
        case _:
            from perigee_lora.train.run import run

            return run(place, os.environ, stop)
