"""Edits of a reference: authored mistakes, generated mutants, and mutants that are no mistakes.

An edit finds a text that stands exactly once in a file of the reference of its level, and replaces
it. Several replacements of one edit refer to the original text; they must not overlap.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import pairwise

from harness.model.frozen import frozen
from harness.model.problem import Snapshot
from harness.words import nearest


class EditError(ValueError):
    """An edit does not fit its reference. The message is a sentence without its subject."""


@frozen
class Replacement:
    """One text in place of another."""

    file: str
    find: str
    replace: str


@frozen(kw_only=True)
class Edit:
    """A change of the reference of ``level``."""

    level: int
    replacements: tuple[Replacement, ...]
    why: str
    """What goes wrong; of a mutant the operator that made it; or why nothing goes wrong."""
    name: str = ""
    """Of an authored mistake; empty for mutants."""
    breaks: str = ""
    """The rule that it breaks, as a statement says it; empty when it does not say."""
    case: str = ""
    """The hidden case that was written for it; empty when it does not say."""
    line: int | None = field(default=None, compare=False)
    """Where its row begins in ``mistakes.toml``."""

    def apply(self, reference: Snapshot) -> Snapshot:
        """Return the edited solution.

        Raises EditError when a text does not stand exactly once in the reference, when
        replacements overlap, and when the result is not Python or is the reference itself.
        """
        files = dict(reference.files)
        for name in dict.fromkeys(each.file for each in self.replacements):
            if name not in files:
                raise EditError(f"edits {name}, which the reference of level {self.level} lacks")
            own = [each for each in self.replacements if each.file == name]
            text = _replaced(files[name].decode("utf-8"), own, self.level)
            try:
                compile(text, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                line = getattr(error, "lineno", None)
                where = f" in line {line}" if line else ""
                raise EditError(
                    f"does not compile{where}: {getattr(error, 'msg', error)}"
                ) from None
            files[name] = text.encode()
        if files == reference.files:
            raise EditError("changes nothing")
        return Snapshot(files=files)

    def diff(self, reference: Snapshot) -> str:
        """Return what the edit changes as a unified diff without its header."""
        edited = self.apply(reference)
        lines: list[str] = []
        for name in dict.fromkeys(each.file for each in self.replacements):
            before, after = (each.files[name].decode().splitlines() for each in (reference, edited))
            lines += list(difflib.unified_diff(before, after, name, name, lineterm="", n=2))[2:]
        return "\n".join(lines)

    def first_line(self, reference: Snapshot) -> int:
        """Return the first line that the edit changes, from 1."""
        name = self.replacements[0].file
        edited = self.apply(reference)
        before, after = (each.files[name].decode().splitlines() for each in (reference, edited))
        pairs = enumerate(zip(before, after, strict=False), 1)
        return next((n for n, (old, new) in pairs if old != new), min(len(before), len(after)) or 1)


def edits_between(reference: Snapshot, solution: Snapshot) -> tuple[Replacement, ...]:
    """Return few and short replacements that turn ``reference`` into ``solution``.

    Raises EditError when they do not have the same files, or a file is empty.
    """
    if reference.files.keys() != solution.files.keys():
        extra = sorted(reference.files.keys() ^ solution.files.keys())
        raise EditError(f"does not have the same files as the reference: {', '.join(extra)}")
    found: list[Replacement] = []
    for name, content in solution.files.items():
        before, after = reference.files[name].decode(), content.decode()
        if before != after:
            if not before.strip():
                raise EditError(f"changes {name}, which is empty in the reference")
            found += [Replacement(name, *pair) for pair in _changes(before, after)]
    return tuple(found)


def _replaced(text: str, replacements: Sequence[Replacement], level: int) -> str:
    spans: list[tuple[int, int, str]] = []
    for each in replacements:
        count = _count(text, each.find)
        if count != 1:
            raise EditError(_misfit(text, each.find, count, level))
        start = text.index(each.find)
        spans.append((start, start + len(each.find), each.replace))
    spans.sort()
    for (_, end, _), (start, _, _) in pairwise(spans):
        if start < end:
            line = text.count("\n", 0, start) + 1
            raise EditError(f"has edits that overlap in line {line} of the reference")
    for start, end, new in reversed(spans):
        text = text[:start] + new + text[end:]
    return text


def _count(text: str, find: str) -> int:
    """Return how often a text is found, overlapping places counted."""
    count, place = 0, text.find(find) if find else -1
    while place >= 0:
        count, place = count + 1, text.find(find, place + 1)
    return count


def _misfit(text: str, find: str, count: int, level: int) -> str:
    if not find.strip():
        return "has an edit that finds nothing: `find` is empty"
    first = next(line.strip() for line in find.splitlines() if line.strip())
    if count:
        return f"finds {first!r} {count} times in the reference of level {level}; make it longer"
    lines = {line.strip(): number for number, line in enumerate(text.splitlines(), 1)}
    missing = [line for line in map(str.strip, find.splitlines()) if line and line not in lines]
    wanted = missing[0] if missing else first
    near = nearest(wanted, lines)
    hint = f"; line {lines[near]} is the nearest: {near!r}" if near else ""
    return f"finds {wanted!r} nowhere in the reference of level {level}{hint}"


def _changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of texts: the first stands once in ``before``, the second replaces it."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    hunks = [tuple(code[1:]) for code in matcher.get_opcodes() if code[0] != "equal"]
    merged: list[list[int]] = []
    for window in sorted(_window(hunk, hunks, old, before) for hunk in hunks):
        # Windows may meet where lines were inserted: then both have them.
        if merged and (window[0] < merged[-1][1] or window[2] < merged[-1][3]):
            merged[-1][1] = max(merged[-1][1], window[1])
            merged[-1][3] = max(merged[-1][3], window[3])
        else:
            merged.append(window)
    for start, end, first, last in merged:
        yield _shortened(before, "".join(old[start:end]), "".join(new[first:last]))


def _window(
    hunk: tuple[int, ...], hunks: Sequence[tuple[int, ...]], old: Sequence[str], text: str
) -> list[int]:
    """Return the fewest lines around a hunk that stand only once: old begin, end; new begin, end.

    A hunk is lines ``i1`` to ``i2`` of the old text that became ``j1`` to ``j2`` of the new one.
    """
    i1, i2, j1, j2 = hunk
    for grown in range(len(old) + 1):
        for up in range(grown + 1):
            start, end = i1 - up, i2 + grown - up
            if start < 0 or end > len(old):
                continue
            others = [h for h in hunks if h != hunk and h[0] < end and h[1] > start]
            inside = [h for h in hunks if h != hunk and start <= h[0] and h[1] <= end]
            found = "".join(old[start:end])
            if found.strip() and _count(text, found) == 1 and set(others) <= set(inside):
                longer = [(h[3] - h[2]) - (h[1] - h[0]) for h in inside]
                before = sum(more for h, more in zip(inside, longer, strict=True) if h < hunk)
                behind = sum(longer) - before
                return [start, end, j1 - up - before, j2 + grown - up + behind]
    raise AssertionError("the whole text stands in itself once")


def _shortened(text: str, before: str, after: str) -> tuple[str, str]:
    """Leave the indentation and the end of a single line out, where it still stands once."""
    lines = (before, after)
    if all(each.count("\n") == 1 and each.endswith("\n") for each in lines):
        old, new = (each.strip() for each in lines)
        if new and _count(text, old) == 1 and before.replace(old, new, 1) == after:
            return old, new
    return before, after
