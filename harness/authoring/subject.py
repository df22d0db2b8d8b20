"""The problem under examination: its files, its solutions of all kinds, and a judge for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from harness.authoring.examiner import Examiner, Request
from harness.authoring.files import files_below, not_as_it_should_be, read_tables, refuse_sealed
from harness.catalog.loading import load_problem
from harness.errors import RequestError
from harness.model.frozen import frozen
from harness.model.judgement import Judgement, Suite
from harness.model.problem import Problem
from harness.model.snapshot import Snapshot, is_solution_file

WRONG_LIST = "wrong.toml"


@frozen
class KnownWrong:
    """One row of ``wrong/wrong.toml``."""

    name: str
    level: int
    cases: tuple[str, ...]
    """Functions of the hidden suite of ``level`` that must fail."""
    why: str


@frozen
class WrongList:
    """The whole of ``wrong/wrong.toml``."""

    wrong: tuple[KnownWrong, ...] = ()


class Subject:
    """One loaded problem. Judgements are asked for by solution, levels and suite.

    Raises RequestError for a problem that is sealed.
    """

    def __init__(self, problem: Problem, examiner: Examiner) -> None:
        refuse_sealed(problem)
        self.problem = problem
        self.examiner = examiner

    @classmethod
    def load(cls, root: Path, template: Path, pack: str, examiner: Examiner) -> Subject:
        """Load the problem in ``root``. Raises PackError when its files cannot be used."""
        return cls(load_problem(root, template, pack), examiner)

    @property
    def levels(self) -> range:
        """The numbers of all levels."""
        return range(1, self.problem.level_count + 1)

    @cached_property
    def references(self) -> Mapping[int, Snapshot]:
        """The reference of each level."""
        return {level: solution_in(self.problem.reference_dir(level)) for level in self.levels}

    @cached_property
    def skeleton(self) -> Snapshot:
        """What the candidate starts from."""
        return solution_in(self.problem.template)

    @cached_property
    def alternates(self) -> Mapping[str, Snapshot]:
        """Other right solutions of all levels, by name."""
        return _solutions(self.problem.root / "alternates")

    @cached_property
    def wrong(self) -> Mapping[str, Snapshot]:
        """Known-wrong solutions, by name, listed in ``wrong.toml`` or not."""
        return _solutions(self.problem.root / "wrong")

    @cached_property
    def wrong_rows(self) -> Sequence[KnownWrong]:
        """What is expected of the known-wrong solutions.

        Raises PackError when ``wrong.toml`` is not as it should be.
        """
        path = self.problem.root / "wrong" / WRONG_LIST
        rows = (read_tables(path, WrongList) or WrongList()).wrong
        try:
            self._check_rows(rows)
        except ValueError as error:
            raise not_as_it_should_be(path, str(error)) from None
        return rows

    def _check_rows(self, rows: Sequence[KnownWrong]) -> None:
        """Raise ValueError for what no row may say."""
        names = Counter(row.name for row in rows)
        for row in rows:
            if row.level not in self.levels:
                raise ValueError(
                    f"{row.name} has level {row.level}; there are 1 to {self.levels[-1]}"
                )
            if names[row.name] > 1:
                raise ValueError(f"there are {names[row.name]} rows of the name {row.name}")

    def judge(self, request: Request) -> Judgement:
        """Judge one solution. Raises JudgeError when the judge itself fails."""
        return self.judge_all([request])[0]

    def judge_all(self, requests: Sequence[Request]) -> list[Judgement]:
        """Judge many, several at a time; each only once in all examinations."""
        return self.examiner.judge_all(self.problem, requests)

    def hidden(self, solution: Snapshot, levels: range | None = None) -> Request:
        """Ask for the hidden suites of ``levels``, by default all."""
        return Request(solution, tuple(levels or self.levels), Suite.HIDDEN)


def solution_at(path: Path, module: str) -> Snapshot:
    """Return a solution that is a folder, or one file of whatever name.

    Raises RequestError when there is no module of the wanted name.
    """
    if path.is_file():
        return Snapshot(files={f"{module}.py": path.read_bytes()})
    solution = solution_in(path)
    if f"{module}.py" not in solution.files:
        raise RequestError(f"There is no {module}.py in {path}.", f"ls {path}")
    return solution


def solution_in(folder: Path) -> Snapshot:
    """Return the Python files of a folder."""
    files = files_below(folder)
    return Snapshot(files={name: files[name] for name in files if is_solution_file(name)})


def _solutions(folder: Path) -> Mapping[str, Snapshot]:
    if not folder.is_dir():
        return {}
    return {path.name: solution_in(path) for path in sorted(folder.iterdir()) if path.is_dir()}
