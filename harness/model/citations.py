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

from harness.model.frozen import frozen

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
    return tuple(
        Citation(" ".join(found["text"].split()), found["heading"] or "")
        for found in _RULE.finditer(docstring)
    )


def without_citations(suite: bytes) -> bytes:
    """Return the source of a suite as it would be if its cases cited nothing.

    A suite that is not Python is returned as it is.
    """
    try:
        tree = ast.parse(suite)
    except (SyntaxError, ValueError):
        return suite
    lines = suite.splitlines(keepends=True)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            literal = node.body[0]
            first, last = literal.lineno - 1, (literal.end_lineno or literal.lineno) - 1
            text = b"".join(lines[first : last + 1]).decode(errors="surrogateescape")
            shorter = _uncited(text).encode(errors="surrogateescape")
            # Every line keeps its place in the list, so that the others' numbers hold.
            lines[first : last + 1] = [shorter, *[b""] * (last - first)]
    return b"".join(lines)


def _uncited(literal: str) -> str:
    """Remove the rules from the lines of a docstring; its quotes may follow the last one."""
    end = max(literal.rfind('"""'), literal.rfind("'''"))
    if end < 0:
        return literal
    body, quotes = literal[:end], literal[end:]
    shorter = _WITH_LINES_BEFORE.sub("", body)
    if shorter != body and "\n" not in shorter.strip():
        shorter = shorter.rstrip()  # only the title is left: the quotes stand behind it again
    return shorter + quotes
