"""Commands on a disk that is full or read-only: a clear error, and nothing lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SOME_BYTES = 1 << 20


class SmallDisk:
    """A folder on a disk that can be made full, or read-only.

    A tmpfs of its own where we may mount one. Elsewhere no file can grow while it is "full", which
    is what a disk quota does, and modes make it read-only.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "small", str(folder)]
        self.is_mount = (
            sys.platform == "linux"
            and os.geteuid() == 0
            and subprocess.run(mount, capture_output=True).returncode == 0
        )

    def fill(self) -> None:
        if not self.is_mount:
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
            return
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            for size in (SOME_BYTES, 4096, 1):
                try:
                    while filler.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        if self.is_mount:
            (self.folder / "filler").unlink()
        else:
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    def set_read_only(self, yes: bool) -> None:
        if self.is_mount:
            options = f"remount,{'ro' if yes else 'rw'},size=4m"
            subprocess.run(["mount", "-o", options, str(self.folder)], check=True)
            return
        if os.geteuid() == 0:
            pytest.skip("root ignores modes, and may not mount here; tests/attempts has the rest")
        for path in [self.folder, *self.folder.rglob("*")]:
            path.chmod((0o500 if yes else 0o700) if path.is_dir() else (0o400 if yes else 0o600))

    def close(self) -> None:
        if self.is_mount:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path) -> Iterator[SmallDisk]:
    small = SmallDisk(tmp_path / "small")
    try:
        yield small
    finally:
        if not small.is_mount:
            small.free()
        small.close()


@pytest.fixture
def on_small_disk(shell, disk, monkeypatch) -> Callable[..., None]:
    """Put the variable's folder on the small disk, then begin an attempt."""

    def begin(variable: str) -> None:
        monkeypatch.setenv(variable, str(disk.folder / "there"))
        if variable == "HARNESS_WORKSPACES":
            shell.work = disk.folder / "there"
        assert shell("start", "steps") == 0
        shell.cd(shell.work / "steps")

    yield begin
    shell.cd(Path("/"))


CHANGES = (["test"], ["submit"], ["pause"], ["extend", "5"], ["reset", "--yes"], ["reveal", "-y"])


def test_a_full_disk_stops_what_must_be_recorded_and_nothing_else(
    shell, disk, on_small_disk, first
):
    on_small_disk("HARNESS_HOME")
    shell.write(first)
    before = shell.json("status")
    disk.fill()
    for command in CHANGES:
        assert shell(*command) == 3, shell.out + shell.err
        assert str(disk.folder / "there") in shell.err
        assert "hint: " in shell.err
        if disk.is_mount:
            assert "disk is full" in shell.err
    if disk.is_mount:
        status = shell.json("status")
        assert status["submissions"] == before["submissions"]
        assert shell("history") == 0
        assert shell("attempts", "export", before["attempt"]) == 0
    disk.free()
    assert shell("submit") == 0
    assert shell.json("status")["submissions"] == 1
    assert shell("attempts", "verify") == 0


def test_a_full_disk_under_the_workspace_keeps_the_level_that_opened(
    shell, disk, on_small_disk, first
):
    on_small_disk("HARNESS_WORKSPACES")
    shell.write(first)
    disk.fill()
    if not disk.is_mount:
        disk.free()
        return  # nothing could be recorded either, which is the test above
    assert shell("submit") == 0
    assert "Its files could not be written." in shell.out
    assert "No space left on device" in shell.out
    assert shell.json("status")["level"] == 2
    disk.free()
    assert shell("statement") == 0
    assert (shell.work / "steps" / "statements" / "level2.md").exists()


def test_starting_on_a_full_disk_leaves_no_attempt(shell, disk, monkeypatch):
    monkeypatch.setenv("HARNESS_HOME", str(disk.folder / "there"))
    disk.fill()
    assert shell("start", "steps") == 3
    assert str(disk.folder) in shell.err
    disk.free()
    assert shell("history") == 0
    assert "steps" not in shell.out
    assert shell("start", "steps") == 0


def test_a_read_only_record_can_be_read_and_copied(shell, disk, on_small_disk, tmp_path):
    on_small_disk("HARNESS_HOME")
    attempt = shell.json("status")["attempt"]
    shell("submit")
    disk.set_read_only(True)
    try:
        for command in CHANGES:
            assert shell(*command) == 3
            assert "cannot be written" in shell.err
            assert "chmod -R u+rwX" in shell.err
        assert shell.json("status")["submissions"] == 1
        assert shell("report") == 0
        assert shell("history") == 0
        assert shell("attempts", "export", attempt) == 0
        assert shell("attempts", "verify") == 0
        assert shell("attempts", "backup", str(tmp_path / "copy.db")) == 0
    finally:
        disk.set_read_only(False)
    assert shell("submit") == 1
    assert shell.json("status")["submissions"] == 2
