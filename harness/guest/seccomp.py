"""The box's system-call filter: an allow-list, built as classic BPF and loaded by prctl.

Everything else fails with EPERM, as a polite error in the candidate's code; a call through another
ABI (32-bit, x32), with which the list could be bypassed, kills the process.
"""

from __future__ import annotations

import ctypes
import os
import struct

from .syscalls import ALLOWED, ARCHITECTURES, CONDITIONAL

_KILL_PROCESS = 0x80000000
_ALLOW = 0x7FFF0000
_EPERM = 0x00050001
_ENOSYS = 0x00050026
_X32_BIT = 0x40000000

_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_OFFSET_NUMBER, _OFFSET_ARCH = 0, 4

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2

# The only flag words with which glibc and musl create a thread.
_THREAD_FLAGS = (0x3D0F00, 0x7D0F00)
# F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_DUPFD_CLOEXEC F_GETPIPE_SZ: no locks, no F_SETOWN.
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030, 1032)
# TCGETS TIOCGWINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX: nothing that types into a terminal.
_IOCTL_REQUESTS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
_PRCTL_OPTIONS = (15, 16)  # PR_SET_NAME, PR_GET_NAME
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE_MASK = 1, 1, 0xF

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand."""


def is_supported() -> bool:
    """Tell whether this machine's architecture has a table."""
    return os.uname().machine in ARCHITECTURES


def build_program(machine: str, pid: int) -> bytes:
    """Return the filter for process ``pid`` on ``machine`` (``x86_64`` or ``aarch64``)."""
    column, arch = ARCHITECTURES[machine]
    program: list[Instruction] = [
        (_LOAD, 0, 0, _OFFSET_ARCH),
        (_EQUAL, 1, 0, arch),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
        (_AT_LEAST, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _KILL_PROCESS),
    ]
    rules = _conditional_rules(pid)
    program += _rule(CONDITIONAL["sendto"][column], rules.pop("sendto"))
    for numbers in ALLOWED.values():
        number = numbers[column]
        if number is not None:
            program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for name, body in rules.items():
        program += _rule(CONDITIONAL[name][column], body)
    program.append((_RETURN, 0, 0, _EPERM))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def install(program: bytes) -> None:
    """Put the filter on the calling process for good. Raises :class:`OSError`."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, header, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp: {os.strerror(error)}")


def _conditional_rules(pid: int) -> dict[str, list[Instruction]]:
    refuse = (_RETURN, 0, 0, _EPERM)
    allow = (_RETURN, 0, 0, _ALLOW)
    return {
        # Only without an address: on a connected socket, not to a path.
        "sendto": [
            (_LOAD, 0, 0, _argument(4)),
            (_EQUAL, 1, 0, 0),
            refuse,
            (_LOAD, 0, 0, _argument(4, high=True)),
            (_EQUAL, 0, 1, 0),
            allow,
            refuse,
        ],
        "clone": _argument_in(0, _THREAD_FLAGS),
        # glibc then falls back to clone, whose flags can be seen from here.
        "clone3": [(_RETURN, 0, 0, _ENOSYS)],
        "kill": _argument_in(0, (pid,)),
        "tgkill": _argument_in(0, (pid,)),
        "prlimit64": _argument_in(0, (0, pid)),
        # asyncio needs a pair; a datagram one could send to a path.
        "socketpair": [
            (_LOAD, 0, 0, _argument(0)),
            (_EQUAL, 1, 0, _AF_UNIX),
            refuse,
            (_LOAD, 0, 0, _argument(1)),
            (_AND, 0, 0, _SOCK_TYPE_MASK),
            (_EQUAL, 0, 1, _SOCK_STREAM),
            allow,
            refuse,
        ],
        "fcntl": _argument_in(1, _FCNTL_COMMANDS),
        "ioctl": _argument_in(1, _IOCTL_REQUESTS),
        "prctl": _argument_in(0, _PRCTL_OPTIONS),
    }


def _argument(index: int, *, high: bool = False) -> int:
    """Offset of an argument's low (or high) half in the data that seccomp hands to the filter."""
    return 16 + 8 * index + (4 if high else 0)


def _argument_in(index: int, values: tuple[int, ...]) -> list[Instruction]:
    body: list[Instruction] = [(_LOAD, 0, 0, _argument(index))]
    for value in values:
        body += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    return [*body, (_RETURN, 0, 0, _EPERM)]


def _rule(number: int, body: list[Instruction]) -> list[Instruction]:
    """If the call is ``number`` run ``body``, which ends in a return, else jump over it."""
    return [(_EQUAL, 0, len(body), number), *body]
