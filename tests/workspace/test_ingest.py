from __future__ import annotations

import os
import socket
import sys

import pytest

from harness.errors import RequestError
from harness.model.problem import Snapshot
from harness.workspace import solution_files
from harness.workspace.ingest import refuse_confusable


def refused(workspace, match):
    with pytest.raises(RequestError, match=match) as caught:
        workspace.read()
    assert isinstance(workspace.fingerprint(), (tuple, str))
    assert caught.value.hint
    return caught.value


def test_a_snapshot_holds_what_the_candidate_wrote(workspace, put):
    put("solution.py", "mine = 1\n")
    put("parts/deep/er.py", "caf\u00e9 = 1\n")
    put("test_mine.py")
    put("tests/test_own.py")
    put("tests/conftest.py")
    put("empty.py", "")
    snapshot = workspace.read()
    assert set(snapshot.files) == {
        "solution.py",
        "helpers/__init__.py",
        "parts/deep/er.py",
        "test_mine.py",
        "tests/test_own.py",
        "tests/conftest.py",
        "empty.py",
    }
    assert snapshot.files["solution.py"] == b"mine = 1\n"
    assert snapshot.files["parts/deep/er.py"] == "caf\u00e9 = 1\n".encode()


def test_what_is_no_work_of_the_candidate_is_left_out(workspace, problem, put):
    before = workspace.read()
    workspace.open_level(problem, 2)
    for name in (
        "statements/odd.py",
        "__pycache__/x.py",
        "node_modules/x.py",
        ".venv/lib/x.py",
        ".hidden.py",
        ".#solution.py",
        "my_venv/pyvenv.cfg",
        "my_venv/lib/x.py",
        "conda/conda-meta",
        "conda/json.py",
        "notes.txt",
        "solution.py~",
        "data.pyc",
    ):
        put(name, b"\xff\x00")
    os.mkfifo(workspace.root / "pipe")
    (workspace.root / "dangling").symlink_to("nowhere")
    (workspace.root / ".#lock.py").symlink_to("nowhere")
    assert workspace.read() == before


def test_only_solution_files_go_into_the_box(workspace):
    names = [
        "solution.py",
        "parts/a.py",
        "parts/test_a.py",
        "a_test.py",
        "test_a.py",
        "tests/conftest.py",
        "conftest.py",
        "setup.py",
        "testing.py",
        "latest.py",
        "contest.py",
    ]
    snapshot = Snapshot(files=dict.fromkeys(names, b""))
    assert set(solution_files(snapshot).files) == {
        "solution.py",
        "parts/a.py",
        "testing.py",
        "latest.py",
        "contest.py",
    }


# -- refused


def test_links(workspace, tmp_path):
    (tmp_path / "elsewhere.py").write_text("x = 1")
    (workspace.root / "linked.py").symlink_to(tmp_path / "elsewhere.py")
    error = refused(workspace, r"linked\.py is a symbolic link")
    os.system(error.hint)
    assert workspace.read().files["linked.py"] == b"x = 1"


def test_dangling_links(workspace):
    (workspace.root / "linked.py").symlink_to("nowhere")
    refused(workspace, r"linked\.py is a symbolic link")


def test_linked_folders(workspace, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.py").write_text("x = 1")
    (workspace.root / "linked").symlink_to(tmp_path / "elsewhere")
    error = refused(workspace, "linked is a symbolic link")
    os.system(error.hint)
    assert workspace.read().files["linked/x.py"] == b"x = 1"


def test_a_link_that_leads_round_in_a_circle(workspace):
    (workspace.root / "again").symlink_to(".")
    refused(workspace, "again is a symbolic link")


def test_hard_links(workspace, tmp_path):
    (tmp_path / "elsewhere.py").write_text("x = 1")
    os.link(tmp_path / "elsewhere.py", workspace.root / "linked.py")
    error = refused(workspace, r"linked\.py has 2 names on this disk")
    os.system(error.hint)
    assert workspace.read().files["linked.py"] == b"x = 1"


def test_pipes(workspace):
    os.mkfifo(workspace.root / "pipe.py")
    error = refused(workspace, r"pipe\.py is not a regular file")
    assert error.hint == f"rm {workspace.root}/pipe.py"


def test_sockets(workspace, monkeypatch):
    monkeypatch.chdir(workspace.root)
    with socket.socket(socket.AF_UNIX) as endpoint:
        endpoint.bind("s.py")
        refused(workspace, r"s\.py is not a regular file")


def test_a_folder_called_like_a_module(workspace, put):
    put("odd.py/inner.py")
    assert "odd.py/inner.py" in workspace.read().files


def test_files_that_are_too_big(workspace, put):
    put("big.py", b"#" * 1024 * 1024)
    assert len(workspace.read().files["big.py"]) == 1024 * 1024
    put("big.py", b"#" * (1024 * 1024 + 1))
    refused(workspace, r"big\.py is larger than 1 MiB")


def test_files_that_are_too_big_together(workspace, put):
    for number in range(9):
        put(f"big{number}.py", b"#" * 1000 * 1000)
    refused(workspace, "together exceed 8 MiB")


def test_too_many_files(workspace, put):
    for number in range(198):
        put(f"many/m{number}.py")
    assert len(workspace.read().files) == 200
    put("many/one_more.py")
    refused(workspace, "holds more than 200 Python files")


def test_too_many_names_of_any_kind(workspace, monkeypatch, put):
    monkeypatch.setattr("harness.workspace.ingest.MOST_ENTRIES", 40)
    for number in range(20):
        put(f"data/{number}.txt")
    workspace.read()
    for number in range(20):
        put(f"data/more-{number}.txt")
    refused(workspace, "holds more than 40 files")


def test_folders_that_are_too_deep(workspace, put):
    put("a/b/c/d/e/f/g/h/deep.py")
    assert "a/b/c/d/e/f/g/h/deep.py" in workspace.read().files
    put("a/b/c/d/e/f/g/h/i/deeper.py")
    refused(workspace, "'a/b/c/d/e/f/g/h/i' is nested 9 deep")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"a = 1\nb = '\xff'\n", "line 2 contains bytes that are not UTF-8"),
        (b"a = 1\n\n\0", "line 3 contains a NUL byte"),
        ("x = 1".encode("utf-16"), "line 1 contains"),
        (b"\x7fELF\0\0", "line 1 contains a NUL byte"),
        (b"# coding: cp1252\na = '\x80'\n", "line 1 declares the encoding cp1252"),
        ("#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\n", "line 2 declares .* latin-1"),
    ],
)
def test_files_that_are_not_text(workspace, put, content, what):
    put("odd.py", content)
    refused(workspace, rf"odd\.py cannot be judged: {what}")


NOT_SHOWN = ["new\nline.py", "esc\x1b[31m.py", "bidi\u202e.py"]
# Other systems refuse to make such a file at all.
NOT_SHOWN += ["a\udcff.py"] if sys.platform == "linux" else []


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_names_that_cannot_be_shown(workspace, put, name):
    put(name)
    error = refused(workspace, "contains characters that cannot be shown")
    assert error.message.isascii()
    assert error.message.isprintable()


def test_names_that_cannot_be_shown_on_the_way(workspace, put):
    put("new\nfolder/a.py")
    refused(workspace, "cannot be shown")


@pytest.mark.parametrize(
    ("one", "other"),
    [("parts/A.py", "parts/a.py"), ("Parts/x.py", "parts/y.py"), ("e\u0301.py", "\u00e9.py")],
)
def test_names_that_some_systems_take_for_one(tmp_path, one, other):
    with pytest.raises(RequestError, match=f"{one} and {other}|[Pp]arts and [Pp]arts") as caught:
        refuse_confusable(tmp_path, ["solution.py", one, other])
    assert "are spelled so much alike" in caught.value.message
    assert caught.value.hint.startswith("mv ")


def test_a_workspace_with_such_names_is_refused_where_they_are_two(workspace, put):
    put("parts/A.py")
    put("parts/a.py")
    if len(list((workspace.root / "parts").iterdir())) == 2:
        refused(workspace, "are spelled so much alike")
    else:
        assert "parts/A.py" in workspace.read().files


@pytest.mark.parametrize("name", ["random.py", "json/__init__.py", "types.py", "sys.py"])
def test_modules_that_hide_the_standard_library(workspace, put, name):
    path = put(name)
    top = name.split("/")[0]
    error = refused(workspace, rf"{top} hides the standard library's")
    assert error.hint == f"mv {workspace.root}/{top} {workspace.root}/my_{top}"
    path.unlink()
    put(f"parts/{name}")
    workspace.read()


def test_a_missing_solution(workspace):
    (workspace.root / "solution.py").unlink()
    error = refused(workspace, r"solution\.py is missing")
    assert error.hint == "harness reset solution.py"


def test_a_folder_in_the_way_of_the_solution(workspace, put):
    put("solution/__init__.py")
    refused(workspace, r"The folder solution hides solution\.py")


def test_a_workspace_that_is_gone(workspace, tmp_path):
    workspace.root.rename(tmp_path / "moved")
    error = refused(workspace, "cannot be read: No such file")
    assert "harness history" in error.hint


def test_a_file_that_may_not_be_read(ordinary_user):
    (ordinary_user.root / "solution.py").chmod(0)
    error = refused(ordinary_user, r"solution\.py cannot be read: Permission denied")
    assert error.hint == f"chmod u+rw {ordinary_user.root}/solution.py"


def test_a_folder_that_may_not_be_read(ordinary_user):
    (ordinary_user.root / "helpers").chmod(0)
    error = refused(ordinary_user, "The folder 'helpers' cannot be read: Permission denied")
    assert error.hint == f"chmod u+rwx {ordinary_user.root}/helpers"


def test_a_file_exchanged_for_a_link_while_it_is_read(workspace, tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("secret")
    really_open = os.open

    def exchange_and_open(path, *arguments, **options):
        if path == "solution.py":
            (workspace.root / "solution.py").unlink()
            (workspace.root / "solution.py").symlink_to(tmp_path / "secret")
        return really_open(path, *arguments, **options)

    monkeypatch.setattr(os, "open", exchange_and_open)
    refused(workspace, r"solution\.py cannot be read")


# -- fingerprints


def test_a_fingerprint_stays_while_nothing_changes(workspace, put):
    before = workspace.fingerprint()
    put("notes.txt", "anything")
    put("tests/test_level1.py", "mine")
    assert workspace.fingerprint() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "solution.py").write_text("x = 1"),
        lambda root: (root / "new.py").write_text(""),
        lambda root: (root / "helpers" / "__init__.py").unlink(),
        lambda root: (root / "helpers").rename(root / "helping"),
        lambda root: (root / "solution.py").chmod(0o600),
        lambda root: os.utime(root / "solution.py", (1, 1)),
        lambda root: (root / "linked.py").symlink_to("nowhere"),
        lambda root: os.mkfifo(root / "pipe.py"),
    ],
)
def test_a_fingerprint_changes_with_every_change(workspace, change):
    before = workspace.fingerprint()
    change(workspace.root)
    assert workspace.fingerprint() != before


def test_a_file_replaced_by_one_just_like_it_changes_the_fingerprint(workspace):
    solution = workspace.root / "solution.py"
    before, status = workspace.fingerprint(), solution.stat()
    copy = workspace.root / "copy"
    copy.write_bytes(solution.read_bytes())
    os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
    copy.replace(solution)
    assert workspace.fingerprint() != before


def test_a_refused_workspace_has_a_fingerprint_that_changes_when_it_is_fixed(workspace, tmp_path):
    healthy = workspace.fingerprint()
    workspace.root.rename(tmp_path / "moved")
    gone = workspace.fingerprint()
    assert gone != healthy
    (tmp_path / "moved").rename(workspace.root)
    assert workspace.fingerprint() != gone
