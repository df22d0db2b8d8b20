"""The self-test on a process that is not locked at all: it must find every hole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import harness

# Without the act that would end the process which tries it.
CHILD = """
import sys
from harness.guest import acts, selftest
acts.os.execv = lambda *_: None
for act in selftest.escapes(sys.argv[1:]):
    print(act)
"""


@pytest.fixture(scope="module")
def escaped(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """A file, and what the self-test finds when neither it nor a missing file may be read."""
    secret = tmp_path_factory.mktemp("home") / "secret"
    secret.write_text("secret")
    result = subprocess.run(
        [sys.executable, "-c", CHILD, str(secret), "/does/not/exist"],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(Path(harness.__file__).parent.parent)},
        check=True,
    )
    return str(secret), result.stdout.splitlines()


def test_an_unlocked_process_fails_every_act(escaped):
    secret, acts = escaped
    expected = [
        f"read a file of yours: {secret}",
        "read a file of yours: /etc/passwd",
        "read a file of yours: /proc/self/environ",
        "read a file of yours: /proc/self/mem",
        "list a folder of yours: /",
        "open a socket: AF_INET",
        "open a socket: AF_UNIX",
        "open a pair of sockets: SOCK_DGRAM",
        "start a process",
        "become another program",
        "make the system call ptrace",
        "make the system call recvmsg",
        "make the system call io_uring_setup",
    ]
    assert [act for act in expected if act not in acts] == []
    assert ("act as root" in acts) == (os.getuid() == 0)
    assert any(act.startswith("create a file: ") for act in acts)
    assert any(act.startswith("signal other processes: ") for act in acts)
    assert any(act.startswith("go without a limit: ") for act in acts)


def test_a_missing_file_is_not_an_escape(escaped):
    _, acts = escaped
    assert "read a file of yours: /does/not/exist" not in acts
