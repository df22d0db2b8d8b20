"""What the loader does not say of a problem's files: it can be loaded, but is it well kept?"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from harness.authoring.examiner import Request
from harness.authoring.faults import (
    source_faults,
    suite_faults,
    waiver_faults,
    wrong_list_faults,
)
from harness.authoring.names import later_names, line_at, line_of_name
from harness.authoring.subject import WRONG_LIST, Subject
from harness.authoring.suites import CaseSource, SuiteSource, suites_of
from harness.authoring.waivers import WAIVERS_NAME, read_waivers
from harness.catalog.content import is_junk
from harness.catalog.loading import MANIFEST_NAME
from harness.errors import PackError
from harness.model.finding import Check, Finding, Severity
from harness.model.judgement import Suite
from harness.words import nearest

CASES = {Suite.HIDDEN: (12, 30), Suite.VISIBLE: (3, 8)}
"""How many cases a level should have."""

_TEXTS = frozenset({".py", ".md", ".toml"})
_USUAL_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]*")
_LEVEL_FILES = frozenset({"statement.md", "test_visible.py", "test_hidden.py"})
_TOP_FILES = frozenset(
    {MANIFEST_NAME, "editorial.md", WAIVERS_NAME, "versions.toml", "proof.toml", "fuzz.py"}
)


def files(subject: Subject) -> Iterator[Finding]:
    """Licence, hints, titles and counts of cases, names and texts of files."""
    yield from _manifest(subject)
    readable = True
    for folder in (subject.problem.root, subject.problem.template):
        for path in _files_below(folder):
            found = list(_file(subject, path, path.relative_to(folder)))
            readable = readable and not any(f.severity is Severity.ERROR for f in found)
            yield from found
    yield from _same_but_for_case(subject.problem.root)
    for fault in (*wrong_list_faults(subject), *waiver_faults(subject)):
        yield fault.finding
    if readable:
        faults = list(source_faults(subject)) or list(suite_faults(subject))
        yield from (fault.finding for fault in faults)
        if not faults:
            yield from _cases(subject)
            yield from _kept(subject)


def _manifest(subject: Subject) -> Iterator[Finding]:
    manifest = subject.problem.manifest
    path = subject.problem.root / MANIFEST_NAME
    text = path.read_text(encoding="utf-8")
    wrong = _licence_error(manifest.license)
    if wrong:
        yield Finding(
            message=f'license is "{manifest.license}". {wrong}',
            why="Who sits the problem, or puts it into a pack, must know what they may do with it.",
            fix='write an SPDX identifier, as in license = "MIT" (https://spdx.org/licenses)',
            path=path,
            line=_line_of(text, "license"),
        )
    for level, spec in enumerate(manifest.levels, start=1):
        if not spec.hints:
            yield Finding(
                message=f"Level {level} has no hints.",
                why="Who is stuck in a rehearsal has nothing to ask for but the solution.",
                fix="write one sentence that unblocks without giving the design away",
                path=path,
                line=_line_of(text, "id", f'"{spec.id}"'),
                level=level,
            )


def _licence_error(licence: str) -> str:
    """Say what is wrong with an SPDX expression; empty when nothing is."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        normal = canonicalize_license_expression(licence)
    except InvalidLicenseExpression:
        return "That is no SPDX licence expression."
    return "" if normal == licence else f'SPDX writes it "{normal}".'


def _line_of(text: str, key: str, value: str = "") -> int | None:
    found = re.search(rf"^\s*{key}\s*=.*{re.escape(value)}", text, re.MULTILINE)
    return line_at(text, found.start()) if found else None


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(is_junk(p) for p in path.relative_to(folder).parts):
            yield path


def _file(subject: Subject, path: Path, name: Path) -> Iterator[Finding]:
    if path.is_relative_to(subject.problem.root) and not _is_known(subject, name):
        yield Finding(
            message=f"Nothing reads {name.as_posix()}.",
            why="A file that has no place in a problem may be one that was to lie elsewhere.",
            fix="move it where it belongs (docs/authoring.md lists the places), or take it out",
            path=path,
            severity=Severity.WARNING,
        )
    odd = next((part for part in name.parts if not _USUAL_NAME.fullmatch(part)), None)
    if odd is not None:
        yield Finding(
            message=f"'{odd}' is an odd name.",
            why="Not every system and shell can handle it, and some take two such names for one.",
            fix="use lower-case letters, digits, underscores and dots",
            path=path,
            severity=Severity.WARNING,
        )
    if path.suffix in _TEXTS:
        # Of suites and solutions it is told with the rest of what is wrong with them.
        yield from _text(path, is_program=name.parts == ("fuzz.py",))


def _is_known(subject: Subject, name: Path) -> bool:
    match name.parts:
        case (only,):
            return only in _TOP_FILES
        case (level, file) if re.fullmatch(r"level\d+", level):
            return file in _LEVEL_FILES
        case ("reference", level, *_):
            return level in {f"level{number}" for number in subject.levels} and _is_code(name)
        case ("wrong", file) if file == WRONG_LIST:
            return True
        case ("alternates" | "wrong", _, *rest):
            return bool(rest) and _is_code(name)
    return False


def _is_code(name: Path) -> bool:
    return name.suffix == ".py"


def _text(path: Path, *, is_program: bool) -> Iterator[Finding]:
    content = path.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        yield Finding(
            message=f"The file is not UTF-8 text (byte {error.start}).",
            why="It would be read as something else on every other system.",
            fix="save it as UTF-8",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
        )
        return
    for what, place in _oddities(text):
        yield Finding(
            message=f"The file holds {what}.",
            why="People and programs would not read the same text.",
            fix="save it as plain UTF-8 with line feeds; in Python, write \\u200b and the like",
            path=path,
            line=line_at(text, place),
        )
    if is_program:
        yield from _syntax(path, text)


def _oddities(text: str) -> Iterator[tuple[str, int]]:
    """Yield what is odd about a text, each kind once, and where."""
    if text.startswith("\ufeff"):
        yield "a byte order mark", 0
    if "\r" in text:
        yield "carriage returns", text.index("\r")
    invisible = next((m for m in re.finditer(r"[^\x00-\x7f]", text) if _unseen(m)), None)
    if invisible is not None:
        yield f"the invisible character U+{ord(invisible.group()):04X}", invisible.start()


def _unseen(match: re.Match[str]) -> bool:
    category = unicodedata.category(match.group())
    return category in {"Cf", "Cc", "Co", "Zl", "Zp"} and match.group() != "\ufeff"


def _syntax(path: Path, text: str) -> Iterator[Finding]:
    try:
        ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError) as error:
        yield Finding(
            message=f"The file is not Python: {getattr(error, 'msg', error)}.",
            why="harness author fuzz cannot read it.",
            fix="mend it",
            path=path,
            line=getattr(error, "lineno", None),
        )


def _same_but_for_case(root: Path) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for path in _files_below(root):
        name = path.relative_to(root).as_posix()
        twin = seen.setdefault(name.casefold(), name)
        if twin != name:
            yield Finding(
                message=f"{name} and {twin} differ only in upper and lower case.",
                why="On systems that do not tell them apart one of them is lost.",
                fix="rename one",
                path=path,
            )


def _cases(subject: Subject) -> Iterator[Finding]:
    sources = suites_of(subject.problem)
    for level in subject.levels:
        own = [source for source in sources if source.level == level]
        yield from _titles(subject, level, own)
    yield from _counts(subject)


def _titles(subject: Subject, level: int, own: list[SuiteSource]) -> Iterator[Finding]:
    later = later_names(subject.problem.manifest, level)
    seen: dict[str, str] = {}
    for source in own:
        names: set[str] = set()
        for case in source.cases:
            told = list(_title(case, seen, later))
            if case.name in names:
                told.append(
                    (
                        f"There are two cases {case.name}.",
                        "Of two functions of one name Python keeps the last: the first never runs.",
                        "rename one",
                    )
                )
            names.add(case.name)
            for message, why, fix in told:
                yield Finding(
                    message=message,
                    why=why,
                    fix=fix,
                    path=source.path,
                    line=case.line,
                    level=level,
                )


def _title(
    case: CaseSource, seen: dict[str, str], later: dict[str, int]
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a title: message, why, and what to do."""
    if not case.title:
        yield (
            f"{case.name} has no docstring.",
            "Its first line is the title that the candidate reads.",
            'say in one line which behaviour it asks for, as in """A tie goes to the older"""',
        )
        return
    twin = seen.setdefault(case.title.casefold(), case.name)
    if twin != case.name:
        yield (
            f"{case.name} and {twin} have the same title: {case.title}",
            "The candidate cannot tell which of the two has failed.",
            "let each title say what only this case asks for",
        )
    for name in (n for n in later if line_of_name(case.title, n)):
        yield (
            f"The title of {case.name} says {name}, a name of level {later[name]}.",
            "It gives away what a later level asks for.",
            "say it in words of this level",
        )


def _kept(subject: Subject) -> Iterator[Finding]:
    """Yield the cases that the waivers keep and that are not there."""
    path = subject.problem.root / WAIVERS_NAME
    try:
        kept = read_waivers(subject.problem.root).kept
    except PackError:
        return  # told with the lists
    names = {
        level: [c.name for s in suites_of(subject.problem) if s.level == level for c in s.cases]
        for level in subject.levels
    }
    for row in kept:
        own = names.get(row.level, [])
        if row.case not in own:
            meant = nearest(row.case.partition("[")[0], own)
            yield Finding(
                message=f"Level {row.level} has no case {row.case} to keep"
                + (f"; did you mean {meant}?" if meant else "."),
                why="A reason for a case that is not there hides that the case went missing.",
                fix=f"name the function of a case, or take the row out of {WAIVERS_NAME}",
                path=path,
                line=_line_of(path.read_text(encoding="utf-8"), "case", f'"{row.case}"'),
                level=row.level,
            )


def _counts(subject: Subject) -> Iterator[Finding]:
    """Count the cases that run, each set of parameters as one."""
    last = subject.references[subject.levels[-1]]
    asked = [Request(last, tuple(subject.levels), suite) for suite in Suite]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        least, most = CASES[request.suite]
        counts = Counter(outcome.level for outcome in judgement.outcomes)
        for level in subject.levels:
            if not least <= counts[level] <= most:
                yield Finding(
                    message=f"Level {level} has {counts[level]} {request.suite} cases; "
                    f"{least} to {most} are usual.",
                    why="Fewer leave rules untried; more make a run long and each case cheap."
                    if request.suite is Suite.HIDDEN
                    else "They are the examples: enough to see what is meant, few enough to read.",
                    fix="write cases for what is untried, or merge those that ask the same",
                    path=subject.problem.suite_path(level, request.suite),
                    level=level,
                    severity=Severity.WARNING,
                )


CHECKS = (Check(name="files", title="licence, hints, titles, files and their names", run=files),)
