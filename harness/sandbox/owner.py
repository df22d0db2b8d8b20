"""Whose container and folder it is, so that those of a killed judge are found and removed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from harness.guest.container import MEETING_NAME
from harness.model.frozen import frozen

FOLDER_PREFIX = "harness-docker-"
INNER_FOLDER = "meeting"


@frozen
class Owner:
    """One process, distinct from every later one that gets its number."""

    uid: int
    boot: str
    namespace: str
    """The number of the process namespace that ``pid`` counts in."""
    pid: int
    started: str
    """In clock ticks since the boot."""

    @classmethod
    def myself(cls) -> Owner:
        """Return the calling process."""
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        namespace = str(os.stat("/proc/self/ns/pid").st_ino)
        return cls(os.getuid(), boot, namespace, os.getpid(), _start_of(os.getpid()))

    @classmethod
    def from_text(cls, text: str) -> Owner | None:
        """Undo :meth:`to_text`; None for what it has not made."""
        try:
            uid, boot, namespace, pid, started = text.split("/")
            return cls(int(uid), boot, namespace, int(pid), started)
        except ValueError:
            return None

    def to_text(self) -> str:
        """Return one word, for a label."""
        return f"{self.uid}/{self.boot}/{self.namespace}/{self.pid}/{self.started}"

    def has_ended(self, observer: Owner) -> bool:
        """Tell whether ``observer``, the calling process, can be sure that this one has ended.

        It cannot be sure of another user's process, or of one in another namespace.
        """
        if self.uid != observer.uid:
            return False
        if self.boot != observer.boot:
            return True
        return self.namespace == observer.namespace and _start_of(self.pid) != self.started


def make_folder(owner: Owner) -> Path:
    """Return a new private folder that says whose it is."""
    stem = f"{FOLDER_PREFIX}{owner.namespace}-{owner.pid}-{owner.started}-"
    return Path(tempfile.mkdtemp(prefix=stem))


def remove_folder(folder: Path) -> None:
    """Remove what :meth:`make_folder` made, with nothing in it but what we put there."""
    with contextlib.suppress(OSError):
        (folder / INNER_FOLDER / MEETING_NAME).unlink(missing_ok=True)
    for each in (folder / INNER_FOLDER, folder):
        with contextlib.suppress(OSError):
            each.rmdir()


def remove_forgotten_folders(observer: Owner) -> None:
    """Remove the folders of judges that were killed before they could do so."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        words = folder.name.removeprefix(FOLDER_PREFIX).split("-")
        if len(words) < 4 or not words[1].isdecimal() or folder.lstat().st_uid != observer.uid:
            continue
        owner = Owner(observer.uid, observer.boot, words[0], int(words[1]), words[2])
        if owner.has_ended(observer):
            remove_folder(folder)


def _start_of(pid: int) -> str:
    """When a process started; empty when there is none, or none that still runs."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
