"""Who must pass passes, and who must fail fails, for the reason that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.authoring.examiner import Request
from harness.authoring.faults import (
    case_faults,
    crash,
    known_wrong_fault,
    reference_faults,
    solution_fault,
)
from harness.authoring.files import files_below
from harness.authoring.giveaways import giveaways
from harness.authoring.names import later_names, line_at, names_of, some_of
from harness.authoring.outcomes import (
    failed_cases,
    failures,
    function_of,
    import_error,
    line_of_case,
)
from harness.authoring.subject import WRONG_LIST, KnownWrong, Subject
from harness.model.finding import Check, Finding, Ground, Severity
from harness.model.judgement import CaseOutcome, Cause, Suite
from harness.model.verdict import Verdict
from harness.words import nearest

FAIR_FAILURES = frozenset({Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR, Verdict.TIME_LIMIT})
"""How the solution of a lower level may fail: a case found it out, not a crash on import."""
NO_FAILURES = frozenset({Verdict.JUDGE_ERROR, Verdict.SKIPPED})
"""What says of the case that it is broken, and of the solution nothing."""
LEAST_ALTERNATES = 2
LEAST_WRONG = 2

_WHY_LATER = "It gives away what a later level asks for."


def references(subject: Subject) -> Iterator[Finding]:
    """The reference of level k passes both suites of levels 1 to k."""
    for fault in (*reference_faults(subject), *case_faults(subject)):
        yield fault.finding


def steps(subject: Subject) -> Iterator[Finding]:
    """The reference of level k-1 fails level k by a case's finding or a missing name."""
    asked = [
        Request(subject.references[level - 1], (level,)) for level in subject.levels if level > 1
    ]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        level = request.levels[0]
        failed = failures(judgement)
        path = subject.problem.suite_path(level, Suite.HIDDEN)
        if not failed:
            yield Finding(
                message=f"The reference of level {level - 1} passes level {level} as it is.",
                why="A level that needs no change is no level.",
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


def skeleton(subject: Subject) -> Iterator[Finding]:
    """The skeleton can be imported, fails every level, and shows no later name."""
    asked = [Request(subject.skeleton, tuple(subject.levels), suite) for suite in Suite]
    path = subject.problem.template / f"{subject.problem.manifest.module}.py"
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        for level in subject.levels:
            if judgement.level_accepted(level):
                yield Finding(
                    message=f"The skeleton passes the {request.suite} suite of level {level}.",
                    why="Who has written nothing must not be told that it is right.",
                    fix="let the skeleton raise NotImplementedError, or write cases that fail it",
                    level=level,
                    path=path,
                )
        outcome = import_error(judgement)
        if outcome is not None and request.suite is Suite.HIDDEN:
            yield crash("The skeleton", subject.problem.template, outcome)
    yield from _later_names(subject)


def alternates(subject: Subject) -> Iterator[Finding]:
    """There are alternates, of another design, and they pass everything."""
    names = list(subject.alternates)
    folder = subject.problem.root / "alternates"
    if len(names) < LEAST_ALTERNATES:
        yield Finding(
            message=f"There are {len(names)} alternates; {LEAST_ALTERNATES} are the least.",
            why="Suites written beside one solution refuse other right ones without noticing.",
            fix="write complete solutions of another design into alternates/NAME/",
            path=folder,
        )
    asked = [
        Request(subject.alternates[name], tuple(subject.levels), suite)
        for name in names
        for suite in Suite
    ]
    judged = zip(
        [name for name in names for _ in Suite], asked, subject.judge_all(asked), strict=True
    )
    for name, request, judgement in judged:
        solution = subject.alternates[name]
        who = f"The alternate {name}"
        fault = solution_fault(subject, who, solution, folder / name, judgement)
        if fault is not None:
            if request.suite is Suite.HIDDEN:
                yield fault.finding
            continue
        for outcome in failed_cases(judgement):
            yield Finding(
                message=f"The alternate {name} fails the {request.suite} case {outcome.case}: "
                f"{outcome.verdict}. {outcome.message}".rstrip(),
                why="Either the case demands what no statement says, or the alternate is wrong.",
                fix="decide by the statement alone which of the two, and mend the case or "
                f"alternates/{name}/",
                path=subject.problem.suite_path(outcome.level, request.suite),
                line=line_of_case(subject, outcome, request.suite),
                level=outcome.level,
            )


def known_wrong(subject: Subject) -> Iterator[Finding]:
    """Each known-wrong solution passes below its level and fails at it, by the named cases."""
    folder = subject.problem.root / "wrong"
    rows = [row for row in subject.wrong_rows if row.name in subject.wrong]
    yield from _unlisted(subject, folder)
    asked = []
    for row in rows:
        solution = subject.wrong[row.name]
        asked.append(Request(solution, tuple(range(1, row.level + 1))))
        if row.level > 1:
            asked.append(Request(solution, tuple(range(1, row.level)), Suite.VISIBLE))
    judged = iter(subject.judge_all(asked))
    for row in rows:
        hidden = next(judged)
        below = [o for o in failures(hidden) if o.level < row.level]
        below += failures(next(judged)) if row.level > 1 else []
        fault = known_wrong_fault(subject, row, hidden)
        if fault is not None:
            yield fault.finding
        else:
            yield from _judge_below(row, below, folder)
            yield from _judge_row(subject, row, hidden.of_level(row.level))


def _is_fair(outcome: CaseOutcome) -> bool:
    ended = outcome.verdict is Verdict.RUNTIME_ERROR and outcome.cause is not Cause.EXCEPTION
    return outcome.verdict in FAIR_FAILURES and not ended


def _judge_below(row: KnownWrong, below: Sequence[CaseOutcome], folder: Path) -> Iterator[Finding]:
    if below:
        cases = some_of([outcome.case for outcome in below])
        yield Finding(
            message=f"The known-wrong {row.name} fails {cases} already, below its level.",
            why="It is to be right up to there: only so does it prove what its level's cases see.",
            fix=f"begin it from the reference of level {row.level}",
            path=folder / row.name,
            level=row.level,
        )


def _judge_row(
    subject: Subject, row: KnownWrong, outcomes: Sequence[CaseOutcome]
) -> Iterator[Finding]:
    for outcome in outcomes:
        if outcome.verdict in NO_FAILURES:
            yield Finding(
                message=f"{outcome.case}, tried by the known-wrong {row.name}, ends with "
                f"{outcome.verdict}: {outcome.message}",
                why="This says nothing of the solution: the mistake is not seen.",
                fix="have the case fail by an assertion",
                path=subject.problem.suite_path(row.level, Suite.HIDDEN),
                line=line_of_case(subject, outcome, Suite.HIDDEN),
                level=row.level,
            )
    names = list(dict.fromkeys(function_of(o) for o in outcomes))
    broken = {function_of(o) for o in outcomes if o.verdict in NO_FAILURES}
    failed = {function_of(o) for o in outcomes if o.verdict is not Verdict.ACCEPTED} - broken
    if not failed and not broken:
        yield Finding(
            message=f"The known-wrong {row.name} passes level {row.level}.",
            why=f"The hidden suite does not see this mistake: {row.why}",
            fix="write a case that fails it",
            path=subject.problem.root / "wrong" / row.name,
            level=row.level,
        )
        return
    path = subject.problem.root / "wrong" / WRONG_LIST
    differences = list(_differences(row, failed, set(names) - broken, names))
    if differences:
        cases = ", ".join(f'"{name}"' for name in names if name in failed)
        yield Finding(
            message=f"The known-wrong {row.name} {'; it '.join(differences)}.".replace("?.", "?"),
            why="The list is the proof of what each case is for; it must be exact.",
            fix=f"if that is meant, write cases = [{cases}]; else mend the cases",
            path=path,
            line=_line_of_row(path, row.name),
            level=row.level,
        )


def _differences(
    row: KnownWrong, failed: set[str], judged: set[str], names: Sequence[str]
) -> Iterator[str]:
    """Yield how the list differs from what is so."""
    listed = set(row.cases)
    strangers = {name: nearest(name, names) for name in row.cases if name not in names}
    lacking = [n for n in names if n in failed - listed - set(strangers.values())]
    if lacking:
        yield f"also fails {some_of(lacking)}, which {WRONG_LIST} lacks"
    passed = [name for name in names if name in (listed & judged) - failed]
    if passed:
        yield f"passes {some_of(passed)}, which {WRONG_LIST} says it fails"
    for name, meant in strangers.items():
        told = f"is to fail {name}, but level {row.level} has no such hidden case"
        if name.partition("[")[0] in names:
            yield f"{told}: a case with parameters is listed by its function, {meant}"
        else:
            yield f"{told}; did you mean {meant}?" if meant else told


def _line_of_row(path: Path, name: str) -> int | None:
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"^\s*name\s*=\s*[\"']{re.escape(name)}[\"']", text, re.MULTILINE)
    return line_at(text, found.start() + len(found.group()) - 1) if found else None


def _unlisted(subject: Subject, folder: Path) -> Iterator[Finding]:
    listed = {row.name for row in subject.wrong_rows}
    for name in sorted(subject.wrong.keys() - listed):
        yield Finding(
            message=f"The known-wrong {name} is not listed in {WRONG_LIST}.",
            why="It would be looked at by nobody.",
            fix=f"list it in wrong/{WRONG_LIST}, or take its folder out",
            path=folder / name,
        )
    for name in sorted(listed - subject.wrong.keys()):
        yield Finding(
            message=f"The known-wrong {name} has no solution.",
            why="It would be looked at by nobody.",
            fix=f"write wrong/{name}/{subject.problem.manifest.module}.py, or take it out of "
            f"{WRONG_LIST}",
            path=folder / WRONG_LIST,
            line=_line_of_row(folder / WRONG_LIST, name),
        )
    for level in subject.levels:
        count = sum(row.level == level for row in subject.wrong_rows)
        if count < LEAST_WRONG:
            yield Finding(
                message=f"Level {level} has {count} known-wrong solutions; {LEAST_WRONG} are the "
                "least.",
                why="They are the typical mistakes that the hidden suite must see.",
                fix=f"write believable mistakes into wrong/NAME/ and list them in {WRONG_LIST}",
                level=level,
                path=folder,
            )


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
                    message=f"The skeleton says {name}, a name of level {level}.",
                    why=_WHY_LATER,
                    fix="take it out of the skeleton",
                    path=subject.problem.template / file,
                    line=line_at(text, found.start()),
                    level=level,
                )
    told = subject.problem.statement_path(1).read_text(encoding="utf-8-sig")
    for file, text in texts.items():
        if file.endswith(".py"):
            hidden = {n: later[n] for n in later if not re.search(rf"\b{re.escape(n)}\b", text)}
            for found_in in giveaways(text, hidden, told):
                yield Finding(
                    message=f"The skeleton says {found_in.said}: {found_in.name} is a name of "
                    f"level {later[found_in.name]}.",
                    why=_WHY_LATER,
                    fix="call it by words of level 1, or take it out of the skeleton",
                    path=subject.problem.template / file,
                    line=found_in.line,
                    level=later[found_in.name],
                    severity=Severity.WARNING,
                )


CHECKS = (
    Check(
        name="references",
        title="each reference passes the suites of its levels",
        run=references,
        needs=(Ground.SUITES,),
    ),
    Check(
        name="steps",
        title="each level fails the reference of the one before",
        run=steps,
        needs=(Ground.CASES,),
    ),
    Check(
        name="skeleton",
        title="the skeleton fails, and gives nothing away",
        run=skeleton,
        needs=(Ground.SUITES,),
    ),
    Check(
        name="alternates", title="other right designs pass", run=alternates, needs=(Ground.CASES,)
    ),
    Check(
        name="known-wrong",
        title="known mistakes fail where they are said to",
        run=known_wrong,
        needs=(Ground.WRONG_LIST, Ground.CASES),
    ),
)
