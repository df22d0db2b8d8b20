"""Aligns two rendered values at their first difference, and makes white space visible."""

from __future__ import annotations

import unicodedata

from harness.model.frozen import frozen

SPACE, TAB, NEWLINE = "·", "⇥", "↵"
ELLIPSIS = "…"


@frozen
class AlignedValues:
    """Two values cut to show their first difference, character below character."""

    expected: str
    actual: str
    column: int | None
    """Index of the first difference in both; None when both look the same."""


def align_values(expected: str, actual: str, width: int) -> AlignedValues:
    """Align two values. ``width``: the columns for each (at least 10)."""
    at = _common_length(expected, actual)
    same = at == max(len(expected), len(actual))
    mark = None if same else at
    seen = show_space(expected, mark), show_space(actual, mark)
    longest = max(map(len, seen))
    room = max(10, width if _is_narrow(expected + actual) else width // 2)
    if longest <= room:
        return AlignedValues(*seen, mark)
    # The difference stands at a third of the room: what follows is more useful than what precedes.
    start = max(0, min(at - room // 3, longest - room))
    cut = [_cut(text, start, room) for text in seen]
    return AlignedValues(cut[0], cut[1], None if same else at - start)


def show_space(text: str, at: int | None = None) -> str:
    """Return ``text`` of the same length, with easily overlooked white space made visible.

    That is: tabs and newlines; spaces at either end, beside another space, at either end of a
    quoted string, and the one at index ``at``.
    """
    shown = []
    quoted = _inside_quotes(text)
    for index, character in enumerate(text):
        if character == "\t":
            shown.append(TAB)
        elif character == "\n":
            shown.append(NEWLINE)
        elif character == " " and (index == at or _overlooked(text, index, quoted)):
            shown.append(SPACE)
        else:
            shown.append(character)
    return "".join(shown)


def _overlooked(text: str, index: int, quoted: list[bool]) -> bool:
    """Return whether the space at ``index`` is easily overlooked."""
    if index in (0, len(text) - 1):
        return True
    before, after = text[index - 1], text[index + 1]
    if before.isspace() or after.isspace():
        return True
    return quoted[index] and (not quoted[index - 1] or not quoted[index + 1])


def _inside_quotes(text: str) -> list[bool]:
    """Return for each character whether it is inside a quoted string, without the quotes."""
    inside: list[bool] = []
    quote, escaped = "", False
    for character in text:
        if not quote:
            inside.append(False)
            quote = character if character in "'\"" else ""
            continue
        ends = character == quote and not escaped
        inside.append(not ends)
        escaped = character == "\\" and not escaped
        quote = "" if ends else quote
    return inside


def _common_length(one: str, other: str) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _cut(text: str, start: int, room: int) -> str:
    """Return ``room`` characters from ``start``, with an ellipsis where text is cut off."""
    piece = text[start : start + room]
    if start and piece:
        piece = ELLIPSIS + piece[1:]
    if start + room < len(text):
        piece = piece[:-1] + ELLIPSIS
    return piece


def _is_narrow(text: str) -> bool:
    """Return whether every character takes one column."""
    return not any(unicodedata.east_asian_width(character) in "WF" for character in text)
