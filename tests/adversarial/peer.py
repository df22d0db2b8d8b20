"""A hostile guest, made up anew each round, against the judge's end of the wire.

Run as ``python peer.py SECONDS SEED``; the tests next to it do. Prints one line of JSON: how many
rounds there were, how they ended, the longest delay past a deadline, and the peak of memory.
"""

from __future__ import annotations

import collections
import contextlib
import json
import random
import resource
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from harness.judge import explain
from harness.judge.box_session import BoxSession
from harness.judge.link import BoxFault, Link
from harness.judge.proxy import Interface
from harness.judge.running_case import interrupt_at_deadline

INTERFACE = Interface(classes={"Thing": ["work"]}, exceptions={"OddError": "ValueError"})
ROUND_SECONDS = 0.15
LATE_SECONDS = 1.0
READY = b'\x00\x00\x00\r[1,0,"ready"]'
LARGE_ARGUMENT = "x" * 3_000_000
JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 1, 2**53, 10**30, 1.5, float("nan"), "", "\ud800", "x" * 5000),
    *("return", "raise", "callback", "method", "ready", "__class__", "args", "SyntaxError"),
    *(
        [],
        {},
        [[]],
        {"h": [0, "x", ""]},
        {"h": [1, "T", "c"]},
        {"c": 0},
        {"c": 9},
        {"e": "KeyError"},
    ),
    *({"t": [1]}, {"d": [1, 2]}, {"S": [1, 1]}, {"F": []}, {"i": "0x1"}, {"f": "inf"}, {"b": "0"}),
)


def frames(channel: int, number: int) -> list[list[Any]]:
    """Valid answers to one request, to be changed or sent as they are."""
    return [
        [channel, number, "return", [1, "a", {"t": [{"f": "0x1.0p+0"}]}, {"h": [1, "T", ""]}]],
        [channel, number, "return", {"h": [2, "Thing", "Lcw"]}],
        [channel, number, "return", {"v": [4, "Money", "t", 7]}],
        [channel, number, "return", {"D": [5, "Point", "DO", ["x"], [{"Decimal": ["1.5"]}]]}],
        [channel, number, "return", {"e": [6, "Own", "c", ["Own", "Exception"]]}],
        [channel, number, "return", 5],
        [channel, number, "raise", ["OddError", "ValueError"], "t", {"args": {"t": [1]}}, "", {}],
        [channel, number, "raise", ["StopIteration", "Exception"], "", {}, "", {}],
        [channel, number, "raise", ["E"], "", {}, "", {"object": 7, "notes": ["n"], "raised": 0}],
        [channel, number, "raise", ["E"], "", {}, "", {"cause": [["F"], "", {}, "", {}]}],
        [channel, number, "method"],
        [channel, number, "callback", 0, [1], {}],
        [channel, number, "callback", 0, [{"h": [3, "Thing", ""]}], {"x": 1}],
        [-2, 0, "callback", 0, [1], {}],
        [0, 0, "threads"],
    ]


def _colliding(count: int) -> Iterator[str]:
    return ('{"i":"' + hex(k * (2**61 - 1)) + '"}' for k in range(9, count + 9))


def pack(frame: Any) -> bytes:
    body = json.dumps(frame).encode()
    return struct.pack(">I", len(body)) + body


class Mutator:
    """Makes what one hostile guest sends, by a random number generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.over = threading.Event()
        """Set when the conversation has ended, so that no guest sleeps longer."""

    def answer(self, channel: int, number: int) -> Iterator[bytes]:
        """Yield what to send for one request, in pieces; it may never end."""
        ways = (
            *(self._valid, self._bytes, self._bytes, self._tree, self._tree, self._wrong_ids),
            *(self._noise, self._half, self._drip, self._flood, self._bomb, self._storm),
        )
        frame = self.rng.choice(frames(channel, number))
        return self.rng.choice(ways)(frame)

    def _valid(self, frame: list[Any]) -> Iterator[bytes]:
        yield pack(frame)

    def _wrong_ids(self, frame: list[Any]) -> Iterator[bytes]:
        frame[self.rng.randrange(2)] = self.rng.choice([0, -1, 1, 2, 7, 2**40, frame[1] ^ 1])
        yield pack(frame)

    def _bytes(self, frame: list[Any]) -> Iterator[bytes]:
        data = bytearray(pack(frame))
        for _ in range(self.rng.randint(1, 4)):
            at, other = (self.rng.randrange(len(data) + 1) for _ in range(2))
            change = self.rng.randrange(4)
            if change == 0:
                data[at : at + 1] = bytes([self.rng.randrange(256)])
            elif change == 1:
                del data[min(at, other) : max(at, other)]
            elif change == 2:
                data[at:at] = self.rng.randbytes(self.rng.randint(1, 8))
            else:
                data[at:at] = data[min(at, other) : max(at, other)]
        yield bytes(data)

    def _tree(self, frame: list[Any]) -> Iterator[bytes]:
        for _ in range(self.rng.randint(1, 3)):
            self._replace_somewhere(frame)
        yield pack(frame)

    def _replace_somewhere(self, node: Any) -> None:
        while type(node) in (list, dict) and node:
            key = self.rng.choice(list(node) if type(node) is dict else range(len(node)))
            if type(node[key]) not in (list, dict) or self.rng.random() < 0.4:
                node[key] = self.rng.choice(JUNK)
                return
            node = node[key]

    def _noise(self, _frame: list[Any]) -> Iterator[bytes]:
        yield self.rng.randbytes(self.rng.randint(1, 300))

    def _half(self, frame: list[Any]) -> Iterator[bytes]:
        data = pack(frame)
        yield data[: self.rng.randrange(len(data))]
        self.over.wait(self.rng.choice([0, ROUND_SECONDS * 2]))

    def _drip(self, frame: list[Any]) -> Iterator[bytes]:
        for byte in pack(frame):
            yield bytes([byte])
            self.over.wait(0.01)

    def _flood(self, frame: list[Any]) -> Iterator[bytes]:
        data = pack(frame) * 500
        for _ in range(500):
            yield data

    def _bomb(self, frame: list[Any]) -> Iterator[bytes]:
        size = self.rng.choice([1000, 100_000, 1_000_000])
        head = f"[{frame[0]},{frame[1]},"
        # Written as text: the memory that is measured must be the judge's.
        bombs = (
            "[" * size,
            f'{head}"return",[{"[]," * size}[]]]',
            head + '"return",[' + '{"t":[]},' * (size // 4) + "[]]]",
            head + '"return",{"S":[' + ",".join(map(str, range(size // 8))) + "]}]",
            head + '"return",{"S":[' + ",".join(_colliding(size // 50)) + "]}]",
            f'{head}"return","{"x" * 4 * size}"]',
            f'{head}"return",{"9" * size}]',
        )
        body = self.rng.choice(bombs).encode()
        yield struct.pack(">I", self.rng.choice([len(body), len(body) * 2, 2**32 - 1])) + body

    def _storm(self, frame: list[Any]) -> Iterator[bytes]:
        name = self.rng.choice([frame[:2], [-self.rng.randint(1, 70), 0]])
        call = pack([*name, "callback", 0, [1], {}])
        for _ in range(2000):
            yield call


class Guest(threading.Thread):
    """The box's end of the stream: reads requests as far as it likes, and answers them."""

    def __init__(self, sock: socket.socket, mutator: Mutator) -> None:
        super().__init__(daemon=True)
        self._sock = sock
        self._mutator = mutator

    def run(self) -> None:
        rng = self._mutator.rng
        with contextlib.suppress(OSError, ValueError, LookupError):
            opening = READY if rng.random() < 0.8 else b"".join(self._mutator.answer(1, 0))
            self._sock.sendall(opening)
            reads = rng.random() < 0.9
            while reads:
                channel, number = self._request()
                for piece in self._mutator.answer(channel, number):
                    self._sock.sendall(piece)
            self._mutator.over.wait(rng.choice([0, ROUND_SECONDS * 2]))
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _request(self) -> tuple[int, int]:
        header = self._sock.recv(4, socket.MSG_WAITALL)
        if len(header) < 4:
            raise ConnectionResetError
        body = self._sock.recv(struct.unpack(">I", header)[0], socket.MSG_WAITALL)
        channel, number = json.loads(body)[:2]
        return channel, number


def use(session: BoxSession, rng: random.Random) -> None:
    """Do what a suite could do with whatever the guest answers."""
    if session.await_import() is not None:
        return
    for _ in range(4):
        argument = LARGE_ARGUMENT if rng.random() < 0.1 else 1
        value = session.module.f(lambda *args, **kwargs: args, argument)
        if rng.random() < 0.5:
            for item, _ in zip(value, range(50), strict=False):
                repr(item)
        with value:
            value.work(5)
        assert 5 in value
        len(value)
        if rng.random() < 0.3:
            other = threading.Thread(target=_quietly, args=(value.anything,))
            other.start()
            other.join()


def _quietly(work: Any) -> None:
    with contextlib.suppress(BaseException):
        work()


def one_round(rng: random.Random) -> tuple[str, float]:
    """Return how one conversation ended, and by how many seconds it missed its deadline."""
    ours, theirs = socket.socketpair()
    link = Link(ours, time.monotonic() + ROUND_SECONDS, own_threads=1000)
    session = BoxSession(link, INTERFACE)
    mutator = Mutator(rng)
    guest = Guest(theirs, mutator)
    guest.start()
    ended = "answered"
    try:
        with interrupt_at_deadline(link):
            use(session, random.Random(rng.random()))
    except (BoxFault, Exception) as error:
        told = explain.of_failure(error, None, asked=True)
        ended = str(link.fault.verdict if link.fault is not None else told.verdict)
        assert ended != "accepted"
        json.dumps([told.message, told.where, session.transcript.lines()]).encode()
    late = time.monotonic() - link.deadline
    session.close()
    mutator.over.set()
    for end in (ours, theirs):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    guest.join(5)
    ours.close()
    theirs.close()
    return ended, late


def main(seconds: float, seed: int) -> None:
    rng = random.Random(seed)
    ends: collections.Counter[str] = collections.Counter()
    latest, late_rounds = -1.0, 0
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        ended, late = one_round(random.Random(rng.random()))
        ends[ended] += 1
        latest = max(latest, late)
        late_rounds += late > LATE_SECONDS
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = {"seed": seed, "rounds": ends.total(), "ends": ends, "latest": latest}
    print(
        json.dumps(
            {
                **report,
                "late_rounds": late_rounds,
                "peak_kb": peak_kb,
                "threads": threading.active_count(),
            }
        )
    )


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
