"""``harness author fuzz``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.authoring.examiner import Examiner
from harness.authoring.fuzz import Fuzz
from harness.authoring.subject import Subject, solution_at
from harness.cli.invocation import Invocation, command
from harness.cli.naming import find_problem, level_of
from harness.cli.output import console, say, write_json
from harness.errors import ExitCode, RequestError
from harness.model.frozen import frozen
from harness.model.problem import Problem, Snapshot
from harness.words import nearest

if TYPE_CHECKING:
    from harness.authoring.fuzz.duel import Outcome


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
    found = find_problem(invocation, slug, "harness author fuzz")
    level_of(found, level, f"harness author fuzz {slug or found.root}")
    match = Contest(invocation, found, examples, seed)
    return match.play(against, level)


def require_hypothesis() -> None:
    """Raise RequestError when hypothesis is not installed."""
    if find_spec("hypothesis") is None:
        raise RequestError(
            "Fuzzing needs hypothesis, which is not installed.",
            f"{sys.executable} -m pip install 'progressive-harness[author]'",
        )


@frozen(kw_only=True)
class Bout:
    """One opponent of the reference."""

    name: str
    solution: Snapshot
    reference: Snapshot
    levels: tuple[int, ...]
    """Calls of which levels are made, one after another."""


class Contest:
    """The reference of one problem against others."""

    def __init__(self, invocation: Invocation, problem: Problem, examples: int, seed: int) -> None:
        self._invocation = invocation
        self._problem = problem
        self._examples = examples
        self._seed = seed

    def play(self, against: Sequence[str], level: int | None) -> ExitCode:
        """Try each of ``against``, all alternates if none is named, and show what came of it."""
        from harness.authoring.fuzz.duel import load_fuzz

        with Examiner(self._invocation.settings.backend, workers=1) as examiner:
            subject = Subject(self._problem, examiner)
            names = against or list(subject.alternates)
            if not names:
                raise RequestError(
                    f"{self._problem.slug} has no alternates to compare with the reference.",
                    f"harness author fuzz {self._problem.root} --against PATH",
                )
            bouts = [_bout(subject, name, level) for name in names]
            fuzz = load_fuzz(self._problem)
            rows = [row for bout in bouts for row in self._one(fuzz, bout)]
        differ = any(row["difference"] for row in rows)
        if self._invocation.as_json:
            write_json(rows)
        elif differ:
            text = "The statement decides who is right; the reference may be wrong."
            say(self._invocation, text)
        return ExitCode.NOT_ACCEPTED if differ else ExitCode.OK

    def _one(self, fuzz: Fuzz, bout: Bout) -> list[dict[str, object]]:
        """Try the levels of one bout, until there is a difference."""
        from harness.authoring.fuzz.duel import duel
        from harness.authoring.fuzz.misfits import declared_names
        from harness.authoring.fuzz.player import Player

        levels = [level for level in bout.levels if fuzz.has_calls(level)]
        if not levels:
            text = f"fuzz.py of {self._problem.slug} has no calls at level {bout.levels[-1]}."
            raise RequestError(text, "write some: docs/authoring.md, How a solution is called")
        backend = self._invocation.settings.backend
        examples = max(1, self._examples // len(levels))
        rows: list[dict[str, object]] = []
        with (
            Player(self._problem, bout.reference, backend, fuzz.attributes) as first,
            Player(self._problem, bout.solution, backend, fuzz.attributes) as second,
        ):
            for level in levels:
                with _counting(self._invocation, f"{bout.name} {level}", examples) as on_script:
                    outcome = duel(
                        fuzz,
                        level,
                        (first, second),
                        module=self._problem.manifest.module,
                        examples=examples,
                        seed=self._seed,
                        home=self._invocation.settings.home / "cache" / "hypothesis",
                        names=declared_names(self._problem),
                        on_script=on_script,
                    )
                self._show(bout.name, level, outcome)
                rows.append(self._row(bout.name, level, outcome))
                if outcome.difference is not None:
                    break  # later levels would mostly find the same again
        return rows

    def _row(self, name: str, level: int, outcome: Outcome) -> dict[str, object]:
        return {
            "problem": self._problem.slug,
            "against": name,
            "level": level,
            "seed": self._seed,
            "scripts": outcome.scripts,
            "difference": outcome.difference,
        }

    def _show(self, name: str, level: int, outcome: Outcome) -> None:
        if self._invocation.as_json:
            return

        found = outcome.difference
        if found is None:
            text = f"no difference in {outcome.scripts} scripts of level {level}"
            say(self._invocation, f"{name}: {text}")
            return
        text = f"answers differently at level {level}, found by {outcome.scripts} scripts"
        say(self._invocation, f"{name}: {text}\n")
        say(self._invocation, found.case)
        say(self._invocation, f"# {found.line}")
        say(self._invocation, f"#   reference: {found.first}")
        say(self._invocation, f"#   {name}: {found.second}\n")


def _bout(subject: Subject, name: str, level: int | None) -> Bout:
    """Return a solution, and what it is compared with.

    What solves all levels is compared with the last reference, at the calls of each level: that of
    an earlier level may rightly answer otherwise. A mistake is compared at its own level.
    """
    mistakes = {edit.name: edit for edit in subject.mistakes}
    levels: Sequence[int] = subject.levels if level is None else (level,)
    if name in subject.alternates:
        solution = subject.alternates[name]
    elif name in mistakes:
        solution = subject.edited(mistakes[name])
        levels = (level or mistakes[name].level,)
    elif Path(name).exists():
        solution = solution_at(Path(name), subject.problem.manifest.module)
    else:
        meant = nearest(name, [*subject.alternates, *mistakes])
        raise RequestError(
            f"{subject.problem.slug} has no alternate and no known mistake '{name}', and "
            "there is no such path." + (f" Did you mean {meant}?" if meant else ""),
            f"ls {subject.problem.root / 'alternates'}  (mistakes: mistakes.toml beside it)",
        )
    reference = subject.references[levels[-1]]
    return Bout(name=name, solution=solution, reference=reference, levels=tuple(levels))


@contextmanager
def _counting(invocation: Invocation, name: str, examples: int) -> Iterator[Callable[[int], None]]:
    """Show progress on stderr if that is a terminal."""
    if invocation.as_json or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.progress import Progress

    screen = console(invocation.settings.colour, file=sys.stderr)
    with Progress(console=screen, transient=True) as progress:
        task = progress.add_task(name, total=examples)
        yield lambda count: progress.update(task, completed=min(count, examples))
