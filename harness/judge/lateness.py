"""Puts off what pytest imports and the judge hardly ever uses.

It saves 36 ms of processor time until pytest is there, and 23 of a cold submit, about 3 %
(60 alternating runs, Python 3.11, pytest 9).
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any

LATE = ("hashlib", "importlib.metadata", "platform", "uuid", "zipfile")
"""Modules of the standard library, of which pytest's own import takes nothing yet."""
_HIGHLIGHTING = (
    "pygments",
    "pygments.formatters.terminal",
    "pygments.lexer",
    "pygments.lexers.diff",
    "pygments.lexers.python",
)
"""pytest colours code with these, and takes their classes by name when it is imported."""


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """Within the block, imports of those modules give stand-ins, which load them at first use.

    Whoever imports one of them afterwards, a suite for instance, gets the module itself.
    """
    kinds = {**dict.fromkeys(LATE, LateModule), **dict.fromkeys(_HIGHLIGHTING, LateClasses)}
    standing_in = [kind(name) for name, kind in kinds.items() if name not in sys.modules]
    for module in standing_in:
        module.stand_in()
    try:
        yield
    finally:
        for module in standing_in:
            module.step_aside()


class LateModule(ModuleType):
    """Stands in for a module, and loads that when anything in it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # pytest asks whatever it meets whether it is a mock or wrapped
            raise AttributeError(name)
        self.step_aside()
        return getattr(importlib.import_module(self.__name__), name)

    def stand_in(self) -> None:
        """Let imports find this."""
        sys.modules[self.__name__] = self
        package, _, name = self.__name__.rpartition(".")
        if package in sys.modules:
            setattr(sys.modules[package], name, self)

    def step_aside(self) -> None:
        """Let imports find the module itself."""
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)  # another thread may have done it meanwhile


class LateClasses(LateModule):
    """Stands in for a module; what is taken from it meanwhile loads it when it is called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or sys.modules.get(self.__name__) is not self:
            return super().__getattr__(name)
        return partial(self._call, name)

    def _call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        return getattr(importlib.import_module(self.__name__), name)(*args, **kwargs)
