"""What is wrong with the files of a problem, gathered so that one error can name all of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.errors import PackError
from harness.model.frozen import frozen
from harness.words import quoted

MOST_SHOWN = 50
"""The most flaws of one problem that one error names."""
RETRY = "harness list  (after the correction)"


@frozen
class Flaw:
    """One thing to correct in the files of a problem."""

    path: Path
    text: str
    """A sentence to stand after ``path:line: ``; when ``of_file``, it continues after the path."""
    line: int | None = None
    column: int | None = None
    of_file: bool = False

    def render(self, below: Path | None = None) -> str:
        """Return ``path:line:column: text``; the path is shortened if it lies ``below``."""
        path = self.path
        if below is not None and path.is_relative_to(below) and path != below:
            path = path.relative_to(below)
        place = ":".join(str(part) for part in (path, self.line, self.column) if part)
        return f"{place} {self.text}" if self.of_file else f"{place}: {self.text}"


def file_flaw(path: Path, text: str) -> Flaw:
    """Return a flaw of a file as a whole: ``text`` is a verb and what follows it."""
    return Flaw(path, text, of_file=True)


def pack_error(root: Path, flaws: Sequence[Flaw]) -> PackError:
    """Return one error that names all ``flaws`` of the problem at ``root``, in order."""
    retry = RETRY
    if root.parent.name == "problems":  # elsewhere it could not be checked by its path
        retry = f"harness author check {quoted(root)}  (after the correction)"
    if len(flaws) == 1:
        return PackError(flaws[0].render(), retry)
    ordered = sorted(flaws, key=lambda flaw: (str(flaw.path), flaw.line or 0))
    lines = [f"{root} has {len(flaws)} errors:"]
    lines += [f"  {flaw.render(below=root)}" for flaw in ordered[:MOST_SHOWN]]
    if len(ordered) > MOST_SHOWN:
        lines.append(f"  and {len(ordered) - MOST_SHOWN} more.")
    return PackError("\n".join(lines), retry)
