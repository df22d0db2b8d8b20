"""Folders that change under our hands, and what we must never do in them."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time

import pytest

from harness.errors import PackError, RequestError
from harness.model.problem import Snapshot
from harness.workspace import ingest as ingest_module
from harness.workspace import read_skeleton

SECONDS = 20.0
"""Generous: each of these takes a fraction of a second."""


def files_of(root):
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


@pytest.fixture
def elsewhere(tmp_path):
    """A folder outside, which must stay as it is."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


def exchange_before(monkeypatch, function, name, exchange):
    """Call ``exchange`` just before ``os.<function>`` is called with ``name``."""
    really = getattr(os, function)

    def exchange_first(path, *arguments, **options):
        if path == name:
            exchange()
        return really(path, *arguments, **options)

    monkeypatch.setattr(os, function, exchange_first)


def test_a_folder_exchanged_for_a_link_between_making_and_entering_it(
    workspace, elsewhere, monkeypatch
):
    def exchange():
        (workspace.root / "fresh").rmdir()
        (workspace.root / "fresh").symlink_to(elsewhere)

    exchange_before(monkeypatch, "open", "fresh", exchange)
    with pytest.raises(RequestError, match="fresh is a symbolic link") as caught:
        workspace.restore(Snapshot(files={"fresh/x.py": b"x = 1"}))
    assert caught.value.hint == f"rm {workspace.root}/fresh"


def test_a_folder_exchanged_for_a_link_after_it_was_entered(workspace, elsewhere, monkeypatch):
    """What is open stays open: the file ends where the folder went."""

    def exchange():
        (workspace.root / "fresh").rename(workspace.root / "moved")
        (workspace.root / "fresh").symlink_to(elsewhere)

    monkeypatch.setattr(os, "fsync", lambda _: exchange())
    workspace.restore(Snapshot(files={"fresh/x.py": b"x = 1"}))
    assert (workspace.root / "moved" / "x.py").read_bytes() == b"x = 1"


def test_a_workspace_that_has_become_a_link_is_not_written(workspace, elsewhere):
    shutil.rmtree(workspace.root)
    workspace.root.symlink_to(elsewhere)
    with pytest.raises(RequestError, match="cannot be written"):
        workspace.restore(Snapshot(files={"x.py": b""}))
    with pytest.raises(RequestError, match="cannot be read"):
        workspace.read()


def test_a_folder_exchanged_for_a_link_while_it_is_read(workspace, elsewhere, monkeypatch):
    def exchange():
        shutil.rmtree(workspace.root / "helpers")
        (workspace.root / "helpers").symlink_to(elsewhere)

    exchange_before(monkeypatch, "open", "helpers", exchange)
    with pytest.raises(RequestError, match="The folder 'helpers' cannot be read"):
        workspace.read()


def test_a_file_that_vanishes_while_it_is_read(workspace, monkeypatch):
    exchange_before(monkeypatch, "open", "solution.py", (workspace.root / "solution.py").unlink)
    with pytest.raises(RequestError, match=r"solution\.py cannot be read: No such file") as caught:
        workspace.read()
    assert caught.value.hint == "the same command again"


def test_a_file_exchanged_for_a_pipe_does_not_hang(workspace, monkeypatch):
    solution = workspace.root / "solution.py"

    def exchange():
        solution.unlink()
        os.mkfifo(solution)

    exchange_before(monkeypatch, "open", "solution.py", exchange)
    begun = time.monotonic()
    with pytest.raises(RequestError, match="is not a regular file"):
        workspace.read()
    assert time.monotonic() - begun < SECONDS


def test_a_file_that_grows_while_it_is_read_is_cut_off(workspace, monkeypatch):
    solution = workspace.root / "solution.py"
    exchange_before(monkeypatch, "open", "solution.py", lambda: os.truncate(solution, 1 << 30))
    with pytest.raises(RequestError, match="is larger than 1 MiB"):
        workspace.read()


@pytest.mark.parametrize("kind", [stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFIFO])
def test_devices_are_refused_when_opened(workspace, kind):
    status = os.stat_result((kind | 0o666, 1, 1, 1, 0, 0, 0, 0, 0, 0))
    with pytest.raises(RequestError, match="is not a regular file"):
        ingest_module._check_status(status, "x.py", workspace.root / "x.py")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
def test_a_device_is_never_opened(workspace, monkeypatch):
    os.mknod(workspace.root / "zero.py", 0o20666, os.makedev(1, 5))
    exchange_before(monkeypatch, "open", "zero.py", lambda: pytest.fail("it was opened"))
    with pytest.raises(RequestError, match=r"zero\.py is not a regular file"):
        workspace.read()


@pytest.mark.parametrize("name", ["n" * 252 + ".py", "\U0001f600" * 62 + ".py"])
def test_the_longest_names_can_be_written(workspace, name):
    snapshot = Snapshot(files={name: b"x = 1"})
    workspace.restore(snapshot)
    workspace.restore(snapshot)
    assert (workspace.root / name).read_bytes() == b"x = 1"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_disk_that_fails_leaves_what_was_there(workspace, monkeypatch, code):
    before = files_of(workspace.root)
    content = (workspace.root / "solution.py").read_bytes()

    def fail(_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(RequestError, match=os.strerror(code)) as caught:
        workspace.restore(Snapshot(files={"solution.py": b"new"}))
    assert caught.value.hint.startswith("df -h " if code == errno.ENOSPC else "ls -ld ")
    assert (workspace.root / "solution.py").read_bytes() == content
    assert files_of(workspace.root) == before


def test_room_is_tried_and_given_back(workspace, elsewhere):
    reference = Snapshot(files={"statements/level1_reference/solution.py": b"x" * 1000})
    workspace.require_room(reference)
    assert list((workspace.root / "statements" / "level1_reference").iterdir()) == []
    shutil.rmtree(workspace.root / "statements")
    (workspace.root / "statements").symlink_to(elsewhere)
    with pytest.raises(RequestError, match="statements is a symbolic link"):
        workspace.require_room(reference)


@pytest.mark.parametrize("name", ["json.py", "solution/__init__.py", "big.py"])
def test_a_skeleton_that_could_never_be_submitted_is_the_packs_mistake(problem, name):
    content = b"#" * (1 + (1 << 20)) if name == "big.py" else b""
    for file, data in {**problem.content.files, f"template/{name}": content}.items():
        if file.startswith("template/"):
            path = problem.template / file.removeprefix("template/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    with pytest.raises(PackError, match="The skeleton of doubling could never be submitted"):
        read_skeleton(problem)
