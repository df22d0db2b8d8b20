"""Packs as somebody else may hand them in: refused with a place, or harmless; always soon."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.catalog.catalog import MAX_PROBLEMS, Catalog, Pack, load_problem
from harness.catalog.content import MAX_ENTRIES
from harness.catalog.pinning import pin
from harness.errors import PackError
from harness.model.problem import BrokenProblem, Problem
from tests.editing import replace_in

WriteProblem = Callable[..., Path]


def edit(root: Path, old: str, new: str) -> Path:
    """Change the manifest of a problem."""
    replace_in(root / "problem.toml", old, new)
    return root


def load(root: Path) -> Problem:
    return load_problem(root, root.parents[1] / "solutions_template" / root.name, "test")


def complaint(root: Path) -> str:
    with pytest.raises(PackError) as caught:
        load(root)
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    "name",
    [
        "level1/statement.md",
        "level1/test_hidden.py",
        "reference/level1/more.py",
        "alternates/other/more.py",
        "problem.toml",
    ],
)
@pytest.mark.parametrize("kind", ["pipe", "socket", "link", "loop", "dangling", "device link"])
def test_what_is_no_ordinary_file(
    write_problem: WriteProblem,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    kind: str,
) -> None:
    root = write_problem()
    path = root / name
    path.unlink(missing_ok=True)
    (tmp_path / "secret").write_text("secret")
    targets = {
        "link": tmp_path / "secret",
        "loop": path,
        "dangling": "nowhere",
        "device link": "/dev/zero",
    }
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        monkeypatch.chdir(path.parent)  # the name of a socket must be short
        with socket.socket(socket.AF_UNIX) as endpoint:
            endpoint.bind(path.name)
    else:
        path.symlink_to(targets[kind])
    expected = (
        "is neither a file nor a folder."
        if kind in ("pipe", "socket")
        else "is a symbolic link. A pack holds only plain files and folders."
    )
    assert f"{path} {expected}" in complaint(root) or f"  {name} {expected}" in complaint(root)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
def test_devices(write_problem: WriteProblem) -> None:
    root = write_problem()
    os.mknod(root / "level1" / "zero.py", 0o20666, os.makedev(1, 5))
    assert "zero.py is neither a file nor a folder" in complaint(root)


@pytest.mark.parametrize("place", ["level1", "reference", "."])
def test_linked_folders(write_problem: WriteProblem, tmp_path: Path, place: str) -> None:
    root = write_problem()
    moved = tmp_path / "elsewhere"
    shutil.move(root / place, moved)
    (root / place if place != "." else root).symlink_to(moved)
    assert "is a symbolic link" in complaint(root)


def test_a_linked_skeleton(write_problem: WriteProblem, pack: Path, tmp_path: Path) -> None:
    root = write_problem()
    template = pack / "solutions_template" / root.name
    template.rename(tmp_path / "elsewhere")
    template.symlink_to(tmp_path / "elsewhere")
    assert "is a symbolic link" in complaint(root)


def test_hard_links_are_copied_when_an_attempt_begins(
    write_problem: WriteProblem, tmp_path: Path
) -> None:
    """So that what is judged never changes by another name of the same file."""
    root = write_problem()
    statement = root / "level1" / "statement.md"
    os.link(statement, tmp_path / "other name")
    kept = pin(load(root), tmp_path / "home")
    (tmp_path / "other name").write_text("changed")
    assert kept.statement_path(1).read_text().startswith("# Level 1")


def test_a_crowd_of_files(write_problem: WriteProblem) -> None:
    root = write_problem()
    for number in range(MAX_ENTRIES + 1000):
        os.close(os.open(root / "level1" / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    assert f"holds {MAX_ENTRIES} files and folders or more" in complaint(root)


def test_a_crowd_of_problems(pack: Path) -> None:
    for number in range(MAX_PROBLEMS + 1):
        (pack / "problems" / f"p{number}").mkdir()
    with pytest.raises(PackError, match=f"more than {MAX_PROBLEMS} files and folders"):
        Pack("crowd", pack).slugs()


def test_one_gigabyte(write_problem: WriteProblem) -> None:
    root = write_problem()
    with open(root / "level1" / "big.bin", "wb") as file:
        file.truncate(1 << 30)
    assert "big.bin has 1,073,741,824 bytes" in complaint(root)


def test_many_big_files(write_problem: WriteProblem) -> None:
    root = write_problem()
    for number in range(17):
        with open(root / "level1" / f"{number}.bin", "wb") as file:
            file.truncate(2 << 20)
    assert "together exceed 32 MiB" in complaint(root)


def test_folders_that_are_too_deep(write_problem: WriteProblem) -> None:
    root = write_problem()
    inner = root / "level1"
    for _ in range(30):
        inner = inner / "d"
        inner.mkdir()
    assert "is nested more than 16 folders deep" in complaint(root)


@pytest.mark.parametrize(
    "name", [b"new\nline.py", b"esc\x1b[2J.md", "bidi\u202e.md".encode(), b"caf\xe9.md"]
)
def test_names_that_could_deceive(write_problem: WriteProblem, name: bytes) -> None:
    root = write_problem()
    (root / "level1" / os.fsdecode(name)).write_text("x")
    message = complaint(root)
    assert "is not a valid file name in a pack" in message
    assert message.isascii()
    assert message.isprintable()


@pytest.mark.parametrize("name", ["-rf", "two words", "$(touch x)", "caf\u00e9", "x" * 255])
def test_odd_names_are_kept(write_problem: WriteProblem, tmp_path: Path, name: str) -> None:
    root = write_problem()
    (root / "level1" / name).write_text("x")
    kept = pin(load(root), tmp_path / "home")
    assert (kept.root / "level1" / name).read_text() == "x"


@pytest.mark.parametrize(
    "slug", ["../small_queue", "..", "/etc", "a/b", "small\0queue", "Small_Queue", "-queue", ""]
)
def test_a_slug_is_a_plain_name(write_problem: WriteProblem, slug: str) -> None:
    new = f'slug = "{slug}"'.replace("\0", "\\u0000")
    assert "slug is" in complaint(edit(write_problem(), 'slug = "small_queue"', new))


@pytest.mark.parametrize(
    ("module", "why"),
    [
        ("../solution", "a name as in Python"),
        ("/tmp/x", "a name as in Python"),
        ("a.b", "a name as in Python"),
        ("json", "hide the module of the standard library"),
        ("random", "hide the module of the standard library"),
        ("conftest", "files of this name count as tests"),
        ("test_solution", "files of this name count as tests"),
        ("setup", "files of this name count as tests"),
    ],
)
def test_a_module_is_a_name_that_can_be_judged(
    write_problem: WriteProblem, module: str, why: str
) -> None:
    new = f'minutes = 30\nmodule = "{module}"'
    message = complaint(edit(write_problem(), "minutes = 30", new))
    assert f'module is "{module}"' in message
    assert why in message


@pytest.mark.parametrize("name", ["../up", "..", "a/b", "a\\u0000b", "a\\nb"])
def test_a_level_id_is_a_plain_name(write_problem: WriteProblem, name: str) -> None:
    root = edit(write_problem(), 'id = "basics"', f'id = "{name}"')
    assert "levels[0].id (level 1) is" in complaint(root)


@pytest.mark.parametrize("character", ["\\u001b[31m", "\\u0007", "\\r", "\\u009b", "\\u0000"])
def test_a_title_controls_no_terminal(write_problem: WriteProblem, character: str) -> None:
    root = edit(write_problem(), "A small", f"A {character}small")
    assert "It must be one line of text without control characters." in complaint(root)


def test_a_statement_controls_no_terminal(write_problem: WriteProblem) -> None:
    root = write_problem()
    (root / "level2" / "statement.md").write_bytes(b"# Level\n\n\x1b]0;title\x07\n")
    assert "level2/statement.md holds a control character in line 3" in complaint(root)


def test_line_ends_and_tabs_are_no_control_characters(write_problem: WriteProblem) -> None:
    root = write_problem()
    (root / "level2" / "statement.md").write_bytes(b"# Level\r\n\r\n\tcode\r\n")
    load(root)


def test_a_byte_order_mark(write_problem: WriteProblem) -> None:
    root = write_problem()
    (root / "level1" / "statement.md").write_bytes(b"\xef\xbb\xbf# Level 1\n")
    assert load(root).statement(1) == "# Level 1\n"
    edit(root, "format = 1", "\ufeffformat = 1")
    assert "problem.toml begins with a byte order mark" in complaint(root)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[\n" * 3000 + "]\n" * 3000, "holds values nested too deeply"),
        ("{a=" * 300 + "1" + "}" * 300, "holds values nested too deeply"),
        ("[\n[" + " " * 1900 + "\n]]", "tags[0] is an empty list"),
        ('"' + "x" * 3000 + '"', "has 3,009 characters in line 6. The limit is 2,000"),
        ("[" + '"x",\n' * 30_000 + "]", "characters. The limit is 100,000"),
        ("[" + '"",\n' * 9000 + "]", "and 8950 more."),
    ],
    ids=["deep lists", "deep tables", "spaces", "long line", "long file", "many errors"],
)
def test_a_manifest_made_to_take_long(
    write_problem: WriteProblem, value: str, message: str
) -> None:
    told = complaint(edit(write_problem(), '["queue"]', value))
    assert message in told
    assert len(told) < 20_000


def test_a_broken_problem_of_this_kind_hides_no_other(
    write_problem: WriteProblem, pack: Path
) -> None:
    write_problem("good_one")
    edit(write_problem("bad_one"), '["queue"]', "[\n" * 3000 + "]\n" * 3000)
    os.mkfifo(write_problem("worse_one") / "level1" / "pipe.py")
    bad, good, worse = Catalog([Pack("test", pack)]).problems()
    assert isinstance(good, Problem)
    assert isinstance(bad, BrokenProblem)
    assert isinstance(worse, BrokenProblem)


@pytest.mark.parametrize("kind", ["link", "pipe", "gone", "big"])
def test_a_file_that_changes_hands_while_it_is_read(
    write_problem: WriteProblem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Between the listing and the opening; what was opened is what counts."""
    root = write_problem()
    path = root / "level1" / "statement.md"
    (tmp_path / "secret").write_text("secret")
    really_open = os.open

    def exchange_and_open(name: str | Path, *arguments: int, **options: int) -> int:
        if Path(name) == path:
            path.unlink()
            if kind == "link":
                path.symlink_to(tmp_path / "secret")
            elif kind == "pipe":
                os.mkfifo(path)
            elif kind == "big":
                path.write_bytes(b"x" * (3 << 20))
        return really_open(name, *arguments, **options)

    monkeypatch.setattr(os, "open", exchange_and_open)
    expected = {
        "link": "statement.md cannot be read",
        "pipe": "statement.md is neither a file nor a folder",
        "gone": "statement.md cannot be read: No such file",
        "big": "statement.md has 3,145,728 bytes",
    }
    assert expected[kind] in complaint(root)


@pytest.mark.parametrize(
    "name",
    [
        "__pycache__/test_hidden.cpython-311-pytest-8.pyc",
        "level1/__pycache__/test_hidden.cpython-311.pyc",
        "level1/test_hidden.pyc",
        ".git/hooks/pre-commit",
        "level1/.env",
        "level1/.pytest.ini",
    ],
)
def test_what_interpreters_and_tools_left_is_never_copied(
    write_problem: WriteProblem, tmp_path: Path, name: str
) -> None:
    root = write_problem()
    before = load(root).content_hash
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(b"\0poison")
    problem = load(root)
    assert problem.content_hash == before
    kept = pin(problem, tmp_path / "home")
    assert not (kept.root / name).exists()
