"""What can go wrong with a job, as the container contract's exit codes."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the container contract."""

    DONE = 0
    BAD_SPEC = 64
    BAD_DATA = 65
    #: Anything the contract has no code for: a bug, a full disk, a broken machine.
    FAILED = 70
    YIELDED = 75


class JobFailure(Exception):
    """Ends the job with one sentence for its builder ("Expected …, but ….") and a hint what to do about it."""

    def __init__(self, exit_code: Exit, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.code = code
        self.message = message
        self.hint = hint


def bad_spec(code: str, message: str, hint: str) -> JobFailure:
    """The order itself is wrong: running it elsewhere cannot help."""
    return JobFailure(Exit.BAD_SPEC, code, message, hint)


def bad_data(code: str, message: str, hint: str) -> JobFailure:
    """An input (base, dataset, checkpoint) is not what the contract promises."""
    return JobFailure(Exit.BAD_DATA, code, message, hint)


def machine_failed(code: str, message: str, hint: str) -> JobFailure:
    """The machine let the job down."""
    return JobFailure(Exit.FAILED, code, message, hint)
