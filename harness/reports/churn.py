"""Changes in a candidate's code: counts between snapshots, and the diff to the reference."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from harness.model.frozen import frozen
from harness.model.problem import Snapshot, is_solution_file

MAX_LINES = 5_000
"""The limit for comparing, which could otherwise take minutes."""
LIKE = 0.5
"""The share of common lines from which a diff is readable; below it mixes two programs."""


@frozen
class Churn:
    """Lines added and removed."""

    added: int
    removed: int


def count_churn(before: Snapshot, after: Snapshot) -> Churn | None:
    """Count changed lines of the solution's files; None when they are too long to compare."""
    added = removed = 0
    for old, new in _file_pairs(before, after):
        if max(len(old), len(new)) > MAX_LINES:
            return None
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
            if tag != "equal":
                removed += old_end - old_start
                added += new_end - new_start
    return Churn(added, removed)


def diff_to_reference(mine: Snapshot, reference: Snapshot, level: int) -> str:
    """Return a unified diff from the candidate's files to the reference of ``level``; raw text."""
    ours, theirs = _solution_files(mine), _solution_files(reference)
    parts: list[str] = []
    for name in sorted(ours.keys() | theirs.keys()):
        old, new = _lines(ours.get(name, b"")), _lines(theirs.get(name, b""))
        heads = (f"yours/{name}", f"reference/level{level}/{name}")
        if max(len(old), len(new)) > MAX_LINES:
            parts.append(f"--- {heads[0]}\n+++ {heads[1]}\n(too long to compare)")
        else:
            parts += difflib.unified_diff(old, new, *heads, lineterm="")
    return "\n".join(parts)


def is_like(mine: Snapshot, reference: Snapshot) -> bool:
    """Return whether enough lines are equal for a readable diff."""
    same = total = 0
    for old, new in _file_pairs(mine, reference, equal=True):
        if max(len(old), len(new)) > MAX_LINES:
            return False
        # Every program has blank lines, so they say nothing.
        ours, theirs = [line for line in old if line], [line for line in new if line]
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        same += 2 * sum(block.size for block in matcher.get_matching_blocks())
        total += len(ours) + len(theirs)
    return same >= LIKE * total


def source_text(snapshot: Snapshot) -> str:
    """Return the solution's files one after another, each below a comment with its name."""
    files = sorted(_solution_files(snapshot).items())
    parts = ("\n".join([f"# {name}", *_lines(content)]) for name, content in files)
    return "\n\n".join(parts)


def _file_pairs(
    before: Snapshot, after: Snapshot, *, equal: bool = False
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the lines of each file before and after; ``equal`` includes unchanged files."""
    old, new = _solution_files(before), _solution_files(after)
    for name in sorted(old.keys() | new.keys()):
        if equal or old.get(name) != new.get(name):
            yield _lines(old.get(name, b"")), _lines(new.get(name, b""))


def _lines(content: bytes) -> list[str]:
    """Split lines as an editor does, not at form feeds and the like as ``splitlines`` does."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n")
    return text.split("\n") if text else []


def _solution_files(snapshot: Snapshot) -> Mapping[str, bytes]:
    return {name: content for name, content in snapshot.files.items() if is_solution_file(name)}
