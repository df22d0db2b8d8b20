"""Files of a problem's folder: those that count, and writing one whole or not at all."""

from __future__ import annotations

import contextlib
import os
import threading
import tomllib
from pathlib import Path
from typing import TypeVar

from harness.catalog.content import is_junk
from harness.errors import PackError, RequestError
from harness.model.plain import from_plain
from harness.model.problem import Problem, Snapshot, is_solution_file

T = TypeVar("T")


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


def refuse_sealed(problem: Problem) -> None:
    """Raise RequestError for a problem whose files lie in a seal: an author's tools need them."""
    if problem.sealed:
        raise RequestError(
            f"{problem.slug} is sealed: an author's tools need its files.",
            "harness author check  (where its author keeps it: HARNESS_PACKS=FOLDER)",
        )


def read_tables(path: Path, kind: type[T]) -> T | None:
    """Read a TOML file that an author writes; None when it is not there.

    Raises PackError when it cannot be used.
    """
    try:
        return from_plain(kind, tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise PackError(f"{path} cannot be used: {error}.", f"ls -l {path}") from None


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
