"""What an author says in ``fuzz.py``, and the scripts that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from hypothesis import strategies
from hypothesis.strategies import SearchStrategy

from harness.authoring.fuzz.script import Script
from harness.model.frozen import frozen

_PARTS = 10
"""Hypothesis makes lists of about six. A script is several such lists, and still shrinks well."""


_LEFT_OUT = object()
"""Stands for an argument that is not given."""


@frozen
class _Code:
    source: str

    def __repr__(self) -> str:
        return self.source


@frozen
class _Advance:
    clock: object
    """The ``rising`` that it is a step of."""
    size: int


@frozen
class Since:
    """What is there from a level on."""

    level: int
    things: tuple[Any, ...]


@frozen
class Call:
    """A call of a solution, with a strategy or a plain value for each argument."""

    target: str
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]

    def drawn(self, level: int) -> SearchStrategy[Call]:
        """Return a strategy for this call as it is at ``level``, with plain values only."""
        named = {
            name: _strategy(each)
            for name, value in self.named.items()
            for each in _reached([value], level)
        }
        return strategies.builds(
            Call,
            strategies.just(self.target),
            strategies.tuples(*map(_strategy, _reached(self.arguments, level))),
            strategies.fixed_dictionaries(named),
        )

    def text(self, clocks: dict[object, int]) -> str:
        """Return a drawn call as Python; steps of time become the time they lead to."""
        parts = []
        for value in self.arguments:
            if value is _LEFT_OUT:
                break  # those behind it would slip into its place
            parts.append(_text(value, clocks))
        parts += [
            f"{name}={_text(value, clocks)}"
            for name, value in self.named.items()
            if value is not _LEFT_OUT
        ]
        return f"{self.target}({', '.join(parts)})"


@frozen(kw_only=True)
class Fuzz:
    """How solutions of a problem may be called. ``fuzz.py`` has one, by the name ``fuzz``."""

    begin: Sequence[Call | Since]
    """What each script begins with, in order, such as ``call("store = KVStore")``."""
    calls: Sequence[Call | Since]
    """What may follow, in any order and number."""
    helpers: str | Since = ""
    """Python that stands before each script, such as a function that the calls are given."""
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Exception → those of its attributes that the statements fix."""
    length: int = 120
    """How many calls a script has at most, besides those it begins with."""

    def targets(self, level: int) -> list[str]:
        """Return what is called at ``level``, that which begins a script first."""
        reached = _reached([*self.begin, *self.calls], level)
        return [each.target for each in reached if isinstance(each, Call)]

    def has_calls(self, level: int) -> bool:
        """Return whether anything may be called at ``level`` besides what begins a script."""
        return any(True for _ in _reached(self.calls, level))

    def scripts(self, level: int) -> SearchStrategy[Script]:
        """Return a strategy for scripts of calls that exist at ``level``."""
        begin = [call.drawn(level) for call in _reached(self.begin, level)]
        calls = strategies.one_of([call.drawn(level) for call in _reached(self.calls, level)])
        count = min(_PARTS, self.length)
        part = strategies.lists(calls, max_size=self.length // count)
        helpers = "\n".join(_reached([self.helpers], level)).strip()
        return strategies.builds(
            _script,
            strategies.just(helpers),
            strategies.tuples(*begin),
            strategies.tuples(*[part] * count),
        )


def call(target: str, /, *arguments: Any, **named: Any) -> Call:
    """Say that ``target``, such as ``"store.get"``, may be called with such arguments.

    Where a script begins, its value can be given a name: ``"store = KVStore"``. Each argument is a
    strategy of hypothesis, or a plain value that is always the same.
    """
    return Call(target, arguments, named)


def since(level: int, *things: Any) -> Since:
    """Say that calls, or an argument, exist from ``level`` on."""
    return Since(level, things)


def pool(*values: Any) -> SearchStrategy[Any]:
    """Choose one of a few values. Used for names in several calls, it makes these calls meet."""
    return strategies.sampled_from(values)


def optional(value: Any) -> SearchStrategy[Any]:
    """Leave the argument out, or give it."""
    return strategies.one_of(strategies.just(_LEFT_OUT), _strategy(value))


def rising(steps: SearchStrategy[int]) -> SearchStrategy[Any]:
    """Choose a number that is the last one of this ``rising`` and a step more: timestamps.

    What one ``rising`` gives never falls within a script, as long as no step is negative.
    """
    clock = object()
    return steps.map(lambda size: _Advance(clock, size))


def code(*sources: str) -> SearchStrategy[Any]:
    """Choose an expression that stands in the call as it is written here, such as a lambda."""
    return strategies.sampled_from([_Code(source) for source in sources])


def _reached(things: Iterable[Any], level: int) -> Iterator[Any]:
    """Yield what exists at ``level``."""
    for thing in things:
        if not isinstance(thing, Since):
            yield thing
        elif thing.level <= level:
            yield from _reached(thing.things, level)


def _strategy(value: Any) -> SearchStrategy[Any]:
    return value if isinstance(value, SearchStrategy) else strategies.just(value)


def _text(value: Any, clocks: dict[object, int]) -> str:
    if isinstance(value, _Advance):
        clocks[value.clock] = clocks.get(value.clock, 0) + value.size
        return repr(clocks[value.clock])
    return repr(value)


def _script(helpers: str, begin: Sequence[Call], parts: Sequence[Sequence[Call]]) -> Script:
    clocks: dict[object, int] = {}
    return Script(
        helpers,
        tuple(drawn.text(clocks) for drawn in begin),
        tuple(drawn.text(clocks) for part in parts for drawn in part),
    )
