"""The problem under examination: its files, its solutions of all kinds, and a judge for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from harness.authoring.examiner import Examiner
from harness.authoring.files import refuse_sealed, solution_in, solutions_in
from harness.authoring.mistakes import (
    MISTAKES_NAME,
    Edit,
    EditError,
    Mistakes,
    has_old_format,
    read_mistakes,
)
from harness.authoring.upgrade import read_old_format
from harness.errors import PackError, RequestError
from harness.model.judgement import Judgement, Suite
from harness.model.limits import Boxes
from harness.model.problem import Problem, Request, Snapshot
from harness.model.source_text import SAVE_AS_UTF_8, flaw_of_source
from harness.words import quoted


class Subject:
    """One loaded problem. Judgements are asked for by solution, levels and suite.

    Raises RequestError for a problem that is sealed.
    """

    def __init__(self, problem: Problem, examiner: Examiner) -> None:
        refuse_sealed(problem)
        self.problem = problem
        self.examiner = examiner

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
        return solutions_in(self.problem.root / "alternates")

    @cached_property
    def mistakes_file(self) -> Mistakes:
        """The content of ``mistakes.toml``, or of the files that it replaces.

        Raises PackError when a file cannot be read.
        """
        root = self.problem.root
        if has_old_format(root) and not (root / MISTAKES_NAME).exists():
            return read_old_format(root, self.references)[0]
        return read_mistakes(root, self.problem.manifest.module, self.problem.level_count)

    @property
    def mistakes(self) -> Sequence[Edit]:
        """The wrong solutions that the hidden suites must reject."""
        return self.mistakes_file.mistakes

    def edited(self, edit: Edit) -> Snapshot:
        """Return the reference with ``edit``. Raises PackError when it does not fit."""
        try:
            return edit.apply(self.references[edit.level])
        except EditError as error:
            path = self.problem.root / MISTAKES_NAME
            where = f"{path}:{edit.line}" if edit.line else str(path)
            raise PackError(
                f"{where}: {edit.name or 'a mutant'} {error}.",
                f"harness author check {quoted(self.problem.root)} --only mistakes",
            ) from None

    def fits(self, edit: Edit) -> bool:
        """Return whether ``edit`` can be made in its reference."""
        try:
            edit.apply(self.references[edit.level])
        except EditError:
            return False
        return True

    def hash_of(self, level: int) -> str:
        """Return a hash of the suites and the reference of a level."""
        suites = {s.value: self.problem.suite_path(level, s).read_bytes() for s in Suite}
        return f"{Snapshot(files=suites).hash} {self.references[level].hash}"

    def request(
        self,
        solution: Snapshot,
        levels: Sequence[int] | None = None,
        suite: Suite = Suite.HIDDEN,
        *,
        select: str = "",
        seed: str = "0",
        stop_at_timeout: bool = False,
        boxes: Boxes = "shared",
    ) -> Request:
        """Return the request to judge ``solution`` by the suites of ``levels``, by default all.

        ``boxes``: fresh ones for a solution that is to fail.
        """
        return Request(
            problem=self.problem,
            snapshot=solution,
            suite=suite,
            levels=tuple(levels or self.levels),
            select=select,
            seed=seed,
            stop_at_timeout=stop_at_timeout,
            boxes=boxes,
        )

    def judge(self, request: Request, *, fresh: bool = False) -> Judgement:
        """Judge one solution; ``fresh``: even if it was judged before, and in fresh boxes.

        Raises JudgeError when the judge itself fails.
        """
        return self.examiner.judge(request, fresh=fresh)

    def judge_all(self, requests: Sequence[Request], *, fresh: bool = False) -> list[Judgement]:
        """Judge many, several at a time; each only once in all examinations unless ``fresh``."""
        return self.examiner.judge_all(requests, fresh=fresh)

    def changes(self, request: Request) -> Mapping[str, Sequence[str]]:
        """Return each case that leaves its suite changed, with the names of what; judged anew.

        Raises as ``judge``.
        """
        return self.examiner.changes(request)

    def hidden(self, solution: Snapshot, levels: range | None = None) -> Request:
        """Ask for the hidden suites of ``levels``, by default all."""
        return self.request(solution, levels)


def solution_at(path: Path, module: str) -> Snapshot:
    """Return a solution that is a folder, or one file of whatever name.

    Raises RequestError when there is no module of the wanted name, and for a file that means
    nothing, or something else, as UTF-8.
    """
    if path.is_file():
        solution = Snapshot(files={f"{module}.py": path.read_bytes()})
    else:
        solution = solution_in(path)
        if f"{module}.py" not in solution.files:
            raise RequestError(f"There is no {module}.py in {path}.", f"ls {quoted(path)}")
    for name, content in solution.files.items():
        flaw = flaw_of_source(content)
        if flaw:
            file = path if path.is_file() else path / name
            raise RequestError(f"{file} cannot be judged: {flaw}.", f"{SAVE_AS_UTF_8}.")
    return solution
