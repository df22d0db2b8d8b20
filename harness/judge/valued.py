"""Objects of the solution that have a value in the judge, and the rest of what they are in the box.

A **valued** object derives from an immutable builtin and is one here. What its class defines anew
is asked of the box, as for any handle. A **record** is a handle that knows the fields of a frozen
dataclass, whose values never change, and is compared by them.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Sequence
from dataclasses import make_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from harness.guest import traits as kinds
from harness.judge.objects import (
    MOST_CLASSES,
    ORDER,
    Able,
    Handle,
    WrongTypeError,
    attribute_of,
    between,
    dunder,
    expect,
    handle_class,
    handle_of,
    is_handle,
    is_local,
    plain_operand,
    pytest_asks,
)

if TYPE_CHECKING:
    from harness.judge.box_session import BoxSession


class Valued:
    """Part of the class of each valued object."""

    _harness_handle: Handle | None = None
    _harness_redefined: tuple[str, ...] = ()

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, _memo: object) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        if self._harness_handle is None or is_local(name):
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return getattr(self._harness_handle, name)


def with_value(
    value: Any, handle: Handle | None, type_name: str, traits: str, redefined: Sequence[str]
) -> Any:
    """Return an object that is a plain ``value`` of an immutable builtin, and has a handle.

    ``redefined``: what of the builtin its class defines anew. Without a handle, which is so when
    there are too many objects, it is what the builtin is.
    """
    base: Any = type(value)
    if any(not kinds.may_redefine(base, name) for name in redefined):
        raise ValueError("a class that defines anew what it may not")
    if handle is None:
        traits, redefined = "", ()
    made = base.__new__(_value_class(base, type_name, traits, tuple(redefined)), value)
    made._harness_handle = handle
    return made


@lru_cache(MOST_CLASSES)
def _value_class(base: Any, type_name: str, traits: str, redefined: tuple[str, ...]) -> type:
    body: dict[str, Any] = {name: _redefined(base, name) for name in redefined}
    if kinds.OWN_TEXT in traits:
        texts = (("__str__", "str"), ("__repr__", "repr"), ("__format__", "format"))
        body |= {name: _own_text(base, op) for name, op in texts}
    if kinds.CALLABLE in traits:
        body["__call__"] = lambda self, *args, **kwargs: self._harness_handle(*args, **kwargs)
    body |= {"__hash__": base.__hash__, "_harness_redefined": redefined}
    return type(type_name or base.__name__, (Valued, base), body)


def _own_text(base: Any, op: str) -> Callable[..., str]:
    of_builtin = getattr(base, f"__{op}__")

    def text(self: Any, *spec: str) -> str:
        handle = self._harness_handle
        if handle is None or pytest_asks() or handle._harness_caller.is_silent():
            return str(base.__repr__(self))
        # The library may compile the text of what it has checked as a value.
        if not handle._harness_caller.is_suites(sys._getframe(1).f_code.co_filename):
            return str(of_builtin(self, *spec))
        return str(expect(str, handle._harness_ask(op, "", *spec)))

    return text


def _redefined(base: Any, name: str) -> Any:
    """Return the member of a valued object's class for a name that the solution defines anew."""
    if not name.startswith("_"):
        return property(lambda self: getattr(self._harness_handle, name))
    if name in kinds.BINARY_DUNDERS:
        return _between_objects(base, name)
    if base not in (int, float):
        return _refused(name)
    of_handle = getattr(Able, name)
    return lambda self, *operands: of_handle(self._harness_handle, *operands)


def _refused(name: str) -> Callable[..., Any]:
    """Return a member that is not there: it could read otherwise than the value is."""

    def refuse(self: Any, *_: object) -> Any:
        handle: Handle = self._harness_handle
        text = f"{handle._harness_type} defines {name} anew: a suite can read its fields instead"
        raise WrongTypeError(text, handle)

    return refuse


def _between_objects(base: Any, name: str) -> Callable[[Any, object], Any]:
    def operate(self: Any, other: object) -> Any:
        subject: Handle = self._harness_handle
        others = handle_of(other)
        if name in ("__eq__", "__ne__") and (others is None or not subject._harness_declares(name)):
            return getattr(base, name)(self, other)
        if others is None:
            raise plain_operand(subject)
        if name in kinds.REFLECTED:
            return between(others, kinds.REFLECTED[name], subject)
        return between(subject, name, others)

    return operate


class Record(Handle):
    """Part of the class of each record. Its fields are ordinary attributes."""

    _harness_fields: tuple[str, ...] = ()

    def _harness_parts(self) -> tuple[Any, ...]:
        return tuple(vars(self)[name] for name in self._harness_fields)

    def __eq__(self, other: object) -> Any:
        if is_handle(other) and self._harness_declares("__eq__"):
            return super().__eq__(other)
        if type(other) is type(self):
            return self is other or self._harness_parts() == other._harness_parts()
        return NotImplemented

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, _memo: object) -> Any:
        return self

    def __hash__(self) -> int:
        if self._harness_declares("__hash__") or self._harness_declares("__eq__"):
            return super().__hash__()
        return hash(self._harness_parts())

    def __repr__(self) -> str:
        is_silent = pytest_asks() or self._harness_caller.is_silent()
        if kinds.OWN_TEXT in self._harness_traits and not is_silent:
            return str(expect(str, self._harness_ask("repr")))
        return self._harness_text()

    def __str__(self) -> str:
        return super().__str__() if kinds.OWN_TEXT in self._harness_traits else self._harness_text()

    def _harness_text(self) -> str:
        parts = zip(self._harness_fields, self._harness_parts(), strict=True)
        return f"{self._harness_type}({', '.join(f'{name}={part!r}' for name, part in parts)})"


def record(
    caller: BoxSession, head: tuple[int, str, str], names: Sequence[str], parts: Sequence[Any]
) -> Record:
    """Return an object of number, type name and letters ``head``, with the values of its fields.

    Raises ValueError or TypeError for names that are none.
    """
    if len(names) > kinds.MAX_FIELDS or any(is_local(name) for name in names):
        raise ValueError("a record with too many fields, or a forbidden one")
    number, type_name, traits = head
    made: Record = _record_class(type_name, traits, tuple(names))(caller, number, type_name)
    vars(made).update(zip(names, parts, strict=True))
    return made


@lru_cache(MOST_CLASSES)
def _record_class(type_name: str, traits: str, names: tuple[str, ...]) -> Any:
    body: dict[str, Any] = {"_harness_traits": traits, "_harness_fields": names}
    body["__hash__"] = Record.__hash__
    body["__doc__"] = property(attribute_of("__doc__"))
    if kinds.ORDERED in traits:
        body |= {dunder(name): _by_fields(name) for name in ORDER}
    # Without the fields of the class: `make_dataclass` makes them of the names.
    bases = (Record, handle_class(type_name, traits.replace(kinds.DATACLASS, "")))
    made = make_dataclass(
        type_name, names, bases=bases, namespace=body, init=False, repr=False, eq=False
    )
    made.__module__ = property(attribute_of("__module__"))  # type: ignore[assignment]
    return made


def _by_fields(name: str) -> Callable[[Record, object], Any]:
    compare = getattr(operator, name)
    otherwise = getattr(Handle, dunder(name))

    def operate(self: Record, other: object) -> Any:
        if type(other) is type(self) and not self._harness_declares(dunder(name)):
            return compare(self._harness_parts(), other._harness_parts())
        return otherwise(self, other)

    return operate
