"""Who has read the statements so far knows all that the suites so far ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harness.authoring.bounds import Argument, beyond, bounds_in, parameters_in
from harness.authoring.demands import Demand, Kind, Number, Reading
from harness.authoring.giveaways import giveaways, words_given_away
from harness.authoring.names import code_in, later_names, line_at, line_of_name, names_of
from harness.authoring.numbers import numbers_in
from harness.authoring.subject import Subject
from harness.authoring.suites import SuiteSource, suites_of
from harness.catalog.loading import MANIFEST_NAME
from harness.model.finding import Check, Finding, Ground, Severity
from harness.model.judgement import Suite

_WHY_LATER = "It gives away what a later level asks for."
_SESSION = re.compile(r"^(`{3,}|~{3,})[^\n]*\n\s*>>>.*?^\1", re.MULTILINE | re.DOTALL)


def statement(subject: Subject) -> Iterator[Finding]:
    """Each suite asks only for what the statements up to its level say."""
    told = {
        level: subject.problem.statement_path(level).read_text(encoding="utf-8-sig")
        for level in subject.levels
    }
    yield from _symbols(subject, told)
    for source in suites_of(subject.problem):
        yield from _suite(subject, source, [told[n] for n in range(1, source.level + 1)])
    yield from _given_away(subject, told)


def _symbols(subject: Subject, told: dict[int, str]) -> Iterator[Finding]:
    """Each name of the manifest is said by the statement of its level, or an earlier one."""
    for level, spec in enumerate(subject.problem.manifest.levels, start=1):
        text = "\n".join(told[n] for n in range(1, level + 1))
        for name in sorted(names_of(spec.symbols)):
            if not name.startswith("__") and not _says(text, name):
                yield Finding(
                    message=f"The manifest adds {name} at level {level}; no statement up to there "
                    "says it.",
                    why="A candidate cannot guess what to write.",
                    fix=f"describe it, or take it out of the symbols in {MANIFEST_NAME}",
                    path=subject.problem.statement_path(level),
                    level=level,
                )


def _suite(subject: Subject, source: SuiteSource, told: list[str]) -> Iterator[Finding]:
    manifest = subject.problem.manifest
    declared = {name for spec in manifest.levels for name in names_of(spec.symbols)}
    reading = Reading(source, manifest.module, declared)
    later = later_names(manifest, source.level)
    demands = reading.demands()
    for demand in demands:
        if not _is_told(demand, told):
            yield _untold(demand, source, later.get(demand.text))
    if source.suite is Suite.VISIBLE:
        demanded = {demand.text for demand in demands}
        unsaid = {name: level for name, level in later.items() if name not in demanded}
        yield from _whispered(source, unsaid, "\n".join(told))
    yield from _beyond_bounds(reading.numbers(), source, told)
    reference = subject.references[source.level].files.get(f"{manifest.module}.py", b"")
    yield from _beyond_range(reading.arguments(), parameters_in(reference), source, told)


def _whispered(source: SuiteSource, later: Mapping[str, int], told: str) -> Iterator[Finding]:
    """Yield identifiers and comments of a visible suite that have later names in them."""
    for found in giveaways(source.text, later, told):
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


def _is_told(demand: Demand, told: list[str]) -> bool:
    text = "\n".join(told)
    if demand.kind is Kind.MESSAGE:
        return _one_line(demand.text) in _one_line(text)
    if demand.kind is Kind.PATTERN:
        try:
            return bool(re.search(demand.text.strip("^$"), _one_line(text)))
        except re.error:
            return False
    # A word such as "done" stands in any text: as an answer it stands in code.
    return _says(code_in(text) if demand.kind is Kind.ANSWER else text, demand.text)


def _says(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _untold(demand: Demand, source: SuiteSource, later: int | None) -> Finding:
    upto = "statement 1" if source.level == 1 else f"statements 1 to {source.level}"
    message = f"The {source.suite} suite needs the {demand.kind} '{demand.text}': "
    if later is None:
        message += f"not in {upto}."
    else:
        message += f"a name of level {later}, not in {upto}."
    return Finding(
        message=message,
        why="A candidate who does all that was asked would fail for what was not said.",
        fix=f"say it in level{source.level}/statement.md, or do not ask for it",
        path=source.path,
        line=demand.line,
        level=source.level,
        # Whether a text is an answer of the solution's cannot be known from the suite alone.
        severity=Severity.WARNING if demand.kind is Kind.ANSWER else Severity.ERROR,
    )


def _beyond_bounds(
    numbers: list[Number], source: SuiteSource, told: list[str]
) -> Iterator[Finding]:
    """Compare the greatest numbers; which bound is meant for which argument only people know."""
    bound = max(numbers_in(_SESSION.sub("", "\n".join(told))), default=0)
    for passed in (True, False):
        beyond = [n for n in numbers if n.passed is passed and abs(n.value) > bound]
        if beyond:
            worst = max(beyond, key=lambda number: abs(number.value))
            how = "passes" if passed else "holds"
            yield Finding(
                message=f"The {source.suite} suite {how} {worst.value:,}; the statements up to "
                f"level {source.level} bound numbers at {bound:,}.",
                why="A solution that is right within the stated bounds could fail.",
                fix="state the bound, or stay within it",
                path=source.path,
                line=worst.line,
                level=source.level,
                severity=Severity.ERROR if passed else Severity.WARNING,
            )


def _beyond_range(
    arguments: list[Argument],
    parameters: Mapping[str, Sequence[str]],
    source: SuiteSource,
    told: list[str],
) -> Iterator[Finding]:
    """Compare arguments with what is said of their names; the largest numbers are told above."""
    text = _SESSION.sub("", "\n".join(told))
    largest = max(numbers_in(text), default=0)
    for argument, name, bound in beyond(arguments, parameters, bounds_in(text)):
        if abs(argument.value) <= largest:
            yield Finding(
                message=f"The {source.suite} suite passes {argument.value:,} to {argument.callee} "
                f"as {name}, which the statements say is {bound}.",
                why="A solution that is right within the stated bounds could fail.",
                fix="state the bound, or stay within it",
                path=source.path,
                line=argument.line,
                level=source.level,
                severity=Severity.WARNING,
            )


def _given_away(subject: Subject, told: dict[int, str]) -> Iterator[Finding]:
    """Yield names of later levels in statements and hints."""
    manifest = subject.problem.manifest
    path = subject.problem.root / MANIFEST_NAME
    lines = path.read_text(encoding="utf-8-sig")
    for level, spec in enumerate(manifest.levels, start=1):
        texts = [("statement", subject.problem.statement_path(level), told[level], 0)]
        texts += [("hint", path, hint, _line_of_hint(lines, hint)) for hint in spec.hints]
        later = later_names(manifest, level)
        so_far = "\n".join(told[number] for number in range(1, level + 1))
        for what, place, text, line in texts:
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
        needs=(Ground.SOURCES,),
    ),
)
