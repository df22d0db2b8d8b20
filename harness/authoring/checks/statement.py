"""The statements up to a level say all that its suites ask for, and nothing of later levels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from harness.authoring.giveaways import giveaways, words_given_away
from harness.authoring.names import later_names, line_at, line_of_name, names_of
from harness.authoring.requirements import (
    Requirement,
    RequirementKind,
    SuiteReading,
    names_defined_by,
)
from harness.authoring.signatures import bounds_in, kind_of, numbers_in, signatures_in
from harness.authoring.subject import Subject
from harness.authoring.suites import SuiteSource, suites_of
from harness.catalog.content import MANIFEST_NAME
from harness.model.finding import Check, Finding, Severity
from harness.model.judgement import Suite

_WHY_LATER = "It gives away what a later level asks for."
_SESSION = re.compile(r"^(`{3,}|~{3,})[^\n]*\n\s*>>>.*?^\1", re.MULTILINE | re.DOTALL)


def statement(subject: Subject) -> Iterator[Finding]:
    """Each suite asks only for what the statements up to its level say."""
    texts = {
        level: subject.problem.statement_path(level).read_text(encoding="utf-8-sig")
        for level in subject.levels
    }
    yield from _symbols(subject, texts)
    for source in suites_of(subject.problem):
        so_far = "\n".join(texts[level] for level in range(1, source.level + 1))
        yield from _suite(subject, source, so_far)
    yield from _given_away(subject, texts)


def _symbols(subject: Subject, texts: Mapping[int, str]) -> Iterator[Finding]:
    """Each name of the manifest stands in the statement of its level, or an earlier one."""
    so_far = ""
    for level, spec in enumerate(subject.problem.manifest.levels, start=1):
        so_far += f"\n{texts[level]}"
        for name in sorted(names_of(spec.symbols)):
            if not name.startswith("__") and not _says(so_far, name):
                yield Finding(
                    message=f"The manifest adds {name} at level {level}; no statement up to there "
                    "says it.",
                    why="A candidate cannot guess what to write.",
                    fix=f"describe it, or take it out of the symbols in {MANIFEST_NAME}",
                    path=subject.problem.statement_path(level),
                    level=level,
                )


def _suite(subject: Subject, source: SuiteSource, so_far: str) -> Iterator[Finding]:
    manifest = subject.problem.manifest
    known = {name for spec in manifest.levels for name in names_of(spec.symbols)}
    for content in subject.references[source.level].files.values():
        known |= names_defined_by(content)
    reading = SuiteReading(source, manifest.module, known)
    later = later_names(manifest, source.level)
    required = reading.requirements()
    for requirement in required:
        if not _is_stated(requirement, so_far):
            yield _unstated(requirement, source, later.get(requirement.text))
    if source.suite is Suite.VISIBLE:
        reported = {requirement.text for requirement in required}
        unsaid = {name: level for name, level in later.items() if name not in reported}
        yield from _whispered(source, unsaid, so_far)
    for message, line, severity in _beyond(reading, so_far, source.level):
        yield Finding(
            message=f"The {source.suite} suite passes {message}",
            why="A solution that is right within the stated bounds could fail.",
            fix="state it, or stay within what is stated",
            path=source.path,
            line=line,
            level=source.level,
            severity=severity,
        )


def _is_stated(requirement: Requirement, so_far: str) -> bool:
    one_line = " ".join(so_far.split())
    if requirement.kind is RequirementKind.MESSAGE:
        return " ".join(requirement.text.split()) in one_line
    if requirement.kind is RequirementKind.PATTERN:
        try:
            return bool(re.search(requirement.text.strip("^$"), one_line))
        except re.error:
            return False
    return _says(so_far, requirement.text)


def _says(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _unstated(requirement: Requirement, source: SuiteSource, later: int | None) -> Finding:
    upto = "statement 1" if source.level == 1 else f"statements 1 to {source.level}"
    whose = "" if later is None else f"a name of level {later}, "
    return Finding(
        message=f"The {source.suite} suite needs the {requirement.kind} '{requirement.text}': "
        f"{whose}not in {upto}.",
        why="A candidate who does all that was asked would fail for what was not said.",
        fix=f"say it in level{source.level}/statement.md, or do not ask for it",
        path=source.path,
        line=requirement.line,
        level=source.level,
    )


def _beyond(reading: SuiteReading, so_far: str, level: int) -> Iterator[tuple[str, int, Severity]]:
    """Yield what is passed against the statements: what and why not, the line, how sure it is."""
    prose = _SESSION.sub("", so_far)
    largest = max(numbers_in(prose), default=0)
    worst = max(reading.numbers(), key=lambda each: abs(each[0]), default=(0, 0))
    if abs(worst[0]) > largest:
        bound = f"{worst[0]:,}; the statements up to level {level} bound numbers at {largest:,}."
        yield bound, worst[1], Severity.ERROR
    bounds, signatures = bounds_in(prose), signatures_in(so_far)
    for argument in reading.arguments():
        kinds_of = signatures.get(argument.callee, {})
        if isinstance(argument.place, int):
            name = dict(enumerate(kinds_of)).get(argument.place, "")
        else:
            name = argument.place
        value, kinds = argument.value, kinds_of.get(name, frozenset())
        kind = kind_of(value)
        where = f"to {argument.callee} as {name}, which the statements say is"
        fits = kind in kinds or (kind == "int" and "float" in kinds)
        if kinds and not fits:
            stated = " or ".join(sorted(kinds))
            yield f"{value!r} {where} {stated}.", argument.line, Severity.ERROR
        elif kind == "int" and isinstance(value, int) and abs(value) <= largest:
            ranges = bounds.get(name, [])
            if ranges and not any(bound.low <= value <= bound.high for bound in ranges):
                yield f"{value:,} {where} {ranges[0]}.", argument.line, Severity.WARNING


def _whispered(source: SuiteSource, later: Mapping[str, int], so_far: str) -> Iterator[Finding]:
    """Yield identifiers and comments of a visible suite that have later names in them."""
    for found in giveaways(source.text, later, so_far):
        yield Finding(
            message=f"The visible suite of level {source.level} says {found.said}: {found.name} is "
            f"a name of level {later[found.name]}.",
            why=_WHY_LATER,
            fix="say it in words of this level: candidates get this file",
            path=source.path,
            line=found.line,
            level=source.level,
            severity=Severity.WARNING,
        )


def _given_away(subject: Subject, texts: Mapping[int, str]) -> Iterator[Finding]:
    """Yield names of later levels in statements and hints."""
    manifest = subject.problem.manifest
    path = subject.problem.root / MANIFEST_NAME
    lines = path.read_text(encoding="utf-8-sig")
    so_far = ""
    for level, spec in enumerate(manifest.levels, start=1):
        so_far += f"\n{texts[level]}"
        places = [("statement", subject.problem.statement_path(level), texts[level], 0)]
        places += [("hint", path, hint, _line_of_hint(lines, hint)) for hint in spec.hints]
        later = later_names(manifest, level)
        for what, place, text, line in places:
            words = words_given_away(text, later, so_far) if what == "hint" else []
            for name, number in later.items():
                found = line_of_name(text, name)
                if found is not None or name in words:
                    yield Finding(
                        message=f"The {what} of level {level} says {name}, a name of level "
                        f"{number}.",
                        why=_WHY_LATER,
                        fix="say it in words of this level",
                        path=place,
                        line=line or found,
                        level=level,
                        severity=Severity.WARNING if found is None else Severity.ERROR,
                    )


def _line_of_hint(manifest: str, hint: str) -> int:
    """Return the line of a hint; that of the first one if it is written with escapes."""
    place = manifest.find(hint)
    return line_at(manifest, place if place >= 0 else max(manifest.find("hints"), 0))


CHECKS = (
    Check(
        name="statement",
        title="the statements say all that the suites ask for",
        run=statement,
        needs=("suites",),
    ),
)
