"""What a suite sees in place of the solution: a module, names, and opaque handles.

No operation here runs candidate code in this process; each one is a request to the box.
"""

from __future__ import annotations

import builtins
import contextlib
import operator
from collections.abc import Collection, Generator, Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from harness.judge.box_session import BoxSession

NEVER_REMOTE = ("__", "_pytest")
"""Attributes that Python and pytest look for on any object; the box is not asked for them."""


class SuiteError(BaseException):
    """The suite did something that the wire cannot do; its author's mistake, not the candidate's.

    No :class:`Exception`, so that a suite cannot swallow it by accident.
    """


class RemoteError(Exception):
    """An exception of the solution that is neither a builtin nor declared in the manifest."""


class OutsideCaseError(AttributeError):
    """A suite used the solution while no case was running, e.g. at import."""


class Interface:
    """What the manifest declares: known methods, and exceptions as real classes.

    The arguments are as in :class:`harness.model.manifest.Symbols`.
    """

    def __init__(
        self,
        functions: Collection[str] = (),
        classes: Mapping[str, Collection[str]] = MappingProxyType({}),
        exceptions: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.methods = {name: frozenset(methods) for name, methods in classes.items()}
        """Class → its methods."""
        self.declared = frozenset((*classes, *functions))
        """The classes and functions that a suite may import."""
        self.exceptions = {
            name: _declare_exception(name, base) for name, base in exceptions.items()
        }

    def exception_class(self, names: list[str]) -> type[Exception]:
        """Return the class for a type known by the names along its inheritance."""
        for name in names:
            known = self.exceptions.get(name) or _builtin_exception(name)
            if known is not None and not (name in self.exceptions and self.missing_base(names)):
                # A bare Exception would say less than the name it has in the box.
                return RemoteError if known is Exception and names[0] != "Exception" else known
        return RemoteError

    def missing_base(self, names: list[str]) -> str:
        """Return the class that a declared exception must derive from, and does not; else "".

        The judge's own class does, so a suite that expects the base would take it for one.
        """
        declared = next((self.exceptions[name] for name in names if name in self.exceptions), None)
        base = declared.__base__.__name__ if declared and declared.__base__ else ""
        return "" if base in names else base

    def crossing_name(self, kind: type[BaseException]) -> str:
        """Return the name under which an exception of the suite crosses to the box."""
        for cls in kind.__mro__:
            if cls in self.exceptions.values() or _builtin_exception(cls.__name__) is cls:
                return cls.__name__
        return "Exception"


def _builtin_exception(name: str) -> type[Exception] | None:
    """Return a builtin exception by name, but groups: they cannot be made without members."""
    found = getattr(builtins, name, None)
    if not (isinstance(found, type) and issubclass(found, Exception)):
        return None
    return None if issubclass(found, BaseExceptionGroup) else found


def _declare_exception(name: str, base: str) -> type[Exception]:
    """Make the judge's own class for an exception that the manifest declares."""
    parent = _builtin_exception(base)
    if parent is None:
        raise SuiteError(f"{name} cannot derive from {base}: not a builtin exception")

    def text(self: BaseException) -> str:
        origin = getattr(self, "harness_origin", None)
        return origin.text if origin else Exception.__str__(self)

    return type(name, (parent,), {"__module__": "solution", "__str__": text})


class CurrentBox:
    """The session of the case that is running; every proxy finds it here."""

    def __init__(self, interface: Interface) -> None:
        self.interface = interface
        self.session: BoxSession | None = None

    def module(self) -> Handle:
        """Return the handle of the solution in the current case's box."""
        if self.session is None:
            raise OutsideCaseError("the solution can only be used while a case runs")
        return self.session.module

    def resolve_in_module(self, name: str) -> Any:
        """Return a symbol for a name used at import or declared, else the value itself."""
        if self.session is None or name in self.interface.declared:
            return Symbol(self, name)
        return self.module().__getattr__(name)


class Handle:
    """An object that stays in the box. Equal only to itself."""

    __slots__ = ("_harness_caller", "_harness_id", "_harness_type")
    __hash__ = object.__hash__

    def __init__(self, caller: BoxSession, number: int, type_name: str) -> None:
        object.__setattr__(self, "_harness_caller", caller)
        object.__setattr__(self, "_harness_id", number)
        object.__setattr__(self, "_harness_type", type_name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith(NEVER_REMOTE):
            raise AttributeError(name)
        if self._harness_caller.is_method(self._harness_type, name):
            return Method(self, name)
        answer = self._harness_caller.perform("get", self._harness_id, name)
        return Method(self, name) if answer is METHOD else answer

    def __setattr__(self, name: str, value: Any) -> None:
        self._harness_caller.perform("set", self._harness_id, name, (value,))

    def __delattr__(self, name: str) -> None:
        self._harness_caller.perform("del", self._harness_id, name)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the object in the box."""
        return self._harness_caller.perform("call", self._harness_id, "", args, kwargs)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __len__(self) -> Any:
        return expect(int, self._harness_caller.perform("len", self._harness_id))

    def __bool__(self) -> Any:
        return expect(bool, self._harness_caller.perform("bool", self._harness_id))

    def __iter__(self) -> Iterator[Any]:
        iterator = self._harness_caller.perform("iter", self._harness_id)
        if type(iterator) is not Handle:  # the box turned a plain value into an iterator's handle
            raise WrongTypeError("an iterator", iterator)
        return HandleIterator(iterator)

    def __next__(self) -> Any:
        return self._harness_caller.perform("next", self._harness_id)

    def __getitem__(self, key: Any) -> Any:
        return self._harness_caller.perform("item", self._harness_id, "", (key,))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._harness_caller.perform("set_item", self._harness_id, "", (key, value))

    def __delitem__(self, key: Any) -> None:
        self._harness_caller.perform("del_item", self._harness_id, "", (key,))

    def __contains__(self, item: Any) -> bool:
        if self._harness_caller.is_method(self._harness_type, "__contains__"):
            answer = self._harness_caller.perform("contains", self._harness_id, "", (item,))
            return bool(answer)
        # Looked for here: an object asked "do you hold what I expect?" would only have to say yes.
        return any(part is item or part == item for part in self)

    def __enter__(self) -> Any:
        return self._harness_caller.perform("enter", self._harness_id)

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> Any:
        perform = self._harness_caller.perform
        if kind is None:
            return perform("exit", self._harness_id, "", (None, ""))
        # The words of a failed assert quote the suite, those of an outcome of pytest's too.
        secret = issubclass(kind, AssertionError) or not issubclass(kind, Exception)
        description = (kind.__name__, "" if secret else str(error)[:200])
        if trace is None:  # not a `with` block: the suite asks, and looks at the answer itself
            return perform("exit", self._harness_id, "", description)
        # In a `with` block the answer would decide whether the suite's own assert counts.
        with contextlib.suppress(Exception):
            perform("exit", self._harness_id, "", description)
        return False

    def __await__(self) -> Generator[None, None, Any]:
        return self._harness_caller.perform("await", self._harness_id)
        yield  # makes this a generator, which is what `await` takes

    def __str__(self) -> str:
        return str(expect(str, self._harness_caller.perform("str", self._harness_id)))

    def __repr__(self) -> str:
        return f"<{self._harness_type} object of the solution>"

    def __lt__(self, other: object) -> NoReturn:
        # To let it say what is less would be to ask an answer whether it is right.
        raise WrongTypeError("a plain value to compare by size", self)

    __le__ = __gt__ = __ge__ = __lt__

    def __add__(self, other: object) -> NoReturn:
        raise WrongTypeError("a number to calculate with", self)

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __add__

    def __instancecheck__(self, instance: Any) -> bool:
        if type(instance) is not Handle:
            return False
        answer = self._harness_caller.perform("is_instance", self._harness_id, "", (instance,))
        return bool(answer)


class HandleIterator:
    """Iterates an iterator that stays in the box, one request a step."""

    def __init__(self, iterator: Handle) -> None:
        self._iterator = iterator

    def __iter__(self) -> HandleIterator:
        return self

    def __next__(self) -> Any:
        return next(self._iterator)


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

    def __repr__(self) -> str:
        return f"<method {self._name} of {self._handle!r}>"


METHOD = object()
"""The answer to ``get`` that says: this is a method, call it by name."""


class WrongTypeError(Exception):
    """The box answered a built-in operation with a value that Python would not allow there."""

    def __init__(self, wanted: str, got: object) -> None:
        super().__init__(f"expected {wanted}, got {got!r:.80}")
        self.got = got


def expect(kind: type, value: object) -> Any:
    """Return ``value`` if its type is exactly ``kind``. Raises :class:`WrongTypeError`."""
    if type(value) is not kind:
        raise WrongTypeError(kind.__name__, value)
    return value


class SolutionModule(ModuleType):
    """The module that a suite imports. Its names are resolved in the box of the current case."""

    def __init__(
        self,
        name: str,
        current: CurrentBox,
    ) -> None:
        super().__init__(name, "The candidate's solution, behind a proxy.")
        interface = current.interface
        self.__dict__.update(interface.exceptions)
        self.__all__ = sorted({*interface.exceptions, *interface.declared})
        self._harness_current = current

    def __getattr__(self, name: str) -> Any:
        if name.startswith(NEVER_REMOTE):
            raise AttributeError(name)
        return self._harness_current.resolve_in_module(name)

    def __setattr__(self, name: str, value: Any) -> None:
        # As a patch does: it must reach the box of this case, and no other case.
        if name.startswith((*NEVER_REMOTE, "_harness_")):
            super().__setattr__(name, value)
        else:
            setattr(self._harness_current.module(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._harness_current.module(), name)


class Symbol:
    """A name imported from the solution at the top of a suite, resolved at each use."""

    __slots__ = ("_harness_current", "_harness_name")

    def __init__(self, current: CurrentBox, name: str) -> None:
        self._harness_current = current
        self._harness_name = name

    def _harness_value(self) -> Any:
        return self._harness_current.module().__getattr__(self._harness_name)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call what the name stands for in the current case's box."""
        module = self._harness_current.module()
        return module._harness_caller.perform(
            "call", module._harness_id, self._harness_name, args, kwargs
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith(NEVER_REMOTE):
            raise AttributeError(name)
        return getattr(self._harness_value(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        # As a patch of a class does: `Bank.fee = 2`.
        if name in Symbol.__slots__:
            object.__setattr__(self, name, value)
        else:
            setattr(self._harness_value(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._harness_value(), name)

    def __eq__(self, other: object) -> bool:
        return self is other or bool(self._harness_value() == plain_value(other))

    def __hash__(self) -> int:
        return hash(self._harness_name)

    def __bool__(self) -> bool:
        return bool(self._harness_value())

    def __str__(self) -> str:
        return str(self._harness_value())

    def __format__(self, spec: str) -> str:
        return format(self._harness_value(), spec)

    def __len__(self) -> int:
        return len(self._harness_value())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._harness_value())

    def __getitem__(self, key: Any) -> Any:
        return self._harness_value()[key]

    def __contains__(self, item: Any) -> bool:
        return item in self._harness_value()

    def __index__(self) -> int:
        return operator.index(self._harness_value())

    def __lt__(self, other: Any) -> Any:
        return self._harness_value() < plain_value(other)

    def __le__(self, other: Any) -> Any:
        return self._harness_value() <= plain_value(other)

    def __gt__(self, other: Any) -> Any:
        return self._harness_value() > plain_value(other)

    def __ge__(self, other: Any) -> Any:
        return self._harness_value() >= plain_value(other)

    def __add__(self, other: Any) -> Any:
        return self._harness_value() + plain_value(other)

    def __radd__(self, other: Any) -> Any:
        return other + self._harness_value()

    def __sub__(self, other: Any) -> Any:
        return self._harness_value() - plain_value(other)

    def __rsub__(self, other: Any) -> Any:
        return other - self._harness_value()

    def __mul__(self, other: Any) -> Any:
        return self._harness_value() * plain_value(other)

    def __rmul__(self, other: Any) -> Any:
        return other * self._harness_value()

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, self._harness_value())

    def __mro_entries__(self, bases: tuple[Any, ...]) -> NoReturn:
        raise TypeError(f"{self._harness_name} stays in the box: a suite cannot derive from it")

    def __repr__(self) -> str:
        return f"<{self._harness_name} of the solution>"


def plain_value(value: object) -> object:
    """Return what a name imported from the solution stands for; any other value as it is."""
    return value._harness_value() if type(value) is Symbol else value
