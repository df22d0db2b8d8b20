"""The seal: one compressed file with what a candidate should not come upon by accident.

It keeps searches, editors and assistants from showing hidden suites, references and the statements
of later levels. It is protection from spoilers and no security: everybody can open it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from harness.catalog.mistakes import Mistake, file_mistake

SEAL_NAME = "sealed.zip"
"""Lies beside where the files would lie that it holds: in the folder of the problem."""
MAX_SEALED_FILES = 5000

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""Equal files make equal seals."""


def make_seal(files: Mapping[str, bytes]) -> bytes:
    """Return the seal that holds ``files``: path below the problem's folder → content."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return target.getvalue()


def open_seal(
    seal: bytes, path: Path, most_bytes: int, mistakes: list[Mistake]
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of all files in a seal, ``most_bytes`` in all.

    What is wrong with it is added to ``mistakes``; ``path`` is where it lies.
    """
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(seal)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_SEALED_FILES:
                mistakes.append(file_mistake(path, f"holds more than {MAX_SEALED_FILES} files."))
                return
            for entry in entries:
                if not _is_plain_name(entry.filename):
                    text = f"holds {entry.filename!a}, which is no name for a file of a pack."
                    mistakes.append(file_mistake(path, text))
                    continue
                with archive.open(entry) as file:
                    content = file.read(most_bytes + 1)  # what it says of its size may be a lie
                most_bytes -= len(content)
                if most_bytes < 0:
                    mistakes.append(file_mistake(path, "holds too much for a problem."))
                    return
                yield entry.filename, content
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        mistakes.append(file_mistake(path, f"cannot be read: {error}."))


def _is_plain_name(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        name.isprintable()
        and "\\" not in name
        and name == "/".join(parts)
        and not {"..", "/"} & set(parts)
    )
