"""Files of a problem, beyond what loading it requires, and its versions."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from harness.authoring.files import (
    VERSIONS_NAME,
    fingerprint,
    least_next,
    numbers,
    read_versions,
)
from harness.authoring.findings import at_file, line_at
from harness.authoring.mistakes import MISTAKES_NAME, OLD_NAMES
from harness.authoring.subject import Subject
from harness.catalog.content import MANIFEST_NAME, is_junk
from harness.catalog.toml import key_lines
from harness.model.finding import Finding, Severity
from harness.model.source_text import flaw_of_source
from harness.words import quoted

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
    problem = subject.problem
    seen: dict[str, str] = {}
    for folder in (problem.root, problem.template):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if not path.is_file() or any(is_junk(part) for part in name.parts):
                continue
            yield from _name(path, name)
            if path.suffix in _TEXTS:
                yield from _text(path)
            if folder == problem.root:
                if not _is_known(subject, name):
                    yield at_file(
                        path,
                        f"Nothing reads {name.as_posix()}.",
                        "It is probably in the wrong folder.",
                        "move it (docs/authoring.md lists the places), or remove it",
                        severity=Severity.WARNING,
                    )
                other = seen.setdefault(name.as_posix().casefold(), name.as_posix())
                if other != name.as_posix():
                    yield at_file(
                        path,
                        f"{name.as_posix()} and {other} differ only in upper and lower case.",
                        "Some systems keep only one of them.",
                        "rename one",
                    )


def _manifest(subject: Subject) -> Iterator[Finding]:
    manifest = subject.problem.manifest
    path = subject.problem.root / MANIFEST_NAME
    lines = key_lines(path.read_text(encoding="utf-8"))
    wrong = _licence_error(manifest.license)
    if wrong:
        yield at_file(
            path,
            f'license is "{manifest.license}". {wrong}',
            "Candidates and pack authors must know what they may do with it.",
            'write an SPDX identifier, as in license = "MIT" (https://spdx.org/licenses)',
            line=lines.get(("license",)),
        )
    for level, spec in enumerate(manifest.levels, start=1):
        if not spec.hints:
            yield at_file(
                path,
                f"Level {level} has no hints.",
                "A stuck candidate has nothing to turn to but the solution.",
                "write one sentence that unblocks without giving the design away",
                line=lines.get(("levels", level - 1, "id")),
                level=level,
            )
        if spec.bonus > spec.points * MOST_TIMES:
            yield at_file(
                path,
                f"Level {level} has a bonus of {spec.bonus} for {spec.points} points.",
                "What the cases are worth would count for nothing.",
                f"keep the bonus within {MOST_TIMES} times the points",
                line=lines.get(("levels", level - 1, "bonus")),
                level=level,
                severity=Severity.WARNING,
            )
        neighbours = (level - 2, level)
        beside = [manifest.levels[n].points for n in neighbours if 0 <= n < len(manifest.levels)]
        if beside and not min(beside) / MOST_TIMES <= spec.points <= max(beside) * MOST_TIMES:
            yield at_file(
                path,
                f"Level {level} has {spec.points} points; its neighbours have "
                f"{' and '.join(map(str, beside))}.",
                "One level would decide the score, or count for nothing.",
                f"keep the points of neighbouring levels within {MOST_TIMES} times each other",
                line=lines.get(("levels", level - 1, "points")),
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


def _name(path: Path, name: Path) -> Iterator[Finding]:
    odd = next((part for part in name.parts if not _USUAL_NAME.fullmatch(part)), None)
    if odd is not None:
        yield at_file(
            path,
            f"'{odd}' is not a portable file name.",
            "Not every system and shell can handle it, and some take two such names for one.",
            "use lower-case letters, digits, underscores and dots",
            severity=Severity.WARNING,
        )


def _is_known(subject: Subject, name: Path) -> bool:
    match name.parts:
        case (old, *_) if old in OLD_NAMES:
            return True  # the check mistakes reports it
        case (only,):
            return only in _TOP_FILES
        case (level, file) if re.fullmatch(r"level\d+", level):
            return file in _LEVEL_FILES
        case ("reference", level, *_):
            return name.suffix == ".py" and level in {f"level{n}" for n in subject.levels}
        case ("naive", *_) | ("alternates", _, _, *_):
            return name.suffix == ".py"
    return False


def _text(path: Path) -> Iterator[Finding]:
    content = path.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        yield at_file(
            path,
            f"The file is not UTF-8 text (byte {error.start}).",
            "Other systems would read other characters.",
            "save it as UTF-8",
            line=content.count(b"\n", 0, error.start) + 1,
        )
        return
    flaw = flaw_of_source(content) if path.suffix == ".py" else None
    if flaw is not None:
        yield at_file(
            path,
            f"The file {flaw.what}.",
            "Python would read other characters than the judge and people do.",
            "save it as UTF-8, declaring no other encoding",
            line=flaw.line,
        )
    for what, place in _oddities(text):
        yield at_file(
            path,
            f"The file holds {what}.",
            "People and programs would read different texts.",
            "save it as plain UTF-8 with line feeds; in Python, write \\u200b and the like",
            line=line_at(text, place),
        )
    if path.name == "fuzz.py":  # other checks report suites and solutions that are not Python
        try:
            ast.parse(text.removeprefix("\ufeff"))
        except (SyntaxError, ValueError) as error:
            yield at_file(
                path,
                f"The file is not Python: {getattr(error, 'msg', error)}.",
                "harness author fuzz cannot read it.",
                "fix it",
                line=getattr(error, "lineno", None),
            )


def _oddities(text: str) -> Iterator[tuple[str, int]]:
    """Yield what is odd about a text, each kind once, and where."""
    if text.startswith("\ufeff"):
        yield "a byte order mark", 0
    if "\r" in text:
        yield "carriage returns", text.index("\r")
    for place, character in enumerate(text):
        kind = "" if character.isascii() else unicodedata.category(character)
        if kind in {"Cf", "Cc", "Co", "Zl", "Zp"} and character != "\ufeff":
            yield f"the invisible character U+{ord(character):04X}", place
            return


def version(subject: Subject) -> Iterator[Finding]:
    """The manifest's version is the newest entry, and the problem has not changed since."""
    problem = subject.problem
    path = problem.root / VERSIONS_NAME
    manifest = problem.root / MANIFEST_NAME
    line = key_lines(manifest.read_text(encoding="utf-8")).get(("version",))
    entries = read_versions(problem.root)
    stated = problem.manifest.version
    command = f"harness author release {quoted(problem.root)} --version"
    why = "A candidate who takes a problem again wants to know what is different."
    if not entries or entries[-1].version != stated:
        newest = f"the newest is {entries[-1].version}" if entries else "there is none"
        yield at_file(
            manifest,
            f"Version {stated} has no entry at the end of {VERSIONS_NAME}: {newest}.",
            why,
            f"{command} {stated} -m 'what changed'",
            line=line,
            # A problem without a released version may change freely.
            severity=Severity.ERROR if entries else Severity.WARNING,
        )
    elif (before := entries[-1].fingerprint) != (now := fingerprint(problem)):
        what = "Behaviour (suites, skeleton, limits, symbols, minutes or points)"
        if before.behaviour == now.behaviour:
            what = "Only words (statements, editorial, titles, summaries or hints)"
        yield at_file(
            manifest,
            f"{what} changed since version {stated}.",
            "Two people who took the same version must have taken the same problem; otherwise "
            "neither their results nor its proofs can be compared.",
            f"{command} {least_next(entries[-1], now)} -m 'what changed'  # if {stated} was never "
            f"released: {command} {stated} --amend -m 'what changed'",
            line=line,
        )
    for earlier, later in pairwise(entries):
        least = least_next(earlier, later.fingerprint)
        if numbers(later.version) < numbers(least):
            yield at_file(
                path,
                f"{later.version} follows {earlier.version}, but what it changed requires at least "
                f"{least}.",
                "The number says whether a solution that passed before will pass again.",
                f"number it {least}, here and in {MANIFEST_NAME}",
            )
    for entry in entries:
        if not entry.changes.strip():
            yield at_file(
                path,
                f"The entry of version {entry.version} does not say what changed.",
                why,
                "write a sentence into changes",
            )
