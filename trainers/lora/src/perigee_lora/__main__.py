"""``python -m perigee_lora``: the preset first, everything else after."""

from __future__ import annotations

import os
import sys

from perigee_lora import cli, preset
from perigee_lora.failure import JobFailure
from perigee_lora.job.place import Workplace
from perigee_lora.train import stop


def main() -> None:
    """Blocks SIGTERM, enters the preset, runs the command and ends the process with its exit code."""
    arguments = sys.argv[1:]
    if not any(argument in ("-h", "--help", "--version") for argument in arguments):
        stop.block()
        try:
            preset.enter(arguments)
        except JobFailure as failure:
            cli.tell(Workplace.of(os.environ), failure)
            sys.exit(int(failure.exit_code))
    code = cli.main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # libraries' threads and destructors have no say in how a job ends


if __name__ == "__main__":
    main()
