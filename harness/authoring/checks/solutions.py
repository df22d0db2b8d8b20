"""Correct solutions pass; the skeleton, earlier references and cheats fail, as intended."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.authoring.files import files_below
from harness.authoring.findings import at_case, at_file
from harness.authoring.subject import Subject
from harness.authoring.texts import giveaways, has_name, later_names
from harness.authoring.trials import failed_cases, failures, import_error
from harness.model.finding import Finding, Severity
from harness.model.judgement import CaseOutcome, Cause, Suite, Verdict
from harness.model.manifest import Manifest
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
        for outcome in failed_cases(judgement):
            failed.setdefault((request.suite, outcome.case), []).append((level, outcome))
        crash = import_error(judgement)
        if crash is not None and request.suite is Suite.HIDDEN:
            who, folder = f"The reference of level {level}", subject.problem.reference_dir(level)
            yield cannot_be_imported(subject, who, folder, crash, level)
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
    return at_case(
        subject,
        outcome,
        f"{who} the {suite} case {outcome.case}: {outcome.verdict}. {outcome.message}".rstrip(),
        "No solution can pass a level that its own reference fails.",
        fix,
        suite=suite,
    )


def steps(subject: Subject) -> Iterator[Finding]:
    """The reference of level k-1 fails level k case by case, or by a missing name."""
    asked = [
        subject.request(subject.references[level - 1], (level,), boxes="fresh")
        for level in subject.levels
        if level > 1
    ]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        level = request.levels[0]
        if not failures(judgement):
            yield at_file(
                subject.problem.suite_path(level, Suite.HIDDEN),
                f"The reference of level {level - 1} passes level {level} as it is.",
                "A level that requires no change is not a level.",
                f"write cases for what level {level} changes; or, if the reference of level "
                f"{level - 1} does that already, take it out there",
                level=level,
            )
        for outcome in failed_cases(judgement):
            if not _is_fair(outcome):
                yield at_case(
                    subject,
                    outcome,
                    f"The reference of level {level - 1} fails {outcome.case} by "
                    f"{outcome.verdict}: {outcome.message}",
                    "A candidate whose level is not done yet should see what is missing, "
                    "case by case, and not a crash of everything.",
                    "have the case fail by an assertion or a missing name of its level; or correct "
                    f"the reference of level {level - 1}",
                )


def _is_fair(outcome: CaseOutcome) -> bool:
    """Whether the solution of a lower level fails by what the case asks, and not by a crash."""
    if outcome.verdict is Verdict.RUNTIME_ERROR:
        return outcome.cause is Cause.EXCEPTION
    return outcome.verdict in {Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT}


def skeleton(subject: Subject) -> Iterator[Finding]:
    """The skeleton can be imported, fails every level, and shows no later name."""
    asked = [subject.request(subject.skeleton, suite=suite, boxes="fresh") for suite in Suite]
    folder = subject.problem.template
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        for level in subject.levels:
            if judgement.level_accepted(level):
                yield at_file(
                    folder / f"{subject.problem.manifest.module}.py",
                    f"The skeleton passes the {request.suite} suite of level {level}.",
                    "An empty solution must not pass.",
                    "let the skeleton raise NotImplementedError, or write cases that fail it",
                    level=level,
                )
        crash = import_error(judgement)
        if crash is not None and request.suite is Suite.HIDDEN:
            yield cannot_be_imported(subject, "The skeleton", folder, crash)
    yield from _later_names(subject)


def _later_names(subject: Subject) -> Iterator[Finding]:
    later = later_names(subject.problem.manifest, 1)
    statement = subject.problem.statement(1)
    for file, content in files_below(subject.problem.template).items():
        path, text = subject.problem.template / file, content.decode("utf-8", "replace")
        said = [name for name in later if has_name(text, name)]
        for name in said:
            lines = enumerate(text.splitlines(), start=1)
            yield at_file(
                path,
                f"The skeleton contains {name}, a name of level {later[name]}.",
                _WHY_LATER,
                "remove it from the skeleton",
                line=next(number for number, line in lines if has_name(line, name)),
                level=later[name],
            )
        whispered = {name: later[name] for name in later if name not in said}
        for line, words, name in giveaways(text, whispered, statement):
            if file.endswith(".py"):
                yield at_file(
                    path,
                    f"The skeleton contains {words}: {name} is a name of level {later[name]}.",
                    _WHY_LATER,
                    "use words of level 1, or remove it from the skeleton",
                    line=line,
                    level=later[name],
                    severity=Severity.WARNING,
                )


def alternates(subject: Subject) -> Iterator[Finding]:
    """There are solutions of other designs, and they pass everything."""
    names = list(subject.alternates)
    folder = subject.problem.root / "alternates"
    if len(names) < LEAST_ALTERNATES:
        there = "There is 1 alternate" if len(names) == 1 else f"There are {len(names)} alternates"
        yield at_file(
            folder,
            f"{there}; at least {LEAST_ALTERNATES} are required.",
            "Suites written against one solution often reject other correct ones.",
            "write complete solutions of another design into alternates/NAME/",
        )
    asked = [
        (name, subject.request(subject.alternates[name], suite=suite))
        for name in names
        for suite in Suite
    ]
    judged = subject.judge_all([request for _, request in asked])
    for (name, request), judgement in zip(asked, judged, strict=True):
        crash = import_error(judgement)
        if crash is not None and request.suite is Suite.HIDDEN:
            yield cannot_be_imported(subject, f"The alternate {name}", folder / name, crash)
        for outcome in failed_cases(judgement):
            yield at_case(
                subject,
                outcome,
                f"The alternate {name} fails the {request.suite} case {outcome.case}: "
                f"{outcome.verdict}. {outcome.message}".rstrip(),
                "Either the case asks for something that no statement says, or the alternate is "
                "wrong.",
                "decide by the statement alone which of the two, and fix the case or "
                f"alternates/{name}/",
                suite=request.suite,
            )


def cannot_be_imported(
    subject: Subject, who: str, place: Path, crash: CaseOutcome, level: int | None = None
) -> Finding:
    """Return a finding about a solution in a folder or a file. ``who``: subject of a sentence."""
    return at_file(
        place if place.suffix else place / f"{subject.problem.manifest.module}.py",
        f"{who} cannot be imported: {crash.message}",
        "It fails every case by a crash, which proves nothing about the cases.",
        "fix it",
        level=level,
        detail=crash.where,
    )


# What tricks do to the judge is tested with the judge. Cheats only test the cases of a problem:
# whether one of them accepts an answer that was not worked out.

_ANSWERS = ("None", "True", "False", "0", "1", "''", "[]", "{}")
_ERRORS = ("ValueError", "KeyError")
_EQUAL = """
class Everything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 1
    def __iter__(self): return iter([self])
    def __getitem__(self, key): return self
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    def __enter__(self): return self
    def __exit__(self, *error): return True
    def __str__(self): return "True"

class Text(str):
    __eq__ = __contains__ = __lt__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = str.__hash__
"""
_AGREES = {
    **{f"__{name}__": "return True" for name in ("eq", "lt", "le", "gt", "ge", "contains")},
    "__ne__": "return False",
    "__hash__": "return 0",
}
"""What an operator that problem.toml declares does in all these solutions."""


def cheats(subject: Subject) -> Iterator[Finding]:
    """No cheat gets a level, and none but constant answers gets a case."""
    manifest = subject.problem.manifest
    declared = [name for level in manifest.levels for name in level.symbols.exceptions]
    # What a solution does, its code, and whether it gives one answer to everything: that may be
    # the right one of a case, never of a level.
    rows = [(f"answers {answer} to everything", f"return {answer}", True) for answer in _ANSWERS]
    rows += [
        (f"answers everything by raising {error}", f"raise {error}", True)
        for error in dict.fromkeys([*declared, *_ERRORS])
    ]
    rows += [
        ("answers by an object that equals everything", "return Everything()", False),
        ("answers by a text that equals everything", "return Text('no right answer')", False),
        ("raises an exception of no kind", "raise BaseException('no')", False),
    ]
    rows += [
        (f"answers by a {name} that equals everything", f"return {name}.__new__({name})", False)
        for name in _declares_comparisons(manifest)
    ]
    asked = [
        subject.request(_module(manifest, does), stop_at_timeout=True, boxes="fresh")
        for _, does, _ in rows
    ]
    fooled: dict[str, list[tuple[str, CaseOutcome]]] = {}
    for (what, _, is_constant), judgement in zip(rows, subject.judge_all(asked), strict=True):
        for level in subject.levels:
            if judgement.level_accepted(level):
                yield at_file(
                    subject.problem.suite_path(level, Suite.HIDDEN),
                    f"A solution that {what} passes level {level}.",
                    "Candidates would get points for nothing.",
                    "write cases whose right answers differ from each other",
                    level=level,
                )
        for outcome in judgement.outcomes:
            if outcome.verdict is Verdict.ACCEPTED and not is_constant:
                fooled.setdefault(outcome.case, []).append((what, outcome))
    for case, met in fooled.items():
        yield at_case(
            subject,
            met[0][1],
            f"The hidden case {case} is passed by a solution that "
            f"{'; '.join(what for what, _ in met)}.",
            "The case asks for nothing that only correct code gives, so it proves nothing.",
            "compare the solution's answer with a plain value",
        )


def _declares_comparisons(manifest: Manifest) -> list[str]:
    """Return the classes whose objects the box compares: they could agree to everything."""
    classes = [pair for level in manifest.levels for pair in level.symbols.classes.items()]
    return list(dict.fromkeys(name for name, methods in classes if {*_AGREES} & {*methods}))


def _module(manifest: Manifest, does: str) -> Snapshot:
    """Define all names of all levels; every function and method does the same."""
    functions: list[str] = []
    classes: dict[str, list[str]] = {}
    parts = [_EQUAL]
    for level in manifest.levels:
        functions += level.symbols.functions
        for name, methods in level.symbols.classes.items():
            classes.setdefault(name, []).extend(methods)
        for name, base in level.symbols.exceptions.items():
            parts.append(f"class {name}({base}): pass\n")
    for name in dict.fromkeys(functions):
        parts.append(f"def {name}(*args, **kwargs): {does}\n")
    for name, names in classes.items():
        bodies = ["def __init__(self, *args, **kwargs): pass"]
        bodies += [
            f"def {method}(self, *args, **kwargs): {_AGREES.get(method, does)}"
            for method in dict.fromkeys(names)
            if method != "__init__"
        ]
        parts.append(f"class {name}:\n" + textwrap.indent("\n".join(bodies), "    ") + "\n")
    return Snapshot(files={f"{manifest.module}.py": "\n".join(parts).encode()})
