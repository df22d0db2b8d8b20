"""What can be wrong with a problem on disk, gathered so that all of it is told at once."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from harness.errors import PackError
from harness.model.frozen import frozen

MOST_TOLD = 50
"""So many mistakes of one problem are told at once."""
AGAIN = "harness list  (once it is corrected)"


@frozen
class Mistake:
    """One thing an author has to mend."""

    path: Path
    text: str
    """A sentence to stand after ``path:line: ``; when ``of_file``, it goes on after the path."""
    line: int | None = None
    column: int | None = None
    of_file: bool = False

    def render(self, below: Path | None = None) -> str:
        """Return ``path:line:column: text``; the path is shortened if it lies ``below``."""
        path = self.path
        if below is not None and path.is_relative_to(below) and path != below:
            path = path.relative_to(below)
        place = [str(path), self.line and str(self.line), self.column and str(self.column)]
        return (
            ":".join(part for part in place if part) + f"{'' if self.of_file else ':'} {self.text}"
        )


def file_mistake(path: Path, text: str) -> Mistake:
    """Return a mistake of a file as a whole: ``text`` is a verb and what follows it."""
    return Mistake(path, text, of_file=True)


def pack_error(root: Path, mistakes: Sequence[Mistake]) -> PackError:
    """Return one error that tells all ``mistakes`` of the problem at ``root``, in order."""
    again = AGAIN
    if root.parent.name == "problems":  # elsewhere it could not be checked by its path
        again = f"harness author check {shlex.quote(str(root))}  (once it is corrected)"
    if len(mistakes) == 1:
        return PackError(mistakes[0].render(), again)
    ordered = sorted(mistakes, key=lambda m: (str(m.path), m.line or 0))
    lines = [f"{root} has {len(mistakes)} mistakes:"]
    lines += [f"  {mistake.render(below=root)}" for mistake in ordered[:MOST_TOLD]]
    if len(ordered) > MOST_TOLD:
        lines.append(f"  and {len(ordered) - MOST_TOLD} more.")
    return PackError("\n".join(lines), again.replace("it is corrected", "they are corrected"))
