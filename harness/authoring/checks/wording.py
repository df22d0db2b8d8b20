"""Statements as texts: whole Markdown that can be copied, with examples that are true."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.authoring.findings import at_file, line_at
from harness.authoring.mistakes import MISTAKES_NAME
from harness.authoring.subject import Subject
from harness.authoring.suites import suites_of
from harness.authoring.texts import PieceKind, pieces_of
from harness.catalog.content import MANIFEST_NAME
from harness.model.finding import Finding, Severity

MOST_WORDS = 1000
LIMIT_SECONDS = 30
"""The examples of one statement may take so long."""

_NO_PYTHON = re.compile(
    "[\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u2039\u203a\u00ab\u00bb\u2032\u2033\u2010-\u2015\u2212"
    "\u00a0\u2000-\u200a\u202f\uff08\uff09\uff0c\uff1a\uff1d]"
)
"""Typographic quotes, dashes, the minus sign, spaces that do not break, full-width marks."""
_LIKE_LATIN = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧινορυχАВЕКМНОРСТУХЅІЈаеорсухѕіјһԁԛԝ")
"""Letters of Greek and Cyrillic."""
_NO_SCRIPT = ("LATIN", "SUPERSCRIPT", "SUBSCRIPT", "MICRO", "MODIFIER", "FEMININE", "MASCULINE")
"""How the names of letters and digits begin that stand in Latin words."""
_CODE = (PieceKind.CODE, PieceKind.OPEN_CODE)
_WORD = re.compile(r"[^\W_][\w'’.,/-]*")


def wording(subject: Subject) -> Iterator[Finding]:
    """Statements and editorial are whole Markdown; no letter only looks like another."""
    problem = subject.problem
    for level in subject.levels:
        path = problem.statement_path(level)
        text = problem.statement(level)
        yield from _markdown(path, text, level)
        yield from _look_alikes(path, text, level)
        yield from _length(path, text, level)
    yield from _markdown(problem.editorial_path, problem.editorial, None)
    yield from _look_alikes(problem.editorial_path, problem.editorial, None)
    for name in (MANIFEST_NAME, MISTAKES_NAME):
        path = problem.root / name
        if path.exists():
            yield from _look_alikes(path, path.read_text("utf-8", "replace"), None)
    sources = [(source.path, source.text, source.level) for source in suites_of(problem)]
    last = subject.levels[-1]
    folders = [(problem.reference_dir(n), s, n) for n, s in subject.references.items()]
    folders += [(problem.root / "alternates" / n, s, last) for n, s in subject.alternates.items()]
    folders.append((problem.template, subject.skeleton, 1))
    for folder, solution, level in folders:
        for name, content in solution.files.items():
            sources.append((folder / name, content.decode(errors="replace"), level))
    for path, text, level in sources:
        found = list(_look_alikes(path, text, level))
        yield from found
        if not found:
            so_far = "\n".join(problem.statement(n) for n in range(1, level + 1))
            yield from _unsaid_characters(path, text, level, so_far)


def _markdown(path: Path, text: str, level: int | None) -> Iterator[Finding]:
    for line, message, fix in dict.fromkeys(_broken(text)):
        yield at_file(
            path,
            message,
            "The candidate reads it as a terminal or a browser shows it: broken.",
            fix,
            line=line,
            level=level,
        )


def _broken(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield what is broken in Markdown: line, what it is, and what to do."""
    if not re.match(r"\s*# \S", text):
        fix = 'write "# Level 1: Its title" or the like'
        yield 1, "The text does not begin with a heading.", fix
    lines = text.split("\n")
    pieces = list(pieces_of(text))
    anchors = {
        "#" + re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for _, kind, heading in pieces
        if kind is PieceKind.HEADING
    }
    for line, kind, piece in pieces:
        if kind is PieceKind.OPEN_CODE:
            yield line - 1, "This code block is not closed.", "end it as it begins: ``` or ~~~"
        elif kind is PieceKind.TARGET:
            # Statements are shown without the folder they lie in: no file can be reached.
            if piece not in anchors and not piece.startswith(("https://", "http://", "mailto:")):
                yield line, f"The link to '{piece}' leads nowhere.", "say it in the text"
        elif kind is PieceKind.PROSE:
            if "`" in piece:
                fix = "close the code, or take it out"
                yield line, "A backtick without its partner.", fix
            if "**" in piece:
                yield line, "A ** without its partner.", "close it, or take it out"
            if re.match(r"#+[^#\s]", lines[line - 1].strip()):
                yield line, "This heading has no space after its #.", "write one"
            for link in re.finditer(r"\[[^\]]+\]\[([^\]]+)\]", piece):
                yield line, f"There is no [{link[1]}]: …", "add it, or take it out"


def _look_alikes(path: Path, text: str, level: int | None) -> Iterator[Finding]:
    """Yield characters that look like others: quotes in code, letters of another alphabet."""
    found = []
    if path.suffix == ".md":
        for start, kind, piece in pieces_of(text):
            quote = _NO_PYTHON.search(piece) if kind in _CODE else None
            if quote is not None:
                line = start + line_at(piece, quote.start()) - 1
                found.append((line, f"The code has {_name(quote[0])}, which is not Python."))
    for word in re.finditer(r"\w*[A-Za-z]\w*", text):
        other = next((letter for letter in word[0] if _is_foreign(letter)), None)
        if other is not None:
            message = f"'{word[0]}' has {_name(other)} among Latin letters."
            found.append((line_at(text, word.start()), message))
    for line, message in found:
        yield at_file(
            path,
            message,
            "What looks the same is not the same: copied code fails, and so do comparisons.",
            "write the ASCII character",
            line=line,
            level=level,
        )


def _unsaid_characters(path: Path, text: str, level: int, so_far: str) -> Iterator[Finding]:
    """Yield code and data that only look like ASCII, if no statement has such characters.

    Docstrings and comments are prose.
    """
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        return  # another check reports it
    prose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    said = set(so_far)
    for node in nodes:
        words = [getattr(node, name, None) for name in ("id", "attr", "arg", "name", "value")]
        for word in words if id(node) not in prose else ():
            odd = [] if not isinstance(word, str) else _seeming_ascii(word)
            if odd and not said.issuperset(odd):
                yield at_file(
                    path,
                    f"{word!r} has {_name(odd[0])}, which no statement up to level {level} has.",
                    "What looks the same is not the same: a candidate would type the other one.",
                    "write the ASCII character, or say in the statement that such texts occur",
                    line=getattr(node, "lineno", None),
                    level=level,
                    severity=Severity.WARNING,
                )


def _seeming_ascii(text: str) -> list[str]:
    """Return the characters of a text that look like ASCII ones and are none."""
    other = [character for character in text if not character.isascii()]
    letters = [character for character in text if character.isalpha()]
    if letters and set(letters) <= _LIKE_LATIN:
        return letters
    return [c for c in other if _NO_PYTHON.match(c) or unicodedata.normalize("NFKC", c).isascii()]


def _is_foreign(letter: str) -> bool:
    # Greek letters are used in names such as Δt; only some look like Latin ones.
    name = unicodedata.name(letter, "LATIN")
    if name.startswith("GREEK "):
        return letter in _LIKE_LATIN
    return letter.isalnum() and not letter.isascii() and not name.startswith(_NO_SCRIPT)


def _name(character: str) -> str:
    return f"{character} (U+{ord(character):04X}, {unicodedata.name(character, 'unnamed')})"


def _length(path: Path, text: str, level: int) -> Iterator[Finding]:
    words = 0
    for _, kind, piece in pieces_of(text):
        if kind is PieceKind.PROSE:
            words += len(_WORD.findall(piece))
        elif kind is PieceKind.CODE and not piece.endswith("\n"):
            words += 1  # code within a sentence; a block of it ends its last line
    if words > MOST_WORDS:
        yield at_file(
            path,
            f"The statement has {words:,} words, more than {MOST_WORDS:,}.",
            "Candidates read under time pressure, often in a second language.",
            "say less, or leave a part to another level",
            line=1,
            level=level,
            severity=Severity.WARNING,
        )


def examples(subject: Subject) -> Iterator[Finding]:
    """Each statement has an example, and its level's reference answers it to the letter."""
    for level in subject.levels:
        path = subject.problem.statement_path(level)
        answer = _run_examples(subject, level)
        if isinstance(answer, str):
            yield at_file(
                path,
                f"The examples of level {level} cannot be run: {answer}",
                "Examples that are never run soon become wrong.",
                f"fix the statement, or the reference in reference/level{level}/",
                level=level,
            )
            continue
        if not answer["examples"]:
            yield at_file(
                path,
                f"The statement of level {level} has no example.",
                "A short session explains more than a page of rules.",
                "write one as a Python session: >>> and the answers",
                level=level,
            )
        for line, source, *texts in answer["wrong"]:
            wanted, got = (repr(text.strip()) if text.strip() else "nothing" for text in texts)
            yield at_file(
                path,
                f"The example {source.strip()!r} answers {got}, not {wanted}.",
                "Candidates believe examples first.",
                f"fix the example, or the reference in reference/level{level}/",
                line=line,
                level=level,
            )


def _run_examples(subject: Subject, level: int) -> dict[str, Any] | str:
    """Run the examples of a level; return the runner's answer, or why there is none."""
    request = {
        "folder": str(subject.problem.reference_dir(level).absolute()),
        "module": subject.problem.manifest.module,
        "text": subject.problem.statement(level),
    }
    try:
        run = subprocess.run(
            [sys.executable, "-I", "-B", str(Path(__file__).with_name("example_runner.py"))],
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"they take more than {LIMIT_SECONDS} seconds."
    if run.returncode:
        lines = run.stderr.strip().splitlines()
        return lines[-1] if lines else f"the interpreter ended with {run.returncode}."
    answer: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return answer
