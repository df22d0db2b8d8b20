"""Refuses calls that nothing can answer: two solutions that refuse a misspelt one seem to agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from harness.authoring.fuzz.model import Fuzz
from harness.authoring.fuzz.script import Answer, Script
from harness.errors import RequestError
from harness.model.problem import Problem
from harness.words import nearest

_MISSING = re.compile(r"has no attribute '(\w+)'")
_ARGUMENTS = re.compile(
    r"missing \d+ required|takes .*arguments?\b|unexpected keyword argument"
    r"|multiple values for argument|is not callable"
)
_FIX = "fix it in fuzz.py"


def declared_names(problem: Problem) -> dict[str, int]:
    """Return each public name of the manifest with the level that adds it."""
    names: dict[str, int] = {}
    for number, level in enumerate(problem.manifest.levels, start=1):
        symbols = level.symbols
        methods = [name for each in symbols.classes.values() for name in each]
        for name in (*symbols.functions, *symbols.classes, *symbols.exceptions, *methods):
            names.setdefault(name, number)
    return names


def refuse_early_calls(fuzz: Fuzz, level: int, names: Mapping[str, int]) -> None:
    """Raise RequestError when a call at ``level`` is of a name that a later level adds."""
    for target in fuzz.targets(level):
        name = re.split(r"[.=\s]+", target)[-1]
        if names.get(name, 0) > level:
            raise RequestError(
                f"fuzz.py calls {target} at level {level}, but {name} comes with level "
                f"{names[name]}.",
                f"write it as since({names[name]}, call(…)) in fuzz.py",
            )


def refuse_misfits(
    script: Script, answers: Sequence[Answer], level: int, names: Mapping[str, int]
) -> None:
    """Raise RequestError when one of the reference's ``answers`` is none: nothing can be compared.

    ``names``: public name → level.
    """
    for line, answer in zip(script.lines, answers, strict=False):
        if answer.misfit and answer.ended:
            again = "harness author check --only references  (says more)"
            raise RequestError(f"The reference {answer.ended}", again)
        if answer.misfit:
            raise _error(line, answer.misfit, level, names)


def is_misfit(name: str, text: str) -> bool:
    """Tell whether an exception that no code of the solution raised is about the call itself."""
    if name == "AttributeError":
        return _MISSING.search(text) is not None
    return name == "TypeError" and _ARGUMENTS.search(text) is not None


def _error(line: str, misfit: str, level: int, names: Mapping[str, int]) -> RequestError:
    missing = _MISSING.search(misfit)
    target = line.partition("(")[0]
    if missing is None or missing[1] not in re.split(r"\W+", target):
        return RequestError(f"fuzz.py does not fit the reference at {line}: {misfit}", _FIX)
    levels = "level 1" if level == 1 else f"levels 1 to {level}"
    meant = nearest(missing[1], [name for name, first in names.items() if first <= level])
    return RequestError(
        f"fuzz.py calls {target}, but the reference has no {missing[1]} at {levels}."
        + (f" Did you mean {meant}?" if meant else ""),
        _FIX,
    )
