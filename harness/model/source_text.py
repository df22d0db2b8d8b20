"""What a Python file must be to mean in a box what it means elsewhere: UTF-8 text."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

SAVE_AS_UTF_8 = "Save it as UTF-8 in your editor, declaring no other encoding"
_LINES = re.compile(rb"\r\n|\r|\n")
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_COMMENT = re.compile(rb"[ \t\f]*(#|$)")


class SourceFlaw(NamedTuple):
    """What keeps a file from being read as UTF-8."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line} {self.what}"


def flaw_of_source(content: bytes) -> SourceFlaw | None:
    """Return what keeps ``content`` from meaning as UTF-8 what it means in Python."""
    declared = _declared_encoding(content)
    if declared and not _is_utf_8(declared[0]):
        encoding, line = declared
        return SourceFlaw(line, f"declares the encoding {encoding}, and only UTF-8 is read")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return SourceFlaw(_line_at(content, error.start), "contains bytes that are not UTF-8")
    end = content.find(b"\0")
    return SourceFlaw(_line_at(content, end), "contains a NUL byte") if end >= 0 else None


def _declared_encoding(content: bytes) -> tuple[str, int] | None:
    """Return what a comment in one of the first two lines says (PEP 263), and its line."""
    head = content.removeprefix(codecs.BOM_UTF8)
    for number, line in enumerate(_LINES.split(head, maxsplit=2)[:2], 1):
        found = _COOKIE.match(line)
        if found:
            return found[1].decode("ascii"), number
        if not _COMMENT.match(line):
            return None
    return None


def _is_utf_8(encoding: str) -> bool:
    """Tell whether Python reads ``encoding`` as UTF-8, in which it believes every ``utf-8-…``."""
    if f"{encoding.lower().replace('_', '-')}-".startswith("utf-8-"):
        return True
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def _line_at(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1
