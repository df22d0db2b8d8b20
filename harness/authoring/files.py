"""Files of a problem's folder: those that count, and writing one whole or not at all."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from harness.catalog.content import is_junk
from harness.errors import PackError, RequestError
from harness.model.problem import Problem, Snapshot, is_solution_file


def files_below(folder: Path) -> dict[str, bytes]:
    """Return path below ``folder`` (with ``/``) → content; litter of editors is left out.

    Raises PackError when one cannot be read.
    """
    files = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not any(is_junk(part) for part in inside.parts) and path.is_file():
            try:
                files[inside.as_posix()] = path.read_bytes()
            except OSError as error:
                raise PackError(
                    f"Cannot read {path}: {error.strerror}.", f"ls -l {path.parent}"
                ) from None
    return files


def solution_in(folder: Path) -> Snapshot:
    """Return the Python files of a folder."""
    files = files_below(folder)
    return Snapshot(files={name: files[name] for name in files if is_solution_file(name)})


def solutions_in(folder: Path) -> dict[str, Snapshot]:
    """Return the solutions that are folders of ``folder``, by name; none without the folder."""
    if not folder.is_dir():
        return {}
    return {path.name: solution_in(path) for path in sorted(folder.iterdir()) if path.is_dir()}


def refuse_sealed(problem: Problem) -> None:
    """Raise RequestError for a problem whose files lie in a seal: an author's tools need them."""
    if problem.sealed:
        raise RequestError(
            f"{problem.slug} is sealed: an author's tools need its files.",
            "harness author check  (where its author keeps it: HARNESS_PACKS=FOLDER)",
        )


def write_whole(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` in one step, in a folder that is made if need be.

    Raises PackError when that cannot be done.
    """
    # Judges of one process keep their judgements side by side.
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise PackError(
            f"Cannot write {path}: {error.strerror}.", f"ls -ld {path.parent}"
        ) from None
