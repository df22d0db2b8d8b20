"""Correct solutions pass; the skeleton and earlier references fail, and for the intended reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.authoring.files import files_below
from harness.authoring.giveaways import giveaways
from harness.authoring.missing_names import missing_names
from harness.authoring.names import later_names, line_at, names_of
from harness.authoring.outcomes import failed_cases, failures, import_error, line_of_case
from harness.authoring.subject import Subject
from harness.model.finding import Check, Finding, Severity
from harness.model.judgement import CaseOutcome, Cause, Judgement, Suite, Verdict
from harness.model.problem import Snapshot

LEAST_ALTERNATES = 2

_WHY_LATER = "It gives away what a later level asks for."


def references(subject: Subject) -> Iterator[Finding]:
    """The reference of level k passes both suites of levels 1 to k."""
    asked = [
        subject.request(subject.references[level], range(1, level + 1), suite)
        for level in subject.levels
        for suite in Suite
    ]
    failed: dict[tuple[Suite, str], list[tuple[int, CaseOutcome]]] = {}
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        level = request.levels[-1]
        folder = subject.problem.reference_dir(level)
        who = f"The reference of level {level}"
        useless = unusable(subject, who, request.snapshot, folder, judgement, level)
        if useless is None:
            for outcome in failed_cases(judgement):
                met = failed.setdefault((request.suite, outcome.case), [])
                met.append((level, outcome))
        elif request.suite is Suite.HIDDEN:
            yield useless
    for (suite, _), met in failed.items():
        yield _failed_case(subject, suite, met)


def _failed_case(subject: Subject, suite: Suite, met: Sequence[tuple[int, CaseOutcome]]) -> Finding:
    levels = [str(level) for level, _ in met]
    outcome = met[0][1]
    who = f"The reference of level {levels[0]} fails"
    if len(levels) > 1:
        who = f"The references of levels {', '.join(levels[:-1])} and {levels[-1]} fail"
    folders = " and ".join(f"reference/level{level}/" for level in levels)
    fix = f"fix the case, or the reference in {folders}"
    if outcome.cause is Cause.OBJECT:
        fix = "objects of the solution stay in the box: compare what they hold (docs/packs.md)"
    return Finding(
        message=f"{who} the {suite} case {outcome.case}: "
        f"{outcome.verdict}. {outcome.message}".rstrip(),
        why="Nobody can pass a level that its own reference fails.",
        fix=fix,
        level=outcome.level,
        path=subject.problem.suite_path(outcome.level, suite),
        line=line_of_case(subject, outcome, suite),
    )


def steps(subject: Subject) -> Iterator[Finding]:
    """The reference of level k-1 fails level k case by case, or by a missing name."""
    asked = [
        subject.request(subject.references[level - 1], (level,))
        for level in subject.levels
        if level > 1
    ]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        level = request.levels[0]
        path = subject.problem.suite_path(level, Suite.HIDDEN)
        if not failures(judgement):
            yield Finding(
                message=f"The reference of level {level - 1} passes level {level} as it is.",
                why="A level that requires no change is not a level.",
                fix=f"write cases for what level {level} changes",
                level=level,
                path=path,
            )
        for outcome in failed_cases(judgement):
            if not _is_fair(outcome):
                yield Finding(
                    message=f"The reference of level {level - 1} fails {outcome.case} by "
                    f"{outcome.verdict}: {outcome.message}",
                    why="A candidate whose level is not done yet should see what is missing, "
                    "case by case, and not a crash of everything.",
                    fix="have the case fail by an assertion or a missing name of its level",
                    line=line_of_case(subject, outcome, Suite.HIDDEN),
                    level=level,
                    path=path,
                )


def _is_fair(outcome: CaseOutcome) -> bool:
    """Whether the solution of a lower level fails by what the case asks, and not by a crash."""
    if outcome.verdict is Verdict.RUNTIME_ERROR:
        return outcome.cause is Cause.EXCEPTION
    return outcome.verdict in {Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT}


def skeleton(subject: Subject) -> Iterator[Finding]:
    """The skeleton can be imported, fails every level, and shows no later name."""
    asked = [subject.request(subject.skeleton, suite=suite) for suite in Suite]
    path = subject.problem.template / f"{subject.problem.manifest.module}.py"
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        for level in subject.levels:
            if judgement.level_accepted(level):
                yield Finding(
                    message=f"The skeleton passes the {request.suite} suite of level {level}.",
                    why="An empty solution must not pass.",
                    fix="let the skeleton raise NotImplementedError, or write cases that fail it",
                    level=level,
                    path=path,
                )
        outcome = import_error(judgement)
        if outcome is not None and request.suite is Suite.HIDDEN:
            yield _crash("The skeleton", path, outcome, None)
    yield from _later_names(subject)


def _later_names(subject: Subject) -> Iterator[Finding]:
    manifest = subject.problem.manifest
    first = names_of(manifest.levels[0].symbols)
    files = files_below(subject.problem.template)
    texts = {name: content.decode("utf-8", "replace") for name, content in files.items()}
    later = {name: level for name, level in later_names(manifest, 1).items() if name not in first}
    for name, level in later.items():
        for file, text in texts.items():
            found = re.search(rf"\b{re.escape(name)}\b", text)
            if found:
                yield Finding(
                    message=f"The skeleton contains {name}, a name of level {level}.",
                    why=_WHY_LATER,
                    fix="remove it from the skeleton",
                    path=subject.problem.template / file,
                    line=line_at(text, found.start()),
                    level=level,
                )
    statement = subject.problem.statement_path(1).read_text(encoding="utf-8-sig")
    for file, text in texts.items():
        if file.endswith(".py"):
            hidden = {n: later[n] for n in later if not re.search(rf"\b{re.escape(n)}\b", text)}
            for giveaway in giveaways(text, hidden, statement):
                yield Finding(
                    message=f"The skeleton contains {giveaway.said}: {giveaway.name} is a name of "
                    f"level {later[giveaway.name]}.",
                    why=_WHY_LATER,
                    fix="use words of level 1, or remove it from the skeleton",
                    path=subject.problem.template / file,
                    line=giveaway.line,
                    level=later[giveaway.name],
                    severity=Severity.WARNING,
                )


def alternates(subject: Subject) -> Iterator[Finding]:
    """There are solutions of other designs, and they pass everything."""
    names = list(subject.alternates)
    folder = subject.problem.root / "alternates"
    if len(names) < LEAST_ALTERNATES:
        there = "There is 1 alternate" if len(names) == 1 else f"There are {len(names)} alternates"
        yield Finding(
            message=f"{there}; at least {LEAST_ALTERNATES} are required.",
            why="Suites written against one solution often reject other correct ones.",
            fix="write complete solutions of another design into alternates/NAME/",
            path=folder,
        )
    asked = [
        (name, subject.request(subject.alternates[name], suite=suite))
        for name in names
        for suite in Suite
    ]
    judged = subject.judge_all([request for _, request in asked])
    for (name, request), judgement in zip(asked, judged, strict=True):
        who = f"The alternate {name}"
        useless = unusable(subject, who, request.snapshot, folder / name, judgement)
        if useless is not None:
            if request.suite is Suite.HIDDEN:
                yield useless
            continue
        for outcome in failed_cases(judgement):
            yield Finding(
                message=f"The alternate {name} fails the {request.suite} case {outcome.case}: "
                f"{outcome.verdict}. {outcome.message}".rstrip(),
                why="Either the case asks for something that no statement says, or the alternate "
                "is wrong.",
                fix="decide by the statement alone which of the two, and fix the case or "
                f"alternates/{name}/",
                path=subject.problem.suite_path(outcome.level, request.suite),
                line=line_of_case(subject, outcome, request.suite),
                level=outcome.level,
            )


def unusable(
    subject: Subject,
    who: str,
    solution: Snapshot,
    folder: Path,
    judgement: Judgement,
    level: int | None = None,
) -> Finding | None:
    """Return why a solution fails whatever the cases ask; None when it can be used.

    ``who``: the subject of a sentence. ``level``: the last level it solves; None for all.
    """
    manifest = subject.problem.manifest
    path = folder if folder.suffix else folder / f"{manifest.module}.py"
    outcome = import_error(judgement)
    if outcome is not None:
        return _crash(who, path, outcome, level)
    missing = missing_names(solution, manifest, level or len(manifest.levels))
    if not missing:
        return None
    names = ", ".join(f"{name} (a name of level {number})" for name, number in missing.items())
    return Finding(
        message=f"{who} has no {names}.",
        why="Every case that uses it fails by a missing name, which proves nothing about the "
        "cases.",
        fix="write it, or remove it from the symbols in problem.toml",
        path=path,
        level=level,
    )


def _crash(who: str, path: Path, outcome: CaseOutcome, level: int | None) -> Finding:
    return Finding(
        message=f"{who} cannot be imported: {outcome.message}",
        why="It fails every case by a crash, which proves nothing about the cases.",
        fix="fix it",
        path=path,
        level=level,
        detail=outcome.where,
    )


CHECKS = (
    Check(
        name="references",
        title="each reference passes the suites of its levels",
        run=references,
        needs=("suites",),
        foundation=True,
    ),
    Check(
        name="steps",
        title="each level fails the reference of the one before",
        run=steps,
        needs=("references",),
    ),
    Check(
        name="skeleton",
        title="the skeleton fails, and gives nothing away",
        run=skeleton,
        needs=("suites",),
    ),
    Check(
        name="alternates",
        title="other correct designs pass",
        run=alternates,
        needs=("references",),
    ),
)
