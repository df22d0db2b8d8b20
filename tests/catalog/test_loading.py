"""Loading one problem: what is needed, what is refused, what the hash covers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.catalog.catalog import load_problem
from harness.catalog.content import MAX_FILE_BYTES, is_junk
from harness.errors import PackError, RequestError
from harness.model.problem import Problem

WriteProblem = Callable[..., Path]


def load(root: Path) -> Problem:
    return load_problem(root, template_of(root), "mine")


def template_of(root: Path) -> Path:
    return root.parents[1] / "solutions_template" / root.name


def refusal(root: Path) -> str:
    with pytest.raises(PackError) as caught:
        load(root)
    assert caught.value.hint.startswith(f"harness author check {root}  # after ")
    return caught.value.message


def test_a_whole_problem_loads(write_problem: WriteProblem) -> None:
    root = write_problem()
    problem = load(root)
    assert (problem.slug, problem.level_count, problem.pack) == ("small_queue", 2, "mine")
    assert (problem.root, problem.template) == (root, template_of(root))


@pytest.mark.parametrize(
    "name",
    [
        "editorial.md",
        "level1/statement.md",
        "level2/test_visible.py",
        "level2/test_hidden.py",
        "reference/level1/solution.py",
        "../../solutions_template/small_queue/solution.py",
    ],
)
def test_a_file_that_is_missing_or_empty_is_named(write_problem: WriteProblem, name: str) -> None:
    root = write_problem()
    path = Path(os.path.normpath(root / name))
    path.write_text(" \n")
    assert refusal(root) == f"{path} is empty."
    path.unlink()
    assert refusal(root) == f"{path} is missing."


def test_a_missing_manifest_is_named(write_problem: WriteProblem) -> None:
    root = write_problem()
    (root / "problem.toml").unlink()
    assert f"{root / 'problem.toml'} is missing." in refusal(root)


def test_a_missing_template_folder_is_named(write_problem: WriteProblem) -> None:
    root = write_problem()
    shutil.rmtree(template_of(root))
    assert f"{template_of(root)} cannot be listed: No such file" in refusal(root)


def test_a_missing_folder_is_named(pack: Path) -> None:
    with pytest.raises(PackError) as caught:
        load(pack / "problems" / "gone")
    assert caught.value.message == f"There is no folder {pack / 'problems' / 'gone'}."
    assert caught.value.hint.startswith("harness list")


def test_errors_of_manifest_and_files_come_together(write_problem: WriteProblem) -> None:
    root = write_problem()
    manifest = root / "problem.toml"
    manifest.write_text(manifest.read_text().replace("points = 200", "points = 0"))
    (root / "level1" / "test_hidden.py").write_bytes(b"\xff")
    assert refusal(root).splitlines() == [
        f"{root} has 2 errors:",
        "  level1/test_hidden.py is not UTF-8 text (line 1 contains bytes that are not UTF-8).",
        "  problem.toml:30: levels[1].points (level 2) is 0. It must be at least 1.",
    ]


def test_the_slug_must_be_the_name_of_the_folder(write_problem: WriteProblem) -> None:
    root = write_problem()
    other = root.rename(root.with_name("other"))
    template_of(root).rename(template_of(other))
    assert 'slug is "small_queue", but the name of the folder is "other"' in refusal(other)


def test_a_level_folder_without_a_table(write_problem: WriteProblem) -> None:
    root = write_problem()
    (root / "level3").mkdir()
    (root / "level3" / "statement.md").write_text("# More")
    assert f"{root / 'level3'} has no [[levels]] table" in refusal(root)


def test_files_that_are_too_big_are_refused(write_problem: WriteProblem) -> None:
    root = write_problem()
    big = root / "level1" / "data.bin"
    big.write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    assert refusal(root) == f"{big} has 2,097,153 bytes. The limit is 2,097,152."
    big.write_bytes(b"x" * MAX_FILE_BYTES)
    assert load(root).slug == "small_queue"


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        ("problem.toml", True),
        ("editorial.md", True),
        ("level1/statement.md", True),
        ("level2/test_hidden.py", True),
        ("level1/test_visible.py", True),
        ("reference/level2/solution.py", True),
        ("reference/level2/helper.py", True),
        ("alternates/other/solution.py", False),
        ("wrong/stack/solution.py", False),
        ("NOTES.txt", False),
        ("level1/__pycache__/x.pyc", False),
        ("level1/.statement.md.swp", False),
        ("level1/statement.md~", False),
    ],
)
def test_what_the_hash_covers(write_problem: WriteProblem, name: str, matters: bool) -> None:
    root = write_problem()
    before = load(root).content_hash
    path = root / name
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as handle:
        handle.write("\n# changed\n")
    assert (load(root).content_hash != before) is matters


def test_the_hash_covers_the_skeleton(write_problem: WriteProblem) -> None:
    root = write_problem()
    before = load(root).content_hash
    (template_of(root) / "helper.py").write_text("x = 1\n")
    assert load(root).content_hash != before


def test_the_hash_covers_names(write_problem: WriteProblem) -> None:
    root = write_problem()
    (root / "level1" / "one.txt").write_text("x")
    before = load(root).content_hash
    (root / "level1" / "one.txt").rename(root / "level1" / "two.txt")
    assert load(root).content_hash != before


def test_the_hash_does_not_depend_on_the_order_or_the_place(
    write_problem: WriteProblem, tmp_path: Path
) -> None:
    root = write_problem()
    other = tmp_path / "other" / "problems" / root.name
    files = sorted((p for p in root.rglob("*") if p.is_file()), reverse=True)
    for path in files:
        copy = other / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    shutil.copytree(template_of(root), template_of(other))
    assert load(other).content_hash == load(root).content_hash


@settings(max_examples=50, deadline=None)
@given(st.from_regex(r"[a-z][a-z0-9_]{0,10}\.(py|md|toml|json|txt)", fullmatch=True))
def test_ordinary_names_are_no_junk(name: str) -> None:
    assert not is_junk(name)


@pytest.mark.parametrize(
    "name", ["__pycache__", ".git", ".DS_Store", "x.py~", "#x.py#", "x.pyc", "x.py.orig", ".#x"]
)
def test_junk(name: str) -> None:
    assert is_junk(name)


def test_texts(write_problem: WriteProblem) -> None:
    problem = load(write_problem())
    assert problem.statement(2) == "# Level 2\n\nWrite it: ü.\n"
    assert problem.reference(1).files == {"solution.py": b"class Queue: level = 1\n"}
    assert problem.editorial.startswith("# Why")


@pytest.mark.parametrize("level", [0, 3])
def test_a_level_that_is_not_there(write_problem: WriteProblem, level: int) -> None:
    problem = load(write_problem())
    with pytest.raises(RequestError, match=rf"has no level {level}. Its levels are 1 to 2."):
        problem.statement(level)
