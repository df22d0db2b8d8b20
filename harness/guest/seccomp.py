"""The box's system-call filter: an allow-list, built as classic BPF and loaded by prctl.

Everything else fails with EPERM, as a polite error in the candidate's code; a call through another
ABI (32-bit, x32), with which the list could be bypassed, kills the process.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable, Mapping

from . import libc
from .syscalls import ALLOWED, ARCHITECTURES, CONDITIONAL

_KILL_PROCESS = 0x80000000
_ALLOW = 0x7FFF0000
_EPERM = 0x00050001
_ENOSYS = 0x00050026
_X32_BIT = 0x40000000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_OFFSET_NUMBER, _OFFSET_ARCH = 0, 4

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

# The only flag words with which glibc and musl create a thread.
_THREAD_FLAGS = (0x3D0F00, 0x7D0F00)
# F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_DUPFD_CLOEXEC F_GETPIPE_SZ: no locks, no F_SETOWN.
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030, 1032)
# TCGETS TIOCGWINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX: nothing that types into a terminal.
_IOCTL_REQUESTS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
_PRCTL_OPTIONS = (15, 16)  # PR_SET_NAME, PR_GET_NAME
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE_MASK = 1, 1, 0xF
_SOL_SOCKET = 1
# SO_TYPE SO_ERROR SO_ACCEPTCONN SO_PROTOCOL SO_DOMAIN: no SO_PEERCRED, no SO_PEERPIDFD.
_SOCKET_OPTIONS = (3, 4, 30, 38, 39)
# MADV_NORMAL DONTNEED FREE, which malloc uses on its own memory: nothing that moves pages of files
# in or out, makes them larger, or shares pages with other processes.
_MEMORY_ADVICE = (0, 4, 8)
# The clocks of the system and the caller's own are below; above are those of other processes.
_CLOCKS = 16
_PIPE_FLAGS = 0x80800  # O_CLOEXEC O_NONBLOCK

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand."""

Range = tuple[int, list[Instruction]]
"""The lowest number, and the instructions for it and those that follow; they end in a return."""

_REFUSE: Instruction = (_RETURN, 0, 0, _EPERM)
_PASS: Instruction = (_RETURN, 0, 0, _ALLOW)


def is_supported() -> bool:
    """Tell whether this machine's architecture has a table."""
    return os.uname().machine in ARCHITECTURES


class Filter:
    """The filter of ``machine`` (``x86_64`` or ``aarch64``), for one process after another.

    The kernel runs it for every number there is when it is installed, to learn which answers
    never depend on the arguments. So the numbers are searched, not gone through.
    """

    def __init__(self, machine: str) -> None:
        self._column, arch = ARCHITECTURES[machine]
        rules = _rules_for_all()
        # Every answer to the judge is one, and cannot be learnt.
        self._before = _assemble([*_prologue(arch), *self._rule("sendto", rules.pop("sendto"))])
        actions = {number: [_PASS] for number in self._numbers() if number is not None}
        actions |= {CONDITIONAL[name][self._column]: body for name, body in rules.items()}
        self._after = _assemble(_search(_ranges(actions)))

    def program(self, pid: int) -> bytes:
        """Return the whole filter of process ``pid``, which may signal itself only."""
        own: list[Instruction] = []
        for name, body in _rules_for_process(pid).items():
            own += self._rule(name, body)
        return self._before + _assemble(own) + self._after

    def install(self, pid: int) -> None:
        """Put the filter on the calling process, ``pid``, for good. Raises :class:`OSError`.

        The process must have forbidden itself new privileges before.
        """
        program = self.program(pid)
        buffer = ctypes.create_string_buffer(program, len(program))
        header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
        # Checked at once: nothing may run without the filter.
        result = libc.library().prctl(_PR_SET_SECCOMP, _MODE_FILTER, header, 0, 0)
        libc.check(result, "seccomp")

    def _numbers(self) -> Iterable[int | None]:
        return (numbers[self._column] for numbers in ALLOWED.values())

    def _rule(self, name: str, body: list[Instruction]) -> list[Instruction]:
        """If the call is ``name`` run ``body``, which ends in a return, else jump over it."""
        return [(_EQUAL, 0, len(body), CONDITIONAL[name][self._column]), *body]


def _prologue(arch: int) -> list[Instruction]:
    """Kill on a call of another ABI, then load the number for the rules that follow."""
    return [
        (_LOAD, 0, 0, _OFFSET_ARCH),
        (_EQUAL, 1, 0, arch),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
        (_AT_LEAST, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _KILL_PROCESS),
    ]


def _ranges(actions: Mapping[int, list[Instruction]]) -> list[Range]:
    """Return what to do from each number on; numbers without an action are refused."""
    ranges: list[Range] = []
    following = 0
    for number in sorted(actions):
        if number > following or not ranges:
            ranges.append((following, [_REFUSE]))
        if actions[number] != ranges[-1][1]:
            ranges.append((number, actions[number]))
        following = number + 1
    return [*ranges, (following, [_REFUSE])]


def _search(ranges: list[Range]) -> list[Instruction]:
    """Find the range of the loaded number by halving, and do what stands there."""
    if len(ranges) == 1:
        return ranges[0][1]
    middle = len(ranges) // 2
    below = _search(ranges[:middle])
    return [(_AT_LEAST, len(below), 0, ranges[middle][0]), *below, *_search(ranges[middle:])]


def _rules_for_all() -> dict[str, list[Instruction]]:
    return {
        # Only without an address: on a connected socket, not to a path.
        "sendto": [
            (_LOAD, 0, 0, _argument(4)),
            (_EQUAL, 1, 0, 0),
            _REFUSE,
            (_LOAD, 0, 0, _argument(4, high=True)),
            (_EQUAL, 0, 1, 0),
            _PASS,
            _REFUSE,
        ],
        "clone": _argument_in(0, _THREAD_FLAGS),
        # glibc then falls back to clone, whose flags can be seen from here.
        "clone3": [(_RETURN, 0, 0, _ENOSYS)],
        # asyncio needs a pair; a datagram one could send to a path.
        "socketpair": [
            (_LOAD, 0, 0, _argument(0)),
            (_EQUAL, 1, 0, _AF_UNIX),
            _REFUSE,
            (_LOAD, 0, 0, _argument(1)),
            (_AND, 0, 0, _SOCK_TYPE_MASK),
            (_EQUAL, 0, 1, _SOCK_STREAM),
            _PASS,
            _REFUSE,
        ],
        "getsockopt": [
            (_LOAD, 0, 0, _argument(1)),
            (_EQUAL, 1, 0, _SOL_SOCKET),
            _REFUSE,
            *_argument_in(2, _SOCKET_OPTIONS),
        ],
        "pipe2": [
            (_LOAD, 0, 0, _argument(1)),
            (_ANY_BIT, 0, 1, 0xFFFFFFFF ^ _PIPE_FLAGS),
            _REFUSE,
            _PASS,
        ],
        "fcntl": _argument_in(1, _FCNTL_COMMANDS),
        "ioctl": _argument_in(1, _IOCTL_REQUESTS),
        "prctl": _argument_in(0, _PRCTL_OPTIONS),
        "madvise": _argument_in(2, _MEMORY_ADVICE),
        "clock_gettime": _no_other_clock(),
        "clock_getres": _no_other_clock(),
        "clock_nanosleep": _no_other_clock(),
    }


def _rules_for_process(pid: int) -> dict[str, list[Instruction]]:
    return {
        "kill": _argument_in(0, (pid,)),
        "tgkill": _argument_in(0, (pid,)),
        "prlimit64": _argument_in(0, (0, pid)),
        "sched_getaffinity": _argument_in(0, (0, pid)),
    }


def _no_other_clock() -> list[Instruction]:
    return [(_LOAD, 0, 0, _argument(0)), (_AT_LEAST, 0, 1, _CLOCKS), _REFUSE, _PASS]


def _argument(index: int, *, high: bool = False) -> int:
    """Offset of an argument's low (or high) half in the data that seccomp hands to the filter."""
    return 16 + 8 * index + (4 if high else 0)


def _argument_in(index: int, values: tuple[int, ...]) -> list[Instruction]:
    body: list[Instruction] = [(_LOAD, 0, 0, _argument(index))]
    for value in values:
        body += [(_EQUAL, 0, 1, value), _PASS]
    return [*body, _REFUSE]


def _assemble(program: Iterable[Instruction]) -> bytes:
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
