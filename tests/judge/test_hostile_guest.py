"""Whatever a box sends, the judge's side ends in an answer or a fault, and in time."""

from __future__ import annotations

import contextlib
import copy
import json
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.guest.frames import HEADER, MAX_FRAME_BYTES, body_length, pack, unpack
from harness.guest.server import MAX_HANDLES
from harness.judge import explain
from harness.judge.box_session import BoxSession
from harness.judge.link import BoxFault, Link
from harness.judge.proxy import Handle, Interface
from harness.model.judgement import Verdict

INTERFACE = Interface(classes={"Thing": ["work"]}, exceptions={"OddError": "ValueError"})
SECONDS = 5.0

Reply = Callable[[int, int], bytes]
"""What the guest sends, given channel and number of the request."""


class Guest:
    """The box's end of a socket pair, under the test's control."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.sock, theirs = socket.socketpair()
        self.theirs = theirs
        self.link = Link(theirs, time.monotonic() + seconds, own_threads=1000)
        self.session = BoxSession(self.link, INTERFACE)

    def __enter__(self) -> Guest:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self.sock.close()
        self.theirs.close()

    def receive(self) -> list[Any]:
        """Read one frame of the judge."""
        header = self.sock.recv(HEADER.size, socket.MSG_WAITALL)
        if not header:
            raise ConnectionResetError
        return unpack(self.sock.recv(body_length(header), socket.MSG_WAITALL))

    def play(self, *replies: Reply, hang_up: bool = True) -> threading.Thread:
        """Answer one frame after another, each with what its reply makes of it."""

        def work() -> None:
            with contextlib.suppress(OSError):
                for reply in replies:
                    channel, number = self.receive()[:2]
                    self.sock.sendall(reply(channel, number))
                if hang_up:
                    self.sock.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread


@contextlib.contextmanager
def only_answers_or_faults(guest: Guest) -> Iterator[None]:
    """Let nothing else out, and check that everything can be shown afterwards."""
    ended: BaseException | None = None
    started = time.monotonic()
    try:
        yield
    except (BoxFault, Exception, SystemExit) as error:
        ended = error
    assert time.monotonic() - started < SECONDS + 1
    if isinstance(ended, BoxFault):
        fault = guest.link.fault
        assert fault is not None
        assert (ended.verdict, ended.text) == (fault.verdict, fault.text)
    elif ended is not None:
        assert hasattr(ended, "harness_origin"), repr(ended)
        "".join(traceback.format_exception(ended)).encode("utf-8", "backslashreplace")
    if ended is not None:
        told = explain.of_failure(ended, None, asked=True)
        assert told.verdict is not Verdict.ACCEPTED
        assert len(told.message.encode()) < 20_000
        told.where.encode()
    for line in guest.session.transcript.lines():
        assert len(line.encode()) < 5_000


def ask(guest: Guest, op: str = "call") -> Any:
    return guest.session.perform(op, 0, "f", (lambda x: x,))


FRAMES: dict[str, list[Any]] = {
    "return": ["return", [1, "a", {"t": [{"f": "0x1.0p+0"}]}, {"h": [1, "T", "M"]}, {"c": 0}]],
    "raise": [
        "raise",
        ["OddError", "ValueError", "Exception"],
        "text",
        {"args": {"t": ["text"]}, "path": ["a"]},
        "solution.py:1 in f",
        {
            "object": 4,
            "notes": ["n"],
            "source": ["return ", "1 / 0", "  # why"],
            "cause": [["KeyError"], "k", {}, "", {"members": [[["Own"], "", {}, "", {}]]}],
        },
    ],
    "values": [
        "return",
        [
            {"v": [5, "Money", "t", 7]},
            {"D": [6, "Point", "DO", ["x", "y"], [1, {"Decimal": ["1.5"]}]]},
            {"e": [7, "Own", "c", ["Own", "Exception"]]},
            {"datetime": [2024, 2, 29, 1, 2, 3, 4, 0, {"timedelta": [0, 60, 0]}]},
            {"Counter": [{"d": ["a", 2]}]},
        ],
    ],
    "method": ["method"],
    "callback": ["callback", 0, [{"h": [2, "Thing", ""]}], {"x": {"d": [1, 2]}}],
}

JUNK = [
    None,
    True,
    0,
    -1,
    1,
    2,
    2**60,
    10**400,
    1.5,
    "",
    "\ud800",
    "return",
    "raise",
    "callback",
    "SyntaxError",
    "UnicodeDecodeError",
    "ExceptionGroup",
    "SystemExit",
    "KeyboardInterrupt",
    "__class__",
    "x" * 5000,
    [],
    {},
    [[]],
    {"h": [0, "x", ""]},
    {"h": [MAX_HANDLES, "x", ""]},
    {"h": [-1, "x", ""]},
    {"h": 1},
    {"h": [1, "x", "zz"]},
    {"v": [-1, "x", "", {"t": [1]}]},
    {"v": [1, "x", "", [1]]},
    {"D": [1, "x", "D", ["__class__"], [1]]},
    {"D": [1, "class", "D", ["a", "a"], [1, 2]]},
    {"e": [1, "x", "", ["SystemExit"]]},
    {"e": [1, "x", "", []]},
    {"Decimal": ["1E+9999999"]},
    {"range": [0, 10**15, 1]},
    {"o": 3},
    {"c": 99},
    {"e": "ValueError"},
    {"t": [1, {"d": [[], 1]}]},
    {"S": [1, 1]},
    {"i": "0x" + "f" * 20_000},
    {"s": "eda080"},
    {"args": {"t": [1, ["x", "y", "z", "w"]]}},
    {"__notes__": 5},
    {"harness_origin": 1},
    {"with_traceback": 1},
    ["SyntaxError", "Exception"],
    ["OSError"] * 12,
    ["x"] * 5000,
]


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all nodes within ``node``."""
    yield path
    if isinstance(node, list | dict):
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(inner, (*path, key))


def replaced(frame: list[Any], path: tuple[Any, ...], junk: Any) -> list[Any]:
    """A copy of ``frame`` with ``junk`` at ``path``."""
    holder = [copy.deepcopy(frame)]
    inner: Any = holder
    keys = (0, *path)
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = junk
    return holder[0]


def raw(frame: Any) -> bytes:
    """Pack without the checks of an honest guest."""
    body = json.dumps(frame).encode()
    return HEADER.pack(len(body)) + body


@pytest.mark.parametrize("kind", FRAMES)
def test_junk_at_every_place_of_every_frame(kind: str) -> None:
    for path in places([1, 2, *FRAMES[kind]]):
        for junk in JUNK:

            def reply(
                channel: int, number: int, path: tuple[Any, ...] = path, junk: Any = junk
            ) -> bytes:
                return raw(replaced([channel, number, *FRAMES[kind]], path, junk))

            with Guest() as guest, only_answers_or_faults(guest):
                player = guest.play(reply)
                ask(guest)
                player.join()


@pytest.mark.parametrize("kind", FRAMES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_mutated_bytes(kind: str, data: st.DataObject) -> None:
    def reply(channel: int, number: int) -> bytes:
        good = pack([channel, number, *FRAMES[kind]])
        first, second = data.draw(st.tuples(*[st.integers(0, len(good) - 1)] * 2))
        change = data.draw(st.sampled_from(["flip", "cut", "splice", "twice", "insert"]))
        if change == "flip":
            flipped = good[first] ^ data.draw(st.integers(1, 255))
            return good[:first] + bytes([flipped]) + good[first + 1 :]
        if change == "cut":
            return good[:first]
        if change == "splice":
            return good[:first] + good[second:]
        if change == "insert":
            return good[:first] + data.draw(st.binary(max_size=9)) + good[first:]
        return good + good

    with Guest() as guest, only_answers_or_faults(guest):
        # In the main thread, since hypothesis draws there.
        number = 123_456_789
        guest.session._numbers = [number]
        guest.sock.sendall(reply(1, number))
        guest.sock.shutdown(socket.SHUT_WR)
        ask(guest)


@settings(max_examples=150, deadline=None)
@given(st.recursive(st.sampled_from(JUNK), lambda inner: st.lists(inner, max_size=8)))
def test_only_the_right_word_says_that_the_import_succeeded(word: Any) -> None:
    frame = word if isinstance(word, list) else [1, 0, word]
    with Guest() as guest, only_answers_or_faults(guest):

        def send() -> None:
            with contextlib.suppress(OSError):
                guest.sock.sendall(raw(frame))
                guest.sock.shutdown(socket.SHUT_WR)

        # A long one does not fit into the stream until somebody reads.
        sender = threading.Thread(target=send)
        sender.start()
        try:
            assert guest.session.await_import() is not None
            assert frame[2] == "raise"
        finally:
            guest.theirs.close()
            sender.join()


def fault_of(guest: Guest, *replies: Reply, hang_up: bool = False) -> BoxFault:
    started = time.monotonic()
    guest.play(*replies, hang_up=hang_up)
    with pytest.raises(BoxFault) as caught:
        ask(guest)
    assert time.monotonic() - started < SECONDS + 1
    with pytest.raises(BoxFault):  # and for good
        ask(guest)
    return caught.value


def test_half_a_frame_then_silence_is_a_time_limit() -> None:
    for half in (b"", b"\x00", b"\x00\x00\x00\x09[1,"):
        with Guest(0.2) as guest:
            assert fault_of(guest, lambda c, n, half=half: half).verdict is Verdict.TIME_LIMIT


def test_one_byte_after_another_is_a_time_limit() -> None:
    with Guest(0.3) as guest:
        over = threading.Event()

        def drip() -> None:
            with contextlib.suppress(OSError):
                guest.sock.sendall(HEADER.pack(1000))
                while not over.wait(0.02):
                    guest.sock.sendall(b"[")

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(BoxFault) as caught:
            ask(guest)
        over.set()
        thread.join()
        assert caught.value.verdict is Verdict.TIME_LIMIT


def test_a_guest_that_does_not_read_is_a_time_limit() -> None:
    with Guest(0.3) as guest, pytest.raises(BoxFault) as caught:
        guest.session.perform("call", 0, "f", ("x" * 3_000_000,))
    assert caught.value.verdict is Verdict.TIME_LIMIT


def test_hanging_up_is_the_solutions_end() -> None:
    with Guest() as guest:
        fault = fault_of(guest, lambda c, n: b"", hang_up=True)
        assert fault.verdict is Verdict.RUNTIME_ERROR
        assert fault.text == "the solution ended its process"


BOMBS: dict[str, Reply] = {
    "huge length": lambda c, n: HEADER.pack(0xFFFFFFFF),
    "length over the cap": lambda c, n: HEADER.pack(MAX_FRAME_BYTES + 1),
    "nodes": lambda c, n: raw([c, n, "return", [[]] * 1_000_000]),
    "depth": lambda c, n: HEADER.pack(200_000) + b"[" * 200_000,
    "empty object": lambda c, n: raw([c, n, "return", {}]),
    "wrong number": lambda c, n: raw([c, n + 1, "return", None]),
    "wrong channel": lambda c, n: raw([c + 1, n, "return", None]),
    "no frame": lambda c, n: raw({"c": c}),
    "number as text": lambda c, n: raw([c, str(n), "return", None]),
    "method for a call": lambda c, n: raw([c, n, "method"]),
    "more": lambda c, n: raw([c, n, "return", None, None]),
    "unknown kind": lambda c, n: raw([c, n, ["return"], None]),
    "a callback with a channel more": lambda c, n: raw([c, n, "callback", -1, 0, [], {}]),
    "a callback on a channel of ours": lambda c, n: raw([7, n, "callback", 0, [], {}]),
    "a callback for no request": lambda c, n: raw([c, 0, "callback", 0, [], {}]),
    "a callback on a channel out of bounds": lambda c, n: raw([-1000, 0, "callback", 0, [], {}]),
    "a callback of its own in the name of a request": lambda c, n: raw(
        [-1, n, "callback", 0, [], {}]
    ),
    "an answer on a channel of its own": lambda c, n: raw([-1, 0, "return", 5]),
    "a notice with more words": lambda c, n: raw([0, 0, "threads", 1]),
    "collisions": lambda c, n: raw(
        [c, n, "return", {"S": [{"i": hex(k * (2**61 - 1))} for k in range(1, 90_000)]}]
    ),
}


@pytest.mark.parametrize("reply", BOMBS.values(), ids=BOMBS)
def test_bombs_are_violations(reply: Reply) -> None:
    with Guest() as guest:
        fault = fault_of(guest, reply)
        assert fault.verdict is Verdict.RUNTIME_ERROR
        assert fault.text.startswith("the box broke the protocol: ")


def test_an_answer_to_an_earlier_request_is_a_violation() -> None:
    with Guest() as guest:
        numbers = []

        def twice(channel: int, number: int) -> bytes:
            numbers.append(number)
            return raw([channel, number, "return", 1]) * 2

        guest.play(twice, hang_up=False)
        assert ask(guest) == 1
        with pytest.raises(BoxFault) as caught:
            ask(guest)
        assert caught.value.verdict is Verdict.RUNTIME_ERROR


def test_frames_that_nobody_waits_for_are_limited() -> None:
    with Guest() as guest:
        other = threading.Thread(target=ask, args=(guest,))
        guest.play(lambda c, n: raw([c, n, "return", 1]), hang_up=False)
        other.start()
        other.join()
        flood = raw([2, 0, "return", "x" * 1_000_000])

        def pour() -> None:
            with contextlib.suppress(OSError):
                for _ in range(40):
                    guest.sock.sendall(flood)

        threading.Thread(target=pour, daemon=True).start()
        with pytest.raises(BoxFault) as caught:
            ask(guest)
        assert caught.value.text.endswith("more frames than any thread waits for")


def test_endless_callbacks_are_a_fault() -> None:
    with Guest() as guest:

        def storm() -> None:
            with contextlib.suppress(OSError):
                channel, number = guest.receive()[:2]
                call = raw([channel, number, "callback", 0, [1], {}])
                while True:
                    guest.sock.sendall(call * 50)
                    for _ in range(50):
                        guest.receive()

        threading.Thread(target=storm, daemon=True).start()
        with pytest.raises(BoxFault) as caught:
            ask(guest)
        assert caught.value.verdict is Verdict.TIME_LIMIT
        assert len(guest.session.transcript.lines()) <= 200


def test_large_answers_are_not_kept() -> None:
    with Guest() as guest:
        large = ["x" * 100] * 1000
        guest.play(lambda c, n: raw([c, n, "return", large]), hang_up=False)
        assert ask(guest) == large
        (line,) = guest.session.transcript.lines()
        assert line.startswith("f(<lambda>) -> (a value of 10")


def test_all_threads_are_woken_by_one_fault() -> None:
    with Guest() as guest:
        faults: list[BaseException] = []

        def wait() -> None:
            with pytest.raises(BoxFault) as caught:
                ask(guest)
            faults.append(caught.value)

        threads = [threading.Thread(target=wait) for _ in range(5)]
        for thread in threads:
            thread.start()
        for _ in threads:
            guest.receive()
        guest.sock.sendall(raw("nonsense"))
        for thread in threads:
            thread.join(3)
        assert len(faults) == 5
        assert {fault.verdict for fault in faults} == {Verdict.RUNTIME_ERROR}  # type: ignore[attr-defined]


def test_two_handles_with_one_number_are_one_object() -> None:
    with Guest() as guest:
        guest.play(
            lambda c, n: raw([c, n, "return", [{"h": [5, "A", ""]}, {"h": [5, "B", ""]}]]),
            hang_up=False,
        )
        first, second = ask(guest)
        assert isinstance(first, Handle)
        assert first is second


def linear_complexity(bits: list[int]) -> int:
    """Length of the shortest linear recurrence over GF(2) that makes ``bits``, by Massey."""
    recurrence, previous, window = 1, 1, 0
    length, since = 0, 1
    for index, bit in enumerate(bits):
        window = window << 1 | bit
        if (recurrence & window).bit_count() & 1:
            before = recurrence
            recurrence ^= previous << since
            if 2 * length <= index:
                length, previous, since = index + 1 - length, before, 0
        since += 1
    return length


def test_request_numbers_cannot_be_computed_from_earlier_ones():
    state, enough = 19_937, 400  # bits of state of Python's generator, and some to tell by
    with Guest(seconds=60.0) as guest:
        numbers = []
        send = lambda data: numbers.append(unpack(data[HEADER.size :])[1])  # noqa: E731
        guest.link.send = send
        guest.link.receive = lambda channel: ([channel, numbers[-1], "method"], 0)
        for _ in range(2 * state + enough):
            guest.session.perform("get", 0, "name")
    assert linear_complexity([number & 1 for number in numbers]) > state + enough // 4
