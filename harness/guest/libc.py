"""The C library, for what Python has no function for. A failure raises, always."""

from __future__ import annotations

import ctypes
import functools
import os


@functools.cache
def library() -> ctypes.CDLL:
    """Return the C library this interpreter runs on; looked up once, since that is slow."""
    return ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> int:
    """Return ``result``, or raise the :class:`OSError` that a negative one stands for."""
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def system_call(number: int, what: str, *arguments: object) -> int:
    """Make the system call ``number``; ``what`` names it in the error. Raises :class:`OSError`."""
    return check(library().syscall(ctypes.c_long(number), *arguments), what)


def control_process(option: int, value: int, what: str) -> None:
    """Call ``prctl`` with one argument. Raises :class:`OSError`."""
    zero = ctypes.c_ulong(0)
    arguments = (ctypes.c_int(option), ctypes.c_ulong(value), zero, zero, zero)
    check(library().prctl(*arguments), what)
