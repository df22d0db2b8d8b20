"""The zygote's control protocol, spoken by hand to one that has no lock."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator

import pytest

from harness.guest.frames import HEADER, body_length, pack, unpack
from harness.guest.zygote import BLANK_BOXES
from harness.judge.link import SharedProcessor
from harness.model.limits import Limits
from harness.sandbox.choice import HostBackend
from harness.sandbox.zygote import ZygoteSandbox

SECONDS = 5.0
BOX_LIMITS = {"cpu_seconds": 2, "memory_bytes": 128 << 20, "output_bytes": 64 << 10}
LOAD = {"op": "load", "module": "solution", "limits": BOX_LIMITS}


@pytest.fixture
def sandbox() -> Iterator[ZygoteSandbox]:
    sandbox = HostBackend("none").start(())
    yield sandbox
    sandbox.close()


def receive(control: socket.socket, descriptors: int = 0) -> dict[str, object]:
    data, received, _, _ = socket.recv_fds(control, HEADER.size, descriptors)
    for descriptor in received:
        os.close(descriptor)
    assert len(data) == HEADER.size
    (message,) = unpack(control.recv(body_length(data), socket.MSG_WAITALL))
    assert isinstance(message, dict)
    return message


def ended(pid: int) -> bool:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return True
        time.sleep(0.01)
    return False


def children(pid: int) -> set[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as listing:
        return {int(child) for child in listing.read().split()}


def test_boxes_are_made_before_anything_is_known(sandbox):
    control = sandbox._control
    receive(control)
    deadline = time.monotonic() + SECONDS
    while (
        len(blanks := children(sandbox._zygote.pid)) < BLANK_BOXES and time.monotonic() < deadline
    ):
        time.sleep(0.01)
    assert len(blanks) == BLANK_BOXES
    control.sendall(pack([LOAD]) + pack([{"op": "open"}]))
    assert receive(control, 2)["pid"] in blanks


def test_a_blank_box_that_was_killed_is_seen_as_ended(sandbox):
    sandbox.protection()
    deadline = time.monotonic() + SECONDS
    while (
        len(blanks := children(sandbox._zygote.pid)) < BLANK_BOXES and time.monotonic() < deadline
    ):
        time.sleep(0.01)
    for blank in blanks:
        os.kill(blank, signal.SIGKILL)
    sandbox.load(
        {"solution.py": "x = 1\n"},
        "solution",
        Limits(),
    )
    box = sandbox.open_box()
    assert box.stream.recv(1) == b""
    end = sandbox.close_box(box)
    assert end.ended_itself
    assert end.exit_code == -signal.SIGKILL


def test_hello_names_the_interpreter(sandbox):
    version = sys.version.split()[0]
    assert receive(sandbox._control) == {"python": f"CPython {version}"}


def test_answers_come_in_the_order_of_the_messages(sandbox):
    control = sandbox._control
    receive(control)
    messages = [
        {"op": "file", "name": "solution.py", "text": "x = 1\n"},
        LOAD,
        {"op": "open"},
        {"op": "open"},
        {"op": "pin", "box": 1, "cpu": 0},
        {"op": "close", "box": 2},
        {"op": "close", "box": 1},
    ]
    control.sendall(b"".join(pack([message]) for message in messages))
    assert [receive(control, 2)["box"] for _ in range(2)] == [1, 2]
    assert [receive(control)["box"] for _ in range(2)] == [2, 1]


def test_it_ends_when_the_judge_hangs_up(sandbox):
    receive(sandbox._control)
    sandbox._control.shutdown(socket.SHUT_RDWR)
    assert ended(sandbox._zygote.pid)


def test_it_ends_when_the_judge_hangs_up_before_the_policy(monkeypatch):
    sandbox = HostBackend("none").start(())
    sandbox._control.shutdown(socket.SHUT_RDWR)
    assert ended(sandbox._zygote.pid)
    sandbox.close()


@pytest.mark.parametrize("body", [b"\0\0\0\0", b"\0\0\0\2{}", b"\xff\xff\xff\xff", b"\0\0\0\3[1]"])
def test_a_malformed_message_ends_it(sandbox, body):
    receive(sandbox._control)
    sandbox._control.sendall(body)
    assert ended(sandbox._zygote.pid)


def test_its_end_ends_its_boxes(sandbox):
    control = sandbox._control
    receive(control)
    control.sendall(
        pack([{"op": "file", "name": "solution.py", "text": "while True: pass\n"}])
        + pack([LOAD])
        + pack([{"op": "open"}])
    )
    pid = receive(control, 2)["pid"]
    assert isinstance(pid, int)
    os.kill(sandbox._zygote.pid, signal.SIGKILL)
    deadline = time.monotonic() + SECONDS
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not os.path.exists(f"/proc/{pid}")


@pytest.mark.skipif(SharedProcessor().current() is None, reason="no processor to choose")
def test_the_judges_processor_is_for_its_box_and_the_next_one(sandbox):
    allowed = os.sched_getaffinity(0)
    control = sandbox._control
    receive(control)
    control.sendall(pack([LOAD]) + 3 * pack([{"op": "open"}]))
    first, second, third = (receive(control, 2) for _ in range(3))
    for processor in (max(allowed), min(allowed)):
        control.sendall(pack([{"op": "pin", "box": first["box"], "cpu": processor}]))
        control.sendall(pack([{"op": "open"}]))  # its answer comes when the other is carried out
        later = receive(control, 2)
        for pid in (first["pid"], second["pid"]):
            assert os.sched_getaffinity(pid) == {processor}
        for pid in (third["pid"], later["pid"], sandbox._zygote.pid):
            assert os.sched_getaffinity(pid) == allowed - {processor}
