"""The self-test on a process that is not locked at all: it must find every hole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import harness

# Without the acts that would end the process which tries them.
CHILD = """
import sys
from harness.guest import selftest
selftest._fork = lambda: None
selftest.os.execv = lambda *_: None
for act in selftest.escapes(sys.argv[1:]):
    print(act)
"""


def test_an_open_process_fails_every_probe(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    result = subprocess.run(
        [sys.executable, "-c", CHILD, str(secret)],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(Path(harness.__file__).parent.parent)},
        check=True,
    )
    acts = result.stdout.splitlines()
    expected = [
        f"read {secret}",
        "read /etc/passwd",
        "read /proc/self/environ",
        "list the root folder",
        "open a network socket",
        "open a local socket",
        "make a datagram pair",
        "start a process",
        "run a program",
        "signal its parent",
        "make the system call ptrace",
        "make the system call recvmsg",
        "make the system call io_uring_setup",
    ]
    assert [act for act in expected if act not in acts] == []
    assert ("act as root" in acts) == (os.getuid() == 0)
    assert any(act.startswith("use without limit") for act in acts)


def test_a_file_that_is_not_there_is_no_escape():
    result = subprocess.run(
        [sys.executable, "-c", CHILD, "/does/not/exist"],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(Path(harness.__file__).parent.parent)},
        check=True,
    )
    assert "read /does/not/exist" not in result.stdout.splitlines()
