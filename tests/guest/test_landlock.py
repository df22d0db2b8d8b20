"""Landlock on this kernel, where there is one; its absence is an error, not a weaker lock."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize(("abi", "sizes"), [(1, [8]), (3, [8]), (4, [16]), (6, [24, 16])])
def test_a_kernel_that_promises_more_than_it_has(monkeypatch, abi, sizes):
    """The version and the rights it knows need not agree; the widest that works is taken."""
    asked = []

    def kernel(number: int, what: str, *arguments: object) -> int:
        if arguments[0] is None:
            return abi
        asked.append(arguments[1].value)  # type: ignore[attr-defined]
        if asked[-1] != sizes[-1]:
            raise OSError(errno.EINVAL, what)
        return os.open(os.devnull, os.O_RDONLY)

    monkeypatch.setattr(libc, "system_call", kernel)
    os.close(landlock.build_ruleset([]))
    assert asked == sizes


def test_any_other_refusal_is_an_error(monkeypatch):
    def kernel(number: int, what: str, *arguments: object) -> int:
        if arguments[0] is None:
            return 7
        raise OSError(errno.EPERM, what)

    monkeypatch.setattr(libc, "system_call", kernel)
    with pytest.raises(PermissionError):
        landlock.build_ruleset([])
