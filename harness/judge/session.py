"""One case's conversation with one box: requests, answers, callbacks, and their record."""

from __future__ import annotations

import builtins
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.guest.codec import Decoder, Encoder, MalformedError, Node, UnsendableError
from harness.guest.connection import MAIN_CHANNEL
from harness.guest.frames import Frame, pack
from harness.guest.server import MODULE_HANDLE
from harness.judge.link import Link
from harness.judge.proxy import METHOD, Handle, Symbol
from harness.judge.transcript import Exchange, Transcript
from harness.model.verdict import Verdict

MAX_REQUESTS = 100_000
MAX_CALLBACK_DEPTH = 20
MAX_THREADS = 64
MAX_TEXT = 2_000


class SuiteError(BaseException):
    """The suite did something that the wire cannot do; its author's mistake, not the candidate's.

    No :class:`Exception`, so that a suite cannot swallow it by accident.
    """


class RemoteError(Exception):
    """An exception of the solution that is neither a builtin nor declared in the manifest."""


@dataclass(frozen=True)
class RemoteOrigin:
    """Attached to an exception that was raised in the box."""

    type_name: str
    text: str
    where: str


class OutsideCaseError(AttributeError):
    """A suite used the solution while no case was running, e.g. at import."""


class Interface:
    """What the manifest declares: known methods, and exceptions as real classes."""

    def __init__(
        self, methods: Mapping[str, frozenset[str]], exceptions: Mapping[str, str]
    ) -> None:
        self.methods = methods
        self.exceptions = {
            name: _declare_exception(name, base) for name, base in exceptions.items()
        }

    def exception_class(self, names: list[str]) -> type[Exception]:
        """Return the class for a type known by the names along its inheritance."""
        for name in names:
            known = self.exceptions.get(name)
            if known is None:
                candidate = getattr(builtins, name, None)
                if isinstance(candidate, type) and issubclass(candidate, Exception):
                    known = candidate
            if known is not None:
                # A bare Exception would say less than the name it has in the box.
                return RemoteError if known is Exception and names[0] != "Exception" else known
        return RemoteError


class Session:
    """Performs a suite's requests in one box. Safe for several threads of the suite."""

    def __init__(self, link: Link, interface: Interface) -> None:
        self._link = link
        self._interface = interface
        self.transcript = Transcript()
        self.thread_errors: list[BaseException] = []
        """Exceptions in callbacks and threads that must fail the case whatever follows."""
        self._numbers = random.Random()
        self._channels: dict[int, list[int]] = {threading.get_ident(): [MAIN_CHANNEL]}
        self._lock = threading.Lock()
        self._handles: dict[int, Handle] = {}
        self._callbacks: list[Callable[..., Any]] = []
        self.module = self._handle(MODULE_HANDLE, "module")

    def await_import(self) -> RemoteOrigin | None:
        """Wait until the solution is imported; returns why it could not be, or None.

        Raises :class:`harness.judge.link.BoxFault`.
        """
        frame = self._link.receive(MAIN_CHANNEL)
        if frame[1:] == [0, "ready"]:
            return None
        if frame[1] == 0 and frame[2] == "raise" and len(frame) == 7:
            return self._origin(frame)
        raise self._link.violation("no word on whether the import succeeded")

    def is_method(self, type_name: str, name: str) -> bool:
        """Tell whether the manifest declares ``name`` as a method of ``type_name``."""
        return name in self._interface.methods.get(type_name, ())

    def perform(
        self,
        op: str,
        target: int,
        name: str = "",
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Send one request and return its answer; callbacks run meanwhile, in this thread.

        Raises what the solution raised, :class:`SuiteError` for an argument that cannot cross,
        and :class:`harness.judge.link.BoxFault` when the box is of no use any more.
        """
        stack = self._channel_stack()
        channel = stack[-1]
        number = self._numbers.getrandbits(48)
        nodes, named = self._encode_arguments(args, kwargs or {})
        exchange = Exchange(op, target, name, nodes, named, len(stack) - 1)
        self.transcript.add(exchange)
        if self.transcript.total > MAX_REQUESTS:
            raise self._link.fail(Verdict.TIME_LIMIT, f"more than {MAX_REQUESTS} calls in one case")
        self._link.send(pack([channel, number, op, target, name, nodes, named]))
        while True:
            frame = self._link.receive(channel)
            if frame[1] != number:
                raise self._link.violation("an answer to a request that is not open")
            kind = frame[2]
            if kind == "callback":
                self._run_callback(frame, stack)
                continue
            exchange.answer = frame[2:]
            if kind == "return" and len(frame) == 4:
                return self._decode(frame[3])
            if kind == "raise" and len(frame) == 7:
                raise self._exception(frame)
            if kind == "method" and len(frame) == 3 and op == "get":
                self.transcript.exchanges.remove(exchange)
                return METHOD
            raise self._link.violation("an answer of no known kind")

    def close(self) -> None:
        """End the conversation: threads of the suite that still wait are released."""
        self._link.fail(Verdict.RUNTIME_ERROR, "the case was already over")

    def _channel_stack(self) -> list[int]:
        """The channels this thread has nested so far: its own, then one per running callback."""
        stack = self._channels.get(threading.get_ident())
        if stack is None:
            with self._lock:
                if len(self._channels) >= MAX_THREADS:
                    raise SuiteError(f"more than {MAX_THREADS} threads use the solution")
                channel = MAIN_CHANNEL + len(self._channels)
                stack = self._channels[threading.get_ident()] = [channel]
                self._link.open_channel(channel)
        return stack

    def _run_callback(self, frame: Frame, stack: list[int]) -> None:
        """Run a function of the suite for the box and send back what it returned or raised."""
        if len(frame) != 7 or type(frame[3]) is not int or type(frame[4]) is not int:
            raise self._link.violation("a callback that is not well formed")
        channel, index = frame[3], frame[4]
        if not (0 <= index < len(self._callbacks)) or self._link.has_channel(channel):
            raise self._link.violation("a callback that was never handed out")
        if channel >= 0 or type(frame[5]) is not list or type(frame[6]) is not dict:
            raise self._link.violation("a callback that is not well formed")
        if len(stack) > MAX_CALLBACK_DEPTH:
            raise self._link.fail(
                Verdict.RUNTIME_ERROR, f"callbacks nested deeper than {MAX_CALLBACK_DEPTH}"
            )
        function = self._callbacks[index]
        name = self.transcript.callbacks[index]
        exchange = Exchange("callback", MODULE_HANDLE, name, frame[5], frame[6], len(stack))
        self.transcript.add(exchange)
        args = [self._decode(node) for node in frame[5]]
        kwargs = {key: self._decode(node) for key, node in frame[6].items()}
        self._link.open_channel(channel)
        stack.append(channel)
        try:
            exchange.answer = self._call(function, args, kwargs)
            self._link.send(pack([channel, 0, *_answer_to_callback(exchange.answer)]))
        finally:
            stack.pop()
            self._link.close_channel(channel)

    def _call(
        self, function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> list[Node]:
        try:
            return ["return", self._encode(function(*args, **kwargs))]
        except Exception as error:
            origin = getattr(error, "harness_origin", None)
            if isinstance(error, AssertionError) and origin is None:
                # The text of a failed assert quotes the suite: it stays here.
                self.thread_errors.append(error)
                return ["raise", ["AssertionError"], ""]
            return ["raise", [type(error).__name__], str(error)[:MAX_TEXT]]

    def _encode_arguments(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[list[Node], dict[str, Node]]:
        encode = self._encode
        return [encode(value) for value in args], {k: encode(v) for k, v in kwargs.items()}

    def _encode(self, value: object) -> Node:
        try:
            return Encoder(self._send_opaque).encode(value)
        except UnsendableError as error:
            raise SuiteError(f"{error}; pass plain values, handles or functions") from None

    def _send_opaque(self, value: object) -> Node:
        if type(value) is Symbol:
            value = value._harness_value()
        if type(value) is Handle and value._harness_caller is self:
            return {"h": value._harness_id}
        if callable(value):
            with self._lock:
                self._callbacks.append(value)
                self.transcript.callbacks.append(getattr(value, "__name__", "function"))
                return {"c": len(self._callbacks) - 1}
        raise UnsendableError(f"a {type(value).__name__} cannot cross to the solution")

    def _decode(self, node: Node) -> Any:
        try:
            return Decoder({"h": self._receive_handle, "c": self._receive_callback}).decode(node)
        except MalformedError as error:
            raise self._link.violation(str(error)) from None

    def _receive_handle(self, body: Node) -> Handle:
        if type(body) is not list or len(body) != 2:
            raise MalformedError("a handle that is not well formed")
        number, type_name = body
        if type(number) is not int or number < 0 or type(type_name) is not str:
            raise MalformedError("a handle that is not well formed")
        return self._handle(number, type_name)

    def _handle(self, number: int, type_name: str) -> Handle:
        known = self._handles.get(number)
        if known is None:
            known = self._handles[number] = Handle(self, number, type_name)
        return known

    def _receive_callback(self, body: Node) -> Callable[..., Any]:
        if type(body) is not int or not 0 <= body < len(self._callbacks):
            raise MalformedError("a callback that was never handed out")
        return self._callbacks[body]

    def _origin(self, frame: Frame) -> RemoteOrigin:
        _, _, _, names, text, _, where = frame
        well_formed = type(names) is list and names and all(type(name) is str for name in names)
        if not well_formed or type(text) is not str or type(where) is not str:
            raise self._link.violation("an exception that is not well formed")
        return RemoteOrigin(names[0], text[:MAX_TEXT], where[:MAX_TEXT])

    def _exception(self, frame: Frame) -> Exception:
        """Make the exception that the suite sees of the one raised in the box."""
        origin = self._origin(frame)
        _, _, _, names, _, attributes, _ = frame
        if type(attributes) is not dict:
            raise self._link.violation("an exception that is not well formed")
        kind = self._interface.exception_class(names)
        error = kind.__new__(kind)
        plain = {key: self._decode(node) for key, node in attributes.items()}
        args = plain.pop("args", None)
        error.args = args if type(args) is tuple else (origin.text,)
        if kind is RemoteError:
            error.args = (f"{origin.type_name}: {origin.text}",)
        for key, value in plain.items():
            if not hasattr(error, key):
                setattr(error, key, value)
        error.harness_origin = origin  # type: ignore[attr-defined]
        return error


def _answer_to_callback(answer: list[Node]) -> list[Node]:
    """Exceptions go to the box by one type name and a short text, nothing else."""
    return ["raise", answer[1][0], answer[2]] if answer[0] == "raise" else answer


def _declare_exception(name: str, base: str) -> type[Exception]:
    """Make the judge's own class for an exception that the manifest declares."""
    parent = getattr(builtins, base, None)
    if not (isinstance(parent, type) and issubclass(parent, Exception)):
        raise SuiteError(f"{name} cannot derive from {base}: not a builtin exception")

    def text(self: BaseException) -> str:
        origin = getattr(self, "harness_origin", None)
        return origin.text if origin else Exception.__str__(self)

    return type(name, (parent,), {"__module__": "solution", "__str__": text})
