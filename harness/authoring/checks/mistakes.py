"""Known mistakes fail, at their level and not below, and for the intended reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from harness.authoring.checks.solutions import unusable
from harness.authoring.files import solution_in
from harness.authoring.mistakes import MISTAKES_NAME, OLD_NAMES, Edit, EditError
from harness.authoring.names import some_of
from harness.authoring.outcomes import failures, import_error, line_of_case
from harness.authoring.records import read_matrix
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.authoring.trials import BROKEN, Trial, try_edits
from harness.model.finding import Check, Finding, Severity
from harness.model.judgement import Suite
from harness.model.rules import plain
from harness.words import count_text, nearest

LEAST_MISTAKES = 2
"""Of each level."""

_WHY_UNUSED = "No check can use this row."


def mistakes(subject: Subject) -> Iterator[Finding]:
    """``mistakes.toml`` can be read, its edits fit, and the cases it names exist."""
    path = subject.problem.root / MISTAKES_NAME
    yield from _old_format(subject)
    for error in subject.mistakes_file.errors:
        yield Finding(
            message=error.message,
            why=_WHY_UNUSED,
            fix=f"correct the row in {MISTAKES_NAME} (docs/authoring.md lists its keys)",
            path=path,
            line=error.line,
            level=error.level,
        )
    for edit in (*subject.mistakes, *subject.mistakes_file.equivalents):
        try:
            edit.apply(subject.references[edit.level])
        except EditError as error:
            yield Finding(
                message=f"{edit.name or 'An equivalent'} {error}.",
                why="Its reference has changed, or the row has a typing error.",
                fix="quote the reference as it is now",
                path=path,
                line=edit.line,
                level=edit.level,
            )
    yield from _named_cases(subject, path)


def _old_format(subject: Subject) -> Iterator[Finding]:
    root = subject.problem.root
    old = [name for name in OLD_NAMES if (root / name).exists()]
    if old and (root / MISTAKES_NAME).exists():
        yield Finding(
            message=f"{' and '.join(old)} is not read: there is a {MISTAKES_NAME}.",
            why="A mistake in it would go unnoticed.",
            fix="remove it",
            path=root / old[0],
        )
    elif old:
        yield Finding(
            message=f"Known mistakes are edits of the references now, in {MISTAKES_NAME}; "
            f"{' and '.join(old)} can be turned into it.",
            why="A copy of a reference grows old without notice when its reference changes.",
            fix=f"harness author upgrade {subject.problem.slug}",
            path=root / old[0],
            severity=Severity.WARNING,
        )


def _named_cases(subject: Subject, path: Path) -> Iterator[Finding]:
    hidden: dict[int, list[str]] = {level: [] for level in subject.levels}
    every: dict[int, list[str]] = {level: [] for level in subject.levels}
    for source in suites_of(subject.problem):
        names = [case.name for case in source.cases]
        every[source.level] += names
        if source.suite is Suite.HIDDEN:
            hidden[source.level] += names
    rows = [
        (f"The mistake {edit.name}", edit.level, edit.case, hidden[edit.level], edit.line)
        for edit in subject.mistakes
        if edit.case
    ]
    rows += [
        ("[[kept]]", kept.level, kept.case, every[kept.level], kept.line)
        for kept in subject.mistakes_file.kept
    ]
    for who, level, case, known, line in rows:
        if case not in known:
            meant = nearest(case.partition("[")[0], known)
            yield Finding(
                message=f"{who} names {case}, but level {level} has no such case"
                + (f"; did you mean {meant}?" if meant else "."),
                why="The case may have been renamed or removed.",
                fix="name the function of a case, without parameters",
                path=path,
                line=line,
                level=level,
            )


def known_wrong(subject: Subject) -> Iterator[Finding]:
    """The hidden suite of its level fails each mistake, by the case that it names if any."""
    path = subject.problem.root / MISTAKES_NAME
    for level in subject.levels:
        count = sum(edit.level == level for edit in subject.mistakes)
        if count < LEAST_MISTAKES:
            has = f"Level {level} has {count} {'mistake' if count == 1 else 'mistakes'}"
            yield Finding(
                message=f"{has}; at least {LEAST_MISTAKES} are required.",
                why="They are the typical errors that the hidden suite must catch.",
                fix=f"harness author mistake {subject.problem.slug} NAME --level {level}",
                level=level,
                path=path,
            )
    citing = _citing(subject)
    if citing:
        yield from _without_rule(subject, path)
    proven = read_matrix(subject.problem.root)
    for trial in try_edits(subject, subject.mistakes):
        name = trial.edit.name
        found = _useless(subject, trial, path)
        if found is not None:
            yield found
        else:
            yield from _of_cases(subject, trial, path)
            if citing and trial.edit.breaks and trial.failing:
                yield from _uncited(trial, citing, path)
            if name in proven and proven[name] != tuple(trial.failing):
                yield _changed(subject, trial, proven[name], path)


def _useless(subject: Subject, trial: Trial, path: Path) -> Finding | None:
    """Return why every case fails the mistake, if none of them does by what it asks."""
    edit = trial.edit
    if import_error(trial.own) is None and len(failures(trial.own)) < len(trial.own.outcomes):
        return None  # a missing name may be the mistake, as long as not every case fails by it
    solution = subject.edited(edit)
    who = f"The mistake {edit.name}"
    return unusable(subject, who, solution, path, trial.own, edit.level)


def _of_cases(subject: Subject, trial: Trial, path: Path) -> Iterator[Finding]:
    edit = trial.edit
    broken = [outcome for outcome in trial.own.outcomes if outcome.verdict in BROKEN]
    for outcome in broken:
        yield Finding(
            message=f"{outcome.case}, run with the mistake {edit.name}, ends with "
            f"{outcome.verdict}: {outcome.message}",
            why="That says nothing about the solution: the mistake goes unnoticed.",
            fix="have the case fail by an assertion",
            path=subject.problem.suite_path(edit.level, Suite.HIDDEN),
            line=line_of_case(subject, outcome, Suite.HIDDEN),
            level=edit.level,
        )
    if not trial.failing and not broken:
        yield Finding(
            message=f"The mistake {edit.name} passes level {edit.level}.",
            why=f"The hidden suite does not catch this: {edit.why}",
            fix="write a case that fails it",
            path=path,
            line=edit.line,
            level=edit.level,
        )
    elif edit.case and edit.case not in trial.failing and not broken:
        yield Finding(
            message=f"The mistake {edit.name} passes {edit.case}, the case it names.",
            why="The case was written for this mistake and does not catch it.",
            fix=f"fix the case, or name another; it fails {some_of(trial.failing)}",
            path=path,
            line=edit.line,
            level=edit.level,
        )


def _citing(subject: Subject) -> dict[tuple[int, str], list[str]]:
    """Return which hidden cases cite a rule: level and what counts of its text → functions."""
    found: dict[tuple[int, str], list[str]] = {}
    for source in suites_of(subject.problem):
        if source.suite is Suite.HIDDEN:
            for case in source.cases:
                for citation in case.citations:
                    found.setdefault((source.level, plain(citation.text)), []).append(case.name)
    return found


def _uncited(
    trial: Trial, citing: Mapping[tuple[int, str], Sequence[str]], path: Path
) -> Iterator[Finding]:
    """Report a mistake whose rule none of its failing cases cites."""
    edit = trial.edit
    cases = citing.get((edit.level, plain(edit.breaks)), [])
    if not set(cases) & set(trial.failing):
        which = f"it passes {some_of(cases)}" if cases else f"no case of level {edit.level} does"
        yield Finding(
            message=f"No case that {edit.name} fails cites the rule that it breaks ({which}): "
            f'"{edit.breaks}"',
            why="Its failing cases rest on other rules: they or the mistake name the wrong one.",
            fix=f"cite the rule in a case that fails it ({some_of(trial.failing)}), or name the "
            "rule that it breaks",
            path=path,
            line=edit.line,
            level=edit.level,
        )


def _without_rule(subject: Subject, path: Path) -> Iterator[Finding]:
    edits = [edit for edit in subject.mistakes if not edit.breaks]
    if edits and path.exists():
        names = some_of([edit.name for edit in edits])
        verb, they = ("does", "it breaks") if len(edits) == 1 else ("do", "they break")
        count = count_text(len(edits), "mistake")
        yield Finding(
            message=f"{count} of {len(subject.mistakes)} {verb} not say which rule of the "
            f"statements {they}: {names}.",
            why="With the rule, a check sees whether a case that cites it catches the mistake.",
            fix='add the sentence, word for word, as breaks = "…"',
            path=path,
            line=edits[0].line,
            severity=Severity.WARNING,
        )


def _changed(subject: Subject, trial: Trial, before: tuple[str, ...], path: Path) -> Finding:
    now = trial.failing
    changes = [
        f"{verb} {some_of(names)}"
        for verb, names in (
            ("now also fails", [name for name in now if name not in before]),
            ("no longer fails", [name for name in before if name not in now]),
        )
        if names
    ]
    return Finding(
        message=f"The mistake {trial.edit.name} {' and '.join(changes) or 'fails other cases'}.",
        why="proof.toml says otherwise: a case has changed what it tests.",
        fix=f"if that is intended: harness author prove {subject.problem.slug}",
        path=path,
        line=trial.edit.line,
        level=trial.edit.level,
        severity=Severity.WARNING,
    )


def lower_levels(subject: Subject) -> Iterator[Finding]:
    """Every mistake passes both suites of all levels below its own."""
    edits = [edit for edit in subject.mistakes if edit.level > 1]
    asked = [
        (edit, subject.request(subject.edited(edit), range(1, edit.level), suite))
        for edit in edits
        for suite in Suite
    ]
    judged = subject.judge_all([request for _, request in asked])
    failed: dict[str, tuple[Edit, list[str]]] = {}
    for (edit, _), judgement in zip(asked, judged, strict=True):
        if import_error(judgement) is None:
            _, cases = failed.setdefault(edit.name, (edit, []))
            cases += [outcome.case for outcome in failures(judgement)]
    for edit, cases in failed.values():
        if cases:
            yield Finding(
                message=f"The mistake {edit.name} fails {some_of(cases)}, below its level.",
                why="It must pass every lower level; otherwise it proves nothing about this "
                "level's cases.",
                fix="move it to the level that it fails, or edit what this level adds",
                path=subject.problem.root / MISTAKES_NAME,
                line=edit.line,
                level=edit.level,
            )


def naive(subject: Subject) -> Iterator[Finding]:
    """The naive design passes the levels before the one that breaks it, and fails that."""
    row = subject.mistakes_file.naive
    folder = subject.problem.root / "naive"
    if row is None and not folder.exists():
        return
    if row is None or not folder.is_dir():
        yield Finding(
            message="naive/ is not described in mistakes.toml."
            if row is None
            else f"[naive] is in {MISTAKES_NAME}, but there is no naive/.",
            why="The design and the level that breaks it belong together.",
            fix=f"write naive/{subject.problem.manifest.module}.py and [naive] breaks_at, why",
            path=folder if row is None else subject.problem.root / MISTAKES_NAME,
            line=None if row is None else row.line,
        )
        return
    solution = solution_in(folder)
    asked = [
        subject.request(solution, levels, suite)
        for levels in (tuple(range(1, row.breaks_at)), (row.breaks_at,))
        for suite in Suite
        if levels and (suite is Suite.HIDDEN or levels[0] < row.breaks_at)
    ]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        useless = import_error(judgement)
        breaks = request.levels == (row.breaks_at,)
        cases = [outcome.case for outcome in failures(judgement)]
        if useless is not None:
            text = f"cannot be imported: {useless.message}"
        elif breaks and not cases:
            text = f"passes level {row.breaks_at}, which should break it"
        elif not breaks and cases:
            text = f"fails {some_of(cases)}, before level {row.breaks_at}"
        else:
            continue
        yield Finding(
            message=f"The naive design {text}.",
            why=f"It shows which level calls for another design: {row.why}",
            fix=f"correct naive/, or breaks_at in {MISTAKES_NAME}",
            path=folder / f"{subject.problem.manifest.module}.py",
            level=row.breaks_at,
        )


CHECKS = (
    Check(
        name="mistakes",
        title="mistakes.toml can be read, and its edits fit",
        run=mistakes,
        needs=("references",),
        foundation=True,
    ),
    Check(
        name="known-wrong",
        title="the hidden suites catch known mistakes",
        run=known_wrong,
        needs=("mistakes",),
    ),
    Check(
        name="naive",
        title="the naive design fails where it should",
        run=naive,
        needs=("mistakes",),
    ),
    Check(
        name="lower-levels",
        title="known mistakes pass every lower level",
        run=lower_levels,
        needs=("mistakes",),
        full=True,
    ),
)
