"""The classes of what a suite sees of the solution's objects, made by what the box says of them.

A **handle** can do what the letters of its object's class say; a **container** is compared by a
picture of what it holds. A **valued** object derives from an immutable builtin and is one here.
What its class defines anew is asked of the box, as for any handle. A **record** is a handle that
knows the fields of a frozen dataclass, whose values never change, and is compared by them.
"""

from __future__ import annotations

import contextlib
import operator
import sys
import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import make_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from harness.guest import traits as kinds
from harness.judge.able import Able
from harness.judge.objects import (
    BINARY,
    ORDER,
    Handle,
    Method,
    attribute_of,
    between,
    dunder,
    handle_of,
    is_handle,
    is_local,
    plain_operand,
    pytest_asks,
)

if TYPE_CHECKING:
    from harness.judge.box_session import BoxSession

MOST_CLASSES = 500
"""Kept for kinds of objects; of more than a hostile solution needs the oldest are forgotten."""
_CONTAINERS = frozenset(kinds.MAPPING + kinds.SEQUENCE + kinds.SET + kinds.BYTES)
_PICTURES: dict[str, tuple[type, ...]] = {
    kinds.MAPPING: (dict, OrderedDict, Counter, defaultdict),
    kinds.SEQUENCE: (list, deque),
    kinds.SET: (set,),
    kinds.BYTES: (bytes, bytearray),
}
"""What a picture of a container with a letter may be."""
_IS_A: dict[str, type] = {
    kinds.GENERATOR: types.GeneratorType,
    kinds.COROUTINE: types.CoroutineType,
    kinds.FUNCTION: types.FunctionType,
    kinds.MAPPING: dict,
    kinds.SEQUENCE: list,
    kinds.SET: set,
    kinds.MODULE: types.ModuleType,
}
"""What ``isinstance`` says of objects with a letter."""
_QUESTIONS = frozenset({"isdisjoint", "issubset", "issuperset"})
"""Methods of sets that say whether they hold what a suite expects."""
_ABSTRACT: dict[str, Any] = {kinds.MAPPING: Mapping, kinds.SEQUENCE: Sequence, kinds.SET: Set}


def content(handle: Handle) -> Any:
    """Return what a container holds, and keep it for :func:`shown_as`.

    Asked again only after other requests, so that its length and its items are of one picture.
    """
    calls = handle._harness_caller.transcript.total
    if getattr(handle, "_harness_seen_at", -1) != calls:
        seen = handle._harness_ask("content")
        if not any(type(seen) in _PICTURES.get(letter, ()) for letter in handle._harness_traits):
            raise handle._harness_caller.link.violation("a container of another kind")
        object.__setattr__(handle, "_harness_seen", seen)
        object.__setattr__(handle, "_harness_seen_at", handle._harness_caller.transcript.total)
    return handle._harness_seen


class Container(Handle):
    """Part of the class of what derives from a builtin container: compared by what it holds."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(content(self))

    def __bool__(self) -> bool:
        return len(content(self)) > 0

    def __iter__(self) -> Iterator[Any]:
        return iter(content(self))

    def __contains__(self, item: object) -> bool:
        if kinds.OWN_CONTAINS in self._harness_traits:
            return bool(vars(Able)["__contains__"](self, item))
        return item in content(self)

    def __getattr__(self, name: str) -> Any:
        found = super().__getattr__(name)
        if name not in _QUESTIONS or self._harness_declares(name) or type(found) is not Method:
            return found

        def ask(*args: Any) -> Any:
            try:
                held = getattr(content(self), name)(*args)
            except (AttributeError, TypeError):
                return found(*args)  # the builtin has none, or not with these arguments
            return self._harness_agreed(found(*args), held)

        return ask

    def _harness_agreed(self, said: Any, held: object) -> Any:
        if said is held or said == held:
            return said
        text = f"a {self._harness_type} says otherwise what it holds than its builtin does"
        raise self._harness_refusal(text, self)

    def __repr__(self) -> str:
        if self._harness_caller.is_silent() or pytest_asks():
            try:
                return repr(self._harness_seen)
            except AttributeError:
                return f"<{self._harness_type} object of the solution>"
        return self._harness_expect(str, "repr")


def _by_content(name: str) -> Callable[[Handle, object], Any]:
    compare = getattr(operator, name)

    def operate(self: Handle, other: object) -> Any:
        if name in ("eq", "ne"):
            is_same = self is other and kinds.OWN_EQUALITY not in self._harness_traits
            equal = is_same or _is_equal(self, other)
            return equal == (name == "eq")
        if is_handle(other):
            return between(self, dunder(name), other)
        if kinds.OWN_OPERATORS in self._harness_traits:
            raise plain_operand(self)
        return compare(content(self), other)

    return operate


def _is_equal(container: Handle, other: object) -> bool:
    """Compare by what a container holds, where its class does so, too.

    Whether it does the box says of its own picture, and never of what the suite expects.
    """
    if is_handle(other):
        return bool(between(container, "__eq__", other))
    equal = bool(content(container) == other)
    if kinds.OWN_EQUALITY not in container._harness_traits:
        return equal
    if equal and container._harness_expect(bool, "is_content"):
        return True
    raise plain_operand(container)


for _name in ("eq", "ne", *BINARY, *ORDER):
    setattr(Container, dunder(_name), _by_content(_name))


def shown_as(value: object) -> object:
    """Return what a container was last seen to hold, any other value as it is."""
    if issubclass(type(value), Container):
        with contextlib.suppress(AttributeError):
            return value._harness_seen  # type: ignore[attr-defined]
    return value


def _of_run(name: str) -> Callable[..., Any]:
    """Return a method of the generator that awaits an object, begun at its first use."""

    def method(self: Handle, *values: Any) -> Any:
        if not hasattr(self, "_harness_run"):
            object.__setattr__(self, "_harness_run", vars(Able)["__await__"](self))
        return getattr(self._harness_run, name)(*values)

    return method


def _claim(kind: type) -> property:
    return property(lambda self: kind)


def _of_library(module: str, name: str) -> property:
    """Say that an object is of a class of the library, if a suite has imported that."""
    return property(lambda self: getattr(sys.modules.get(module), name, type(self)))


def _fields(self: Handle) -> Any:
    """Return what ``dataclasses`` asks for in ``fields`` and ``asdict``."""
    names = self._harness_expect(list, "fields")
    made: Any = make_dataclass("Fields", names, init=False, repr=False, eq=False)
    return made.__dataclass_fields__


def _of_picture(name: str) -> property:
    """Return a method that reads the picture, unless the manifest declares it."""

    def method(self: Handle) -> Any:
        if self._harness_declares(name):
            return Method(self, name)
        return lambda: getattr(content(self), name)()

    return property(method)


def _no_signature(self: Handle) -> NoReturn:
    text = f"the signature of a {self._harness_type} stays in the box: ask for a function's"
    raise self._harness_refusal(text, self)


class OwnReading(Container):
    """Part of the class of containers that are read otherwise than their builtin.

    What the box says must not be other than what they hold.
    """

    __slots__ = ()

    def __len__(self) -> int:
        return int(self._harness_agreed(self._harness_expect(int, "len"), len(content(self))))

    def __iter__(self) -> Iterator[Any]:
        items = list(self._harness_iterator("iter"))
        return iter(self._harness_agreed(items, list(content(self))))

    def __bool__(self) -> bool:
        return self._harness_expect(bool, "bool")

    def _harness_item(self, key: Any) -> Any:
        item = self._harness_ask("item", "", key)
        try:
            held = content(self)[key]
        except Exception:  # a key that only its class makes something of
            return item
        return self._harness_agreed(item, held)


@lru_cache(MOST_CLASSES)
def handle_class(type_name: str, traits: str) -> type[Handle]:
    """Return the class of handles for objects of a class of this name that can do this."""
    base: type[Handle] = Container if _CONTAINERS.intersection(traits) else Handle
    if kinds.OWN_READING in traits:
        base = OwnReading
    body: dict[str, Any] = {"__slots__": (), "_harness_traits": traits}
    body["__hash__"] = None if kinds.UNHASHABLE in traits else base.__hash__
    for letter, name in kinds.ABILITIES.items():
        if letter in traits and name not in vars(base):
            body[name] = vars(Able)[name]
    if kinds.OTHER_METHODS in traits:
        body |= {name: refused(name) for name in kinds.OTHER_NAMES}
    for name in ("__doc__", "__module__"):
        body[name] = property(attribute_of(name))
    if kinds.CALLABLE in traits and kinds.FUNCTION not in traits:
        body["__signature__"] = property(_no_signature)
    if kinds.COROUTINE in traits:
        body |= {name: _of_run(name) for name in ("send", "throw", "close", "__next__")}
        body["__bool__"] = lambda self: True  # asked by asyncio wherever it shows a task
    if base is OwnReading:
        if kinds.LETTER_OF["__getitem__"] in traits:
            body["__getitem__"] = OwnReading._harness_item
    elif kinds.SEQUENCE in traits:
        body["__getitem__"] = lambda self, key: content(self)[key]
        body["__reversed__"] = lambda self: reversed(content(self))
    elif kinds.MAPPING in traits:
        body |= {name: _of_picture(name) for name in ("keys", "values", "items")}
    for letter, kind in _IS_A.items():
        if letter in traits and kinds.ABSTRACT not in traits:
            body["__class__"] = _claim(kind)
    for letter, place in kinds.LIBRARY.items():
        if letter in traits:
            body["__class__"] = _of_library(*place)
    if kinds.DATACLASS in traits:
        body["__dataclass_fields__"] = property(_fields)
    made = type(type_name if type_name.isidentifier() else "object", (base,), body)
    made.__slots__ = property(attribute_of("__slots__"))  # type: ignore[attr-defined]
    for letter, abstract in _ABSTRACT.items():  # also for patterns of `match`
        if letter in traits:
            abstract.register(made)
    return made


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

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._harness_owner(name), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._harness_owner(name), name)

    def _harness_owner(self, name: str) -> Handle:
        if self._harness_handle is None:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return self._harness_handle


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
    vars(made)["_harness_handle"] = handle
    return made


@lru_cache(MOST_CLASSES)
def _value_class(base: Any, type_name: str, traits: str, redefined: tuple[str, ...]) -> type:
    body: dict[str, Any] = {name: _redefined(base, name) for name in redefined}
    if kinds.OWN_TEXT in traits:
        texts = (("__str__", "str"), ("__repr__", "repr"), ("__format__", "format"))
        body |= {name: _own_text(base, op) for name, op in texts}
    if kinds.OWN_EQUALITY in traits:
        body |= {name: _between_objects(name) for name in ("__eq__", "__ne__")}
    for letter, name in kinds.ABILITIES.items():
        if letter in traits and not hasattr(base, name):
            body[name] = _by_handle(name)
    body |= {"__hash__": None if kinds.UNHASHABLE in traits else base.__hash__}
    body["_harness_redefined"] = redefined
    return type(type_name or base.__name__, (Valued, base), body)


def _by_handle(name: str) -> Callable[..., Any]:
    of_handle = getattr(Able, name)
    return lambda self, *args, **kwargs: of_handle(self._harness_handle, *args, **kwargs)


def _own_text(base: Any, op: str) -> Callable[..., str]:
    of_builtin = getattr(base, f"__{op}__")

    def text(self: Any, *spec: str) -> str:
        handle: Handle | None = self._harness_handle
        if handle is None or pytest_asks() or handle._harness_caller.is_silent():
            return str(base.__repr__(self))
        # The library may compile the text of what it has checked as a value.
        if not handle._harness_caller.is_suites(sys._getframe(1).f_code.co_filename):
            return str(of_builtin(self, *spec))
        return handle._harness_expect(str, op, *spec)

    return text


def _redefined(base: Any, name: str) -> Any:
    """Return the member of a valued object's class for a name that the solution defines anew."""
    # The library compiles some texts that it has checked by their own methods.
    if base in (str, bytes) and name not in kinds.BINARY_DUNDERS:
        return refused(name)
    if not name.startswith("_"):
        return property(lambda self: getattr(self._harness_handle, name))
    if name in kinds.BINARY_DUNDERS:
        return _between_objects(name)
    if base not in (int, float):
        return refused(name)
    return _by_handle(name)


def refused(name: str) -> Callable[..., Any]:
    """Return a member that is not there: it could read otherwise than the value is."""

    def refuse(self: Any, *_: object) -> Any:
        handle = handle_of(self)
        assert handle is not None
        text = f"{handle._harness_type} defines {name} anew: a suite can read what it holds instead"
        raise handle._harness_refusal(text, handle)

    return refuse


def _between_objects(name: str) -> Callable[[Any, object], Any]:
    def operate(self: Any, other: object) -> Any:
        subject: Handle = self._harness_handle
        others = handle_of(other)
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

    def _harness_compare(self, op: str, other: object) -> Any:
        if is_handle(other) and self._harness_declares("__eq__"):
            return super()._harness_compare(op, other)
        if type(other) is type(self):
            equal = self is other or self._harness_parts() == other._harness_parts()
            return equal == (op == "eq")
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
            return self._harness_expect(str, "repr")
        return self._harness_text()

    def __str__(self) -> str:
        return super().__str__() if kinds.OWN_TEXT in self._harness_traits else self._harness_text()

    def _harness_text(self) -> str:
        parts = zip(self._harness_fields, self._harness_parts(), strict=True)
        return f"{self._harness_type}({', '.join(f'{name}={part!r}' for name, part in parts)})"


def record(
    caller: BoxSession,
    head: tuple[int, str, str],
    class_number: int,
    names: Sequence[str],
    parts: Sequence[Any],
) -> Record:
    """Return an object of number, type name and letters ``head``, with the values of its fields.

    ``class_number``: distinguishes classes of one name.

    Raises ValueError or TypeError for names that are none.
    """
    if len(names) > kinds.MAX_FIELDS or any(is_local(name) for name in names):
        raise ValueError("a record with too many fields, or a forbidden one")
    number, type_name, traits = head
    made: Record = _record_class(type_name, traits, tuple(names), class_number)(
        caller, number, type_name
    )
    vars(made).update(zip(names, parts, strict=True))
    return made


@lru_cache(MOST_CLASSES)
def _record_class(type_name: str, traits: str, names: tuple[str, ...], _number: int) -> Any:
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
