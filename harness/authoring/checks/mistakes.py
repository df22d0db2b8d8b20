"""Known mistakes fail, at their level and not below, and a failing candidate learns why."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from harness.authoring.checks.solutions import cannot_be_imported
from harness.authoring.files import read_matrix, solution_in
from harness.authoring.findings import at_case, at_file, at_row, some_of
from harness.authoring.mistakes import MISTAKES_NAME, OLD_NAMES, Edit, EditError, Kept
from harness.authoring.subject import Subject
from harness.authoring.suites import cases_of, names_defined_by, suites_of
from harness.authoring.texts import names_of
from harness.authoring.trials import BROKEN, Trial, failures, import_error, try_edits
from harness.model.finding import Finding, Severity
from harness.model.judgement import CaseOutcome, Suite, Verdict
from harness.model.rules import plain
from harness.words import count_text, nearest, quoted

LEAST_MISTAKES = 2
"""Of each level."""
LEAST_CHARACTERS = 16
"""Shorter lines of source may stand anywhere by chance."""


def mistakes(subject: Subject) -> Iterator[Finding]:
    """``mistakes.toml`` can be read, its edits fit, and the cases it names exist."""
    yield from _old_format(subject)
    for error in subject.mistakes_file.errors:
        yield at_row(
            subject,
            error,
            error.message,
            "No check can use this row.",
            f"correct the row in {MISTAKES_NAME} (docs/authoring.md lists its keys)",
        )
    for edit in (*subject.mistakes, *subject.mistakes_file.equivalents):
        try:
            edit.apply(subject.references[edit.level])
        except EditError as error:
            yield at_row(
                subject,
                edit,
                f"{edit.name or 'An equivalent'} {error}.",
                "Its reference has changed, or the row has a typing error.",
                "quote the reference as it is now",
            )
    yield from _named_cases(subject)


def _old_format(subject: Subject) -> Iterator[Finding]:
    root = subject.problem.root
    old = [name for name in OLD_NAMES if (root / name).exists()]
    if old and (root / MISTAKES_NAME).exists():
        yield at_file(
            root / old[0],
            f"{' and '.join(old)} is not read: there is a {MISTAKES_NAME}.",
            "A mistake in it would go unnoticed.",
            "remove it",
        )
    elif old:
        yield at_file(
            root / old[0],
            f"Known mistakes are edits of the references now, in {MISTAKES_NAME}; "
            f"{' and '.join(old)} can be turned into it.",
            "A copy of a reference grows old without notice when its reference changes.",
            f"harness author upgrade {quoted(subject.problem.root)}",
            severity=Severity.WARNING,
        )


def _named_cases(subject: Subject) -> Iterator[Finding]:
    cases = cases_of(subject.problem)
    rows: list[tuple[str, Edit | Kept, set[Suite]]] = [
        (f"The mistake {edit.name}", edit, {Suite.HIDDEN}) for edit in subject.mistakes if edit.case
    ]
    rows += [("[[kept]]", kept, set(Suite)) for kept in subject.mistakes_file.kept]
    for who, row, suites in rows:
        known = [
            case.name
            for case in cases
            if case.source.level == row.level and case.source.suite in suites
        ]
        if row.case not in known:
            meant = nearest(row.case.partition("[")[0], known)
            yield at_row(
                subject,
                row,
                f"{who} names {row.case}, but level {row.level} has no such case"
                + (f"; did you mean {meant}?" if meant else "."),
                "The case may have been renamed or removed.",
                "name the function of a case, without parameters",
            )


def known_wrong(subject: Subject) -> Iterator[Finding]:
    """The hidden suite of its level fails each mistake, by the case that it names if any."""
    path = subject.problem.root / MISTAKES_NAME
    for level in subject.levels:
        count = sum(edit.level == level for edit in subject.mistakes)
        if count < LEAST_MISTAKES:
            yield at_file(
                path,
                f"Level {level} has {count_text(count, 'mistake')}; at least {LEAST_MISTAKES} are "
                "required.",
                "They are the typical errors that the hidden suite must catch.",
                f"harness author mistake {quoted(subject.problem.root)} NAME --level {level}",
                level=level,
            )
    citing = _citing(subject)
    if citing and path.exists():
        yield from _without_rule(subject)
    proven = read_matrix(subject.problem.root)
    for trial in try_edits(subject, subject.mistakes):
        edit, crash = trial.edit, import_error(trial.own)
        if crash is not None:
            yield cannot_be_imported(subject, f"The mistake {edit.name}", path, crash, edit.level)
            continue
        removed = _removed_names(subject, edit)
        if removed and len(failures(trial.own)) == len(trial.own.outcomes):
            yield at_row(
                subject,
                edit,
                f"The mistake {edit.name} has no {some_of(removed)}.",
                "Every case fails by a missing name, which proves nothing about the cases.",
                "edit what the reference does, and leave the name in it",
            )
            continue
        yield from _of_cases(subject, trial)
        if citing and edit.breaks and trial.failing:
            yield from _uncited(subject, trial, citing)
        if edit.name in proven and proven[edit.name] != tuple(trial.failing):
            yield _changed(subject, trial, proven[edit.name])


def _removed_names(subject: Subject, edit: Edit) -> list[str]:
    """Return the declared names up to the edit's level that its reference has and it has not."""
    defined: list[set[str]] = []
    for solution in (subject.references[edit.level], subject.edited(edit)):
        names = (names_defined_by(content) for content in solution.files.values())
        defined.append(set().union(*names))
    specs = subject.problem.manifest.levels[: edit.level]
    declared = {name for spec in specs for name in names_of(spec.symbols)}
    return sorted(declared & (defined[0] - defined[1]))


def _of_cases(subject: Subject, trial: Trial) -> Iterator[Finding]:
    edit = trial.edit
    broken = [outcome for outcome in trial.own.outcomes if outcome.verdict in BROKEN]
    for outcome in broken:
        yield at_case(
            subject,
            outcome,
            f"{outcome.case}, run with the mistake {edit.name}, ends with "
            f"{outcome.verdict}: {outcome.message}",
            "That says nothing about the solution: the mistake goes unnoticed.",
            "have the case fail by an assertion; or edit what the mistake does, if it only crashes",
        )
    if not trial.failing and not broken:
        yield at_row(
            subject,
            edit,
            f"The mistake {edit.name} passes level {edit.level}.",
            f"The hidden suite does not catch this: {edit.why}",
            "write a case that fails it; or, if it breaks no rule, take it out",
        )
    elif edit.case and edit.case not in trial.failing and not broken:
        yield at_row(
            subject,
            edit,
            f"The mistake {edit.name} passes {edit.case}, the case it names.",
            "The case was written for this mistake and does not catch it.",
            f"fix the case, or name another; it fails {some_of(trial.failing)}",
        )


def _citing(subject: Subject) -> dict[tuple[int, str], list[str]]:
    """Return which hidden cases cite a rule: level and what counts of its text → functions."""
    found: dict[tuple[int, str], list[str]] = {}
    for case in cases_of(subject.problem):
        if case.source.suite is Suite.HIDDEN:
            for citation in case.citations:
                rule = (case.source.level, plain(citation.text))
                found.setdefault(rule, []).append(case.name)
    return found


def _uncited(
    subject: Subject, trial: Trial, citing: Mapping[tuple[int, str], Sequence[str]]
) -> Iterator[Finding]:
    """Report a mistake whose rule none of its failing cases cites."""
    edit = trial.edit
    cases = citing.get((edit.level, plain(edit.breaks)), [])
    if not set(cases) & set(trial.failing):
        which = f"it passes {some_of(cases)}" if cases else f"no case of level {edit.level} does"
        yield at_row(
            subject,
            edit,
            f"No case that {edit.name} fails cites the rule that it breaks ({which}): "
            f'"{edit.breaks}"',
            "Its failing cases rest on other rules: they or the mistake name the wrong one.",
            f"cite the rule in a case that fails it ({some_of(trial.failing)}), or name the rule "
            "that it breaks",
        )


def _without_rule(subject: Subject) -> Iterator[Finding]:
    edits = [edit for edit in subject.mistakes if not edit.breaks]
    if edits:
        verb, they = ("does", "it breaks") if len(edits) == 1 else ("do", "they break")
        yield at_file(
            subject.problem.root / MISTAKES_NAME,
            f"{count_text(len(edits), 'mistake')} of {len(subject.mistakes)} {verb} not say which "
            f"rule of the statements {they}: {some_of([edit.name for edit in edits])}.",
            "With the rule, a check sees whether a case that cites it catches the mistake.",
            'add the sentence, word for word, as breaks = "…"',
            line=edits[0].line,
            severity=Severity.WARNING,
        )


def _changed(subject: Subject, trial: Trial, before: tuple[str, ...]) -> Finding:
    now = trial.failing
    changes = [
        f"{verb} {some_of(names)}"
        for verb, names in (
            ("now also fails", [name for name in now if name not in before]),
            ("no longer fails", [name for name in before if name not in now]),
        )
        if names
    ]
    return at_row(
        subject,
        trial.edit,
        f"The mistake {trial.edit.name} {' and '.join(changes) or 'fails other cases'}.",
        "proof.toml says otherwise: a case has changed what it tests.",
        f"harness author prove {quoted(subject.problem.root)}  # if that is intended",
        severity=Severity.WARNING,
    )


def lower_levels(subject: Subject) -> Iterator[Finding]:
    """Every mistake passes both suites of all levels below its own."""
    edits = [edit for edit in subject.mistakes if edit.level > 1]
    failed: dict[str, list[str]] = {}
    for suite in Suite:
        asked = [
            subject.request(subject.edited(edit), range(1, edit.level), suite) for edit in edits
        ]
        for edit, judgement in zip(edits, subject.judge_all(asked), strict=True):
            if import_error(judgement) is None:
                cases = [outcome.case for outcome in failures(judgement)]
                failed.setdefault(edit.name, []).extend(cases)
    for edit in edits:
        cases = failed.get(edit.name, [])
        if cases:
            yield at_row(
                subject,
                edit,
                f"The mistake {edit.name} fails {some_of(cases)}, below its level.",
                "It must pass every lower level; otherwise it proves nothing about this level's "
                "cases.",
                "move it to the level that it fails, or edit what this level adds",
            )


def naive(subject: Subject) -> Iterator[Finding]:
    """The naive design passes the levels before the one that breaks it, and fails that."""
    row = subject.mistakes_file.naive
    folder = subject.problem.root / "naive"
    module = f"{subject.problem.manifest.module}.py"
    why = "The design and the level that breaks it belong together."
    fix = f"write naive/{module} and [naive] breaks_at, why"
    if row is None:
        if folder.exists():
            yield at_file(folder, "naive/ is not described in mistakes.toml.", why, fix)
        return
    if not folder.is_dir():
        message = f"[naive] is in {MISTAKES_NAME}, but there is no naive/."
        yield at_row(subject, row, message, why, fix)
        return
    solution = solution_in(folder)
    below = range(1, row.breaks_at)
    asked = [subject.request(solution, below, suite) for suite in Suite if below]
    asked.append(subject.request(solution, (row.breaks_at,), boxes="fresh"))
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        crash = import_error(judgement)
        breaks = request.levels == (row.breaks_at,)
        cases = [outcome.case for outcome in failures(judgement)]
        if crash is not None:
            text = f"cannot be imported: {crash.message}"
        elif breaks and not cases:
            text = f"passes level {row.breaks_at}, which should break it"
        elif not breaks and cases:
            text = f"fails {some_of(cases)}, before level {row.breaks_at}"
        else:
            continue
        yield at_file(
            folder / module,
            f"The naive design {text}.",
            f"It shows which level calls for another design: {row.why}",
            f"correct naive/, or breaks_at in {MISTAKES_NAME}",
            level=row.breaks_at,
        )


def feedback(subject: Subject) -> Iterator[Finding]:
    """Full feedback on known mistakes explains the failure and leaks nothing."""
    secret = _secret_lines(subject)
    reported: set[tuple[str, str]] = set()
    for trial in try_edits(subject, subject.mistakes):
        if import_error(trial.own) is not None:
            continue  # the check known-wrong reports it, and it says nothing about the cases
        for outcome in failures(trial.own):
            who = f"{outcome.case}, failed by the mistake {trial.edit.name},"
            for what, why, fix in _complaints(outcome, secret):
                # Several mistakes fail the same case in the same way.
                if (outcome.case, why) not in reported:
                    reported.add((outcome.case, why))
                    shown = "\n".join([*outcome.calls[-5:], outcome.message])
                    yield at_case(subject, outcome, f"{who} {what}", why, fix, detail=shown)


def _complaints(outcome: CaseOutcome, secret: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with what a failed case shows: in words, why, and what to do."""
    if outcome.verdict is Verdict.JUDGE_ERROR:
        yield (
            f"is an error of the judge: {outcome.message}",
            "A wrong solution must fail, and not make the judge fail.",
            "have the case judge only plain answers of its own objects, and end its threads; "
            "or let the mistake go wrong in another way",
        )
        return
    if not outcome.calls:
        yield (
            "shows no call.",
            "The candidate cannot see what was tried.",
            "have the case call the solution itself, and not at import or from a module's fixture",
        )
    explained = bool(outcome.message)
    if outcome.verdict is Verdict.WRONG_ANSWER:
        explained = outcome.expected is not None and outcome.actual is not None
    if not explained:
        yield (
            "shows neither what was expected and what came, nor an exception or a limit.",
            "The candidate sees that something is wrong, but not what.",
            "compare plain values, the answer first: assert store.get(1) == 2",
        )
    texts = [outcome.message, outcome.expected, outcome.actual, outcome.output, *outcome.calls]
    shown = "\n".join(filter(None, texts))
    for line, origin in secret.items():
        if line in shown:
            yield (
                f"shows a line of {origin}: {line}",
                f"The candidate must not see {origin}.",
                "compare plain values, or say in words what is wrong",
            )


def _secret_lines(subject: Subject) -> dict[str, str]:
    """Return the secret lines of hidden suites and references → where they stand.

    Titles are shown anyway. So are lines that only call, such as ``store = KVStore()``: the record
    of calls has them.
    """
    texts = [
        (f"the hidden suite of level {source.level}", source.text)
        for source in suites_of(subject.problem)
        if source.suite is Suite.HIDDEN
    ]
    texts += [
        (f"the reference of level {level}", content.decode("utf-8-sig"))
        for level, reference in subject.references.items()
        for content in reference.files.values()
    ]
    secret: dict[str, str] = {}
    for origin, text in texts:
        shown: set[int] = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Expr) or (
                isinstance(node, ast.Assign | ast.Return)
                and isinstance(node.value, ast.Call | ast.Constant)
            ):
                shown.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
            if number not in shown and len(line) >= LEAST_CHARACTERS:
                secret.setdefault(line, origin)
    return secret
