"""What ``harness author fuzz`` does with its arguments, and shows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.invocation import Invocation
from harness.errors import ExitCode, RequestError, nearest

if TYPE_CHECKING:
    from harness.authoring.fuzz.duel import Outcome
    from harness.authoring.subject import Subject
    from harness.model.problem import Problem
    from harness.model.snapshot import Snapshot


def require_hypothesis() -> None:
    """Raise RequestError when hypothesis is not installed."""
    if find_spec("hypothesis") is None:
        raise RequestError(
            "Fuzzing needs hypothesis, which is not installed.",
            f"{sys.executable} -m pip install 'progressive-harness[author]'",
        )


class Match:
    """The reference of one problem against others."""

    def __init__(self, invocation: Invocation, problem: Problem, examples: int, seed: int) -> None:
        self._invocation = invocation
        self._problem = problem
        self._examples = examples
        self._seed = seed

    def play(self, against: Sequence[str], level: int | None) -> ExitCode:
        """Try each of ``against``, all alternates if none is named, and show what came of it."""
        from harness.authoring.examiner import Examiner
        from harness.authoring.subject import Subject
        from harness.cli.output import write_json

        with Examiner(self._invocation.settings.backend, workers=1) as examiner:
            subject = Subject(self._problem, examiner)
            names = against or list(subject.alternates)
            if not names:
                raise RequestError(
                    f"{self._problem.slug} has no alternates to compare with the reference.",
                    f"harness author fuzz {self._problem.slug} --against PATH",
                )
            chosen = [(name, *_opponent(subject, name, level)) for name in names]
            rows = [self._one(subject, *each) for each in chosen]
        if self._invocation.as_json:
            write_json(rows)
        return ExitCode.NOT_ACCEPTED if any(row["difference"] for row in rows) else ExitCode.OK

    def _one(
        self, subject: Subject, name: str, solution: Snapshot, level: int
    ) -> dict[str, object]:
        from harness.authoring.fuzz.duel import duel, load_fuzz
        from harness.authoring.fuzz.player import Player

        fuzz = load_fuzz(self._problem)
        backend = self._invocation.settings.backend
        with (
            Player(self._problem, subject.references[level], backend, fuzz.attributes) as first,
            Player(self._problem, solution, backend, fuzz.attributes) as second,
            _counting(self._invocation, name, self._examples) as on_script,
        ):
            outcome = duel(
                fuzz,
                level,
                (first, second),
                module=self._problem.manifest.module,
                examples=self._examples,
                seed=self._seed,
                home=self._invocation.settings.home / "cache" / "hypothesis",
                on_script=on_script,
            )
        self._show(name, level, outcome)
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
        from harness.cli.output import say

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


def _opponent(subject: Subject, name: str, level: int | None) -> tuple[Snapshot, int]:
    """Return a solution, and the level to compare at: the last, or that of a known-wrong one."""
    from harness.authoring.subject import solution_at

    last = level or subject.problem.level_count
    if name in subject.alternates:
        return subject.alternates[name], last
    if name in subject.wrong:
        rows = [row.level for row in subject.wrong_rows if row.name == name]
        return subject.wrong[name], level or (rows[0] if rows else last)
    path = Path(name)
    if path.exists():
        return solution_at(path, subject.problem.manifest.module), last
    meant = nearest(name, [*subject.alternates, *subject.wrong])
    raise RequestError(
        f"{subject.problem.slug} has no alternate and no known-wrong solution '{name}', and there "
        "is no such path." + (f" Did you mean {meant}?" if meant else ""),
        f"ls {subject.problem.root / 'alternates'} {subject.problem.root / 'wrong'}",
    )


@contextmanager
def _counting(invocation: Invocation, name: str, examples: int) -> Iterator[Callable[[int], None]]:
    """Show on stderr how far it is, where somebody looks."""
    if invocation.as_json or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.progress import Progress

    from harness.cli.output import console

    screen = console(invocation.settings.colour, file=sys.stderr)
    with Progress(console=screen, transient=True) as progress:
        task = progress.add_task(name, total=examples)
        yield lambda count: progress.update(task, completed=min(count, examples))
