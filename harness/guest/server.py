"""Serves the judge's requests on the candidate's module. See ``docs/wire.md``, "Requests"."""

from __future__ import annotations

import builtins
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
MAX_HANDLES = 100_000
MAX_TEXT = 2_000
"""Characters of a name or of an exception's text."""
MAX_CLASSES = 12
"""Names along the inheritance of an exception that cross."""
MAX_ATTRIBUTES = 12


class Server:
    """Holds the objects behind handles, and answers one request after another per thread."""

    def __init__(self, sock: socket.socket, is_candidate_file: Callable[[str], bool]) -> None:
        self._connection = Connection(sock, self._start_mirror)
        self._is_candidate_file = is_candidate_file
        self._objects: dict[int, object] = {}
        self._handles: dict[int, int] = {}
        self._lock = threading.Lock()
        self._next_channel = -1
        tags: dict[str, Callable[[Any], object]] = {
            "h": self._object,
            "c": self._callback,
            "e": self._exception_class,
        }
        self._thread = _ThreadState(self._opaque, tags)

    def announce(self, module: object) -> None:
        """Tell the judge that ``module`` is imported and can be used."""
        self._objects[MODULE_HANDLE] = module
        self._handles[id(module)] = MODULE_HANDLE
        self._connection.send([MAIN_CHANNEL, 0, "ready"])

    def announce_failure(self, error: BaseException) -> None:
        """Tell the judge why the module cannot be imported."""
        self._connection.send([MAIN_CHANNEL, 0, *describe(error, self._is_candidate_file)])

    def serve(self, channel: int = MAIN_CHANNEL) -> None:
        """Answer requests on ``channel`` until the judge hangs up."""
        while True:
            self.serve_once(channel)

    def serve_once(self, channel: int = MAIN_CHANNEL) -> None:
        """Wait for one request, and answer it."""
        self._answer(self._connection.receive(channel))

    def _start_mirror(self, channel: int) -> None:
        threading.Thread(target=self.serve, args=(channel,), daemon=True).start()

    def _answer(self, request: Frame) -> None:
        channel, number, op, target, name, args, kwargs = request
        open_here = self._thread.requests
        open_here.append((channel, number))
        self._connection.begin(channel, number)
        try:
            reply = self._perform(op, target, name, args, kwargs)
        except BaseException as error:  # the candidate's SystemExit is an answer like any other
            reply = describe(error, self._is_candidate_file)
        open_here.pop()
        try:
            self._connection.finish(channel, number, reply)
        except UnsendableError as error:
            reply = describe(error, self._is_candidate_file)
            self._connection.finish(channel, number, reply)

    def _perform(
        self, op: str, target: int, name: str, args: list[Node], kwargs: dict[str, Node]
    ) -> Frame:
        thread = self._thread
        values, named = thread.decoder.decode_arguments(args, kwargs)
        subject: Any = self._objects[target]
        if op == "call":
            result = (getattr(subject, name) if name else subject)(*values, **named)
        elif op == "get":
            result = getattr(subject, name)
            if isinstance(result, types.MethodType) and result.__self__ is subject:
                return ["method"]
        elif op == "exit":
            result = _exit(subject, self._exception_named, *values)
        else:
            result = OPERATIONS[op](subject, *([name] if name else []), *values)
        return ["return", thread.encoder.encode(result)]

    def _opaque(self, value: object) -> Node:
        if type(value) is Callback:
            return {"c": value.number}
        with self._lock:
            handle = self._handles.get(id(value))
            if handle is None:
                handle = len(self._objects)
                if handle >= MAX_HANDLES:
                    raise UnsendableError(f"more than {MAX_HANDLES} objects were handed out")
                self._objects[handle] = value
                self._handles[id(value)] = handle
        return {"h": [handle, type(value).__name__[:MAX_TEXT]]}

    def _object(self, number: int) -> object:
        return self._objects[number]

    def _callback(self, number: int) -> Callback:
        return Callback(self, number)

    def call_back(self, number: int, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run callback ``number`` in the judge, and serve its requests while it runs."""
        thread = self._thread
        nodes, named = thread.encoder.encode_arguments(args, kwargs)
        with self._lock:
            own = self._next_channel
            self._next_channel -= 1
        request = ["callback", own, number, nodes, named]
        self._connection.open_channel(own)
        try:
            if thread.requests:
                self._connection.send([*thread.requests[-1], *request])
            else:
                self._connection.send_in_any_request(request)
            while True:
                frame = self._connection.receive(own)
                if frame[2] == "return":
                    return thread.decoder.decode(frame[3])
                if frame[2] == "raise":
                    raise self._exception_named(frame[3], frame[4])
                self._answer(frame)
        finally:
            self._connection.close_channel(own)

    def _exception_class(self, name: str) -> type[Exception]:
        """Find an exception that the judge names: one of the solution, or a builtin one."""
        found = getattr(self._objects[MODULE_HANDLE], name, None) or getattr(builtins, name, None)
        if isinstance(found, type) and issubclass(found, Exception):
            return found
        return RuntimeError

    def _exception_named(self, name: str, text: str) -> Exception:
        kind = self._exception_class(name)
        with contextlib.suppress(Exception):  # not every exception is made of one text
            return kind(text) if text else kind()
        return RuntimeError(f"{name}: {text}")


class _ThreadState(threading.local):
    """What each thread that serves or calls back needs for itself."""

    def __init__(
        self, opaque: Callable[[object], Node], tags: dict[str, Callable[[Node], object]]
    ) -> None:
        self.requests: list[tuple[int, int]] = []
        """Channel and number of the requests this thread answers, the innermost last."""
        self.encoder = Encoder(opaque)
        self.decoder = Decoder(tags)


class Callback:
    """A function of the suite: calling it runs it in the judge."""

    __slots__ = ("_server", "number")

    def __init__(self, server: Server, number: int) -> None:
        self._server = server
        self.number = number

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the suite's function with plain values and handles."""
        return self._server.call_back(self.number, args, kwargs)

    def __eq__(self, other: object) -> bool:
        return type(other) is Callback and other.number == self.number

    def __hash__(self) -> int:
        return hash(self.number)


def describe(error: BaseException, is_candidate_file: Callable[[str], bool]) -> Frame:
    """Return the end of a ``raise`` frame for ``error``, whatever its class does to prevent it."""
    try:
        classes = type(error).__mro__
        names = [cls.__name__[:MAX_TEXT] for cls in classes[:MAX_CLASSES]]
        if not names:  # a metaclass says that there are none
            names = ["Exception"]
        return ["raise", names, _text(error), _attributes(error), _where(error, is_candidate_file)]
    except BaseException:
        return ["raise", ["Exception"], "(an exception that cannot be described)", {}, ""]


def _text(error: BaseException) -> str:
    try:
        return str(error)[:MAX_TEXT]
    except BaseException:
        return "(its message cannot be shown: __str__ raised)"


def _attributes(error: BaseException) -> dict[str, Node]:
    """The plain public attributes of an exception, properties too; the rest stays here."""
    names = ["args", *getattr(error, "__dict__", {})]
    for cls in type(error).__mro__:
        if cls.__module__ != "builtins":
            names += [name for name, value in vars(cls).items() if not callable(value)]
    public = [name for name in dict.fromkeys(names) if name.isidentifier() and name[0] != "_"]
    attributes = {}
    encoder = Encoder()
    for name in public[:MAX_ATTRIBUTES]:
        with contextlib.suppress(BaseException):  # a property may raise whatever it likes
            attributes[name] = encoder.encode(getattr(error, name))
    return attributes


def _where(error: BaseException, is_candidate_file: Callable[[str], bool]) -> str:
    """Return the innermost line of the candidate's own code in the traceback."""
    place, step = "", error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if is_candidate_file(code.co_filename):
            place = f"{code.co_filename}:{step.tb_lineno} in {code.co_name}"
        step = step.tb_next
    if not place and isinstance(error, SyntaxError) and error.filename:
        place = f"{error.filename}:{error.lineno}"
    return place[:MAX_TEXT]


def _exit(
    subject: Any, make: Callable[[str, str], BaseException], kind: str | None, text: str
) -> object:
    """Leave a ``with`` block, with an exception of the judge given by name."""
    if kind is None:
        return subject.__exit__(None, None, None)
    error = make(kind, text)
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
    "await": _await,
    "str": _describe_object,
    "is_instance": lambda cls, value: isinstance(value, cls),
}
"""What can be done with a handle besides ``call``, ``get`` and ``exit``."""
