"""Landlock: the box may read the standard library and nothing else, and write nowhere."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_VERSION_FLAG = 1

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# How many file-system rights each ABI knows; a ruleset handles (so denies) all of them.
_RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_RIGHTS_NEWEST = 16
_NET_BIND_AND_CONNECT = 0b11
_SCOPE_ABSTRACT_AND_SIGNAL = 0b11


def abi_version() -> int:
    """Return the kernel's Landlock ABI, 0 where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(
        ctypes.c_long(_CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG)
    )
    return max(0, int(version))


def restrict_self(readable: Iterable[str]) -> None:
    """Deny the calling process every access to files but reading below ``readable``, for good.

    Also TCP, and signals and abstract sockets to processes outside, where the kernel's ABI has
    them. Raises :class:`OSError` when the kernel refuses.
    """
    abi = abi_version()
    if abi < 1:
        raise OSError(38, "Landlock: this kernel has none")
    ruleset = _create_ruleset(abi)
    for path in readable:
        _allow_reading(ruleset, path)
    _syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    os.close(ruleset)


def _create_ruleset(abi: int) -> int:
    file_rights = (1 << _RIGHTS_OF_ABI.get(abi, _RIGHTS_NEWEST)) - 1
    attributes = struct.pack("QQQ", file_rights, _NET_BIND_AND_CONNECT, _SCOPE_ABSTRACT_AND_SIGNAL)
    known = 8 if abi < 4 else 16 if abi < 6 else 24
    # Some kernels announce ABI 6 without its last right: fall back to what they do have.
    for size in [known, *([16] if known == 24 else [])]:
        try:
            return _syscall(
                _CREATE_RULESET,
                ctypes.create_string_buffer(attributes[:size], size),
                ctypes.c_size_t(size),
                ctypes.c_uint32(0),
            )
        except OSError as error:
            refused = error
    raise refused


def _allow_reading(ruleset: int, path: str) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what does not exist needs no right
    rights = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
    try:
        rule = struct.pack("=Qi", rights, descriptor)
        _syscall(
            _ADD_RULE,
            ctypes.c_int(ruleset),
            ctypes.c_int(_RULE_PATH_BENEATH),
            ctypes.create_string_buffer(rule, len(rule)),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(descriptor)


def _syscall(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return int(result)
