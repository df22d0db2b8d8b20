"""What the judge is told of an exception. See ``docs/wire.md``, "Exceptions"."""

from __future__ import annotations

import builtins
import contextlib
from collections.abc import Callable
from typing import Any

from .absent import explanation
from .codec import Encoder, Node
from .frames import Frame
from .sources import Sources
from .traits import ABILITIES, BINARY_DUNDERS, OTHER_NAMES, is_of_library

MAX_TEXT = 2_000
"""Characters of a name."""
MAX_WORDS = 20_000
"""Characters of an exception's text."""
MAX_CLASSES = 12
"""Names along the inheritance of an exception that cross."""
MAX_ATTRIBUTES = 12
MAX_CAUSES = 8
"""Causes of causes, and groups within groups, of an exception."""
MAX_MEMBERS = 100
"""Notes of an exception, and members of a group."""


def describe(
    error: BaseException,
    sources: Sources,
    handle: Callable[[object], int],
    depth: int = 0,
) -> Frame:
    """Return the end of a ``raise`` frame for ``error``, whatever its class does to prevent it."""
    try:
        names = class_names(type(error)) or ["Exception"]  # a metaclass may say that there are none
        where, source = sources.place(error)
        more: dict[str, Any] = {}
        attributes = _attributes(error)
        with contextlib.suppress(BaseException):
            more = _more(error, attributes, sources, handle, depth)
        if source:
            more["source"] = source
        return ["raise", names, _text(error), attributes, where[:MAX_TEXT], more]
    except BaseException:
        return ["raise", ["Exception"], "(an exception that cannot be described)", {}, "", {}]


def _more(
    error: BaseException,
    attributes: dict[str, Node],
    sources: Sources,
    handle: Callable[[object], int],
    depth: int,
) -> dict[str, Any]:
    """Return what few exceptions have: methods of their own, notes, a cause, members."""
    more: dict[str, Any] = {}
    own = _own_methods(type(error))
    if "args" not in attributes:
        own.append("args")
    if own:
        more["own"] = own
    if own or type(error).__module__ != "builtins":
        more["object"] = handle(error)
    raised = getattr(error, "_harness_raised", -1)
    if type(raised) is int and raised >= 0:
        more["raised"] = raised
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, list):
        more["notes"] = [str(note)[:MAX_TEXT] for note in notes[:MAX_MEMBERS]]
    if depth < MAX_CAUSES:

        def nested(other: BaseException) -> Frame:
            return describe(other, sources, handle, depth + 1)[1:]

        if error.__cause__ is not None:
            more["cause"] = nested(error.__cause__)
        elif error.__suppress_context__:
            more["cause"] = []
        if error.__context__ is not None:
            is_cause = error.__context__ is error.__cause__
            more["context"] = [] if is_cause else nested(error.__context__)
        if isinstance(error, BaseExceptionGroup):
            more["members"] = [nested(member) for member in error.exceptions[:MAX_MEMBERS]]
    return more


OWN_METHODS = BINARY_DUNDERS.union(
    ABILITIES.values(), OTHER_NAMES, ("__repr__", "__format__", "__hash__")
)
"""What the judge's stand-in for an exception does not have by itself, or has otherwise."""


def _own_methods(kind: type) -> list[str]:
    classes = [vars(cls) for cls in kind.__mro__ if not is_of_library(cls.__module__)]
    return sorted(OWN_METHODS.intersection(name for names in classes for name in names))


def _text(error: BaseException) -> str:
    try:
        words = explanation(error)
        return f"{error} ({words})"[:MAX_WORDS] if words else str(error)[:MAX_WORDS]
    except BaseException:
        return "(its message cannot be shown: __str__ raised)"


_OF_BUILTINS = {
    OSError: ("errno", "strerror", "filename", "filename2"),
    SyntaxError: ("msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset"),
    ImportError: ("name", "path", "msg"),
    AttributeError: ("name",),
    NameError: ("name",),
    StopIteration: ("value",),
    SystemExit: ("code",),
    BaseExceptionGroup: ("message",),
}


def _attributes(error: BaseException) -> dict[str, Node]:
    """The plain public attributes of an exception, properties too; the rest stays here."""
    names = ["args", *getattr(error, "__dict__", {})]
    for cls in type(error).__mro__:
        if cls.__module__ != "builtins":
            names += [name for name, value in vars(cls).items() if not callable(value)]
        else:
            names += _OF_BUILTINS.get(cls, ())
    public = [name for name in dict.fromkeys(names) if name.isidentifier() and name[0] != "_"]
    attributes = {}
    encoder = Encoder()
    for name in public[:MAX_ATTRIBUTES]:
        with contextlib.suppress(BaseException):  # a property may raise whatever it likes
            attributes[name] = encoder.encode(getattr(error, name))
    return attributes


def class_names(kind: type) -> list[str]:
    """Return the names along the inheritance, those of the library with their modules."""
    return [_name(cls)[:MAX_TEXT] for cls in kind.__mro__[:MAX_CLASSES]]


def _name(cls: type) -> str:
    module, name = cls.__module__, cls.__name__
    if module != "builtins" and is_of_library(module):
        return f"{module}.{name}"
    # The solution's own, by the name of a builtin one, is another class.
    known = getattr(builtins, name, None)
    return name if known is cls or not isinstance(known, type) else f"solution.{name}"
