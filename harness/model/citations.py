"""The rules that a case cites: paragraphs ``Rule: …`` of its docstring.

::

    def test_ids_do_not_matter():
        \"\"\"Among equal priorities the ids themselves do not matter

        Rule: Of tasks with equal priority, the one submitted earlier comes first.
        Rule (run_next): If no task is ready, returns `None`.
        \"\"\"

A rule is a sentence of a statement, word for word. Its lines break freely; it ends at an empty line
or where the next one begins. The name of a heading in parentheses tells equal sentences apart.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable

from harness.model.frozen import frozen

LINE_LENGTH = 100
"""Of citations that are written anew."""

_BEGIN = r"Rule(?: \((?P<heading>[^)\n]*)\))?:"
_RULE = re.compile(
    rf"^[ \t]*{_BEGIN}(?P<text>.*(?:\n(?![ \t]*(?:\n|\Z|Rule(?: \([^)\n]*\))?:)).*)*)",
    re.MULTILINE,
)
_WITH_LINES_BEFORE = re.compile(rf"(?:\n[ \t]*)+{_RULE.pattern[1:]}")


@frozen
class Citation:
    """A sentence that a case quotes from a statement."""

    text: str
    """On one line."""
    heading: str = ""
    """A word of the heading that the sentence stands under; empty when the case names none."""


def citations_in(docstring: str) -> tuple[Citation, ...]:
    """Return the citations of a docstring, in their order."""
    return tuple(_citation(found) for found in _RULE.finditer(docstring))


def without_citations(suite: bytes) -> bytes:
    """Return the source of a suite as it would be if its cases cited nothing.

    A suite that is not Python is returned as it is.
    """
    try:
        return edit_docstrings(suite, _without)
    except (SyntaxError, ValueError):
        return suite


def _without(docstring: str, indent: str, line: int) -> str:
    shorter = _WITH_LINES_BEFORE.sub("", docstring)
    only_a_title = shorter != docstring and "\n" not in shorter.strip()
    return shorter.rstrip() if only_a_title else shorter


def requote(suite: bytes, change: Callable[[int, Citation], Citation]) -> bytes:
    """Return the source of a suite with other citations; those that stay keep their lines.

    ``change`` gets the line of the case's ``def`` and what it cites.
    Raises SyntaxError or ValueError when the suite is not Python.
    """

    def edit(docstring: str, indent: str, line: int) -> str:
        def replace(found: re.Match[str]) -> str:
            before = _citation(found)
            after = change(line, before)
            return found[0] if after == before else _written(after, indent)

        return _RULE.sub(replace, docstring)

    return edit_docstrings(suite, edit)


def edit_docstrings(suite: bytes, edit: Callable[[str, str, int], str]) -> bytes:
    """Apply ``edit`` to the docstring of each function: its text, its indent and the line of def.

    Raises SyntaxError or ValueError when the suite is not Python.
    """
    lines = suite.splitlines(keepends=True)
    for node in ast.walk(ast.parse(suite)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            literal = node.body[0]
            first, last = literal.lineno - 1, (literal.end_lineno or literal.lineno) - 1
            text = b"".join(lines[first : last + 1]).decode(errors="surrogateescape")
            end = max(text.rfind('"""'), text.rfind("'''"))
            if end >= 0:
                text = edit(text[:end], " " * literal.col_offset, node.lineno) + text[end:]
            # The list keeps its length, so that the line numbers of the others hold.
            empty = [b""] * (last - first)
            lines[first : last + 1] = [text.encode(errors="surrogateescape"), *empty]
    return b"".join(lines)


def _citation(found: re.Match[str]) -> Citation:
    return Citation(" ".join(found["text"].split()), found["heading"] or "")


def _written(citation: Citation, indent: str) -> str:
    heading = f" ({citation.heading})" if citation.heading else ""
    return textwrap.fill(
        f"Rule{heading}: {citation.text}",
        LINE_LENGTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
