"""Keeps a copy of the problem that an attempt began with, so that the pack may change."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from harness.catalog.content import MANIFEST_NAME, SEAL_NAME, make_seal, read_content
from harness.errors import StateError
from harness.model.manifest import Manifest
from harness.model.problem import Problem, Snapshot

PINNED = "pinned"
"""The folder below home, and the name of the pack of each problem in it."""

_JUDGED = re.compile(r"^(problem/level\d+/.+\.py|template/.+)$")
"""What the judge and the workspace read as files; the rest of a sealed problem stays packed."""
_HASH = re.compile(r"^[0-9a-f]{64}$")


def pin(problem: Problem, home: Path) -> Problem:
    """Copy the problem to ``home/pinned/<hash>/`` and return it as loaded from there.

    Safe to repeat, and safe for two processes at once; a damaged copy is replaced. Raises
    StateError when it cannot be written.
    """
    folder = home / PINNED / problem.content_hash
    try:
        return pinned(home, problem.content_hash)
    except StateError:
        pass  # missing or damaged
    files = _resealed(problem.content) if problem.sealed else problem.content.files
    try:
        _write_atomically(files, problem.content_hash, folder)
    except OSError as error:
        raise StateError(
            f"Cannot keep the problem in {folder}: {error.strerror}.",
            "export HARNESS_HOME=FOLDER  # another folder; or make room there",
        ) from None
    return pinned(home, problem.content_hash)


def pinned(home: Path, content_hash: str) -> Problem:
    """Load the problem pinned under ``content_hash``, and check that it is unchanged.

    Raises StateError when it is missing or damaged.
    """
    folder = home / PINNED / content_hash
    hint = "harness start PROBLEM  # begins again, unless a backup has that folder"
    if not _HASH.match(content_hash):
        raise StateError(f"'{content_hash}' is not the hash of a problem.", hint)
    if not folder.is_dir():
        raise StateError(f"The copy of this attempt's problem is missing: {folder}", hint)
    root, template = folder / "problem", folder / "template"
    content = read_content(root, template, [])
    if content.hash != content_hash:
        raise StateError(
            f"The copy of the problem is damaged: a file below {folder} was changed.", hint
        )
    manifest = tomllib.loads(content.files[f"problem/{MANIFEST_NAME}"].decode())
    return Problem(
        manifest=Manifest.from_table(manifest),
        root=root,
        template=template,
        content=content,
        pack=PINNED,
        sealed=(root / SEAL_NAME).is_file(),
    )


def _resealed(content: Snapshot) -> dict[str, bytes]:
    """Return the files of a sealed problem's copy, with a seal of those that stay packed."""
    files = {name: data for name, data in content.files.items() if _JUDGED.match(name)}
    rest = content.files.keys() - files.keys()
    parts = {name.removeprefix("problem/"): content.files[name] for name in rest}
    return {**files, f"problem/{SEAL_NAME}": make_seal(parts)}


def _write_atomically(files: Mapping[str, bytes], content_hash: str, folder: Path) -> None:
    """Write all files beside ``folder``, then rename them in one step.

    An existing folder stays, unless it is damaged.
    """
    import tempfile  # loads a dozen modules, and only `start` writes

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=".new-", dir=folder.parent, ignore_cleanup_errors=True
    ) as name:
        fresh = Path(name, "fresh")
        fresh.mkdir(0o700)
        for path, data in files.items():
            _write_file(fresh / path, data)
        for inner in {parent for path in files for parent in (fresh / path).parents}:
            if inner.is_relative_to(fresh):
                _flush(inner)
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            try:
                pinned(folder.parent.parent, content_hash)
            except StateError:
                folder.rename(Path(name, "damaged"))
                fresh.rename(folder)
        _flush(folder.parent)


def _write_file(path: Path, data: bytes) -> None:
    """Write a file so that it survives a power cut: the attempt depends on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def _flush(folder: Path) -> None:
    """Make the names in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
