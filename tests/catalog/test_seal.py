"""A seal is read as if its files lay beside it: refused with a reason, or whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.catalog.catalog import load_problem
from harness.catalog.content import MAX_FILE_BYTES, SEAL_NAME, make_seal, open_seal
from harness.catalog.pinning import pin, pinned
from harness.errors import PackError, StateError
from harness.model.problem import Problem

WriteProblem = Callable[..., Path]


def load(root: Path) -> Problem:
    return load_problem(root, root.parents[1] / "solutions_template" / root.name, "test")


@pytest.fixture
def sealed(write_problem: WriteProblem) -> Path:
    """A problem whose files lie in its seal, all of them."""
    root = write_problem()
    files = {p.relative_to(root).as_posix(): p for p in root.rglob("*") if p.is_file()}
    seal = make_seal({name: path.read_bytes() for name, path in files.items()})
    for path in files.values():
        path.unlink()
    (root / SEAL_NAME).write_bytes(seal)
    return root


def add(root: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(root / SEAL_NAME, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return root


def complaint(root: Path) -> str:
    with pytest.raises(PackError) as caught:
        load(root)
    return caught.value.message


def test_what_is_sealed_is_the_same_problem(sealed: Path, write_problem: WriteProblem) -> None:
    open_one = load(write_problem("another_one"))
    problem = load(sealed)
    assert problem.level_count == open_one.level_count
    assert problem.content.files.keys() == open_one.content.files.keys()
    assert (problem.sealed, open_one.sealed) == (True, False)


@pytest.mark.parametrize(
    "name", ["../up.md", "/etc/x", "level1//x.md", "level1/../x", "level1\\x", "level1/\x1b.md"]
)
def test_a_name_that_leads_elsewhere(sealed: Path, name: str) -> None:
    assert "which is not a valid file name in a pack" in complaint(add(sealed, name, b"x"))


def test_a_file_that_is_there_twice(sealed: Path) -> None:
    (sealed / "level1" / "statement.md").write_text("# Another\n")
    assert f"{SEAL_NAME} holds level1/statement.md, which exists already." in complaint(sealed)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_sealed_twice(sealed: Path) -> None:
    assert "which exists already" in complaint(add(sealed, "level1/statement.md", b"# x\n"))


def test_a_file_that_is_too_large(sealed: Path) -> None:
    add(sealed, "level1/large.md", b"x" * (MAX_FILE_BYTES + 1))
    assert "level1/large.md has" in complaint(sealed)


def test_a_bomb_is_not_unpacked() -> None:
    mistakes: list[object] = []
    seal = make_seal({f"level1/{n}.md": bytes(1 << 20) for n in range(8)})
    assert len(seal) < 1 << 16
    found = list(open_seal(seal, Path("/p/sealed.zip"), 2 << 20, mistakes))  # type: ignore[arg-type]
    assert len(found) == 2
    assert "is too large" in str(mistakes)


@pytest.mark.parametrize("content", [b"\xff", b"x\x1b[2J"])
def test_texts_are_checked_as_everywhere(sealed: Path, content: bytes) -> None:
    assert "level1/more.md" in complaint(add(sealed, "level1/more.md", content))


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_a_torn_seal(sealed: Path, cut: int) -> None:
    path = sealed / SEAL_NAME
    path.write_bytes(path.read_bytes()[:cut])
    assert f"{SEAL_NAME} cannot be read" in complaint(sealed)


def test_a_seal_with_a_changed_byte(sealed: Path) -> None:
    path = sealed / SEAL_NAME
    data = bytearray(path.read_bytes())
    data[60] ^= 255
    path.write_bytes(bytes(data))
    assert f"{SEAL_NAME} cannot be read" in complaint(sealed)


def test_a_pinned_seal_that_was_changed_is_noticed(sealed: Path, tmp_path: Path) -> None:
    problem = load(sealed)
    copy = pin(problem, tmp_path)
    in_seal = copy.content.below("problem/").files
    parts = {name: in_seal[name] for name in in_seal if not (copy.root / name).exists()}
    parts["level2/statement.md"] = b"# Forged\n"
    (copy.root / SEAL_NAME).write_bytes(make_seal(parts))
    with pytest.raises(StateError, match="is damaged"):
        pinned(tmp_path, problem.content_hash)
    assert pin(problem, tmp_path).content == copy.content


def test_what_a_hostile_archive_says_of_itself() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("level1/statement.md", b"x" * 100)
    data = buffer.getvalue().replace((100).to_bytes(4, "little"), (1).to_bytes(4, "little"))
    mistakes: list[object] = []
    list(open_seal(data, Path("/p/sealed.zip"), 1 << 20, mistakes))  # type: ignore[arg-type]
    assert mistakes
