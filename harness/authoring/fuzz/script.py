"""A script of calls, what a solution answers to it, and the case that it becomes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from harness.judge.objects import Handle
from harness.model.frozen import frozen

CASE_NAME = "test_found_by_fuzzing"
_SINGLE = (None, True, False)


@frozen
class Script:
    """Lines of Python: what helps, what begins, and the calls whose answers count."""

    helpers: str
    begin: tuple[str, ...]
    calls: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All that is answered to."""
        return self.begin + self.calls

    def until(self, line: int) -> Script:
        """Return the script that ends with ``lines[line]``."""
        return Script(
            self.helpers,
            self.begin[: line + 1],
            self.calls[: max(0, line + 1 - len(self.begin))],
        )

    def trimmed(self) -> Script:
        """Return the script without what begins it and has to do with no object that is called."""
        if not self.calls:
            return self
        made = {name for line in self.begin for name in _names(line, ast.Store)}
        needed = {name for line in self.calls for name in _names(line)} & made
        kept: list[str] = []
        while True:
            met = [line for line in self.begin if _names(line) & needed]
            if met == kept:
                return Script(self.helpers, tuple(kept), self.calls)
            kept = met
            needed |= {name for line in kept for name in _names(line)} & made


@frozen
class Answer:
    """What came of one line: a value, an exception, or the end of the box."""

    value: Any = None
    raised: str = ""
    """The name of the exception."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Those of the exception that are fixed by the statements."""
    ended: str = ""
    """Why the box could not go on; nothing follows."""
    text: str = field(default="", compare=False)
    """What the exception says."""
    misfit: str = field(default="", compare=False)
    """What does not fit, if this is an answer to a mistake in ``fuzz.py``, or of no solution."""

    def __str__(self) -> str:
        if self.ended:
            return self.ended
        if not self.raised:
            return repr(self.value)
        said = f": {self.text}" if self.text else ""
        fixed = "".join(f", {name} = {value!r}" for name, value in self.attributes.items())
        return f"{self.raised}{said}{fixed}"

    def agrees_with(self, other: Answer) -> bool:
        """Return whether no case could distinguish the two."""
        return (
            (self.raised, self.ended) == (other.raised, other.ended)
            and same(self.value, other.value)
            and same(dict(self.attributes), dict(other.attributes))
        )


def same(one: Any, other: Any) -> bool:
    """Return whether two plain values are equal and of the same types, all their parts, too.

    Objects that stay in the box count as equal: nothing is known of them.
    """
    if isinstance(one, Handle) and isinstance(other, Handle):
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other or (one != one and other != other))


def first_difference(one: Sequence[Answer], other: Sequence[Answer]) -> int | None:
    """Return the number of the first line that is answered differently; None without one."""
    for line, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if not mine.agrees_with(theirs):
            return line
    return None


def as_case(script: Script, answers: Sequence[Answer], module: str, names: Iterable[str]) -> str:
    """Return ``script`` as a pytest file whose last line expects the last of ``answers``.

    ``names``: what a suite may import from ``module``.
    """
    body = ["    " + line for line in script.begin]
    first = len(script.begin)
    for number, line in enumerate(script.lines[first:], start=first):
        is_last = number == len(script.lines) - 1
        body += ["    " + text for text in _statement(line, answers[number], is_last=is_last)]
    used = "\n".join([script.helpers, *body])
    imported = [name for name in sorted(names) if re.search(rf"\b{name}\b", used)]
    head = [f"from {module} import {', '.join(imported)}"]
    if "pytest.raises" in used:
        head = ["import pytest", *head]
    helpers = ["", "", script.helpers] if script.helpers else []
    title = '    """Say in a few words what holds here"""'
    return "\n".join([*head, *helpers, "", "", f"def {CASE_NAME}():", title, *body]) + "\n"


def _names(text: str, context: type[ast.expr_context] = ast.expr_context) -> set[str]:
    """Return the names in a line of Python that are used in this way."""
    return {
        node.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }


def _statement(line: str, answer: Answer, *, is_last: bool) -> list[str]:
    """Return the statement that expects ``answer``; before the last one values do not matter."""
    if answer.raised:
        caught = " as caught" if is_last and answer.attributes else ""
        return [
            f"with pytest.raises({answer.raised}){caught}:",
            f"    {line}",
            *(
                f"assert caught.value.{name} == {value!r}"
                for name, value in answer.attributes.items()
                if is_last
            ),
        ]
    if answer.ended or not is_last or isinstance(answer.value, Handle):
        return [line]
    sign = "is" if any(answer.value is each for each in _SINGLE) else "=="
    return [f"assert {line} {sign} {answer.value!r}"]
