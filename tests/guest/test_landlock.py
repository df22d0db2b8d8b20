"""Landlock on this kernel, where there is one; its absence is an error, not a weaker lock."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import harness
from harness.guest import landlock, libc

CHILD = """
import os, sys
from harness.guest import landlock, lock
allowed, other = sys.argv[1:]
lock.forbid_new_privileges()
ruleset = landlock.build_ruleset([allowed, "/does/not/exist"])
landlock.restrict_self(ruleset)
landlock.restrict_self(ruleset)  # a box does so once more
def act(what, *arguments):
    try:
        what(*arguments)
    except OSError as error:
        return type(error).__name__
    return "allowed"
print(act(open, allowed + "/file"), act(os.listdir, allowed))
print(act(open, other + "/file"), act(os.listdir, other))
print(act(open, allowed + "/file", "w"), act(os.mkdir, allowed + "/new"))
"""


def test_reading_below_the_given_folders_and_nothing_else(tmp_path):
    allowed, other = tmp_path / "allowed", tmp_path / "other"
    for folder in (allowed, other):
        folder.mkdir()
        (folder / "file").write_text("text")
    result = subprocess.run(
        [sys.executable, "-c", CHILD, str(allowed), str(other)],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(Path(harness.__file__).parent.parent)},
        check=False,
    )
    if landlock.abi_version() == 0:
        assert "this kernel has none" in result.stderr
        return
    assert result.stdout.splitlines() == [
        "allowed allowed",
        "PermissionError PermissionError",
        "PermissionError PermissionError",
    ], result.stderr
    assert (allowed / "file").read_text() == "text"


def test_a_kernel_without_landlock_is_an_error(monkeypatch):
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSYS, "Landlock")

    monkeypatch.setattr(libc, "system_call", refuse)
    assert landlock.abi_version() == 0
    with pytest.raises(OSError, match="this kernel has none"):
        landlock.build_ruleset(["/"])


class Kernel:
    """A kernel of some ABI that has only so many rights."""

    def __init__(self, abi: int, files: int, network: int, scopes: int) -> None:
        self.abi = abi
        self.has = [(1 << count) - 1 for count in (files, network, scopes)]
        self.granted: list[int] = []

    def call(self, number: int, what: str, *arguments: Any) -> int:
        if arguments[0] is None:
            return self.abi
        size = arguments[1].value
        asked = struct.unpack(f"{size // 8}Q", arguments[0].raw[:size])
        known = len([bits for bits in self.has if bits])
        if len(asked) > known:
            raise OSError(errno.E2BIG, what)
        if any(bits & ~has for bits, has in zip(asked, self.has, strict=False)):
            raise OSError(errno.EINVAL, what)
        self.granted = [bits.bit_count() for bits in asked]
        return os.open(os.devnull, os.O_RDONLY)


@pytest.mark.parametrize(
    ("abi", "rights"),
    [
        (1, (13, 0, 0)),
        (2, (14, 0, 0)),
        (3, (15, 0, 0)),
        (4, (15, 2, 0)),
        (5, (16, 2, 0)),
        (6, (16, 2, 2)),
        (7, (16, 2, 2)),
        (8, (16, 2, 2)),
        (9, (17, 2, 2)),
        (10, (17, 3, 2)),
        (10, (17, 4, 2)),
        (10, (17, 5, 2)),
        (99, (17, 5, 2)),
    ],
)
def test_all_that_a_kernel_has_is_denied(monkeypatch, abi, rights):
    kernel = Kernel(abi, *rights)
    monkeypatch.setattr(libc, "system_call", kernel.call)
    os.close(landlock.build_ruleset([]))
    assert kernel.granted == [count for count in rights if count]


@pytest.mark.parametrize(
    ("abi", "rights"), [(6, (16, 2, 0)), (7, (15, 2, 0)), (9, (16, 2, 2)), (10, (17, 2, 2))]
)
def test_a_kernel_that_promises_more_than_it_has(monkeypatch, abi, rights):
    """The version and the rights it knows need not agree; the widest that works is taken."""
    kernel = Kernel(abi, *rights)
    monkeypatch.setattr(libc, "system_call", kernel.call)
    os.close(landlock.build_ruleset([]))
    assert kernel.granted == [count for count in rights if count]


def test_any_other_refusal_is_an_error(monkeypatch):
    def kernel(number: int, what: str, *arguments: object) -> int:
        if arguments[0] is None:
            return 7
        raise OSError(errno.EPERM, what)

    monkeypatch.setattr(libc, "system_call", kernel)
    with pytest.raises(PermissionError):
        landlock.build_ruleset([])
