"""What a suite sees of the solution's objects. No operation here runs candidate code.

An object stays in the box, and a :class:`Handle` asks the box for what it does. What its class can
do the box has told by letters (:mod:`harness.guest.traits`), so handles have classes of their own.
Containers are compared with plain values here, by a picture of what they hold: to ask an answer
whether it is right would be to believe it. Between objects of the solution the box carries out the
operators that the manifest declares. Others there are not: a picture of one, taken after the other
was made of what the suite expects, could show just that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, TypeGuard, TypeVar

from harness.guest import traits as kinds

if TYPE_CHECKING:
    from harness.judge.box_session import BoxSession

REMOTE_DUNDERS = frozenset(
    f"__{name}__"
    for name in (
        *("name", "qualname", "doc", "module", "dict", "wrapped", "defaults", "code"),
        *("kwdefaults", "members", "slots", "version", "self", "func", "notes", "match_args"),
        *("isabstractmethod", "abstractmethods"),
    )
)
"""The names with double underscores that the box is asked for.

Not ``__annotations__``: the library evaluates the texts in them.
"""
_SHOWN_OF_TASKS = {
    "cr_code": None,
    "gi_code": None,
    "cr_running": False,
    "__qualname__": "coroutine",
}
"""What asyncio looks at wherever it shows a task, e.g. for a handler of signals, and no suite does.
The box is not asked for it: it may be dead, and the handler would stay."""
_EQUALITIES = frozenset(kinds.OWN_EQUALITY + kinds.MADE_EQUALITY)


def is_local(name: str) -> bool:
    """Tell whether the box is not asked for an attribute, which is looked for on any object."""
    return name.startswith(("__", "_pytest", "_harness")) and name not in REMOTE_DUNDERS


class SuiteError(BaseException):
    """The suite did something that the wire cannot do; its author's mistake, not the candidate's.

    No :class:`Exception`, so that a suite cannot swallow it by accident.
    """


class WrongTypeError(Exception):
    """An answer cannot be used as the suite uses it."""

    def __init__(self, text: str, got: object) -> None:
        super().__init__(text)
        self.got = got


_TEXTS = frozenset({"__name__", "__qualname__", "__module__", "__doc__"})
"""What the library puts into code that it compiles, as names of its own."""


def exact_text(name: str, answer: Any) -> Any:
    """Return what the box says an attribute is; of a name only the bare text.

    Raises AttributeError for a name that is no text: an object could say one thing when it is
    checked, and another when it is used.
    """
    if name not in _TEXTS or answer is None:
        return answer
    if not issubclass(type(answer), str):
        raise AttributeError(name)
    return str.__str__(answer)


def attribute_of(name: str) -> Callable[[Any], Any]:
    """Return a function that asks the box for an attribute which every object has here."""
    return lambda self: self.__getattr__(name)


_Kind = TypeVar("_Kind")
METHOD = object()
"""The answer to ``get`` that says: this is a method, call it by name."""


class Handle:
    """An object that stays in the box. Equal only to itself."""

    __slots__ = (
        *("_harness_caller", "_harness_id", "_harness_run", "_harness_type"),
        *("_harness_length", "_harness_seen", "_harness_seen_at", "__weakref__"),
    )
    _harness_traits = ""

    def __init__(self, caller: BoxSession, number: int, type_name: str) -> None:
        for name, value in (("caller", caller), ("id", number), ("type", type_name)):
            object.__setattr__(self, f"_harness_{name}", value)

    def _harness_ask(self, op: str, name: str = "", *args: Any) -> Any:
        return self._harness_caller.perform(op, self._harness_id, name, args)

    def _harness_expect(self, kind: type[_Kind], op: str, *args: Any) -> _Kind:
        """Ask for what can only be exactly of ``kind``. Raises :class:`WrongTypeError`."""
        value = self._harness_ask(op, "", *args)
        if type(value) is not kind:
            raise self._harness_refusal(f"expected {kind.__name__}, got {value!r:.80}", value)
        return value

    def _harness_refusal(self, text: str, got: object) -> WrongTypeError:
        """Return the error by which the case fails, also where the suite expects an exception."""
        error = WrongTypeError(text, got)
        self._harness_caller.fail_case(error)
        return error

    def _harness_declares(self, name: str) -> bool:
        declared: bool = self._harness_caller.is_method(self._harness_type, name)
        return declared

    def __getattr__(self, name: str) -> Any:
        if is_local(name):
            raise AttributeError(name)
        if name in _SHOWN_OF_TASKS and kinds.COROUTINE in self._harness_traits:
            return _SHOWN_OF_TASKS[name]
        if self._harness_declares(name):
            self._harness_caller.looked_at[self._harness_id, name] = self
            return Method(self, name)
        answer = self._harness_ask("get", name)
        return Method(self, name) if answer is METHOD else exact_text(name, answer)

    def __setattr__(self, name: str, value: Any) -> None:
        self._harness_ask("set", name, value)

    def __delattr__(self, name: str) -> None:
        self._harness_ask("del", name)

    def __hash__(self) -> int:
        if self._harness_declares("__hash__") or self._harness_declares("__eq__"):
            return self._harness_expect(int, "hash")
        if not _EQUALITIES.isdisjoint(self._harness_traits) and not pytest_asks():
            raise undeclared(self, "__hash__")
        return object.__hash__(self)

    def __eq__(self, other: object) -> Any:
        return self._harness_compare("eq", other)

    def __ne__(self, other: object) -> Any:
        return self._harness_compare("ne", other)

    def _harness_compare(self, op: str, other: object) -> Any:
        """Compare by identity, unless the class says otherwise: then by the box, if declared."""
        if is_handle(other) and self._harness_declares("__eq__"):
            return self._harness_ask("operate", op, other)
        if kinds.OWN_EQUALITY in self._harness_traits:
            raise undeclared(self, "__eq__") if is_handle(other) else plain_operand(self)
        if self is other:
            return op == "eq"
        if kinds.MADE_EQUALITY in self._harness_traits and is_handle(other):
            raise undeclared(self, "__eq__")
        return NotImplemented

    def __str__(self) -> str:
        return self._harness_expect(str, "str")

    def __format__(self, spec: str) -> str:
        return self._harness_expect(str, "format", spec)

    def __repr__(self) -> str:
        if pytest_asks() or self._harness_caller.is_silent():
            return f"<{self._harness_type} object of the solution>"
        return self._harness_expect(str, "repr")

    def _harness_iterator(self, op: str) -> Iterator[Any]:
        length, calls = getattr(self, "_harness_length", (None, 0))
        if calls != self._harness_caller.transcript.total:  # it may have changed since
            length = None
        iterator = self._harness_ask(op)
        if not is_handle(iterator):  # the box made it a value on the way
            raise self._harness_refusal(f"expected an iterator, got {iterator!r:.80}", iterator)
        return iterator if length is None else HandleIterator(iterator, length)

    def __dir__(self) -> NoReturn:
        text = f"the names of a {self._harness_type} stay in the box: ask for one by hasattr()"
        raise self._harness_refusal(text, self)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> NoReturn:
        raise SuiteError("a class of the solution stays in the box: a suite cannot derive from it")

    def __instancecheck__(self, instance: Any) -> bool:
        handle = handle_of(instance)
        if handle is None and kinds.OTHER_METHODS in self._harness_traits:
            raise plain_operand(self)
        return handle is not None and bool(self._harness_ask("is_instance", "", handle))

    def __subclasscheck__(self, subclass: Any) -> bool:
        if not is_handle(subclass) and kinds.OTHER_METHODS in self._harness_traits:
            raise plain_operand(self)
        return is_handle(subclass) and bool(self._harness_ask("is_subclass", "", subclass))

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        text = (
            f"{self._harness_type} objects of the solution stay in the box: they cannot be copied"
            " or pickled here; use what they hold"
        )
        raise self._harness_refusal(text, self)


def pytest_asks() -> bool:
    """Tell whether pytest wants to show an object, and not the suite."""
    name = str(sys._getframe(2).f_globals.get("__name__"))
    return name.startswith(("_pytest", "pytest", "harness."))


def handle_of(value: Any) -> Handle | None:
    """Return the handle of what came from the box, None for a plain value."""
    if is_handle(value):
        return value
    if isinstance(value, BaseException):
        return vars(value).get("_harness_handle")
    found = (
        getattr(value, "_harness_handle", None) if hasattr(type(value), "_harness_handle") else None
    )
    return found if is_handle(found) else None


def is_handle(value: object) -> TypeGuard[Handle]:
    """Tell whether ``value`` is an object that stays in the box, whatever it says it is."""
    return issubclass(type(value), Handle)


UNARY = ("neg", "pos", "abs", "invert")
BINARY = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor"),
    *("lshift", "rshift"),
)
ORDER = ("lt", "le", "gt", "ge")


def dunder(name: str) -> str:
    """Return the method's name of an operator of the module ``operator``."""
    return f"__{name.rstrip('_')}__"


def between(subject: Handle, method: str, other: Handle) -> Any:
    """Let the box carry out an operator, named by its method, where the manifest declares that."""
    if subject._harness_declares(method):
        name = method.strip("_")
        return subject._harness_ask("operate", f"{name}_" if name in ("and", "or") else name, other)
    raise undeclared(subject, method)


def undeclared(subject: Handle, method: str) -> WrongTypeError:
    """Say that an operator between objects needs to be declared."""
    text = f'problem.toml does not declare "{method}" as a method of {subject._harness_type}'
    if method != "__contains__":
        text = f"an operator between objects of the solution: {text}"
    return subject._harness_refusal(text, subject)


def plain_operand(subject: Handle) -> WrongTypeError:
    """Say that an operator of an object cannot have a value of the suite."""
    text = (
        f"expected a plain value to compare or calculate with, got {subject!r}: operators of the"
        " solution's objects work between two of them, where problem.toml declares it (None is"
        " compared by `is`)"
    )
    return subject._harness_refusal(text, subject)


def _binary(name: str) -> Callable[[Handle, object], Any]:
    def operate(self: Handle, other: object) -> Any:
        if is_handle(other):
            return between(self, dunder(name), other)
        raise plain_operand(self)

    return operate


for _name in (*BINARY, *ORDER):
    setattr(Handle, dunder(_name), _binary(_name))
for _name in BINARY:
    setattr(Handle, f"__r{dunder(_name)[2:]}", _binary(_name))


class Method:
    """A method of a handle, not looked up until it is called."""

    __slots__ = ("_handle", "_name")

    def __init__(self, handle: Handle, name: str) -> None:
        self._handle = handle
        self._name = name

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the method in the box."""
        handle = self._handle
        return handle._harness_caller.perform("call", handle._harness_id, self._name, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if is_local(name):
            raise AttributeError(name)
        return exact_text(name, self._handle._harness_ask("of_method", self._name, name))

    @property
    def __signature__(self) -> Any:
        from inspect import signature  # only where a suite asks for it

        answer = self._handle._harness_ask("get", self._name)
        if answer is not METHOD:
            return signature(answer)
        whole = signature(self._handle._harness_ask("of_method", self._name, "__func__"))
        return whole.replace(parameters=[*whole.parameters.values()][1:])

    def __repr__(self) -> str:
        return f"<method {self._name} of a {self._handle._harness_type} of the solution>"


# The class has its own; the method's is asked for.
Method.__doc__ = property(attribute_of("__doc__"))  # type: ignore[assignment]


class HandleIterator:
    """Iterates an iterator that stays in the box, as often as its object has just said.

    ``length``: what it said. A suite that has checked it may believe that a loop over the object
    sees so many items.
    """

    def __init__(self, iterator: Handle, length: int) -> None:
        self._iterator = iterator
        self._length = length
        self._steps = 0

    def __iter__(self) -> HandleIterator:
        return self

    def __next__(self) -> Any:
        try:
            item = self._iterator._harness_ask("next")
        except StopIteration:
            if self._length != self._steps:
                text = f"its len() is {self._length}, but iterating it gives {self._steps} items"
                raise self._iterator._harness_refusal(text, self._iterator) from None
            raise
        self._steps += 1
        return item
