"""The files of a problem, their content, and what is wrong with them.

Some may lie in a seal, one compressed file for what a candidate should not see by accident. It
keeps searches, editors and assistants from showing hidden suites, references and the statements of
later levels. It protects from spoilers and is not security: anyone can open it.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

from harness.errors import PackError
from harness.model.frozen import frozen
from harness.model.problem import Snapshot
from harness.model.source_text import flaw_of_source
from harness.words import quoted

MANIFEST_NAME = "problem.toml"
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_TOTAL_BYTES = 32 * 1024 * 1024
MAX_ENTRIES = 5000
"""Files and folders of one problem and its skeleton together; a real problem has some dozens."""
MAX_DEPTH = 16
"""How deeply folders may be nested."""

_JUNK = re.compile(
    r"^\..*|^__pycache__$|^__MACOSX$|^#.*#$|.*~$|.*\.(pyc|pyo|swp|swo|orig|rej|bak|tmp)$"
    r"|^Thumbs\.db$|^desktop\.ini$",
)
_COVERED = re.compile(r"^(problem\.toml|editorial\.md|level\d+/.+|reference/.+)$")
_LINK = "is a symbolic link. A pack holds only plain files and folders."
_IRREGULAR = "is neither a file nor a folder."
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]")
"""Control characters other than tab, newline and carriage return."""
SEAL_NAME = "sealed.zip"
"""In the folder of the problem."""
MAX_SEALED_FILES = 5000

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that equal files make equal seals."""
MOST_SHOWN = 50
"""The most flaws of one problem that one error names."""
RETRY = "harness list  # after the correction"


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
        retry = f"harness author check {quoted(root)}  # after the correction"
    if len(flaws) == 1:
        return PackError(flaws[0].render(), retry)
    ordered = sorted(flaws, key=lambda flaw: (str(flaw.path), flaw.line or 0))
    lines = [f"{root} has {len(flaws)} errors:"]
    lines += [f"  {flaw.render(below=root)}" for flaw in ordered[:MOST_SHOWN]]
    if len(ordered) > MOST_SHOWN:
        lines.append(f"  and {len(ordered) - MOST_SHOWN} more.")
    return PackError("\n".join(lines), retry)


def is_junk(name: str) -> bool:
    """Return whether an editor, a system or an interpreter leaves entries of this name behind."""
    return _JUNK.match(name) is not None


def read_content(root: Path, template: Path, flaws: list[Flaw]) -> Snapshot:
    """Read all files that an attempt depends on: ``problem/…`` and ``template/…`` → bytes.

    Alternates and mistakes are checked like all files of a pack, and left out: a change there
    changes nothing for a candidate. What must not be in a pack is added to ``flaws``.
    """
    files: dict[str, bytes] = {}
    seal: bytes | None = None
    total = 0
    for side, folder in (("problem", root), ("template", template)):
        for name, path in regular_files(folder, flaws):
            sealed = side == "problem" and name == SEAL_NAME
            if side == "problem" and not sealed and not _COVERED.match(name):
                continue
            content = _read(path, flaws)
            if content is None:
                continue
            if sealed:
                seal = content
                continue
            total += len(content)
            if total > MAX_TOTAL_BYTES:
                text = f"and its skeleton together exceed {MAX_TOTAL_BYTES >> 20} MiB."
                flaws.append(file_flaw(root, text))
                return Snapshot(files=files)
            files[f"{side}/{name}"] = content
    if seal is not None:
        _add_sealed(seal, root, files, MAX_TOTAL_BYTES - total, flaws)
    return Snapshot(files=files)


def _add_sealed(
    seal: bytes, root: Path, files: dict[str, bytes], left: int, flaws: list[Flaw]
) -> None:
    """Add the files in the seal to ``files``, checked as if they lay beside it. ``left``: bytes."""
    path = root / SEAL_NAME
    for name, content in open_seal(seal, path, min(left, MAX_TOTAL_BYTES), flaws):
        if f"problem/{name}" in files:
            flaws.append(file_flaw(path, f"holds {name}, which exists already."))
        elif _COVERED.match(name):
            flaw = _unfit_content(root / name, content)
            if flaw is None:
                files[f"problem/{name}"] = content
            else:
                flaws.append(flaw)


def regular_files(folder: Path, flaws: list[Flaw]) -> Iterator[tuple[str, Path]]:
    """Yield (path below ``folder`` with ``/``, path) of each file that a pack may hold."""
    if folder.is_symlink():
        flaws.append(file_flaw(folder, _LINK))
        return
    pending = [("", folder)]
    left = MAX_ENTRIES
    while pending:
        prefix, here = pending.pop()
        try:
            with os.scandir(here) as listed:
                entries = list(islice(listed, left))
        except OSError as error:
            flaws.append(file_flaw(here, f"cannot be listed: {error.strerror}."))
            continue
        left -= len(entries)
        if left <= 0:
            text = (
                f"holds {MAX_ENTRIES} files and folders or more. A usual problem has some dozens."
            )
            flaws.append(file_flaw(folder, text))
            return
        if prefix.count("/") > MAX_DEPTH:
            flaws.append(file_flaw(here, f"is nested more than {MAX_DEPTH} folders deep."))
            continue
        for entry in entries:
            path, name = here / entry.name, prefix + entry.name
            if is_junk(entry.name):
                continue
            if not entry.name.isprintable():
                flaws.append(
                    file_flaw(
                        here, f"holds {entry.name!a}, which is not a valid file name in a pack."
                    )
                )
            elif entry.is_symlink():
                flaws.append(file_flaw(path, _LINK))
            elif entry.is_dir(follow_symlinks=False):
                pending.append((f"{name}/", path))
            else:
                try:
                    flaw = _unfit(path, entry.stat(follow_symlinks=False))
                except OSError as error:
                    flaw = file_flaw(path, f"cannot be read: {error.strerror}.")
                if flaw is None:
                    yield name, path
                else:
                    flaws.append(flaw)


def _too_big(path: Path, size: int) -> Flaw:
    return file_flaw(path, f"has {size:,} bytes. The limit is {MAX_FILE_BYTES:,}.")


def _unfit(path: Path, status: os.stat_result) -> Flaw | None:
    """Return why a pack may not hold a file, if so."""
    if not stat.S_ISREG(status.st_mode):
        return file_flaw(path, _IRREGULAR)
    return _too_big(path, status.st_size) if status.st_size > MAX_FILE_BYTES else None


def _read(path: Path, flaws: list[Flaw]) -> bytes | None:
    """Read one file; one that cannot be read, or must not be in a pack, is a flaw.

    The checks look at the opened file, because another may have got the listed name meanwhile.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            unfit = _unfit(path, os.fstat(descriptor))
            content = b"" if unfit else file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        # A socket cannot even be opened.
        unfit = file_flaw(path, _IRREGULAR) if error.errno in (errno.ENXIO, errno.ENODEV) else None
        flaws.append(unfit or file_flaw(path, f"cannot be read: {error.strerror}."))
        return None
    if unfit or len(content) > MAX_FILE_BYTES:
        flaws.append(unfit or _too_big(path, len(content)))
        return None
    flaw = _unfit_content(path, content)
    if flaw is not None:
        flaws.append(flaw)
        return None
    return content


def _unfit_content(path: Path, content: bytes) -> Flaw | None:
    """Return why a pack may not hold a file with this content, if so."""
    if len(content) > MAX_FILE_BYTES:
        return _too_big(path, len(content))
    if path.suffix in {".md", ".py", ".toml"}:
        try:
            content.decode()
        except UnicodeDecodeError as error:
            flaw = flaw_of_source(content) if path.suffix == ".py" else None
            return file_flaw(path, f"is not UTF-8 text ({flaw or f'byte {error.start}'}).")
    control = _CONTROL.search(content) if path.suffix == ".md" else None
    if control:
        line = content.count(b"\n", 0, control.start()) + 1
        return file_flaw(path, f"holds a control character in line {line}.")
    return None


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
