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
_RIGHTS = (
    *((10, 17, 5, 2), (10, 17, 4, 2), (10, 17, 3, 2)),  # UDP: bind, connect, send
    (9, 17, 2, 2),  # UNIX sockets by path
    (6, 16, 2, 2),  # signals and abstract sockets
    *((5, 16, 2, 0), (4, 15, 2, 0), (3, 15, 0, 0), (2, 14, 0, 0), (1, 13, 0, 0)),
)
"""From which ABI on there are so many rights on files and on the network, and so many scopes. A
ruleset handles (so denies) all of them."""
NEWEST_ABI = _RIGHTS[0][0]


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

    It also denies TCP and UDP, and signals and UNIX sockets to processes outside, where the
    kernel's ABI has them. Raises :class:`OSError` when the kernel refuses.
    """
    ruleset = _create_ruleset(abi_version())
    for path in readable:
        _allow_reading(ruleset, path)
    return ruleset


def restrict_self(ruleset: int) -> None:
    """Put the calling process under ``ruleset`` for good. Raises :class:`OSError`.

    A process already under it gets a domain of its own, which the others' is outside of.
    """
    libc.system_call(_RESTRICT_SELF, "Landlock", ctypes.c_int(ruleset), ctypes.c_uint32(0))


def _create_ruleset(abi: int) -> int:
    """Deny as much as the kernel can: some announce an ABI without its last rights."""
    refused: OSError | None = None
    for since, *counts in _RIGHTS:
        if since <= abi:
            known = 8 if since < 4 else 16 if since < 6 else 24
            attributes = struct.pack("QQQ", *((1 << count) - 1 for count in counts))
            try:
                return _create(attributes[:known])
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.E2BIG):
                    raise
                refused = error
    raise refused or OSError(errno.ENOSYS, "Landlock: this kernel has none")


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
