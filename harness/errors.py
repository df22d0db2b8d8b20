"""The one error tree, and the exit codes it maps to.

HarnessError
├── RequestError      the request cannot be carried out now                       exit 2
├── CancelledError    a judgement was stopped from outside; it has no verdict     exit 130
├── StateError        the record of attempts cannot be read or written            exit 3
├── SandboxError      a box could not be made, or failed by itself                exit 3
├── JudgeError        the judge failed; does not count against the candidate      exit 3
├── ResourceError     the system lacks what a command needs: space, open files    exit 3
└── PackError         a problem pack is broken                                    exit 4
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """The exit codes: documented and stable."""

    OK = 0
    NOT_ACCEPTED = 1
    USAGE = 2
    INTERNAL = 3
    PACK = 4
    INTERRUPTED = 130


class HarnessError(Exception):
    """Has a message (what happened, and where) and a hint (the next command)."""

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class RequestError(HarnessError):
    """The request cannot be carried out as it stands; nothing was changed."""

    exit_code = ExitCode.USAGE


class CancelledError(HarnessError):
    """A judgement was stopped from outside: there is no verdict."""

    exit_code = ExitCode.INTERRUPTED


class StateError(HarnessError):
    """The record of attempts cannot be read or written."""


class SandboxFault(StrEnum):
    """Why a sandbox cannot be used here, where something can be done about it."""

    UNKNOWN = ""
    WRONG_SYSTEM = "wrong_system"
    UNKNOWN_PROCESSOR = "unknown_processor"
    NO_LANDLOCK = "no_landlock"
    PRIVATE_INTERPRETER = "private_interpreter"
    """Only root can read the interpreter."""
    FAILED_SELF_TEST = "failed_self_test"
    TOO_SLOW = "too_slow"
    """It has not come in time; another try would cost as much."""


class SandboxError(HarnessError):
    """A box could not be made, or failed, and not because of the candidate's code.

    ``remedy``: the command that helps, if it is known; else the hint is ``harness doctor``.
    """

    def __init__(
        self, message: str, remedy: str = "", fault: SandboxFault = SandboxFault.UNKNOWN
    ) -> None:
        super().__init__(message, remedy or "harness doctor")
        self.remedy = remedy
        self.fault = fault


class JudgeError(HarnessError):
    """The judge failed. Neither counts against the candidate nor is a pass.

    ``stuck``: its child stopped responding, because a case holds it. ``suite``: the suite that
    cannot be collected, if that is why, by its path below the problem's folder; ``line``: where.
    ``final``: another try would only cost time; ``remedy``: what helps, if it is known.
    ``of_sandbox``: its sandbox failed, and not the judge itself.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        stuck: bool = False,
        suite: str = "",
        line: int | None = None,
        final: bool = False,
        remedy: str = "",
        of_sandbox: bool = False,
    ) -> None:
        super().__init__(message, hint)
        self.final = final
        self.remedy = remedy
        self.of_sandbox = of_sandbox
        self.stuck = stuck
        self.suite = suite
        self.line = line


class ResourceError(HarnessError):
    """The system lacks what a command needs: room for its output, or open files."""


class PackError(HarnessError):
    """A problem pack is broken; the message names file and key."""

    exit_code = ExitCode.PACK
