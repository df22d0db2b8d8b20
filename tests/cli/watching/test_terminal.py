"""The terminal class in a real pseudo-terminal, in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
import termios
import time

import pexpect
import pytest

PROGRAM = """
import sys
from harness.cli.watching.terminal import Terminal

with Terminal() as terminal:
    terminal.on_leave = lambda: terminal.write("<left>")
    terminal.on_return = lambda: terminal.write("<back>")
    terminal.write(f"<ready {terminal.columns}>")
    while True:
        try:
            key = terminal.key(0.05)
        except EOFError:
            sys.exit(7)
        if key == "q":
            break
        if key == "e":
            raise ValueError("boom")
        if key:
            terminal.write(f"<{key}>")
print("<end>")
"""


@pytest.fixture
def child():
    """A process that echoes keys in brackets until q."""
    process = pexpect.spawn(
        sys.executable, ["-c", PROGRAM], encoding="utf-8", timeout=10, dimensions=(24, 70)
    )
    process.expect("<ready 70>")
    yield process
    process.close(force=True)


def flags(process):
    """Whether the terminal echoes and waits for whole lines."""
    local = termios.tcgetattr(process.child_fd)[3]
    return bool(local & termios.ECHO), bool(local & termios.ICANON)


def test_keys_come_at_once_and_are_not_echoed(child):
    assert flags(child) == (False, False)
    child.send("t")
    child.expect_exact("<t>")
    assert "t" not in child.before


def test_restored_at_the_end(child):
    child.send("q")
    child.expect_exact("<left>\x1b[?25h<end>")
    assert flags(child) == (True, True)


def test_restored_after_an_error(child):
    child.send("e")
    child.expect_exact("<left>\x1b[?25h")
    child.expect_exact("boom")
    assert flags(child) == (True, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_restored_after_a_signal(child, number):
    child.kill(number)
    child.expect_exact("<left>\x1b[?25h")
    child.expect(pexpect.EOF)
    assert flags(child) == (True, True)


def test_control_c(child):
    child.sendintr()
    child.expect_exact("<left>")
    child.expect_exact("KeyboardInterrupt")


@pytest.mark.parametrize("typed", ["submit", "\x1b[A", "\x1b", "\r", "s\n"])
def test_pasted_text_and_escape_sequences_are_no_keys(child, typed):
    child.send(typed)
    child.send("")
    time.sleep(0.1)
    child.send("k")
    child.expect(r"<(.)>")
    assert child.match[1] == "k"


def test_a_key_held_down_is_one_key(child):
    child.send("tttt")
    child.expect_exact("<t>")


def test_suspended_and_continued(tmp_path):
    """Under a shell with job control, as a person has it."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environ = {**os.environ, "PS1": "prompt> "}
    shell = pexpect.spawn(
        "bash", ["--norc", "--noprofile", "-i"], encoding="utf-8", timeout=10, env=environ
    )
    shell.expect_exact("prompt> ")
    shell.sendline(f"{sys.executable} {program}")
    shell.expect("<ready")
    shell.send("\x1a")
    shell.expect_exact("<left>\x1b[?25h")
    shell.expect_exact("prompt> ")
    shell.sendline("stty -a | grep -o ' -echo '; echo 'checked'")
    shell.expect_exact("checked'")
    shell.expect_exact("checked")
    assert " -echo " not in shell.before
    shell.sendline("fg")
    shell.expect_exact("\x1b[?25l<back>")
    assert flags(shell) == (False, False)
    shell.send("k")
    shell.expect_exact("<k>")
    shell.send("q")
    shell.expect_exact("<end>")
    shell.close(force=True)


def test_the_terminal_goes_away(child):
    child.ptyproc.fileobj.close()
    child.closed = child.ptyproc.closed = True
    deadline = time.monotonic() + 10
    while child.ptyproc.isalive():
        assert time.monotonic() < deadline, "it stayed behind"
        time.sleep(0.02)
