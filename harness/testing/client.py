"""A minimal judge: calls functions of a box's solution, one after another."""

from __future__ import annotations

import os
import socket
from typing import Any

from harness.guest.codec import Decoder, Encoder
from harness.guest.connection import MAIN_CHANNEL
from harness.guest.frames import HEADER, Frame, body_length, pack, unpack
from harness.guest.server import MODULE_HANDLE
from harness.sandbox.backend import Box, Sandbox

ANSWER_SECONDS = 20.0


class Raised(Exception):  # noqa: N818  (it stands for an exception of a box)
    """The solution raised an exception; ``names`` are its type and the types it derives from."""

    def __init__(self, names: list[str], text: str) -> None:
        super().__init__(f"{names[0]}: {text}")
        self.names = names
        self.text = text


class BoxClient:
    """Speaks ``docs/wire.md`` to one box. Raises :class:`EOFError` when the box has ended."""

    def __init__(self, box: Box, seconds: float = ANSWER_SECONDS) -> None:
        self.box = box
        self._number = 0
        box.stream.settimeout(seconds)

    def await_import(self) -> None:
        """Wait until the solution is imported. Raises :class:`Raised` when that failed."""
        frame = self._receive()
        if frame[2] == "raise":
            raise Raised(frame[3], frame[4])
        assert frame == [MAIN_CHANNEL, 0, "ready"]

    def call(self, function: str, *arguments: Any) -> Any:
        """Call ``function`` of the solution. Raises :class:`Raised` when it raised."""
        self.send(function, *arguments)
        frame = self._receive()
        assert frame[:2] == [MAIN_CHANNEL, self._number]
        if frame[2] == "raise":
            raise Raised(frame[3], frame[4])
        return Decoder({"h": lambda body, _: tuple(body)}).decode(frame[3])

    def send(self, function: str, *arguments: Any) -> None:
        """Start a call, and do not read its answer."""
        self._number += 1
        nodes = [Encoder().encode(argument) for argument in arguments]
        request = [MAIN_CHANNEL, self._number, "call", MODULE_HANDLE, function, nodes, {}]
        self.box.stream.sendall(pack(request))

    def output(self) -> bytes:
        """Return what the box has printed so far."""
        return os.pread(self.box.output_fd, os.fstat(self.box.output_fd).st_size, 0)

    def release(self) -> None:
        """Close the judge's end, if the sandbox has not done so already."""
        if self.box.stream.fileno() >= 0:
            self.box.stream.close()
            os.close(self.box.output_fd)

    def _receive(self) -> Frame:
        header = _exactly(self.box.stream, HEADER.size)
        return unpack(_exactly(self.box.stream, body_length(header)))


def _exactly(stream: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        try:
            chunk = stream.recv(count - len(data))
        except ConnectionError:
            chunk = b""
        if not chunk:
            raise EOFError("the box has ended")
        data += chunk
    return data


class Clients:
    """Opens boxes of one sandbox, and releases them all in the end."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._opened: list[BoxClient] = []

    def open(self) -> BoxClient:
        """Open a box without waiting for its import."""
        client = BoxClient(self._sandbox.open_box())
        self._opened.append(client)
        return client

    def ready(self) -> BoxClient:
        """Open a box and wait for its import. Raises :class:`Raised` when that failed."""
        client = self.open()
        client.await_import()
        return client

    def release(self) -> None:
        """Close the judge's end of every box."""
        for client in self._opened:
            client.release()
