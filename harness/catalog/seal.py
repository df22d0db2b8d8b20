"""The seal: one compressed file for what a candidate should not see by accident.

It keeps searches, editors and assistants from showing hidden suites, references and the statements
of later levels. It protects from spoilers and is not security: anyone can open it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from harness.catalog.flaws import Flaw, file_flaw

SEAL_NAME = "sealed.zip"
"""In the folder of the problem."""
MAX_SEALED_FILES = 5000

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that equal files make equal seals."""


def make_seal(files: Mapping[str, bytes]) -> bytes:
    """Return a seal with ``files``: path below the problem's folder → content."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return target.getvalue()


def open_seal(
    seal: bytes, path: Path, most_bytes: int, flaws: list[Flaw]
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of all files in a seal, at most ``most_bytes`` together.

    What is wrong with it is added to ``flaws``; ``path`` is its place, for the messages.
    """
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(seal)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_SEALED_FILES:
                flaws.append(file_flaw(path, f"holds more than {MAX_SEALED_FILES} files."))
                return
            for entry in entries:
                if not _is_plain_name(entry.filename):
                    text = f"holds {entry.filename!a}, which is not a valid file name in a pack."
                    flaws.append(file_flaw(path, text))
                    continue
                with archive.open(entry) as file:
                    content = file.read(most_bytes + 1)  # the size in its header may be false
                most_bytes -= len(content)
                if most_bytes < 0:
                    flaws.append(file_flaw(path, "is too large for a problem."))
                    return
                yield entry.filename, content
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        flaws.append(file_flaw(path, f"cannot be read: {error}."))


def _is_plain_name(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        name.isprintable()
        and "\\" not in name
        and name == "/".join(parts)
        and not {"..", "/"} & set(parts)
    )
