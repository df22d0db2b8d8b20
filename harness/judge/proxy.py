"""What a suite sees in place of the solution: a module, names, and opaque handles.

No operation here runs candidate code in this process; each one is a request to the box.
"""

from __future__ import annotations

import contextlib
import math
import operator
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from harness.guest import values
from harness.judge.objects import (
    BINARY,
    ORDER,
    UNARY,
    Handle,
    SuiteError,
    attribute_of,
    dunder,
    is_local,
    pytest_asks,
)
from harness.judge.raised import ExceptionClasses

if TYPE_CHECKING:
    from harness.judge.box_session import BoxSession


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
        try:
            self.exceptions = ExceptionClasses(exceptions)
        except ValueError as error:
            raise SuiteError(str(error)) from None


class CurrentBox:
    """The session of the case that is running; every proxy finds it here."""

    def __init__(self, interface: Interface) -> None:
        self.interface = interface
        self.session: BoxSession | None = None

    def module(self) -> Handle:
        """Return the handle of the solution in the current case's box."""
        if self.session is None:
            raise OutsideCaseError(
                "the solution can only be used while a case runs: parametrize by plain values, and"
                " ask the solution in a case or a fixture"
            )
        return self.session.module

    def resolve_in_module(self, name: str) -> Any:
        """Return a symbol for a name used at import or declared, else the value itself."""
        kind = self.interface.exceptions.declared.get(name)
        if kind is None and self.session is not None and name not in self.interface.declared:
            return self.module().__getattr__(name)
        if self.session is not None:
            self.session.look_at(name)
        return Symbol(self, name) if kind is None else kind


class SolutionModule(ModuleType):
    """The module that a suite imports. Its names are resolved in the box of the current case."""

    def __init__(
        self,
        name: str,
        current: CurrentBox,
    ) -> None:
        super().__init__(name)
        super().__setattr__("_harness_current", current)

    @property
    def __all__(self) -> Any:
        """What `import *` at the top of a suite gives; in a case, what the solution says."""
        interface = self._harness_current.interface
        if self._harness_current.session is None:
            return sorted({*interface.exceptions.declared, *interface.declared})
        return self._harness_current.module()._harness_ask("get", "__all__")

    def __dir__(self) -> Any:
        return dir(self._harness_current.module())

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        if self._harness_current.session is None:
            return super().__dict__
        return self._harness_current.module().__getattr__("__dict__")

    def __getattr__(self, name: str) -> Any:
        if is_local(name):
            raise AttributeError(name)
        return self._harness_current.resolve_in_module(name)

    def __setattr__(self, name: str, value: Any) -> None:
        # As a patch does: it must reach the box of this case, and no other case.
        if name.startswith(("__", "_pytest", "_harness_")):
            super().__setattr__(name, value)
        else:
            setattr(self._harness_current.module(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._harness_current.module(), name)


_OF_VALUES: dict[str, Callable[..., Any]] = {
    "bool": bool,
    "len": len,
    "iter": iter,
    "next": next,
    "reversed": reversed,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "index": operator.index,
    "int": int,
    "float": float,
    "complex": complex,
    "bytes": bytes,
    "round": round,
    "trunc": math.trunc,
    "floor": math.floor,
    "ceil": math.ceil,
    "divmod": divmod,
    "enter": lambda value: value.__enter__(),
    "exit": lambda value, *error: value.__exit__(*error),
}
"""What a suite does with a constant of the solution by its method of this name, but operators."""


def _of_value(name: str) -> Callable[..., Any]:
    function = _OF_VALUES.get(name) or getattr(operator, name)

    def operate(self: Symbol, *others: Any) -> Any:
        return function(self._harness_value(), *map(plain_value, others))

    return operate


def _reflected(name: str) -> Callable[[Symbol, Any], Any]:
    function = getattr(operator, name)
    return lambda self, other: function(other, self._harness_value())


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

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What `isinstance` finds while a case runs."""
        session = self._harness_current.session
        if session is None or session.is_silent() or pytest_asks():
            return Symbol
        return self._harness_value().__class__

    def __getattr__(self, name: str) -> Any:
        if is_local(name):
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
        # Equal to its value where there is one; names that a suite collects have none yet.
        if self._harness_current.session is None:
            return hash(self._harness_name)
        return hash(self._harness_value())

    def __str__(self) -> str:
        return str(self._harness_value())

    def __dir__(self) -> Any:
        return dir(self._harness_value())

    def __format__(self, spec: str) -> str:
        return format(self._harness_value(), spec)

    def __contains__(self, item: Any) -> bool:
        return item in self._harness_value()

    def __pow__(self, other: Any, modulus: Any = None) -> Any:
        return pow(self._harness_value(), plain_value(other), plain_value(modulus))

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, self._harness_value())

    def __subclasscheck__(self, subclass: Any) -> bool:
        return issubclass(plain_value(subclass), self._harness_value())  # type: ignore[arg-type]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._harness_value().__reduce_ex__(protocol)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> NoReturn:
        raise SuiteError(f"{self._harness_name} stays in the box: a suite cannot derive from it")

    def __repr__(self) -> str:
        return f"<{self._harness_name} of the solution>"


for _name in (*UNARY, *BINARY, *ORDER, *_OF_VALUES):
    if dunder(_name) not in vars(Symbol):
        setattr(Symbol, dunder(_name), _of_value(_name))
for _name in BINARY:
    setattr(Symbol, f"__r{dunder(_name)[2:]}", _reflected(_name))


_FIXED = frozenset({int, float, complex, bool, str, bytes, type(None), range})


def put_constants(names: dict[str, Any], others: set[str]) -> dict[str, Symbol]:
    """Put their values in place of constants imported from the solution; return what was there.

    Constants are names in capitals, with values that never change: the library takes no others for
    what they are. ``others``: names found to be something else, which are not asked for again.
    """
    symbols = {
        name: each
        for name, each in names.items()
        if type(each) is Symbol and each._harness_name.isupper() and name not in others
    }
    found = {}
    for name, symbol in symbols.items():
        with contextlib.suppress(Exception):  # there is no such name; its use says so
            value = symbol._harness_value()
            if _never_changes(value):
                found[name] = value
            else:
                others.add(name)
    names.update(found)
    return {name: symbols[name] for name in found}


def _never_changes(value: object) -> bool:
    if type(value) in (tuple, frozenset):
        return all(map(_never_changes, value))  # type: ignore[call-overload]
    return type(value) in _FIXED or values.type_of(type(value)) in _FIXED_VALUES


_FIXED_VALUES = frozenset(
    {"Decimal", "Fraction", "date", "datetime", "time", "timedelta", "timezone", "UUID"}
)


SolutionModule.__doc__ = property(  # type: ignore[assignment]
    lambda self: self.__getattr__("__doc__") if self._harness_current.session else None
)
# A class has its own docstring and module; the value's are asked for.
Symbol.__signature__ = property(  # type: ignore[attr-defined]
    lambda self: self._harness_value().__signature__
)
for _name in ("__doc__", "__module__"):
    setattr(Symbol, _name, property(attribute_of(_name)))


def plain_value(value: object) -> object:
    """Return what a name imported from the solution stands for; any other value as it is."""
    return value._harness_value() if type(value) is Symbol else value
