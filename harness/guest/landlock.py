"""Landlock: the box may read the standard library and nothing else, and write nowhere."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable

from . import libc

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
    try:
        return libc.system_call(
            _CREATE_RULESET,
            "Landlock",
            None,
            ctypes.c_size_t(0),
            ctypes.c_uint32(_VERSION_FLAG),
        )
    except OSError:
        return 0


def build_ruleset(readable: Iterable[str]) -> int:
    """Return the descriptor of a ruleset that allows reading below ``readable`` and nothing else.

    It also denies TCP, and signals and abstract sockets to processes outside, where the kernel's
    ABI has them. Raises :class:`OSError` when the kernel refuses.
    """
    abi = abi_version()
    if abi < 1:
        raise OSError(errno.ENOSYS, "Landlock: this kernel has none")
    ruleset = _create_ruleset(abi)
    for path in readable:
        _allow_reading(ruleset, path)
    return ruleset


def restrict_self(ruleset: int) -> None:
    """Put the calling process under ``ruleset`` for good. Raises :class:`OSError`.

    A process already under it gets a domain of its own, which the others' is outside of.
    """
    libc.system_call(_RESTRICT_SELF, "Landlock", ctypes.c_int(ruleset), ctypes.c_uint32(0))


def _create_ruleset(abi: int) -> int:
    file_rights = (1 << _RIGHTS_OF_ABI.get(abi, _RIGHTS_NEWEST)) - 1
    attributes = struct.pack("QQQ", file_rights, _NET_BIND_AND_CONNECT, _SCOPE_ABSTRACT_AND_SIGNAL)
    known = 8 if abi < 4 else 16 if abi < 6 else 24
    try:
        return _create(attributes[:known])
    except OSError as error:
        # Some kernels announce ABI 6 without its last right: fall back to what they do have.
        if known < 24 or error.errno not in (errno.EINVAL, errno.E2BIG):
            raise
        return _create(attributes[:16])


def _create(attributes: bytes) -> int:
    return libc.system_call(
        _CREATE_RULESET,
        "Landlock",
        ctypes.create_string_buffer(attributes, len(attributes)),
        ctypes.c_size_t(len(attributes)),
        ctypes.c_uint32(0),
    )


def _allow_reading(ruleset: int, path: str) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what does not exist needs no right
    try:
        rights = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
        rule = struct.pack("=Qi", rights, descriptor)
        libc.system_call(
            _ADD_RULE,
            "Landlock",
            ctypes.c_int(ruleset),
            ctypes.c_int(_RULE_PATH_BENEATH),
            ctypes.create_string_buffer(rule, len(rule)),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(descriptor)
