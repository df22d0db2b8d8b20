"""One case's conversation with one box: requests, answers, callbacks, and their record."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from harness.guest.codec import (
    Decoder,
    Encoder,
    MalformedError,
    Node,
    UnsendableError,
    builtin_base,
)
from harness.guest.connection import MAIN_CHANNEL
from harness.guest.frames import Frame, pack
from harness.guest.server import AGAIN, BUILTINS, MODULE_HANDLE, builtin_name
from harness.guest.traits import MODULE
from harness.judge import own_objects, raised
from harness.judge.link import BoxFault, Link
from harness.judge.memory import throw_away
from harness.judge.objects import (
    METHOD,
    Handle,
    HandleIterator,
    Method,
    SuiteError,
    handle_of,
    is_handle,
)
from harness.judge.own_objects import OwnObjects
from harness.judge.proxy import Interface, Symbol
from harness.judge.raised import Description, RemoteOrigin
from harness.judge.received import Received
from harness.judge.transcript import Exchange, Transcript
from harness.model.judgement import Verdict
from harness.sandbox.backend import Box, Sandbox

MAX_EXCHANGES = 100_000
"""Requests and callbacks of one case together."""
MAX_CALLBACK_DEPTH = 100
MAX_THREADS = 64
SERVER = "server of a box"
"""Name of a thread that runs the suite's functions for one of the solution's; it ends with its box,
unless the function that it runs waits for ever."""
TOO_DEEP = "following the solution's objects led deeper than Python's stack"
_NO_ARGUMENTS: Mapping[str, Any] = {}
_HIDDEN = frozenset({"content", "is_content", "fields", "start", "step", "cancel", "repr", "hash"})
"""Operations that no person would count as a call."""
_LONGEST_VALUE = 60


class _Thread:
    """One thread that uses the box: its channel, its codec, and the callbacks it is in."""

    __slots__ = ("channel", "decoder", "depth", "encoder", "silent")

    def __init__(self, channel: int, encoder: Encoder, decoder: Decoder) -> None:
        self.channel = channel
        self.depth = 0
        """Callbacks that run within each other."""
        self.encoder = encoder
        self.decoder = decoder
        self.silent = False


class BoxSession:
    """Performs a suite's requests in one box. Safe for several threads of the suite.

    ``root``: the folder of the suite, whose own objects a solution may be given.
    """

    def __init__(self, link: Link, interface: Interface, root: str = "") -> None:
        self.link = link
        self._interface = interface
        self.thread_errors: list[BaseException] = []
        """Exceptions in callbacks and threads that must fail the case whatever follows."""
        self.is_failure: Callable[[BaseException], bool] = _is_assert
        """Tells whether an exception says that a check of the suite failed."""
        self._threads: dict[int, _Thread] = {}
        self._next_channel = MAIN_CHANNEL
        self._lock = threading.Lock()
        self._received = Received(self, interface.exceptions)
        self._steps: set[int] = set()
        """Numbers of what ``__anext__`` gave: awaited, it may end an iteration."""
        self._raised: list[Exception] = []
        """What the suite has raised or given, to be recognised when it comes back."""
        self.looked_at: dict[tuple[int, str], Handle] = {}
        """Declared names that the suite has looked at, and not called: of an object, by number."""
        self._own = OwnObjects(root)
        self.transcript = Transcript(self._own.names)
        self._this_thread()
        link.on_new_channel = self._start_serving
        self.module = self._received.handle(MODULE_HANDLE, "module", MODULE)

    def await_import(self, *, again: bool = False) -> RemoteOrigin | None:
        """Wait until the solution is imported; returns why it could not be, or None.

        ``again``: ask a box that has served another case for that.
        Raises :class:`harness.judge.link.BoxFault`.
        """
        number = 0
        if again:
            number = self.link.new_number()
            self.link.send(pack([MAIN_CHANNEL, number, AGAIN, MODULE_HANDLE, "", [], {}]))
        frame, _ = self.link.receive(MAIN_CHANNEL)
        if frame[1:] == [number, "ready"]:
            return None
        if frame[1] == number and frame[2] == "raise":
            return self._described(frame).origin
        raise self.link.violation("it did not say whether the import succeeded")

    def is_silent(self) -> bool:
        """Tell whether the calling thread's requests are refused just now."""
        thread = self._threads.get(threading.get_ident())
        return thread is not None and thread.silent

    def fail_case(self, error: BaseException) -> None:
        """Let the case fail by ``error``, whatever the suite makes of it.

        For what plain pytest would not raise: a suite that expects an exception would take it for
        the solution's.
        """
        if not self.is_silent():
            self.thread_errors.append(error)

    def look_at(self, name: str) -> None:
        """Note that the suite has looked at a declared name of the module."""
        self.looked_at[self.module._harness_id, name] = self.module

    def check_names(self) -> None:
        """Ask for what the suite has only looked at: to be declared is not to be there.

        Raises the exception of the box for a name that it has not.
        """
        while self.looked_at:
            (number, name), subject = self.looked_at.popitem()
            answer = self.perform("get", number, name)
            if answer is not METHOD and not callable(answer):
                text = f"{name} of the solution cannot be called"
                raise subject._harness_refusal(text, answer)

    def is_suites(self, path: str) -> bool:
        """Return whether a file of code belongs to the suite."""
        return self._own.holds(path)

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
        """Send one request and return its answer; what it calls back runs in this thread.

        Raises what the solution raised, :class:`SuiteError` for an argument that cannot cross,
        and :class:`harness.judge.link.BoxFault` when the box cannot be used any more.
        """
        thread = self._threads.get(threading.get_ident()) or self._this_thread()
        if thread.silent:
            raise TypeError("the box is not asked while a failure is being explained")
        throw_away()
        channel = thread.channel
        number = self.link.new_number()
        if name:
            self.looked_at.pop((target, name), None)
        try:
            nodes, named = thread.encoder.encode_arguments(args, kwargs)
            data = pack([channel, number, op, target, name, nodes, named])
        except UnsendableError as error:
            refusal: BaseException = SuiteError(str(error))
            if self._received.are_to_blame(args, kwargs, _sender(thread)):
                refusal = raised.of_unsendable(f"{_HANDED_ON}: {error}")
            self.fail_case(refusal)
            raise refusal from None
        exchange = Exchange(
            op, target, name, nodes, named, 2 * thread.depth, sent=(*args, *kwargs.values())
        )
        self._record(exchange)
        self.link.send(data)
        while True:
            frame, size = self._receive(channel)
            if frame[1] != number:
                raise self.link.violation("an answer to a request that is not open")
            kind = frame[2]
            if kind == "return" and len(frame) == 4:
                exchange.returned(frame[3], size)
                if op == "step" and type(frame[3]) is list:  # what is awaited has ended
                    if frame[3]:
                        exchange.returned(frame[3][0], size)
                    else:
                        exchange.raised("CancelledError", "")
                    self._steps.discard(target)
                    return self._decode(thread, frame[3])
                exchange.hidden = op in _HIDDEN or (op == "get" and name.startswith("__"))
                answer = self._decode(thread, frame[3])
                if op == "anext" and is_handle(answer):
                    self._steps.add(answer._harness_id)
                self._received.add(answer, size)
                if not exchange.end:
                    exchange.received = answer
                return answer
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
                channel = self._next_channel
                if channel > MAX_THREADS:
                    raise SuiteError(f"more than {MAX_THREADS} threads use the solution")
                self._next_channel += 1
                thread = self._threads[identity] = self._new_thread(channel)
                if channel != MAIN_CHANNEL:
                    self.link.open_channel(channel)
        return thread

    def _new_thread(self, channel: int) -> _Thread:
        decoder = Decoder()
        encoder = Encoder(lambda value, depth: self._send_opaque(value, depth, encoder))
        decoder.add_tags(
            {
                **self._received.tags(decoder),
                "k": lambda body, _: BUILTINS[body],
                "c": lambda body, _: self._own.function(body),
                "o": lambda body, _: self._own.given_object(body),
            }
        )
        return _Thread(channel, encoder, decoder)

    def _start_serving(self, channel: int) -> None:
        try:
            serve = threading.Thread(target=self._serve, args=(channel,), name=SERVER, daemon=True)
            serve.start()
        except RuntimeError:  # the memory that the judge may use is limited
            text = "too many threads of the solution call the suite's functions"
            raise self.link.fail(Verdict.RUNTIME_ERROR, text) from None

    def _serve(self, channel: int) -> None:
        """Run the functions that one thread of the solution calls, until the box is closed."""
        identity = threading.get_ident()
        thread = self._threads[identity] = self._new_thread(channel)
        with contextlib.suppress(BoxFault):
            while True:
                frame, size = self.link.receive(channel)
                if frame[1:3] != [0, "callback"]:
                    raise self.link.violation("a callback that is not well formed")
                try:
                    self._run_callback(frame, size, thread)
                except BoxFault:
                    raise
                except BaseException:  # it is kept, and ends the solution's thread as here
                    self.link.send(pack([channel, 0, "raise", "RuntimeError", ""]))
        del self._threads[identity]

    def _record(self, exchange: Exchange) -> None:
        self.transcript.add(exchange)
        if self.transcript.total > MAX_EXCHANGES:
            text = f"more than {MAX_EXCHANGES} calls in one case"
            raise self.link.fail(Verdict.TIME_LIMIT, text)

    def _run_callback(self, frame: Frame, size: int, thread: _Thread) -> None:
        """Run a function of the suite for the box and send back what it returned or raised."""
        if len(frame) != 6 or type(frame[3]) is not int:
            raise self.link.violation("a callback that is not well formed")
        index, nodes, named = frame[3:]
        if type(nodes) is not list or type(named) is not dict:
            raise self.link.violation("a callback that is not well formed")
        if thread.depth >= MAX_CALLBACK_DEPTH:
            raise self.link.fail(
                Verdict.RUNTIME_ERROR, f"callbacks nested deeper than {MAX_CALLBACK_DEPTH}"
            )
        try:
            function = self._own.function(index)
        except MalformedError as error:
            raise self.link.violation(str(error)) from None
        name = self._own.names[index]
        exchange = Exchange("callback", MODULE_HANDLE, name, nodes, named, 2 * thread.depth + 1)
        exchange.drop_large_arguments(size)
        self._record(exchange)
        try:
            args, kwargs = thread.decoder.decode_arguments(nodes, named)
            self._received.add((*args, kwargs), size)
        except MalformedError as error:
            raise self.link.violation(str(error)) from None
        thread.depth += 1
        try:
            answer = self._call(function, args, kwargs, exchange, thread)
            data = pack([thread.channel, 0, *answer])
        except BaseException as error:  # pytest.fail and the like end the case here and now
            if isinstance(error, UnsendableError):  # too large
                error = SuiteError(str(error))
            self.thread_errors.append(error)
            raise error from None
        finally:
            thread.depth -= 1
        self.link.send(data)

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
            exchange.sent = (result,)
        except Exception as error:
            origin = getattr(error, "harness_origin", None)
            if isinstance(origin, RemoteOrigin):
                name, text = origin.type_name, origin.text
            elif failed := self._failed_check(error):
                # The text of a failed assert quotes the suite: it stays here.
                self.thread_errors.append(failed)
                name, text = "AssertionError", ""
            else:
                name = self._interface.exceptions.crossing_name(type(error))
                text = ""
                trace = error.__traceback__
                if isinstance(error, TypeError) and trace is not None and trace.tb_next is None:
                    # It never began; the words would name the case, and its parameters.
                    text = "the suite's function does not take these arguments"
                elif self._own.may_quote(error, args):
                    text = own_objects.crossing_words(error)
            exchange.raised(name, text)
            self._raised.append(error)
            return ["raise", name, text, len(self._raised) - 1]
        try:
            node = thread.encoder.encode(result)
        except UnsendableError as error:
            # A fault, since the box waits for this answer: with a mere exception, a `with` block or
            # a `finally` of the suite would ask it again, and wait for its time to be over.
            if self._received.are_to_blame((result,), {}, _sender(thread)):
                text = f"{_HANDED_ON}: {error}"
                raise self.link.fail(Verdict.RUNTIME_ERROR, text) from None
            advice = "a callback returns plain values or handles"
            text = f"the suite itself is at fault: {error}; {advice}"
            raise self.link.fail(Verdict.JUDGE_ERROR, text) from None
        exchange.returned(node)
        return ["return", node]

    def _send_opaque(self, value: Any, depth: int, encoder: Encoder) -> Node:
        """Return the node of what is no plain value. Raises :class:`UnsendableError`."""
        if type(value) is Symbol:
            value = value._harness_value()
            if handle_of(value) is None:
                return encoder.node(value, depth)
        if type(value) is HandleIterator:
            value = value._iterator
        if type(value) is Method and value._handle._harness_caller is not self:
            raise UnsendableError(_OF_EARLIER_CASE)
        handle = handle_of(value)
        if handle is not None:
            if handle._harness_caller is not self:
                raise UnsendableError(_OF_EARLIER_CASE)
            return {"h": handle._harness_id}
        if builtin_base(type(value)) is not None:
            return encoder.reduced(value, depth)
        if isinstance(value, type) and issubclass(value, BaseException):
            return {"e": self._interface.exceptions.crossing_name(value)}
        if isinstance(value, Exception):
            self._raised.append(value)
            name = self._interface.exceptions.crossing_name(type(value))
            return {"E": [name, own_objects.crossing_words(value), len(self._raised) - 1]}
        if name := builtin_name(value):
            return {"k": name}
        return self._own.node(value)

    def _decode(self, thread: _Thread, node: Node) -> Any:
        try:
            return thread.decoder.decode(node)
        except MalformedError as error:
            raise self.link.violation(str(error)) from None

    def _described(self, frame: Frame) -> Description:
        """Check a ``raise`` frame."""
        try:
            return Description(frame[3:])
        except MalformedError as error:
            raise self.link.violation(str(error)) from None

    def _failed_check(self, error: BaseException | None) -> BaseException | None:
        """Return the failed check that an exception is, or that a group of exceptions holds."""
        if isinstance(error, BaseExceptionGroup):
            found = next(filter(None, map(self._failed_check, error.exceptions)), None)
            if found is not None and found.__traceback__ is None:  # nobody has raised it by itself
                found.__traceback__ = error.__traceback__
            return found
        return error if error is not None and self.is_failure(error) else None

    def _exception(self, frame: Frame, exchange: Exchange) -> BaseException:
        """Make the exception that the suite sees of the one raised in the box."""
        described = self._described(frame)
        origin, classes = described.origin, self._interface.exceptions
        if base := classes.missing_base(described.names):
            origin = replace(origin, remark=f"not derived from {base}")
        exchange.raised(origin.name, origin.text)
        exchange.hidden = exchange.op == "get" and exchange.name.startswith("__")
        ends = _ENDS.get(exchange.op, ())
        if exchange.op == "step" and exchange.target in self._steps:
            self._steps.discard(exchange.target)
            ends = (StopAsyncIteration,)
        # In a `finally`, or at the end of a `with` block, it would take the place of what failed.
        failed = self._failed_check(sys.exception())
        if failed is not None and not hasattr(failed, "harness_origin"):
            self.thread_errors.append(failed)
        if described.raised is not None:
            if described.raised >= len(self._raised):
                raise self.link.violation("an exception that the suite has not raised")
            known = self._raised[described.raised]
            if raised.refusal_of(type(known), ends=ends) is None:
                if not isinstance(known, AssertionError):  # whose own words say what is wrong
                    known.harness_origin = origin  # type: ignore[attr-defined]
                return known
        try:
            made = raised.make_exception(
                described, origin, classes, self._received.of_exception, self._raised, ends=ends
            )
        except MalformedError as error:
            raise self.link.violation(str(error)) from None
        is_exit = not issubclass(classes.of(described.names), Exception)
        stands_in = is_exit and isinstance(made, Exception)
        if stands_in or origin.type_name == UnsendableError.__name__:
            self.fail_case(made)
        return made


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


_ENDS: Mapping[str, tuple[type[Exception], ...]] = {
    "next": (StopIteration,),
    "anext": (StopAsyncIteration,),
}
"""Exceptions by which an operation may end a loop of the suite."""
_HANDED_ON = "an answer of the solution's cannot be handed on"


def _sender(thread: _Thread) -> Callable[[tuple[Any, ...], Mapping[str, Any]], object]:
    return lambda args, kwargs: pack(list(thread.encoder.encode_arguments(args, kwargs)))


_OF_EARLIER_CASE = "an object of an earlier case's box cannot be sent"


def _is_assert(error: BaseException) -> bool:
    return isinstance(error, AssertionError)
