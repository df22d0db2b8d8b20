"""``harness author fuzz``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.authoring.examiner import Examiner
from harness.authoring.findings import some_of
from harness.authoring.fuzz import Fuzz
from harness.authoring.fuzz.player import Player
from harness.authoring.fuzz.tally import CallCount, Tally, told_apart
from harness.authoring.subject import Subject, solution_at
from harness.cli.authoring import counting, find_problem, level_of
from harness.cli.invocation import Invocation, command
from harness.cli.output import say, write_json
from harness.errors import ExitCode, RequestError
from harness.model.problem import Snapshot
from harness.words import count_text, nearest, quoted

if TYPE_CHECKING:
    from harness.authoring.fuzz.duel import Difference


@command("fuzz", "harness author fuzz kv_store --against sorted_cells")
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
@click.option(
    "--against",
    multiple=True,
    metavar="NAME|PATH",
    help="Compare with an alternate, a known mistake, or the solution at PATH; repeatable.  "
    "[default: all alternates]",
)
@click.option(
    "--level",
    type=int,
    help="Compare at this level only, with its reference.  [default: each level in turn]",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Random seed for the generated calls."
)
@click.option(
    "--examples",
    type=click.IntRange(1, 1_000_000),
    default=400,
    show_default=True,
    help="How many scripts of calls to try; the levels share them.",
)
def fuzz_command(
    invocation: Invocation,
    slug: str | None,
    against: tuple[str, ...],
    level: int | None,
    seed: int,
    examples: int,
) -> ExitCode:
    """Look for calls that the reference and another solution answer differently.

    fuzz.py in the problem's folder says what may be called. The calls of level 1 are tried first,
    then those of levels 1 and 2, and so on. The shortest script that was found is printed as a case
    that expects what the reference answers; the statement decides who is right. Needs hypothesis.
    """
    require_hypothesis()
    from harness.authoring.fuzz.duel import load_fuzz

    problem = find_problem(invocation, slug, "harness author fuzz")
    level_of(problem, level, f"harness author fuzz {quoted(slug or problem.root)}")
    with Examiner(invocation.settings.backend, workers=1) as examiner:
        subject = Subject(problem, examiner)
        names = against or list(subject.alternates)
        if not names:
            raise RequestError(
                f"{problem.slug} has no alternates to compare with the reference.",
                f"harness author fuzz {quoted(problem.root)} --against PATH",
            )
        opponents = [(name, *_opponent(subject, name, level)) for name in names]
        fuzz = load_fuzz(problem)
        worth: dict[int, tuple[list[CallCount], list[str], list[str]]] = {}
        rows = [
            row
            for name, solution, levels in opponents
            for row in _compare(
                invocation, subject, fuzz, name, solution, levels, seed, examples, worth
            )
        ]
    differ = any(row["difference"] for row in rows)
    if invocation.as_json:
        write_json(rows)
    elif differ:
        say(invocation, "The statement decides who is right; the reference may be wrong.")
    return ExitCode.NOT_ACCEPTED if differ else ExitCode.OK


def require_hypothesis() -> None:
    """Raise RequestError when hypothesis is not installed."""
    if find_spec("hypothesis") is None:
        raise RequestError(
            "Fuzzing needs hypothesis, which is not installed.",
            f"{quoted(sys.executable)} -m pip install 'progressive-harness[author]'",
        )


def _opponent(subject: Subject, name: str, level: int | None) -> tuple[Snapshot, Sequence[int]]:
    """Return a solution, and the levels whose calls are tried, one after another.

    What solves all levels is compared with the last reference, at the calls of each level: that of
    an earlier level may rightly answer otherwise. A mistake is compared at its own level.
    """
    mistakes = {edit.name: edit for edit in subject.mistakes}
    levels: Sequence[int] = subject.levels if level is None else (level,)
    if name in subject.alternates:
        return subject.alternates[name], levels
    if name in mistakes:
        return subject.edited(mistakes[name]), (level or mistakes[name].level,)
    if Path(name).exists():
        return solution_at(Path(name), subject.problem.manifest.module), levels
    meant = nearest(name, [*subject.alternates, *mistakes])
    raise RequestError(
        f"{subject.problem.slug} has no alternate and no known mistake '{name}', and "
        "there is no such path." + (f" Did you mean {meant}?" if meant else ""),
        f"ls {quoted(subject.problem.root / 'alternates')}  # mistakes: mistakes.toml beside it",
    )


def _compare(
    invocation: Invocation,
    subject: Subject,
    fuzz: Fuzz,
    name: str,
    solution: Snapshot,
    levels: Sequence[int],
    seed: int,
    examples: int,
    worth: dict[int, tuple[list[CallCount], list[str], list[str]]],
) -> Iterator[dict[str, object]]:
    """Try level after level until there is a difference; show and yield what came of each.

    ``worth``: level → what its scripts did, and which known mistakes they show and miss.
    """
    from harness.authoring.fuzz.duel import declared_names, duel

    problem, backend = subject.problem, invocation.settings.backend
    callable_levels = [level for level in levels if fuzz.has_calls(level)]
    if not callable_levels:
        text = f"fuzz.py of {problem.slug} has no calls at level {levels[-1]}."
        raise RequestError(text, "write some: docs/authoring.md, How a solution is called")
    examples = max(1, examples // len(callable_levels))
    with (
        Player(problem, subject.references[levels[-1]], backend, fuzz.attributes) as first,
        Player(problem, solution, backend, fuzz.attributes) as second,
    ):
        for level in callable_levels:
            tally = Tally()
            with counting(invocation, f"{name} {level}") as update:
                scripts, found = duel(
                    fuzz,
                    level,
                    (first, second),
                    module=problem.manifest.module,
                    examples=examples,
                    seed=seed,
                    home=invocation.settings.home / "cache" / "hypothesis",
                    names=declared_names(problem),
                    on_script=lambda count: update(completed=min(count, examples), total=examples),
                    tally=tally,
                )
            is_new = level not in worth
            if is_new:
                apart = told_apart(subject, level, tally, backend, fuzz.attributes)
                worth[level] = (tally.calls(), *apart)
            calls, shown, missed = worth[level]
            if not invocation.as_json:
                _show(invocation, name, level, scripts, found)
                if found is None and is_new:  # other opponents get the same scripts
                    _show_worth(invocation, calls, shown, missed)
            yield {
                "problem": problem.slug,
                "against": name,
                "level": level,
                "seed": seed,
                "scripts": scripts,
                "difference": found,
                "calls": calls,
                "mistakes_shown": shown,
                "mistakes_missed": missed,
            }
            if found is not None:
                break  # later levels would mostly find the same again


def _show(
    invocation: Invocation, name: str, level: int, scripts: int, found: Difference | None
) -> None:
    tried = count_text(scripts, "script")
    if found is None:
        say(invocation, f"{name}: the same answers to {tried} of level {level}")
        return
    say(invocation, f"{name}: answers differently at level {level}, found by {tried}\n")
    say(invocation, found.case)
    say(invocation, f"# {found.line}")
    say(invocation, f"#   reference: {found.first}")
    say(invocation, f"#   {name}: {found.second}\n")


def _show_worth(
    invocation: Invocation, calls: Sequence[CallCount], shown: Sequence[str], missed: Sequence[str]
) -> None:
    """Say what the scripts of a level did, and which known mistakes they show."""
    for each in calls:
        times = count_text(each.made, "call")
        say(invocation, f"  {each.target}: {times}, of which {each.did_something} did something")
    if shown or missed:
        total = count_text(len(shown) + len(missed), "known mistake")
        text = f"  They tell {len(shown)} of {total} from the reference"
        say(invocation, f"{text}; not {some_of(missed)}." if missed else f"{text}.")
