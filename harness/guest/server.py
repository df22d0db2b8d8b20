"""Serves the judge's requests on the candidate's module. See ``docs/wire.md``, "Requests"."""

from __future__ import annotations

import contextlib
import operator
import socket
import threading
import types
from collections.abc import Callable, Mapping
from typing import Any

from .codec import Decoder, Encoder, Node, UnsendableError
from .connection import MAIN_CHANNEL, Connection
from .frames import Frame

MODULE_HANDLE = 0
MAX_TEXT = 2000
MAX_NAMES = 12


class Server:
    """Holds the objects behind handles, and answers one request after another per thread."""

    def __init__(self, sock: socket.socket, is_candidate_file: Callable[[str], bool]) -> None:
        self._connection = Connection(sock, self._start_mirror)
        self._is_candidate_file = is_candidate_file
        self._objects: dict[int, object] = {}
        self._handles: dict[int, int] = {}
        self._lock = threading.Lock()
        self._next_callback = -1
        self._busy: list[tuple[int, int]] = []
        self._local = threading.local()

    def announce(self, module: object) -> None:
        """Tell the judge that ``module`` is imported and can be used."""
        self._objects[MODULE_HANDLE] = module
        self._handles[id(module)] = MODULE_HANDLE
        self._connection.send([MAIN_CHANNEL, 0, "ready"])

    def announce_failure(self, error: BaseException) -> None:
        """Tell the judge why the module cannot be imported."""
        self._connection.send([MAIN_CHANNEL, 0, *self._describe(error)])

    def serve(self, channel: int = MAIN_CHANNEL) -> None:
        """Answer requests on ``channel`` until the judge hangs up."""
        while True:
            self._answer(self._connection.receive(channel))

    def _start_mirror(self, channel: int) -> None:
        if channel > 0:
            threading.Thread(target=self.serve, args=(channel,), daemon=True).start()

    def _answer(self, request: Frame) -> None:
        channel, number, op, target, name, args, kwargs = request
        here = self._requests_of_thread()
        here.append((channel, number))
        self._busy.append((channel, number))
        try:
            reply = self._perform(op, target, name, args, kwargs)
        except BaseException as error:  # the candidate's SystemExit is an answer like any other
            reply = self._describe(error)
        self._busy.remove((channel, number))
        here.pop()
        try:
            self._connection.send([channel, number, *reply])
        except UnsendableError as error:
            self._connection.send([channel, number, *self._describe(error)])

    def _perform(self, op: str, target: int, name: str, args: Node, kwargs: Node) -> Frame:
        decode = self._decoder().decode
        subject = self._objects[target]
        values = [decode(node) for node in args]
        if op == "call":
            function: Any = getattr(subject, name) if name else subject
            result = function(*values, **{key: decode(node) for key, node in kwargs.items()})
        elif op == "get":
            result = getattr(subject, name)
            if isinstance(result, types.MethodType) and result.__self__ is subject:
                return ["method"]
        else:
            result = OPERATIONS[op](subject, *([name] if name else []), *values)
        return ["return", Encoder(self._opaque).encode(result)]

    def _describe(self, error: BaseException) -> Frame:
        names = [cls.__name__[:MAX_TEXT] for cls in type(error).__mro__[:MAX_NAMES]]
        try:
            text = str(error)[:MAX_TEXT]
        except BaseException:
            text = "(its message cannot be shown: __str__ raised)"
        return ["raise", names, text, self._attributes(error), self._where(error)]

    def _attributes(self, error: BaseException) -> Node:
        """The plain public attributes of an exception, properties too; the rest stays here."""
        names = ["args", *getattr(error, "__dict__", {})]
        for cls in type(error).__mro__:
            if cls.__module__ != "builtins":
                names += [name for name, value in vars(cls).items() if not callable(value)]
        attributes = {}
        for name in names[:MAX_NAMES]:
            if not name.startswith("_"):
                with contextlib.suppress(Exception):  # a property may raise whatever it likes
                    attributes[name] = Encoder().encode(getattr(error, name))
        return attributes

    def _where(self, error: BaseException) -> str:
        """The innermost line of the candidate's own code in the traceback."""
        place, step = "", error.__traceback__
        while step is not None:
            code = step.tb_frame.f_code
            if self._is_candidate_file(code.co_filename):
                place = f"{code.co_filename}:{step.tb_lineno} in {code.co_name}"
            step = step.tb_next
        if not place and isinstance(error, SyntaxError) and error.filename:
            place = f"{error.filename}:{error.lineno}"
        return place[:MAX_TEXT]

    def _opaque(self, value: object) -> Node:
        if type(value) is Callback:
            return {"c": value.number}
        with self._lock:
            handle = self._handles.get(id(value))
            if handle is None:
                handle = len(self._objects)
                self._objects[handle] = value
                self._handles[id(value)] = handle
        return {"h": [handle, type(value).__name__[:MAX_TEXT]]}

    def _decoder(self) -> Decoder:
        return Decoder(
            {"h": lambda number: self._objects[number], "c": lambda n: Callback(self, n)}
        )

    def call_back(self, number: int, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run callback ``number`` in the judge, and serve its requests while it runs."""
        channel, carrier = self._callback_carrier()
        with self._lock:
            own = self._next_callback
            self._next_callback -= 1
        encode = Encoder(self._opaque).encode
        request = [
            channel,
            carrier,
            "callback",
            own,
            number,
            [encode(value) for value in args],
            {key: encode(value) for key, value in kwargs.items()},
        ]
        self._connection.open_channel(own)
        self._connection.send(request)
        try:
            while True:
                frame = self._connection.receive(own)
                if frame[2] == "return":
                    return self._decoder().decode(frame[3])
                if frame[2] == "raise":
                    raise _builtin_exception(frame[3])(frame[4])
                self._answer(frame)
        finally:
            self._connection.close_channel(own)

    def _callback_carrier(self) -> tuple[int, int]:
        """Channel and number of the request that a callback belongs to.

        The innermost one of this thread; for a thread of the candidate's own making, the latest
        one of any thread.
        """
        requests = self._requests_of_thread() or self._busy
        if not requests:
            raise RuntimeError("a callback can only be called while a call of the suite is running")
        return requests[-1]

    def _requests_of_thread(self) -> list[tuple[int, int]]:
        requests: list[tuple[int, int]] = self._local.__dict__.setdefault("requests", [])
        return requests


class Callback:
    """A function of the suite: calling it runs it in the judge."""

    __slots__ = ("_server", "number")

    def __init__(self, server: Server, number: int) -> None:
        self._server = server
        self.number = number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the suite's function with plain values and handles."""
        return self._server.call_back(self.number, args, kwargs)

    def __eq__(self, other: object) -> bool:
        return type(other) is Callback and other.number == self.number

    def __hash__(self) -> int:
        return hash(self.number)


def _builtin_exception(name: str) -> type[Exception]:
    import builtins

    found = getattr(builtins, name, None)
    if isinstance(found, type) and issubclass(found, Exception):
        return found
    return RuntimeError


def _exit(subject: Any, kind: str | None, text: str) -> object:
    """Leave a ``with`` block, with an exception of the judge's side told by name."""
    if kind is None:
        return subject.__exit__(None, None, None)
    error = _builtin_exception(kind)(text)
    return subject.__exit__(type(error), error, None)


def _await(subject: Any) -> object:
    import asyncio

    async def wait() -> object:
        return await subject

    return asyncio.run(wait())


def _describe_object(subject: object) -> str:
    return str(subject)[:MAX_TEXT]


OPERATIONS: dict[str, Callable[..., object]] = {
    "set": setattr,
    "del": delattr,
    "len": len,
    "bool": bool,
    "iter": iter,
    "next": next,
    "item": operator.getitem,
    "set_item": operator.setitem,
    "del_item": operator.delitem,
    "contains": operator.contains,
    "enter": lambda subject: subject.__enter__(),
    "exit": _exit,
    "await": _await,
    "str": _describe_object,
    "is_instance": lambda cls, value: isinstance(value, cls),
}
"""What can be done with a handle besides ``call`` and ``get``."""
