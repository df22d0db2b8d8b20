"""Looks for a script that two solutions answer differently, and makes it short."""

from __future__ import annotations

import random
import re
import runpy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import hypothesis
from hypothesis import configuration, errors

from harness.authoring.fuzz.model import Fuzz
from harness.authoring.fuzz.player import Player
from harness.authoring.fuzz.script import Answer, Script, as_case, first_difference
from harness.authoring.fuzz.tally import Tally
from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.problem import Problem
from harness.words import nearest, quoted

FUZZ_NAME = "fuzz.py"
_NO_NAMES: Mapping[str, int] = {}


@frozen(kw_only=True)
class Difference:
    """What two solutions do not agree on."""

    case: str
    """A pytest file that the first solution passes, and the second fails."""
    line: str
    """The call that is answered differently."""
    first: str
    """What the first solution answered."""
    second: str


def load_fuzz(problem: Problem) -> Fuzz:
    """Return what the problem's ``fuzz.py`` says; runs it.

    Raises RequestError when there is none, PackError when it fails or says nothing.
    """
    path = problem.root / FUZZ_NAME
    if not path.is_file():
        raise RequestError(
            f"{problem.slug} does not say how it is called: there is no {path}.",
            "write it as in docs/authoring.md, or see what `harness author new` writes",
        )
    again = f"python {quoted(path)}"
    try:
        found = runpy.run_path(str(path)).get("fuzz")
    except (Exception, SystemExit) as error:
        raise PackError(f"{path} fails: {type(error).__name__}: {error}", again) from None
    if not isinstance(found, Fuzz):
        raise PackError(f"{path} has no `fuzz = Fuzz(…)`.", again)
    return found


def declared_names(problem: Problem) -> dict[str, int]:
    """Return each public name of the manifest with the level that adds it."""
    names: dict[str, int] = {}
    for number, level in enumerate(problem.manifest.levels, start=1):
        symbols = level.symbols
        methods = [name for each in symbols.classes.values() for name in each]
        for name in (*symbols.functions, *symbols.classes, *symbols.exceptions, *methods):
            names.setdefault(name, number)
    return names


def duel(
    fuzz: Fuzz,
    level: int,
    sides: tuple[Player, Player],
    *,
    module: str,
    examples: int,
    seed: int,
    home: Path,
    names: Mapping[str, int] = _NO_NAMES,
    on_script: Callable[[int], None] = lambda count: None,
    tally: Tally | None = None,
) -> tuple[int, Difference | None]:
    """Try up to ``examples`` scripts on both ``sides``.

    Return how many were tried, those of the shortening included, and the shortest difference.

    The first side is the reference: a call that does not fit it is a mistake in ``fuzz.py``.
    ``home`` is where hypothesis may keep what it needs; ``names``: public name → its level;
    ``on_script`` gets how many were tried, ``tally`` each script and what the reference answers.
    Raises RequestError when a call cannot be made, or when a solution answers the same script
    differently.
    """
    _refuse_early_calls(fuzz, level, names)
    configuration.set_hypothesis_home_dir(str(home))
    tried: dict[Script, bool] = {}  # different choices of hypothesis can make equal scripts

    def differ(script: Script) -> bool:
        if script not in tried:
            answers = [side.play(script) for side in sides]
            _refuse_misfits(script, answers[0], level, names)
            tried[script] = first_difference(*answers) is not None
            if tally is not None:
                tally.add(script, answers[0])
            on_script(len(tried))
        return tried[script]

    settings = hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    )
    try:
        script = hypothesis.find(
            fuzz.scripts(level), differ, settings=settings, random=random.Random(seed)
        )
    except errors.NoSuchExample:
        return len(tried), None
    return len(tried), _difference(script, sides, module)


def _difference(script: Script, sides: tuple[Player, Player], module: str) -> Difference:
    # Trimmed if that does not matter; it does when objects share what they should not.
    for candidate in (script.trimmed(), script):
        first, second = (side.play(candidate) for side in sides)
        line = first_difference(first, second)
        if line is not None:
            short = candidate.until(line)
            return Difference(
                case=as_case(short, first[: line + 1], module, sides[0].names),
                line=candidate.lines[line],
                first=str(first[line]),
                second=str(second[line]),
            )
    raise RequestError(
        "A solution answered the same calls differently the second time: nothing can be compared.",
        "make what is random or timed in it follow from its arguments",
    )


def _refuse_early_calls(fuzz: Fuzz, level: int, names: Mapping[str, int]) -> None:
    """Raise RequestError when a call at ``level`` is of a name that a later level adds."""
    for target in fuzz.targets(level):
        name = re.split(r"[.=\s]+", target)[-1]
        if names.get(name, 0) > level:
            raise RequestError(
                f"fuzz.py calls {target} at level {level}, but {name} comes with level "
                f"{names[name]}.",
                f"write it as since({names[name]}, call(…)) in fuzz.py",
            )


def _refuse_misfits(
    script: Script, answers: Sequence[Answer], level: int, names: Mapping[str, int]
) -> None:
    """Raise RequestError when a call does not fit the reference, which gave ``answers``.

    Two solutions that both refuse a misspelt call would seem to agree.
    """
    for line, answer in zip(script.lines, answers, strict=False):
        if not answer.misfit:
            continue
        if answer.ended:
            again = "harness author check --only references  # says more"
            raise RequestError(f"The reference {answer.ended}", again)
        target = line.partition("(")[0]
        path = target.rpartition("=")[2].strip().split(".")
        unknown = [name for name in path[1:] or path if name not in names]
        if answer.raised != "AttributeError" or not unknown:
            raise RequestError(
                f"fuzz.py does not fit the reference at {line}: {answer.misfit}",
                "fix it in fuzz.py",
            )
        levels = "level 1" if level == 1 else f"levels 1 to {level}"
        meant = nearest(unknown[0], [name for name, first in names.items() if first <= level])
        raise RequestError(
            f"fuzz.py calls {target}, but the reference has no {unknown[0]} at {levels}."
            + (f" Did you mean {meant}?" if meant else ""),
            "fix it in fuzz.py",
        )
