"""From the description of an exception that was raised in a box to one that a suite can catch."""

from __future__ import annotations

import builtins
import contextlib
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.guest.codec import Decoder, MalformedError
from harness.guest.exceptions import (
    MAX_ATTRIBUTES,
    MAX_CAUSES,
    MAX_CLASSES,
    MAX_MEMBERS,
    MAX_TEXT,
    MAX_WORDS,
    OWN_METHODS,
)
from harness.guest.sources import MAX_PIECE
from harness.judge.classes import refused
from harness.judge.objects import Handle, pytest_asks
from harness.judge.transcript import one_line, printable
from harness.model.frozen import frozen
from harness.model.judgement import SourceLine

_MOST_CLASSES = 1_000
"""Kept for exceptions that the manifest does not declare."""
_OF_TEST_RUNNERS = frozenset({"unittest", "doctest", "bdb", "pdb"})
"""Packages of the library whose exceptions say something to those that run a suite."""


_OF_SOLUTION = "solution."
"""Begins the name of a class of the solution that has the name of a builtin one."""


class RemoteError(Exception):
    """An exception of the solution that a suite cannot be given as itself."""


@frozen
class RemoteOrigin:
    """Attached to an exception that was raised in the box. Its texts can be printed."""

    type_name: str
    """One line, as ``where`` is."""
    text: str
    where: str
    source: SourceLine | None = None
    remark: str = ""
    """What is wrong with its class."""

    @property
    def name(self) -> str:
        """How people read it."""
        return f"{self.type_name} ({self.remark})" if self.remark else self.type_name


def of_unsendable(text: str) -> RemoteError:
    """Make the exception for an answer that cannot be sent back, as the box raises it itself."""
    error = RemoteError(f"UnsendableError: {text}")
    error.harness_origin = RemoteOrigin("UnsendableError", text, "")  # type: ignore[attr-defined]
    return error


class ExceptionClasses:
    """The judge's own classes for exceptions: of Python, of the manifest, of solutions."""

    def __init__(self, declared: Mapping[str, str]) -> None:
        self.declared: dict[str, type[Exception]] = {}
        """Those that a suite can import, by name."""
        for name, base in declared.items():
            self.declared[name] = _declare(name, base, self.declared)
        self._made: dict[tuple[str, ...], type[BaseException]] = {}
        self._with_own: dict[tuple[type[BaseException], tuple[str, ...]], type[BaseException]] = {}

    def of(self, names: list[str]) -> type[BaseException]:
        """Return the class for a type known by the names along its inheritance."""
        name, *rest = names or ["Exception"]
        if found := _of_python(name):
            return found
        key = tuple(names)
        if key not in self._made:
            if len(self._made) >= _MOST_CLASSES:  # no solution needs so many
                self._made.clear()
            self._made[key] = self._make(name, self._bases(rest), names)
        return self._made[key]

    def _bases(self, names: list[str]) -> tuple[type[BaseException], ...]:
        """Return the class of the first name, and builtin ones that do not come with it."""
        bases = [self.of(names)]
        for found in filter(None, map(_of_python, names)):
            if not any(issubclass(base, found) for base in bases):
                bases.append(found)
        return tuple(bases)

    def given(self, names: list[str]) -> type[BaseException]:
        """Return the class for one that a solution gives a suite, which may catch with it.

        It must not catch the suite's own failures, whatever the solution calls them.
        """
        found = self.of(names)
        catches_failures = issubclass(AssertionError, found) or found is ExceptionGroup
        if catches_failures or not issubclass(found, Exception):
            return _make_class(names[0], RemoteError)
        return found

    def _make(
        self, name: str, bases: tuple[type[BaseException], ...], names: list[str]
    ) -> type[BaseException]:
        name = name.removeprefix(_OF_SOLUTION)
        declared = None if self.missing_base(names) else self.declared.get(name)
        if declared is None:
            with contextlib.suppress(TypeError):  # builtins that do not go together
                return _make_class(name, *bases)
            return _make_class(name, bases[0])
        others = [base for base in bases if not issubclass(declared, base)]
        if others:
            with contextlib.suppress(TypeError):
                return type(name, (declared, *others), {"__module__": "solution"})
        return declared

    def with_own(self, kind: type[BaseException], own: tuple[str, ...]) -> type[BaseException]:
        """Return a class like ``kind`` for exceptions that define these members themselves."""
        key = (kind, own)
        if key not in self._with_own:
            if len(self._with_own) >= _MOST_CLASSES:
                self._with_own.clear()
            body = {name: _OWN.get(name) or refused(name) for name in own}
            self._with_own[key] = type(kind.__name__, (kind,), {"__module__": "solution", **body})
        return self._with_own[key]

    def missing_base(self, names: list[str]) -> str:
        """Return the class that a declared exception must derive from, and does not; else "".

        The judge's own class does, so a suite that expects the base would take it for one.
        """
        declared = self.declared.get(names[0].removeprefix(_OF_SOLUTION)) if names else None
        base = declared.__base__.__name__ if declared and declared.__base__ else ""
        return "" if base in names else base

    def crossing_name(self, kind: type[BaseException]) -> str:
        """Return the name under which an exception of the suite crosses to the box."""
        for cls in kind.__mro__:
            if cls.__module__ == "solution" or _of_python(cls.__name__) is cls:
                return cls.__name__
        return "Exception"


def _of_python(name: str) -> type[BaseException] | None:
    """Return a builtin exception by its name, one of the library by its module and name.

    Of the library's modules only those that a suite has imported: it can name no others.
    What is private there, or means something to test runners, stays out of a suite.
    """
    if name == "object":
        return Exception
    module, _, last = name.rpartition(".")
    package = module.split(".")[0]
    if module and (package not in sys.stdlib_module_names or package in _OF_TEST_RUNNERS):
        return None
    if last.startswith("_"):
        return None
    found = getattr(sys.modules.get(module) if module else builtins, last, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        return found
    return None


def _declare(name: str, base: str, before: Mapping[str, type[Exception]]) -> type[Exception]:
    """Make the judge's own class for an exception that the manifest declares."""
    parent = before.get(base) or _of_python(base)
    if parent is None or not issubclass(parent, Exception) or "." in base:
        raise ValueError(f"{name} cannot derive from {base}: not an exception that is known")
    made = _make_class(name, parent)
    assert issubclass(made, Exception)
    return made


def _make_class(name: str, *parents: type[BaseException]) -> type[BaseException]:
    def text(self: BaseException) -> str:
        origin = getattr(self, "harness_origin", None)
        return origin.text if origin else parents[0].__str__(self)

    def attribute(self: BaseException, attribute: str) -> Any:
        handle = None if attribute.startswith("_") else vars(self).get("_harness_handle")
        if handle is None:
            text = f"'{name}' object has no attribute '{attribute}'"
            raise AttributeError(text, name=attribute, obj=self)
        return getattr(handle, attribute)

    body = {"__module__": "solution", "__str__": text, "__getattr__": attribute}
    return type(name if name.isidentifier() else "Exception", parents, body)


def _own_text(self: BaseException) -> str:
    handle: Handle = vars(self)["_harness_handle"]
    if pytest_asks() or handle._harness_caller.is_silent():
        return BaseException.__repr__(self)
    return handle._harness_expect(str, "repr")


def _set_args(self: BaseException, args: tuple[Any, ...]) -> None:
    BaseException.args.__set__(self, args)  # type: ignore[attr-defined]


_OWN: dict[str, Any] = {
    "__repr__": _own_text,
    # Of args that hold more than plain values. Setting them is what makes an exception.
    "args": property(
        lambda self: vars(self)["_harness_handle"].args,
        _set_args,
    ),
}


class Description:
    """A checked ``raise`` frame, from its names on. Raises :class:`MalformedError`."""

    def __init__(self, body: list[Any], depth: int = 0) -> None:
        _require(len(body) == 5)
        self.names, text, attributes, where, self._more = body
        _require(type(self.names) is list and 0 < len(self.names) <= MAX_CLASSES)
        for name in (*self.names, where):
            _require_text(name, MAX_TEXT)
        _require_text(text, MAX_WORDS)
        _require(type(attributes) is dict and len(attributes) <= MAX_ATTRIBUTES)
        if any(name.startswith("_") or not name.isidentifier() for name in attributes):
            raise MalformedError("an exception with a forbidden attribute")
        _require(type(self._more) is dict and self._more.keys() <= _MORE)
        # Plain values only: what an exception holds must not lead back into the box.
        _, self.attributes = Decoder().decode_arguments([], attributes)
        pieces = self._list("source")
        for piece in pieces:
            _require_text(piece, MAX_PIECE)
        _require(len(pieces) in (0, 3))
        self.origin = RemoteOrigin(
            one_line(self.names[0].rpartition(".")[2]),
            printable(text),
            one_line(where),
            SourceLine(*map(one_line, pieces)) if pieces else None,
        )
        self.object = self._number("object")
        self.raised = self._number("raised")
        self.notes = self._list("notes")
        for note in self.notes:
            _require_text(note, MAX_TEXT)
        self.suppresses_context = self._more.get("cause") == []
        self.is_context_cause = self._more.get("context") == []
        self.own = tuple(self._list("own"))
        _require(all(type(name) is str and name in _MAY_BE_OWN for name in self.own))
        _require(not self.own or self.object is not None)
        causes, contexts = self._list("cause"), self._list("context")
        members = self._list("members")
        if (causes or contexts or members) and depth >= MAX_CAUSES:
            raise MalformedError("an exception with too many causes")
        _require(all(type(member) is list for member in members))
        self.cause = Description(causes, depth + 1) if causes else None
        self.context = Description(contexts, depth + 1) if contexts else None
        self.members = [Description(member, depth + 1) for member in members]

    def _number(self, key: str) -> int | None:
        value: int | None = self._more.get(key)
        _require(value is None or (type(value) is int and value >= 0))
        return value

    def _list(self, key: str) -> list[Any]:
        value: list[Any] = self._more.get(key, [])
        _require(type(value) is list and len(value) <= MAX_MEMBERS)
        return value


_MAY_BE_OWN = OWN_METHODS | {"args"}
_MORE = {"own", "object", "raised", "notes", "cause", "context", "members", "source"}


def _require(is_so: bool) -> None:
    if not is_so:
        raise MalformedError("an exception that is not well formed")


def _require_text(value: object, longest: int) -> None:
    _require(type(value) is str and len(value) <= longest)


def make_exception(
    described: Description,
    origin: RemoteOrigin,
    classes: ExceptionClasses,
    handle: Callable[[int, str], Handle],
    own: Sequence[BaseException] = (),
    *,
    ends: tuple[type[Exception], ...] = (),
    ends_case: bool = True,
) -> BaseException:
    """Make the exception that a suite sees.

    ``own``: what functions of the suite have raised, which comes back as itself. ``ends``: which
    exceptions that end iterations it may be; ``ends_case``: whether it may be a ``SystemExit``.
    """
    kind = classes.of(described.names)
    if described.members and issubclass(kind, BaseExceptionGroup):
        members = [_make_nested(member, classes, handle, own) for member in described.members]
        raised: BaseException = BaseExceptionGroup(_message(described), members)
    else:
        refusal = refusal_of(kind, ends=ends, ends_case=ends_case)
        if refusal is not None:
            kind = RemoteError
            origin = replace(origin, remark=origin.remark or refusal)
        if described.own:
            kind = classes.with_own(kind, described.own)
        args = described.attributes.get("args")
        if kind is RemoteError:
            args = (f"{origin.type_name}: {origin.text}",)
        raised = _make_exception(kind, args if type(args) is tuple else (origin.text,))
    for name, value in described.attributes.items():
        if name != "args" and _may_be_set(raised, name, value):
            with contextlib.suppress(Exception):
                setattr(raised, name, value)
    raised.harness_origin = origin  # type: ignore[attr-defined]
    if described.object is not None:
        raised._harness_handle = handle(described.object, origin.type_name)  # type: ignore[attr-defined]
    for note in described.notes:
        raised.add_note(printable(note))
    if described.cause is not None:
        raised.__cause__ = _make_nested(described.cause, classes, handle, own)
    if described.context is not None:
        raised.__context__ = _make_nested(described.context, classes, handle, own)
    elif described.is_context_cause:
        raised.__context__ = raised.__cause__
    raised.__suppress_context__ |= described.suppresses_context
    return raised


def _may_be_set(raised: BaseException, name: str, value: object) -> bool:
    """Tell whether an attribute may have a value: a syntax error is shown with its place."""
    if isinstance(raised, SyntaxError) and name in _PLACES:
        return type(value) is _PLACES[name]
    if isinstance(raised, UnicodeError):  # the interpreter reads at the places that it names
        return False
    known = getattr(raised, name, None)
    # An OSError whose errno was set, be it to None, is no longer shown by its words alone.
    return known is not value and not callable(known)


_PLACES = {
    **dict.fromkeys(("msg", "filename", "text", "print_file_and_line"), str),
    **dict.fromkeys(("lineno", "offset", "end_lineno", "end_offset"), int),
}


def _make_nested(
    described: Description,
    classes: ExceptionClasses,
    handle: Callable[[int, str], Handle],
    own: Sequence[BaseException],
) -> BaseException:
    if described.raised is not None and described.raised < len(own):
        known = own[described.raised]
        if refusal_of(type(known), ends=_ITERATION, ends_case=False) is None:
            return known
    return make_exception(
        described, described.origin, classes, handle, own, ends=_ITERATION, ends_case=False
    )


def _message(described: Description) -> str:
    message = described.attributes.get("message")
    return message if type(message) is str else described.origin.text


def refusal_of(
    kind: type[BaseException], *, ends: tuple[type[Exception], ...], ends_case: bool = True
) -> str | None:
    """Return why a suite cannot be given this exception as itself, None when it can."""
    if issubclass(kind, _ITERATION) and not issubclass(kind, ends):
        return "outside of an iterator it would end loops of the suite"
    if issubclass(kind, BaseExceptionGroup):
        return ""  # without members
    if all(issubclass(cls, Exception) for cls in kind.__mro__ if cls not in _ROOTS):
        return None  # with several bases, one could be another
    is_exit = issubclass(kind, SystemExit) and not issubclass(kind, Exception)
    if is_exit and ends_case and threading.current_thread() is threading.main_thread():
        return None
    return "it would end more of the suite than a case"


_ROOTS = (BaseException, object)
_ITERATION = (StopIteration, StopAsyncIteration)


def _make_exception(kind: type[BaseException], args: tuple[Any, ...]) -> BaseException:
    """Make an exception with ``args``, as its own constructor would if it takes them."""
    if kind.__module__ == "builtins" and _can_be_printed(kind, args):
        with contextlib.suppress(Exception):
            return kind(*args)
    error = kind.__new__(kind)
    error.args = args
    return error


def _can_be_printed(kind: type[BaseException], args: tuple[Any, ...]) -> bool:
    """Tell whether the constructor may have ``args``: some say how to print the exception.

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
