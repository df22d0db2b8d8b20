"""Serves the judge's requests on the candidate's module. See ``docs/wire.md``, "Requests"."""

from __future__ import annotations

import builtins
import contextlib
import operator
import socket
import sys
import threading
import types
from collections.abc import Callable, Mapping
from typing import Any

from . import traits
from .codec import Decoder, Encoder, Node, UnsendableError
from .connection import MAIN_CHANNEL, Connection
from .exceptions import MAX_CLASSES, MAX_TEXT, class_names, describe
from .frames import Frame
from .sources import Sources

MODULE_HANDLE = 0
AGAIN = "again"
"""The operation that ends a case: the box imports the solution anew, for the next one."""
MAX_HANDLES = 100_000
MAX_CALLERS = 64
"""Threads of the candidate's own making that call back at once; more wait for one to be done."""

BUILTINS: dict[str, object] = {
    "Ellipsis": ...,
    "NotImplemented": NotImplemented,
    **{
        kind.__name__: kind
        for kind in (
            *(bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset),
            *(range, object),
        )
    },
}
"""What crosses in both directions by its name: classes, and two values."""
_BUILTIN_NAMES = {value: name for name, value in BUILTINS.items()}


def builtin_name(value: object) -> str:
    """Return the name by which a value of ``BUILTINS`` crosses, empty for any other."""
    is_simple = type(value) in (type, types.EllipsisType, types.NotImplementedType)
    return _BUILTIN_NAMES.get(value, "") if is_simple else ""


class Server:
    """Holds the objects behind handles, and answers one request after another per thread."""

    def __init__(self, sock: socket.socket, sources: Sources) -> None:
        self._connection = Connection(sock, self._start_mirror)
        self._sources = sources
        self._objects: dict[int, object] = {}
        self._handles: dict[int, int] = {}
        self._lock = threading.Lock()
        self._own_channels = list(range(-MAX_CALLERS, 0))
        """Those that no thread uses; the last one is taken first, so the judge serves few."""
        self._own_channel_free = threading.Condition()
        self._thread = _ThreadState(
            self._opaque,
            {
                "h": lambda number, _: self._objects[number],
                "c": lambda body, _: self._callback(*body),
                "e": lambda name, _: self._exception_class(name),
                "E": lambda body, _: self._exception_named(*body),
                "n": self._iterator,
                "k": lambda name, _: BUILTINS[name],
                "o": self._foreign_object,
            },
        )

    def announce(self, module: object, number: int = 0) -> None:
        """Tell the judge that ``module`` is imported and can be used; ``number``: as it asked."""
        self._objects[MODULE_HANDLE] = module
        self._handles[id(module)] = MODULE_HANDLE
        self._connection.send([MAIN_CHANNEL, number, "ready"])

    def announce_failure(self, error: BaseException, number: int = 0) -> None:
        """Tell the judge why the module cannot be imported."""
        self._connection.send([MAIN_CHANNEL, number, *self._describe(error)])

    def serve(self, channel: int = MAIN_CHANNEL) -> int:
        """Answer requests on ``channel`` until the judge hangs up, or ends the case.

        Return the number of the request that ended it.
        """
        while (request := self._connection.receive(channel))[2] != AGAIN:
            self._answer(request)
        return int(request[1])

    def serve_once(self, channel: int = MAIN_CHANNEL) -> None:
        """Wait for one request, and answer it."""
        self._answer(self._connection.receive(channel))

    def _start_mirror(self, channel: int) -> None:
        threading.Thread(target=self.serve, args=(channel,), daemon=True).start()

    def _answer(self, request: Frame) -> None:
        channel, number, op, target, name, args, kwargs = request
        open_here = self._thread.requests
        open_here.append((channel, number))
        try:
            reply = self._perform(op, target, name, args, kwargs)
        except BaseException as error:  # the candidate's SystemExit is an answer like any other
            reply = self._describe(error)
        if sys.stdout is not sys.__stdout__ or sys.stderr is not sys.__stderr__:
            with contextlib.suppress(BaseException):  # the solution's may keep what it prints
                sys.stdout.flush()
                sys.stderr.flush()
        open_here.pop()
        try:
            self._connection.send([channel, number, *reply])
        except (UnsendableError, MemoryError) as error:
            reply = self._describe(error)
            self._connection.send([channel, number, *reply])

    def _perform(
        self, op: str, target: int, name: str, args: list[Node], kwargs: dict[str, Node]
    ) -> Frame:
        thread = self._thread
        values, named = thread.decoder.decode_arguments(args, kwargs)
        subject: Any = self._objects[target]
        if op == "call":
            result = (getattr(subject, name) if name else subject)(*values, **named)
        elif op == "get":
            result = _attribute(subject, name)
            if _is_method_of(subject, result):
                return ["method"]
        elif op == "exit":
            result = subject.__exit__(*self._description(*values))
        elif op == "aexit":
            result = subject.__aexit__(*self._description(*values))
        elif op in ("start", "step", "cancel"):
            result = getattr(thread.tasks, op)(subject, *values)
        else:
            result = OPERATIONS[op](subject, *([name] if name else []), *values)
        return ["return", thread.encoder.encode(result)]

    def _opaque(self, value: Any, depth: int) -> Node:
        """Return the node of an object that is no plain value. Raises :class:`UnsendableError`."""
        if name := builtin_name(value):
            return {"k": name}
        kind: Any = type(value)
        if kind is Callback:
            return {"c": value.number}
        if issubclass(kind, SuiteObject):
            return {"o": value._number}
        encoder = self._thread.encoder
        if isinstance(value, BaseException):
            encoder.charge(_PARTS_OF_EXCEPTION)
            _, *described = self._describe(value)
            described[-1]["object"] = self._handle(value)
            return {"x": described}
        letters, redefined, base = traits.kind_of(kind)
        number = self._handle(value, limited=base is None)
        head = [number, kind.__name__[:MAX_TEXT], letters]
        if base is not None:
            encoder.charge(1 + len(redefined))
            return {"v": [*head, redefined, encoder.reduced(value, depth + 1)]}
        if isinstance(value, type) and issubclass(value, BaseException):
            encoder.charge(MAX_CLASSES // 4)
            return {"e": [*head, class_names(value)]}
        names = traits.fields_of(value)
        if names is not None:
            parts = [getattr(value, name) for name in names]
            encoder.charge(1)
            return {"D": [*head, names, encoder.nodes(parts, depth), self._handle(kind)]}
        return {"h": head}

    def _handle(self, value: object, *, limited: bool = True) -> int:
        """Return the number of an object, which lives as long as the box from now on.

        Beyond the limit -1, or :class:`UnsendableError` when an object is nothing without one.
        """
        with self._lock:
            handle = self._handles.get(id(value))
            if handle is None:
                handle = len(self._objects)
                if handle >= MAX_HANDLES:
                    if limited:
                        raise UnsendableError(f"more than {MAX_HANDLES} objects were handed out")
                    return -1
                self._objects[handle] = value
                self._handles[id(value)] = handle
        return handle

    def _callback(self, number: int, *names: Any) -> Callback:
        self._connection.announce_threads()
        return Callback(self, number, *names)

    def _iterator(self, number: int, _depth: int) -> SuiteIterator:
        return SuiteIterator(self._callback(number))

    def _foreign_object(self, body: list[Any], _depth: int) -> SuiteObject:
        number, name, is_callable = body
        kind = CallableSuiteObject if is_callable else SuiteObject
        return kind(self._callback(number), name)

    def call_back(self, number: int, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run callback ``number`` in the judge, and serve its requests while it runs."""
        nodes, named = self._thread.encoder.encode_arguments(args, kwargs)
        call = ["callback", number, nodes, named]
        if self._thread.requests:
            return self._exchange(*self._thread.requests[-1], call)
        with self._own_channel_free:
            self._own_channel_free.wait_for(lambda: self._own_channels)
            own = self._own_channels.pop()
        try:
            self._connection.open_channel(own)
            return self._exchange(own, 0, call)
        finally:
            with self._own_channel_free:
                self._own_channels.append(own)
                self._own_channel_free.notify()

    def _exchange(self, channel: int, number: int, call: Frame) -> Any:
        """Send a callback in the name of a request, and return what it returned."""
        self._connection.send([channel, number, *call])
        while True:
            frame = self._connection.receive(channel)
            if frame[2] == "return":
                return self._thread.decoder.decode(frame[3])
            if frame[2] == "raise":
                raise self._exception_named(*frame[3:])
            self._answer(frame)

    def _exception_class(self, name: str) -> type[Exception]:
        """Find an exception that the judge names: one of the solution, or a builtin one."""
        found = getattr(self._objects[MODULE_HANDLE], name, None) or getattr(builtins, name, None)
        if isinstance(found, type) and issubclass(found, Exception):
            return found
        return RuntimeError

    def _exception_named(self, name: str, text: str, raised: int = -1) -> Exception:
        """Make an exception of the suite's; ``raised``: its number, by which the suite knows it."""
        kind = self._exception_class(name)
        error: Exception = RuntimeError(f"{name}: {text}")
        with contextlib.suppress(Exception):  # not every exception is made of one text
            error = kind(text) if text else kind()
        with contextlib.suppress(Exception):
            error._harness_raised = raised  # type: ignore[attr-defined]
        return error

    def _description(self, name: str | None, text: str) -> tuple[Any, Any, None]:
        """Return what a ``with`` block is left with."""
        error = None if name is None else self._exception_named(name, text)
        return None if error is None else type(error), error, None

    def _describe(self, error: BaseException) -> Frame:
        return describe(error, self._sources, self._handle)


class _ThreadState(threading.local):
    """What each thread that serves or calls back needs for itself."""

    def __init__(
        self, opaque: Callable[[Any, int], Node], tags: Mapping[str, Callable[[Any, int], object]]
    ) -> None:
        self.requests: list[tuple[int, int]] = []
        """Channel and number of the requests this thread answers, the innermost last."""
        self.encoder = Encoder(opaque)
        self.decoder = Decoder(tags)
        self.tasks = AwaitedTasks()


class Callback:  # noqa: D101
    # A function of the suite: calling it runs it in the judge. Its docstring is that function's.

    __slots__ = ("__doc__", "__name__", "__qualname__", "_server", "number")

    def __init__(
        self, server: Server, number: int, name: str = "function", doc: str | None = None
    ) -> None:
        self._server = server
        self.number = number
        self.__name__ = self.__qualname__ = name
        self.__doc__ = doc

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the suite's function with plain values and handles."""
        return self._server.call_back(self.number, args, kwargs)

    def __eq__(self, other: object) -> bool:
        return type(other) is Callback and other.number == self.number

    def __hash__(self) -> int:
        return hash(self.number)


class SuiteIterator:
    """An iterator of the suite's: each step runs in the judge."""

    __slots__ = ("_step",)

    def __init__(self, step: Callback) -> None:
        self._step = step

    def __iter__(self) -> SuiteIterator:
        return self

    def __next__(self) -> Any:
        return self._step()


class SuiteObject:
    """An object of the suite's: its public methods can be called, and run in the judge."""

    def __init__(self, methods: Callback, name: str) -> None:
        self._number = methods.number
        self._methods = methods
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{self._name} belongs to the suite: only its methods can be used")
        return self._methods(name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SuiteObject) and other._number == self._number

    def __hash__(self) -> int:
        return hash(self._number)

    def __repr__(self) -> str:
        return f"<{self._name} of the suite>"


class CallableSuiteObject(SuiteObject):
    """One that can be called."""

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the suite's object."""
        return self._methods("__call__")(*args, **kwargs)


class AwaitedTasks:
    """Runs what a suite awaits: tasks of one event loop, which runs while the suite waits."""

    def __init__(self) -> None:
        self._loop: Any = None

    def start(self, subject: Any) -> object:
        """Begin to await an object, up to where it first waits; the task is returned."""
        import asyncio

        async def wait() -> object:
            return await subject

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        # Nothing else may run before it: to await is to go on at once.
        ready = self._loop._ready
        others = [*ready]
        ready.clear()
        task = self._loop.create_task(wait())
        self._loop.call_soon(self._loop.stop)
        self._loop.run_forever()
        ready.extendleft(reversed(others))
        return task

    def step(self, _subject: object, task: Any, seconds: float, was_cancelled: bool) -> object:
        """Let all tasks go on, and wait so long for ``task``, not at all if below 0.

        A list of its result if it has ended, an empty one if the suite has cancelled it.
        """
        import asyncio

        if seconds >= 0 and not task.done():
            self._loop.run_until_complete(asyncio.wait({task}, timeout=seconds))
        if not task.done():
            return None
        return [] if was_cancelled and task.cancelled() else [task.result()]

    def cancel(self, _subject: object, task: Any) -> None:
        """Cancel a task. What it makes of that the next step tells."""
        task.cancel()


_PARTS_OF_EXCEPTION = 50
"""What one counts for in a value: more than most have."""
_METHODS = (types.MethodType, types.BuiltinMethodType, types.MethodWrapperType)


def _is_method_of(subject: object, value: Any) -> bool:
    if isinstance(subject, types.ModuleType):  # in C a function belongs to its module
        return False
    return isinstance(value, _METHODS) and value.__self__ is subject


def _attribute(subject: Any, name: str) -> Any:
    if name == "__dict__" and isinstance(subject, types.ModuleType):
        raise AttributeError("the names of a module stay in the box")
    found = getattr(subject, name)
    return dict(found) if isinstance(found, types.MappingProxyType) else found


def _of_method(subject: object, name: str, attribute: str) -> object:
    return getattr(getattr(subject, name), attribute)


def _operate(subject: object, name: str, *operands: object) -> object:
    """Calculate or compare by Python's own rules, reflected methods among them."""
    return getattr(operator, name)(subject, *operands)


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
    "str": str,
    "repr": repr,
    "format": format,
    "hash": hash,
    "int": int,
    "float": float,
    "complex": complex,
    "bytes": bytes,
    "round": round,
    "reversed": reversed,
    "operate": _operate,
    "of_method": _of_method,
    "content": traits.take_picture,
    "is_content": lambda subject: bool(subject == traits.take_picture(subject)),
    "aiter": lambda subject: subject.__aiter__(),
    "anext": lambda subject: subject.__anext__(),
    "aenter": lambda subject: subject.__aenter__(),
    "fields": lambda subject: list(subject.__dataclass_fields__),
    "is_subclass": lambda cls, subclass: issubclass(subclass, cls),
    "is_instance": lambda cls, value: isinstance(value, cls),
}
"""What can be done with a handle by itself."""
