"""Looks for a script that two solutions answer differently, and makes it short."""

from __future__ import annotations

import random
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path

import hypothesis
from hypothesis import configuration, errors

from harness.authoring.fuzz.misfits import refuse_early_calls, refuse_misfits
from harness.authoring.fuzz.model import Fuzz
from harness.authoring.fuzz.player import Player
from harness.authoring.fuzz.script import Script, as_case, first_difference
from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.problem import Problem

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


@frozen(kw_only=True)
class Outcome:
    """What came of the search."""

    scripts: int
    """How many were tried, those of the shortening included."""
    difference: Difference | None


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
    again = f"python {path}"
    try:
        found = runpy.run_path(str(path)).get("fuzz")
    except (Exception, SystemExit) as error:
        raise PackError(f"{path} fails: {type(error).__name__}: {error}", again) from None
    if not isinstance(found, Fuzz):
        raise PackError(f"{path} has no `fuzz = Fuzz(…)`.", again)
    return found


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
) -> Outcome:
    """Try up to ``examples`` scripts on both ``sides``; return the shortest difference.

    The first side is the reference: a call that does not fit it is a mistake in ``fuzz.py``.
    ``home`` is where hypothesis may keep what it needs; ``names``: public name → its level;
    ``on_script`` gets how many were tried.
    Raises RequestError when a call cannot be made, or when a solution answers the same script
    differently.
    """
    refuse_early_calls(fuzz, level, names)
    configuration.set_hypothesis_home_dir(str(home))
    tried: dict[Script, bool] = {}  # different choices of hypothesis can make equal scripts

    def differ(script: Script) -> bool:
        if script not in tried:
            answers = [side.play(script) for side in sides]
            refuse_misfits(script, answers[0], level, names)
            tried[script] = first_difference(*answers) is not None
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
        return Outcome(scripts=len(tried), difference=None)
    return Outcome(scripts=len(tried), difference=_difference(script, sides, module))


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
