"""One case's conversation with one box: requests, answers, callbacks, and their record."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from types import MethodType
from typing import Any

from harness.guest.codec import Decoder, Encoder, MalformedError, Node, UnsendableError
from harness.guest.connection import MAIN_CHANNEL
from harness.guest.frames import Frame, pack
from harness.guest.server import MAX_ATTRIBUTES, MAX_CLASSES, MAX_HANDLES, MAX_TEXT, MODULE_HANDLE
from harness.judge.link import BoxFault, Link
from harness.judge.proxy import METHOD, Handle, Interface, Method, RemoteError, SuiteError, Symbol
from harness.judge.transcript import Exchange, Transcript, one_line, printable
from harness.model.frozen import frozen
from harness.model.judgement import Verdict
from harness.sandbox.backend import Box, Sandbox

MAX_EXCHANGES = 100_000
"""Requests and callbacks of one case together."""
MAX_CALLBACK_DEPTH = 20
MAX_THREADS = 64
TOO_DEEP = "following the solution's objects led deeper than Python's stack"
_NO_ARGUMENTS: Mapping[str, Any] = {}
_LONGEST_VALUE = 60

_INSTEAD = {
    "date": "its isoformat() or a number",
    "datetime": "its isoformat() or its timestamp()",
    "time": "its isoformat()",
    "timedelta": "its total_seconds()",
    "Decimal": "its str() or a whole number of the smallest unit",
    "Fraction": "a tuple of numerator and denominator",
    "UUID": "its str()",
    "PosixPath": "its str()",
    "timezone": "its name, or its offset in seconds",
    "ZoneInfo": "its str()",
    "Pattern": "its pattern, a str",
    "module": "the functions of it that are needed",
    "generator": "a list of what it yields",
    "coroutine": "what it returns (a patch without `new` makes an AsyncMock: give it a function)",
    "map": "a list of what it yields",
    "filter": "a list of what it yields",
    "zip": "a list of what it yields",
    "enumerate": "a list of what it yields",
    "range": "a list of it",
    "deque": "a list of it",
    "dict_keys": "a list of them",
    "dict_values": "a list of them",
    "dict_items": "a list of them",
    "bytearray": "bytes",
    "StringIO": "its getvalue()",
    "complex": "a tuple of its parts",
}
"""What to write in a suite instead of a value that cannot cross to the box, by its type."""


@frozen
class RemoteOrigin:
    """Attached to an exception that was raised in the box. Its texts can be printed."""

    type_name: str
    """One line, as ``where`` is."""
    text: str
    where: str
    missing_base: str = ""
    """The class that it must derive from by the manifest, and does not."""

    @property
    def name(self) -> str:
        """How people read it."""
        if not self.missing_base:
            return self.type_name
        return f"{self.type_name} (not derived from {self.missing_base})"


class _Thread:
    """One thread of the suite: the channels it has nested so far, and its codec."""

    __slots__ = ("channels", "decoder", "encoder", "silent")

    def __init__(self, channel: int, encoder: Encoder, decoder: Decoder) -> None:
        self.channels = [channel]
        """Its own, then one per running callback."""
        self.encoder = encoder
        self.decoder = decoder
        self.silent = False


class BoxSession:
    """Performs a suite's requests in one box. Safe for several threads of the suite."""

    def __init__(self, link: Link, interface: Interface) -> None:
        self.link = link
        self._interface = interface
        self.transcript = Transcript()
        self.thread_errors: list[BaseException] = []
        """Exceptions in callbacks and threads that must fail the case whatever follows."""
        # Not the usual generator: enough of its numbers are enough to compute the next one.
        self._numbers: random.Random = random.SystemRandom()
        self._threads: dict[int, _Thread] = {}
        self._lock = threading.Lock()
        self._handles: dict[int, Handle] = {}
        self._callbacks: list[Callable[..., Any]] = []
        self._callback_numbers: dict[tuple[int, int], int] = {}
        self._this_thread()
        self.module = self._handle(MODULE_HANDLE, "module")

    def await_import(self) -> RemoteOrigin | None:
        """Wait until the solution is imported; returns why it could not be, or None.

        Raises :class:`harness.judge.link.BoxFault`.
        """
        frame, _ = self.link.receive(MAIN_CHANNEL)
        if frame[1:] == [0, "ready"]:
            return None
        if frame[1] == 0 and frame[2] == "raise":
            return self._origin(frame)
        raise self.link.violation("it did not say whether the import succeeded")

    def is_method(self, type_name: str, name: str) -> bool:
        """Return whether the manifest declares ``name`` as a method of ``type_name``."""
        return name in self._interface.methods.get(type_name, ())

    def perform(
        self,
        op: str,
        target: int,
        name: str = "",
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] = _NO_ARGUMENTS,
    ) -> Any:
        """Send one request and return its answer; callbacks run meanwhile, in this thread.

        Raises what the solution raised, :class:`SuiteError` for an argument that cannot cross,
        and :class:`harness.judge.link.BoxFault` when the box cannot be used any more.
        """
        thread = self._threads.get(threading.get_ident()) or self._this_thread()
        if thread.silent:
            raise TypeError("the box is not asked while a failure is being explained")
        channel = thread.channels[-1]
        number = self._numbers.getrandbits(48)
        try:
            nodes, named = thread.encoder.encode_arguments(args, kwargs)
            data = pack([channel, number, op, target, name, nodes, named])
        except UnsendableError as error:
            raise SuiteError(str(error)) from None
        exchange = Exchange(op, target, name, nodes, named, 2 * len(thread.channels) - 2)
        self._record(exchange)
        self.link.send(data)
        while True:
            frame, size = self._receive(channel)
            if frame[1] != number:
                raise self.link.violation("an answer to a request that is not open")
            kind = frame[2]
            if kind == "return" and len(frame) == 4:
                exchange.returned(frame[3], size)
                return self._decode(thread, frame[3])
            if kind == "raise":
                raise self._exception(frame, exchange)
            if kind == "callback":
                self._run_callback(frame, size, thread)
            elif kind == "method" and len(frame) == 3 and op == "get":
                exchange.hidden = True
                return METHOD
            else:
                raise self.link.violation("an answer of no known kind")

    def _receive(self, channel: int) -> tuple[Frame, int]:
        try:
            return self.link.receive(channel)
        except RecursionError:  # an answer is left unread: no other can be asked for
            raise self.link.fail(Verdict.RUNTIME_ERROR, TOO_DEEP) from None

    @contextlib.contextmanager
    def silence(self) -> Iterator[None]:
        """Refuse this thread's requests, as pytest's own curiosity about a failed comparison."""
        thread = self._this_thread()
        thread.silent = True
        try:
            yield
        finally:
            thread.silent = False

    def close(self) -> None:
        """End the conversation: threads that still wait are released, later uses are faults."""
        text = (
            "the suite uses an object of an earlier case; make its fixture function-scoped"
            " (setUp instead of setUpClass)"
        )
        self.link.close(BoxFault(Verdict.JUDGE_ERROR, text))

    def _this_thread(self) -> _Thread:
        """Return what belongs to the calling thread; the box mirrors it at its first request."""
        identity = threading.get_ident()
        with self._lock:
            thread = self._threads.get(identity)
            if thread is None:
                if len(self._threads) >= MAX_THREADS:
                    raise SuiteError(f"more than {MAX_THREADS} threads use the solution")
                channel = MAIN_CHANNEL + len(self._threads)
                decoder = Decoder({"h": self._receive_handle, "c": self._receive_callback})
                thread = _Thread(channel, Encoder(self._send_opaque), decoder)
                self._threads[identity] = thread
                if channel != MAIN_CHANNEL:
                    self.link.open_channel(channel)
        return thread

    def _record(self, exchange: Exchange) -> None:
        self.transcript.add(exchange)
        if self.transcript.total > MAX_EXCHANGES:
            text = f"more than {MAX_EXCHANGES} calls in one case"
            raise self.link.fail(Verdict.TIME_LIMIT, text)

    def _run_callback(self, frame: Frame, size: int, thread: _Thread) -> None:
        """Run a function of the suite for the box and send back what it returned or raised."""
        if len(frame) != 7 or type(frame[3]) is not int or type(frame[4]) is not int:
            raise self.link.violation("a callback that is not well formed")
        channel, index, nodes, named = frame[3:]
        if not (0 <= index < len(self._callbacks)) or self.link.has_channel(channel):
            raise self.link.violation("a callback that was never handed out")
        if channel >= 0 or type(nodes) is not list or type(named) is not dict:
            raise self.link.violation("a callback that is not well formed")
        if len(thread.channels) > MAX_CALLBACK_DEPTH:
            raise self.link.fail(
                Verdict.RUNTIME_ERROR, f"callbacks nested deeper than {MAX_CALLBACK_DEPTH}"
            )
        name = self.transcript.callbacks[index]
        depth = 2 * len(thread.channels) - 1
        exchange = Exchange("callback", MODULE_HANDLE, name, nodes, named, depth)
        exchange.drop_large_arguments(size)
        self._record(exchange)
        try:
            args, kwargs = thread.decoder.decode_arguments(nodes, named)
        except MalformedError as error:
            raise self.link.violation(str(error)) from None
        self.link.open_channel(channel)
        thread.channels.append(channel)
        try:
            answer = self._call(self._callbacks[index], args, kwargs, exchange, thread)
            self.link.send(pack([channel, 0, *answer]))
        except UnsendableError as error:  # too large
            raise SuiteError(str(error)) from None
        finally:
            thread.channels.pop()
            self.link.close_channel(channel)

    def _call(
        self,
        function: Callable[..., Any],
        args: list[Any],
        kwargs: dict[str, Any],
        exchange: Exchange,
        thread: _Thread,
    ) -> list[Node]:
        """Call a function of the suite; return the end of the frame that answers the box."""
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            origin = getattr(error, "harness_origin", None)
            if isinstance(origin, RemoteOrigin):
                name, text = origin.type_name, origin.text
            elif isinstance(error, AssertionError):
                # The text of a failed assert quotes the suite: it stays here.
                self.thread_errors.append(error)
                name, text = "AssertionError", ""
            else:
                name = self._interface.crossing_name(type(error))
                text = _text(error)
            exchange.raised(name, text)
            return ["raise", name, text]
        except BaseException as error:  # pytest.fail and the like end the case here and now
            self.thread_errors.append(error)
            raise
        try:
            node = thread.encoder.encode(result)
        except UnsendableError as error:
            # A fault, since the box waits for this answer: with a mere exception, a `with` block or
            # a `finally` of the suite would ask it again, and wait for its time to be over.
            advice = "a callback returns plain values or handles"
            text = f"the suite itself is at fault: {error}; {advice}"
            raise self.link.fail(Verdict.JUDGE_ERROR, text) from None
        exchange.returned(node)
        return ["return", node]

    def _send_opaque(self, value: object) -> Node:
        if type(value) is Symbol:
            value = value._harness_value()
            if type(value) is not Handle:
                return Encoder(self._send_opaque).encode(value)
        handle = value._handle if type(value) is Method else value
        if type(handle) is Handle and handle._harness_caller is not self:
            raise UnsendableError("an object of an earlier case's box cannot be sent")
        if type(value) is Handle:
            return {"h": value._harness_id}
        if isinstance(value, type) and issubclass(value, Exception):
            return {"e": self._interface.crossing_name(value)}
        if callable(value):
            return {"c": self._callback_number(value)}
        raise unsendable(value)

    def _callback_number(self, function: Callable[..., Any]) -> int:
        """Return the number of a function; the same for each passing of the same function."""
        key = (id(function), 0)
        if isinstance(function, MethodType):  # made anew by each look-up
            key = (id(function.__self__), id(function.__func__))
        with self._lock:
            number = self._callback_numbers.setdefault(key, len(self._callbacks))
            if number == len(self._callbacks):
                self._callbacks.append(function)
                self.transcript.callbacks.append(getattr(function, "__name__", "function"))
        return number

    def _decode(self, thread: _Thread, node: Node) -> Any:
        try:
            return thread.decoder.decode(node)
        except MalformedError as error:
            raise self.link.violation(str(error)) from None

    def _receive_handle(self, body: Node) -> Handle:
        if type(body) is not list or len(body) != 2:
            raise MalformedError("a handle that is not well formed")
        number, type_name = body
        if type(number) is not int or type(type_name) is not str:
            raise MalformedError("a handle that is not well formed")
        if not 0 <= number < MAX_HANDLES or len(type_name) > MAX_TEXT:
            raise MalformedError("a handle out of bounds")
        return self._handle(number, one_line(type_name))

    def _handle(self, number: int, type_name: str) -> Handle:
        known = self._handles.get(number)
        if known is None:  # in one step, since another thread may receive it just now
            known = self._handles.setdefault(number, Handle(self, number, type_name))
        return known

    def _receive_callback(self, body: Node) -> Callable[..., Any]:
        if type(body) is not int or not 0 <= body < len(self._callbacks):
            raise MalformedError("a callback that was never handed out")
        return self._callbacks[body]

    def _origin(self, frame: Frame) -> RemoteOrigin:
        """Check a ``raise`` frame and return where the exception came from."""
        if len(frame) != 7:
            raise self.link.violation("an exception that is not well formed")
        _, _, _, names, text, attributes, where = frame
        if type(names) is not list or not 0 < len(names) <= MAX_CLASSES:
            raise self.link.violation("an exception that is not well formed")
        if any(type(part) is not str or len(part) > MAX_TEXT for part in (*names, text, where)):
            raise self.link.violation("an exception that is not well formed")
        if type(attributes) is not dict or len(attributes) > MAX_ATTRIBUTES:
            raise self.link.violation("an exception that is not well formed")
        if any(name.startswith("_") or not name.isidentifier() for name in attributes):
            raise self.link.violation("an exception with a forbidden attribute")
        return RemoteOrigin(one_line(names[0]), printable(text), one_line(where))

    def _exception(self, frame: Frame, exchange: Exchange) -> Exception:
        """Make the exception that the suite sees of the one raised in the box."""
        origin = self._origin(frame)
        if base := self._interface.missing_base(frame[3]):
            origin = replace(origin, missing_base=base)
        exchange.raised(origin.name, origin.text)
        kind = self._interface.exception_class(frame[3])
        if issubclass(kind, StopIteration | StopAsyncIteration) and exchange.op != "next":
            kind = RemoteError  # or it would end a `map` or `zip` of the suite early
        try:
            # Plain values only: what an exception holds must not lead back into the box.
            _, attributes = Decoder().decode_arguments([], frame[5])
        except MalformedError as error:
            raise self.link.violation(str(error)) from None
        args = attributes.pop("args", None)
        if kind is RemoteError:
            args = (f"{origin.name}: {origin.text}",)
        raised = _make_exception(kind, args if type(args) is tuple else (origin.text,))
        for name, value in attributes.items():
            if not hasattr(raised, name):
                setattr(raised, name, value)
        raised.harness_origin = origin  # type: ignore[attr-defined]
        return raised


@contextlib.contextmanager
def open_session(
    sandbox: Sandbox, interface: Interface, seconds: float
) -> Iterator[tuple[Box, BoxSession]]:
    """Open a box outside of a judgement, with ``seconds`` for what is asked; end it afterwards."""
    box = sandbox.open_box()
    session = BoxSession(Link(box.stream, time.monotonic() + seconds), interface)
    try:
        yield box, session
    finally:
        session.close()
        sandbox.discard_box(box)


def _make_exception(kind: type[Exception], args: tuple[Any, ...]) -> Exception:
    """Make an exception with ``args``, as its own constructor would if it takes them."""
    if kind.__module__ == "builtins" and _can_be_printed(kind, args):
        with contextlib.suppress(Exception):
            return kind(*args)
    error = kind.__new__(kind)
    error.args = args
    return error


def _can_be_printed(kind: type[Exception], args: tuple[Any, ...]) -> bool:
    """Return whether the constructor may have ``args``: some say how to print the exception.

    Chosen badly, printing a syntax error fails; and one about an encoding has the interpreter read
    at the place that it names, even outside of its own memory.
    """
    if issubclass(kind, SyntaxError):
        return False
    if not issubclass(kind, UnicodeError) or kind is UnicodeError or len(args) < 4:
        return True
    text, start, end = args[-4:-1]
    are_places = type(start) is int and type(end) is int and isinstance(text, str | bytes)
    return are_places and 0 <= start <= end <= len(text)


def _text(error: Exception) -> str:
    if isinstance(error, KeyError) and len(error.args) == 1:
        return str(error.args[0])[:MAX_TEXT]  # str(error) would quote it
    return str(error)[:MAX_TEXT]


def unsendable(value: object) -> UnsendableError:
    """Say that a value of a suite cannot be sent, and what its author can write instead."""
    kind = type(value).__name__
    instead = _INSTEAD.get(kind) or _of_its_parts(value)
    text = printable(repr(value))  # its repr is as trusted as the suite
    shown = text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
    return UnsendableError(f"a value of type {kind} cannot be sent: {shown}; pass {instead}")


def _of_its_parts(value: object) -> str:
    if hasattr(value, "__dataclass_fields__"):
        return "a dict or a tuple of its fields"
    if isinstance(value, Enum):
        return "its value"
    if isinstance(value, BaseException):
        return "its class, or its str()"
    if isinstance(value, Iterator):
        return "a list of what it yields"
    methods = [
        name
        for name in vars(type(value))
        if not name.startswith("_") and callable(getattr(type(value), name))
    ]
    if methods:
        return f"what it holds as plain values, or a method of it as a function (.{methods[0]})"
    return "what it holds as plain values"
