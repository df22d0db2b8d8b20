"""What makes the parts of a problem useless to whoever builds on them, each cause told once.

A suite that cannot be collected makes every check that judges fail, and a reference without its
class fails every case. So each check says on what ground it stands (``Check.needs``); a fault of
that ground is told by the check whose business it is, and the others are not asked.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from harness.authoring.examiner import Request
from harness.authoring.outcomes import failed_cases, failures, import_error, line_of_case
from harness.authoring.subject import WRONG_LIST, KnownWrong, Subject
from harness.authoring.suites import SuiteSource, suites_of
from harness.authoring.toplevel import missing_names
from harness.authoring.waivers import WAIVERS_NAME, read_waivers
from harness.errors import BrokenSuiteError, HarnessError
from harness.model.finding import Finding, Ground
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Cause, Judgement, Suite
from harness.model.snapshot import Snapshot

TOLD_BY: Mapping[Ground, str] = {
    Ground.WRONG_LIST: "files",
    Ground.WAIVERS: "files",
    Ground.SOURCES: "files",
    Ground.SUITES: "files",
    Ground.REFERENCES: "references",
    Ground.CASES: "references",
}
"""The check whose business a fault of this ground is."""
_CHAIN = (Ground.SOURCES, Ground.SUITES, Ground.REFERENCES, Ground.CASES)
"""Each stands on those before it."""
_WHERE = re.compile(r"(?P<file>.+):(?P<line>\d+)( in .*)?")
_WHY_SUITE = "No solution can be judged with it, so nothing that is judged can be proven."


@frozen
class Fault:
    """One cause."""

    short: str
    """As a clause: ``reference 3 cannot be imported``."""
    finding: Finding


@frozen
class Obstacle:
    """Why a check cannot be asked."""

    ground: Ground
    faults: Sequence[Fault]

    @property
    def reason(self) -> str:
        """All causes in a few words."""
        more = f" and {len(self.faults) - 1} more" if len(self.faults) > 1 else ""
        return f"{self.faults[0].short}{more}"


class Foundations:
    """What the checks of one examination stand on; each ground is looked at once."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._found: dict[Ground, Sequence[Fault]] = {}

    def obstacle(self, needs: Sequence[Ground]) -> Obstacle | None:
        """Return what a check with these needs cannot stand on; None when it can be asked."""
        last = max((_CHAIN.index(each) for each in needs if each in _CHAIN), default=-1)
        lists = [each for each in needs if each not in _CHAIN]
        for ground in [*lists, *_CHAIN[: last + 1]]:
            faults = self._faults(ground)
            if faults:
                return Obstacle(ground, faults)
        return None

    def _faults(self, ground: Ground) -> Sequence[Fault]:
        if ground not in self._found:
            try:
                self._found[ground] = list(_LOOKS[ground](self._subject))
            except HarnessError as error:
                self._found[ground] = [_of_error(self._subject, error)]
        return self._found[ground]


def wrong_list_faults(subject: Subject) -> Iterator[Fault]:
    """Yield why ``wrong.toml`` cannot be read."""
    yield from _list_fault(subject.problem.root / "wrong" / WRONG_LIST, lambda: subject.wrong_rows)


def waiver_faults(subject: Subject) -> Iterator[Fault]:
    """Yield why ``waivers.toml`` cannot be read."""
    root = subject.problem.root
    yield from _list_fault(root / WAIVERS_NAME, lambda: read_waivers(root))


def _list_fault(path: Path, read: Callable[[], object]) -> Iterator[Fault]:
    try:
        read()
    except HarnessError as error:
        yield Fault(
            f"{path.name} cannot be read",
            Finding(
                message=error.message.replace(str(path), path.name),
                why="Nothing that it says can be compared with what is so.",
                fix="mend it",
                path=path,
            ),
        )


def source_faults(subject: Subject) -> Iterator[Fault]:
    """Yield which suites are no Python, or import what a suite cannot have."""
    for source in suites_of(subject.problem):
        name = source.path.relative_to(subject.problem.root).as_posix()
        try:
            tree = ast.parse(source.text)
        except (SyntaxError, ValueError) as error:
            yield Fault(
                f"{name} is not Python",
                Finding(
                    message=f"The suite is not Python: {getattr(error, 'msg', error)}.",
                    why=_WHY_SUITE,
                    fix="mend it",
                    path=source.path,
                    line=getattr(error, "lineno", None),
                    level=source.level,
                ),
            )
            continue
        allowed = {subject.problem.manifest.module, "pytest", *sys.stdlib_module_names}
        for module, line in _imported(tree):
            if module not in allowed:
                yield _stranger(source, name, module, line)


def suite_faults(subject: Subject) -> Iterator[Fault]:
    """Yield why the judge cannot read the suites."""
    solution = subject.references[subject.levels[-1]]
    for suite in Suite:
        try:
            subject.judge(Request(solution, tuple(subject.levels), suite))
        except HarnessError as error:
            yield _of_error(subject, error)
            return  # of both suites the judge says the same, when it is the judge that fails


def reference_faults(subject: Subject) -> Iterator[Fault]:
    """Yield which references cannot be imported, or lack a name of their levels."""
    asked = [subject.hidden(subject.references[n], range(1, n + 1)) for n in subject.levels]
    for level, judgement in zip(subject.levels, subject.judge_all(asked), strict=True):
        fault = solution_fault(
            subject,
            f"The reference of level {level}",
            subject.references[level],
            subject.problem.reference_dir(level),
            judgement,
            level,
        )
        if fault is not None:
            yield fault


def case_faults(subject: Subject) -> Iterator[Fault]:
    """Yield the cases that the references fail, each case once; no crashes on import."""
    lacking = {fault.finding.level for fault in reference_faults(subject)}
    asked = {
        (level, suite): Request(subject.references[level], tuple(range(1, level + 1)), suite)
        for level in subject.levels
        for suite in Suite
        if level not in lacking
    }
    failed: dict[tuple[Suite, str], list[tuple[int, CaseOutcome]]] = {}
    judged = subject.judge_all(list(asked.values()))
    for (level, suite), judgement in zip(asked, judged, strict=True):
        for outcome in failed_cases(judgement):
            failed.setdefault((suite, outcome.case), []).append((level, outcome))
    for (suite, _), met in failed.items():
        yield _failed_case(subject, suite, met)


def solution_fault(
    subject: Subject,
    who: str,
    solution: Snapshot,
    folder: Path,
    judgement: Judgement,
    level: int | None = None,
) -> Fault | None:
    """Return why a solution cannot be used at all; None when it can.

    ``who``: as a sentence begins with it. ``level``: up to which one it solves; None for all.
    """
    outcome = import_error(judgement)
    short = who.replace("The reference of level", "reference").replace("The ", "the ", 1)
    if outcome is not None:
        return Fault(f"{short} cannot be imported", crash(who, folder, outcome, level))
    manifest = subject.problem.manifest
    missing = missing_names(solution, manifest, level or len(manifest.levels))
    if not missing:
        return None
    brought = ", ".join(f"{name} (a name of level {number})" for name, number in missing.items())
    return Fault(
        f"{short} has no {next(iter(missing))}",
        Finding(
            message=f"{who} has no {brought}.",
            why="Whatever uses it fails by a missing name: that proves nothing of the cases.",
            fix="write it, or take it out of the symbols in problem.toml",
            path=folder / f"{manifest.module}.py",
            level=level,
        ),
    )


def known_wrong_fault(subject: Subject, row: KnownWrong, hidden: Judgement) -> Fault | None:
    """Return why a known-wrong solution is none; None when it fails by its mistake.

    ``hidden``: how it fared up to its level. A missing name may be its mistake, as long as not
    every case fails by it.
    """
    if len(failures(hidden)) < len(hidden.outcomes):
        return None
    who = f"The known-wrong {row.name}"
    folder = subject.problem.root / "wrong" / row.name
    return solution_fault(subject, who, subject.wrong[row.name], folder, hidden, row.level)


def crash(who: str, folder: Path, outcome: CaseOutcome, level: int | None = None) -> Finding:
    """Tell a solution that cannot be imported."""
    where = _WHERE.fullmatch(outcome.where)
    return Finding(
        message=f"{who} cannot be imported: {outcome.message}",
        why="It fails by a crash, whatever the cases ask: that proves nothing of them, and a "
        "candidate who begins with it sees what is not theirs.",
        fix="mend it",
        path=folder / where["file"] if where else folder,
        line=int(where["line"]) if where else None,
        level=level,
    )


def _failed_case(subject: Subject, suite: Suite, met: Sequence[tuple[int, CaseOutcome]]) -> Fault:
    levels = [str(level) for level, _ in met]
    outcome = met[0][1]
    who = f"The reference of level {levels[0]} fails"
    if len(levels) > 1:
        who = f"The references of levels {', '.join(levels[:-1])} and {levels[-1]} fail"
    folders = " and ".join(f"reference/level{level}/" for level in levels)
    fix = f"mend the case, or the reference in {folders}"
    if outcome.cause is Cause.OBJECT:
        fix = "objects of the solution stay in the box: compare what they hold (docs/packs.md)"
    return Fault(
        f"the references fail {outcome.case}",
        Finding(
            message=f"{who} the {suite} case {outcome.case}: "
            f"{outcome.verdict}. {outcome.message}".rstrip(),
            why="Nobody can pass a level that its own reference does not.",
            fix=fix,
            level=outcome.level,
            path=subject.problem.suite_path(outcome.level, suite),
            line=line_of_case(subject, outcome, suite),
        ),
    )


def _of_error(subject: Subject, error: HarnessError) -> Fault:
    """Report what stops the judge, at the suite if it is a suite that cannot be collected."""
    suite = error if isinstance(error, BrokenSuiteError) else None
    return Fault(
        f"{suite.file} cannot be read" if suite else error.message.rstrip("."),
        Finding(
            message=error.message,
            why=_WHY_SUITE,
            fix=error.hint or "mend it, and check again",
            path=subject.problem.root / suite.file if suite else None,
            line=suite.line if suite else None,
        ),
    )


def _stranger(source: SuiteSource, name: str, module: str, line: int) -> Fault:
    return Fault(
        f"{name} imports {module}",
        Finding(
            message=f"The suite imports {module or 'from beside itself'}; a suite imports only the "
            "solution, pytest and the standard library.",
            why="The judge runs each suite by itself, and a candidate gets a visible one alone.",
            fix="copy what is needed of it into the suite",
            path=source.path,
            line=line,
            level=source.level,
        ),
    )


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the top-level packages that are imported; an empty name for relative imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield "" if node.level else (node.module or "").partition(".")[0], node.lineno


_LOOKS: Mapping[Ground, Callable[[Subject], Iterator[Fault]]] = {
    Ground.WRONG_LIST: wrong_list_faults,
    Ground.WAIVERS: waiver_faults,
    Ground.SOURCES: source_faults,
    Ground.SUITES: suite_faults,
    Ground.REFERENCES: reference_faults,
    Ground.CASES: case_faults,
}
