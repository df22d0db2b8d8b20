"""The guest as the judge meets it: a process that serves a module over a socket."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.guest.connection import THREADS
from harness.guest.frames import HEADER, body_length, pack, unpack
from harness.guest.server import MAX_CALLERS

ROOT = Path(__file__).parents[2]
START = """
import socket, sys
sys.path.insert(0, sys.argv[2])
from harness.guest.modules import CandidateFinder, import_candidate
from harness.guest.server import Server
from harness.guest.sources import Sources
files = {"solution.py": sys.argv[3]}
finder = CandidateFinder(files, {})
server = Server(socket.socket(fileno=int(sys.argv[1])), Sources(files))
try:
    module = import_candidate("solution", finder)
except BaseException as error:
    server.announce_failure(error)
else:
    server.announce(module)
server.serve()
"""

MAIN = 1


class Client:
    """A judge that sends and reads single frames."""

    def __init__(self, solution: str) -> None:
        self.sock, theirs = socket.socketpair()
        self.sock.settimeout(10)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START, str(theirs.fileno()), str(ROOT), solution],
                pass_fds=[theirs.fileno()],
                stderr=subprocess.DEVNULL,
            )
        self._numbers = iter(range(1, 1_000_000))
        self.first = self.receive()

    def send(self, *frame: Any) -> None:
        self.sock.sendall(pack(list(frame)))

    def receive(self) -> Any:
        header = self.sock.recv(HEADER.size, socket.MSG_WAITALL)
        return unpack(self.sock.recv(body_length(header), socket.MSG_WAITALL))

    def request(self, op: str, target: int = 0, name: str = "", *args: Any, **more: Any) -> int:
        """Send a request, by default on the main channel, and return its number."""
        number = next(self._numbers)
        channel = more.get("channel", MAIN)
        self.send(channel, number, op, target, name, list(args), more.get("kwargs", {}))
        return number

    def ask(self, op: str, target: int = 0, name: str = "", *args: Any, **more: Any) -> Any:
        """Send a request and return the end of the frame that answers it."""
        number = self.request(op, target, name, *args, **more)
        answer = self.receive()
        assert answer[:2] == [more.get("channel", MAIN), number]
        return answer[2:]

    def close(self) -> int:
        """Hang up, and return how the guest ended."""
        self.sock.close()
        return self.process.wait(10)


@pytest.fixture
def start() -> Iterator[Callable[[str], Client]]:
    clients: list[Client] = []

    def make(solution: str) -> Client:
        clients.append(Client(solution))
        return clients[-1]

    yield make
    for client in clients:
        client.sock.close()
        client.process.kill()
        client.process.wait(10)


SOLUTION = """
import threading
import time

class OddError(ValueError):
    pass

class Thing:
    size = 3
    def work(self):
        return self
    def __enter__(self):
        return 5
    def __exit__(self, kind, error, trace):
        return [kind and kind.__name__, str(error)]

class Named(type):
    @property
    def __name__(cls):
        raise RuntimeError

class Strange(metaclass=Named):
    pass

thing = Thing()

def f(*args, **kwargs):
    return [list(args), kwargs]

def strange():
    return Strange()

def many():
    return [object() for _ in range(100_001)]

def call(job, *args):
    return job(*args)

def kick(job, delay):
    def work():
        time.sleep(delay / 10_000)
        job()
    threading.Thread(target=work, daemon=True).start()
    return True

def kick_at_once(job, count):
    for _ in range(count):
        threading.Thread(target=job, daemon=True).start()
    return True

def ident():
    return threading.get_ident()

def break_threads():
    def start(self):
        raise RuntimeError("can't start new thread")
    threading.Thread.start = start
"""


def test_requests_and_answers(start):
    client = start(SOLUTION)
    assert client.first == [1, 0, "ready"]
    assert client.ask("call", 0, "f", 1, {"t": []}, kwargs={"a": None}) == [
        "return",
        [[1, {"t": []}], {"d": ["a", None]}],
    ]
    kind, node = client.ask("get", 0, "thing")
    number, type_name, traits = node["h"]
    assert (kind, type_name, traits) == ("return", "Thing", "ex")
    assert client.ask("get", 0, "thing") == [kind, node]
    assert client.ask("call", number, "work") == [kind, node]
    assert client.ask("get", number, "work") == ["method"]
    assert client.ask("get", number, "size") == ["return", 3]
    assert client.ask("enter", number) == ["return", 5]
    assert client.ask("exit", number, "", None, "") == ["return", [None, "None"]]
    assert client.ask("exit", number, "", "OddError", "x") == ["return", ["OddError", "x"]]
    assert client.ask("exit", number, "", "Unknown", "x") == ["return", ["RuntimeError", "x"]]
    assert client.ask("call", 0, "f", {"h": number})[1] == [[node], {"d": []}]
    answer = client.ask("get", 0, "missing")
    assert answer[0] == "raise"
    assert answer[1][:2] == ["AttributeError", "Exception"]
    assert client.ask("call", 0, "strange")[0] == "raise"
    assert client.ask("call", 0, "many")[2] == "more than 100000 objects were handed out"
    assert client.ask("get", number, "size") == ["return", 3]
    assert client.close() == 0


def test_a_failed_import_is_told_with_the_place(start):
    client = start("import math\n\ndef f():\n    raise KeyError('k')\n\nf()\n")
    channel, number, kind, names, text, attributes, where, more = client.first
    assert more == {"source": ["", "raise KeyError('k')", ""]}
    assert (channel, number, kind) == (1, 0, "raise")
    assert names == ["KeyError", "LookupError", "Exception", "BaseException", "object"]
    assert (text, attributes) == ("'k'", {"args": {"t": ["k"]}})
    assert where == "solution.py:4 in f"


def test_callbacks_nest_on_the_channel_of_their_request(start):
    client = start(SOLUTION)
    first = client.request("call", 0, "call", {"c": [7, "f", None]}, 5)
    assert client.receive() == [MAIN, first, "callback", 7, [5], {}]
    second = client.request("call", 0, "call", {"c": [8, "f", None]})
    assert client.receive() == [MAIN, second, "callback", 8, [], {}]
    client.send(MAIN, 0, "raise", "OddError", "no")
    answer = client.receive()
    assert answer[:3] == [MAIN, second, "raise"]
    assert answer[3][0] == "OddError"
    client.send(MAIN, 0, "return", {"c": [8, "f", None]})
    assert client.receive() == [MAIN, first, "return", {"c": 8}]


def test_each_channel_is_a_thread(start):
    client = start(SOLUTION)
    idents = [client.ask("call", 0, "ident", channel=channel)[1] for channel in (1, 2, 3, 2)]
    assert len(set(idents)) == 3
    assert idents[1] == idents[3]
    waiting = client.request("call", 0, "call", {"c": [0, "f", None]}, channel=2)
    assert client.receive() == THREADS
    assert client.receive() == [2, waiting, "callback", 0, [], {}]
    assert client.ask("call", 0, "f", channel=3)[0] == "return"
    assert client.ask("call", 0, "f")[0] == "return"
    client.send(2, 0, "return", None)
    assert client.receive() == [2, waiting, "return", None]


def test_threads_of_the_solution_call_back_on_channels_of_their_own(start):
    client = start(SOLUTION)
    turns, called_back, returned = 200, 0, 0
    channels = set()
    for turn in range(turns):
        client.request("call", 0, "kick", {"c": [0, "f", None]}, turn % 5)
    while called_back < turns or returned < turns:
        frame = client.receive()
        if frame == THREADS:
            continue
        if frame[2] == "callback":
            assert frame[1:] == [0, "callback", 0, [], {}]
            channels.add(frame[0])
            client.send(frame[0], 0, "return", None)
            called_back += 1
        else:
            assert frame[:1] + frame[2:] == [MAIN, "return", True]
            returned += 1
    assert channels <= set(range(-MAX_CALLERS, 0))
    assert -1 in channels


def test_more_threads_than_channels_wait_for_one(start):
    client = start(SOLUTION)
    count = MAX_CALLERS + 8
    number = client.request("call", 0, "kick_at_once", {"c": [0, "f", None]}, count)
    frames = [client.receive() for _ in range(MAX_CALLERS + 2)]
    assert frames.count(THREADS) == 1
    assert frames.count([MAIN, number, "return", True]) == 1
    waiting = [frame[0] for frame in frames if frame[2] == "callback"]
    assert sorted(waiting) == list(range(-MAX_CALLERS, 0))
    client.sock.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.sock.recv(1)
    client.sock.settimeout(10)
    for channel in waiting[:8]:
        client.send(channel, 0, "return", None)
    assert sorted(client.receive()[0] for _ in range(8)) == sorted(waiting[:8])


def test_a_guest_that_can_start_no_thread_gives_up_at_once(start):
    client = start(SOLUTION)
    client.ask("call", 0, "f", channel=2)
    client.ask("call", 0, "break_threads")
    client.request("call", 0, "f", channel=3)
    assert client.sock.recv(1) == b""
    assert client.process.wait(10) != 0


def test_a_guest_ends_when_the_judge_hangs_up_in_the_middle(start):
    client = start(SOLUTION)
    client.request("call", 0, "call", {"c": [0, "f", None]})
    client.receive()
    client.request("call", 0, "f", channel=2)
    assert client.receive() == THREADS
    assert client.receive()[2] == "return"
    assert client.close() == 0


def test_an_answer_that_is_too_large_is_an_exception(start):
    client = start(SOLUTION + "\ndef big():\n    return 'x' * 9_000_000\n")
    kind, names, text, *_ = client.ask("call", 0, "big")
    assert (kind, names[0]) == ("raise", "UnsendableError")
    assert text == "a text of 9,000,000 characters cannot be sent: the limit is 8,388,608"
    assert client.ask("call", 0, "f")[0] == "return"
