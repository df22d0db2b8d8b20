"""Files of a problem, beyond what loading it requires."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from harness.authoring.mistakes import MISTAKES_NAME, OLD_NAMES
from harness.authoring.names import line_at
from harness.authoring.subject import Subject
from harness.catalog.content import MANIFEST_NAME, is_junk
from harness.model.finding import Check, Finding, Severity

MOST_TIMES = 4
"""A level has at most so many times the points of a neighbour."""

_TEXTS = frozenset({".py", ".md", ".toml"})
_USUAL_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]*")
_LEVEL_FILES = frozenset({"statement.md", "test_visible.py", "test_hidden.py"})
_TOP_FILES = frozenset(
    {MANIFEST_NAME, "editorial.md", MISTAKES_NAME, "versions.toml", "proof.toml", "fuzz.py"}
)


def files(subject: Subject) -> Iterator[Finding]:
    """Licence, hints, names and texts of files."""
    yield from _manifest(subject)
    for folder in (subject.problem.root, subject.problem.template):
        for path in _files_below(folder):
            yield from _file(subject, path, path.relative_to(folder))
    yield from _same_but_for_case(subject.problem.root)


def _manifest(subject: Subject) -> Iterator[Finding]:
    manifest = subject.problem.manifest
    path = subject.problem.root / MANIFEST_NAME
    text = path.read_text(encoding="utf-8")
    wrong = _licence_error(manifest.license)
    if wrong:
        yield Finding(
            message=f'license is "{manifest.license}". {wrong}',
            why="Candidates and pack authors must know what they may do with it.",
            fix='write an SPDX identifier, as in license = "MIT" (https://spdx.org/licenses)',
            path=path,
            line=_line_of(text, "license"),
        )
    for level, spec in enumerate(manifest.levels, start=1):
        if not spec.hints:
            yield Finding(
                message=f"Level {level} has no hints.",
                why="A stuck candidate has nothing to turn to but the solution.",
                fix="write one sentence that unblocks without giving the design away",
                path=path,
                line=_line_of(text, "id", f'"{spec.id}"'),
                level=level,
            )

    yield from _points(subject, text)


def _points(subject: Subject, manifest: str) -> Iterator[Finding]:
    """Yield levels whose points are out of proportion to those of their neighbours."""
    levels = subject.problem.manifest.levels
    for level, spec in enumerate(levels, start=1):
        beside = [levels[n].points for n in (level - 2, level) if 0 <= n < len(levels)]
        if beside and not min(beside) / MOST_TIMES <= spec.points <= max(beside) * MOST_TIMES:
            yield Finding(
                message=f"Level {level} has {spec.points} points; its neighbours have "
                f"{' and '.join(map(str, beside))}.",
                why="One level would decide the score, or count for nothing.",
                fix=f"keep the points of neighbouring levels within {MOST_TIMES} times each other",
                path=subject.problem.root / MANIFEST_NAME,
                line=_line_of(manifest, "points", str(spec.points)),
                level=level,
                severity=Severity.WARNING,
            )


def _licence_error(licence: str) -> str:
    """Say what is wrong with an SPDX expression; empty when nothing is."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        normal = canonicalize_license_expression(licence)
    except InvalidLicenseExpression:
        return "That is not an SPDX licence expression."
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
            why="It is probably in the wrong folder.",
            fix="move it (docs/authoring.md lists the places), or remove it",
            path=path,
            severity=Severity.WARNING,
        )
    odd = next((part for part in name.parts if not _USUAL_NAME.fullmatch(part)), None)
    if odd is not None:
        yield Finding(
            message=f"'{odd}' is not a portable file name.",
            why="Not every system and shell can handle it, and some take two such names for one.",
            fix="use lower-case letters, digits, underscores and dots",
            path=path,
            severity=Severity.WARNING,
        )
    if path.suffix in _TEXTS:
        # Other checks report suites and solutions that are not Python.
        yield from _text(path, is_program=name.parts == ("fuzz.py",))


def _is_known(subject: Subject, name: Path) -> bool:
    match name.parts:
        case (old, *_) if old in OLD_NAMES:
            return True  # the check mistakes reports it
        case (only,):
            return only in _TOP_FILES
        case (level, file) if re.fullmatch(r"level\d+", level):
            return file in _LEVEL_FILES
        case ("reference", level, *_):
            return level in {f"level{number}" for number in subject.levels} and _is_code(name)
        case ("naive", _, *_):
            return _is_code(name)
        case ("alternates", _, *rest):
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
            why="Other systems would read other characters.",
            fix="save it as UTF-8",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
        )
        return
    for what, place in _oddities(text):
        yield Finding(
            message=f"The file holds {what}.",
            why="People and programs would read different texts.",
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
            fix="fix it",
            path=path,
            line=getattr(error, "lineno", None),
        )


def _same_but_for_case(root: Path) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for path in _files_below(root):
        name = path.relative_to(root).as_posix()
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            yield Finding(
                message=f"{name} and {other} differ only in upper and lower case.",
                why="Some systems keep only one of them.",
                fix="rename one",
                path=path,
            )


CHECKS = (Check(name="files", title="licence, hints, files and their names", run=files),)
