"""The special methods of what stays in the box, as far as the class of an object has them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from typing import Any

from harness.guest import traits as kinds
from harness.judge.objects import UNARY, Handle, dunder, undeclared

_LONGEST_PAUSE = 0.02
_NOT_TO_RUN = -1.0
"""Seconds for which nothing runs: a task that waits lets others of the suite begin first."""


class Able(Handle):
    """All special methods. A handle has those that the class of its object has, by its letters."""

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the object in the box."""
        return self._harness_caller.perform("call", self._harness_id, "", args, kwargs)

    def __len__(self) -> Any:
        length = self._harness_expect(int, "len")
        said = (length, self._harness_caller.transcript.total)
        object.__setattr__(self, "_harness_length", said)
        return length

    def __bool__(self) -> Any:
        return self._harness_expect(bool, "bool")

    def __iter__(self) -> Iterator[Any]:
        return self._harness_iterator("iter")

    def __reversed__(self) -> Iterator[Any]:
        return self._harness_iterator("reversed")

    def __next__(self) -> Any:
        return self._harness_ask("next")

    def __getitem__(self, key: Any) -> Any:
        return self._harness_ask("item", "", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._harness_ask("set_item", "", key, value)

    def __delitem__(self, key: Any) -> None:
        self._harness_ask("del_item", "", key)

    def __contains__(self, item: Any) -> bool:
        if self._harness_declares("__contains__"):
            return bool(self._harness_ask("contains", "", item))
        # Looked for here: an object asked "do you hold what I expect?" would only have to say yes.
        if kinds.OWN_CONTAINS in self._harness_traits:
            raise undeclared(self, "__contains__")
        try:
            parts = iter(self)
        except TypeError:
            text = (
                f"{self._harness_type} is not iterable, and problem.toml does not declare"
                ' "__contains__" as a method of it'
            )
            raise self._harness_refusal(text, self) from None
        return any(part is item or part == item for part in parts)

    def __enter__(self) -> Any:
        return self._harness_ask("enter")

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> Any:
        if kind is None:
            return self._harness_ask("exit", "", None, "")
        if trace is None:  # not a `with` block: the suite asks, and looks at the answer itself
            return self._harness_ask("exit", "", *_described(kind, error))
        # In a `with` block the answer would decide whether the suite's own assert counts.
        answer = None
        with _failing(self):
            answer = self._harness_ask("exit", "", *_described(kind, error))
        _note_swallowed(self, error, answer)
        return False

    def __await__(self) -> Generator[Any, Any, Any]:
        """Wait for what runs in the box, and let other tasks of the suite run meanwhile."""
        import asyncio  # only where a suite uses it

        task = self._harness_ask("start")
        cancelled: BaseException | None = None
        pause = _NOT_TO_RUN
        while True:
            result = self._harness_ask("step", "", task, pause, cancelled is not None)
            if result is not None:
                break
            pause = 0.0 if pause < 0 else min(_LONGEST_PAUSE, 2 * pause + 0.0005)
            try:
                yield from asyncio.sleep(0).__await__()
            except (asyncio.CancelledError, GeneratorExit) as error:
                self._harness_ask("cancel", "", task)
                if isinstance(error, GeneratorExit):
                    raise
                cancelled, pause = error, 0.0  # what the task makes of it counts
        match result:
            case [value] if type(result) is list:
                return value
            case [] if type(result) is list and cancelled is not None:
                raise cancelled
        raise self._harness_caller.link.violation("an end of a task that is not well formed")

    def __aiter__(self) -> Any:
        return self._harness_ask("aiter")

    def __anext__(self) -> Any:
        return self._harness_ask("anext")

    def __aenter__(self) -> Any:
        return self._harness_ask("aenter")

    async def __aexit__(self, kind: type[BaseException] | None, error: object, _: object) -> bool:
        if kind is None:
            await self._harness_ask("aexit", "", None, "")
        else:
            answer = None
            with _failing(self):
                answer = await self._harness_ask("aexit", "", *_described(kind, error))
            _note_swallowed(self, error, answer)
        return False

    def __bytes__(self) -> bytes:
        return self._harness_expect(bytes, "bytes")

    def __round__(self, *digits: Any) -> Any:
        return self._harness_ask("round", "", *digits)


@contextlib.contextmanager
def _failing(manager: Handle) -> Iterator[None]:
    """Let what the solution raises, also a ``SystemExit``, fail the case: here it does not go on.

    The exception of the `with` block does, but for faults of box and suite.
    """
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Exception) and not hasattr(error, "harness_origin"):
            raise
        manager._harness_caller.fail_case(error)


def _note_swallowed(manager: Handle, error: Any, answer: object) -> None:
    """Let the case fail if the answer would swallow ``error``, which goes on here."""
    swallows = bool(answer) if type(answer).__module__ == "builtins" else True
    if swallows and isinstance(error, Exception):
        error.harness_swallowed = (  # type: ignore[attr-defined]
            "a context manager of the solution swallows no exception of a `with` block of the"
            " suite: call its __exit__, which says whether it would"
        )
        manager._harness_caller.thread_errors.append(error)


def _described(kind: type[BaseException], error: object) -> tuple[str, str]:
    # The words of an exception of the suite's own may quote what it expects.
    is_solutions = hasattr(error, "harness_origin")
    return kind.__name__, str(error)[:200] if is_solutions else ""


def _unary(name: str) -> Callable[[Handle], Any]:
    return lambda self: self._harness_ask("operate", name)


def _conversion(kind: type) -> Callable[[Handle], Any]:
    return lambda self: self._harness_expect(kind, kind.__name__)


for _name in UNARY:
    setattr(Able, dunder(_name), _unary(_name))
for _name, _kind in (("int", int), ("index", int), ("float", float), ("complex", complex)):
    setattr(Able, dunder(_name), _conversion(_kind))
