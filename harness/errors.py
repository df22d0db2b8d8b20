"""The one error tree, and the exit codes it maps to.

HarnessError
├── RequestError      the person asked for something that cannot be done now      exit 2
├── StateError        the record of attempts cannot be read or written            exit 3
├── SandboxError      no box could be made, or a box broke in a way of ours       exit 3
├── JudgeError        the judge failed; never counts against a candidate          exit 3
└── PackError         a problem pack is broken                                    exit 4
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the process returns. Documented in README and stable."""

    OK = 0
    NOT_ACCEPTED = 1
    USAGE = 2
    INTERNAL = 3
    PACK = 4
    INTERRUPTED = 130


class HarnessError(Exception):
    """Says what happened and where (``message``), and what to type next (``hint``)."""

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class RequestError(HarnessError):
    """The request cannot be carried out as it stands; nothing was changed."""

    exit_code = ExitCode.USAGE


class StateError(HarnessError):
    """The record of attempts cannot be read or written."""


class SandboxError(HarnessError):
    """No box could be made, or a box failed through no fault of the candidate's code."""


class JudgeError(HarnessError):
    """The judge failed. Never counts against the candidate, never is a pass."""


class JudgeStuckError(JudgeError):
    """The judge's child says nothing any more: a case holds it."""


class BrokenSuiteError(JudgeError):
    """A suite cannot be collected. ``file`` is its path below the problem's folder."""

    def __init__(self, message: str, file: str, line: int | None) -> None:
        super().__init__(message)
        self.file = file
        self.line = line


class PackError(HarnessError):
    """A problem pack is broken; names the file and the key."""

    exit_code = ExitCode.PACK
