"""Pinned copies: whole, idempotent, checked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.catalog.catalog import load_problem
from harness.catalog.pinning import pin, pinned
from harness.errors import StateError
from harness.model.problem import Problem

WriteProblem = Callable[..., Path]


@pytest.fixture
def problem(write_problem: WriteProblem, pack: Path) -> Problem:
    root = write_problem()
    return load_problem(root, pack / "solutions_template" / root.name, "core")


def files_below(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_pinned_problem_survives_its_pack(problem: Problem, tmp_path: Path) -> None:
    copy = pin(problem, tmp_path / "home")
    problem.statement_path(1).write_text("rewritten")
    again = pinned(tmp_path / "home", problem.content_hash)
    assert again == copy
    assert (again.slug, again.content_hash) == (problem.slug, problem.content_hash)
    assert again.root == tmp_path / "home" / "pinned" / problem.content_hash / "problem"
    assert again.statement(1).startswith("# Level 1")


def test_only_what_the_hash_covers_is_copied(problem: Problem, tmp_path: Path) -> None:
    copy = pin(problem, tmp_path)
    names = files_below(copy.root)
    assert {"problem.toml", "reference/level2/solution.py", "level1/test_hidden.py"} <= names
    assert not any(name.startswith(("alternates", "wrong")) for name in names)
    assert files_below(copy.template) == {"solution.py"}


def test_pinning_twice_writes_once(problem: Problem, tmp_path: Path) -> None:
    first = pin(problem, tmp_path)
    written_at = (first.root / "problem.toml").stat().st_mtime_ns
    assert pin(problem, tmp_path) == first
    assert (first.root / "problem.toml").stat().st_mtime_ns == written_at
    assert [p.name for p in (tmp_path / "pinned").iterdir()] == [problem.content_hash]


def test_a_pinned_problem_can_be_pinned(problem: Problem, tmp_path: Path) -> None:
    copy = pin(problem, tmp_path / "one")
    assert pin(copy, tmp_path / "two").content_hash == problem.content_hash


def test_many_at_once(problem: Problem, tmp_path: Path) -> None:
    barrier = threading.Barrier(8)
    results: list[Problem] = []

    def run() -> None:
        barrier.wait(timeout=10)
        results.append(pin(problem, tmp_path))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(results) == 8
    assert all(result == results[0] for result in results)
    assert [p.name for p in (tmp_path / "pinned").iterdir()] == [problem.content_hash]


@pytest.mark.parametrize(
    "damage",
    [
        lambda copy: (copy.root / "level1" / "test_hidden.py").write_text("def test_easy(): pass"),
        lambda copy: (copy.root / "level1" / "test_hidden.py").unlink(),
        lambda copy: (copy.root / "level1" / "more.py").write_text(""),
        lambda copy: (copy.root / "problem.toml").write_bytes(b""),
    ],
)
def test_damage_is_found_and_pinning_again_repairs_it(
    problem: Problem, tmp_path: Path, damage: Callable[[Problem], object]
) -> None:
    copy = pin(problem, tmp_path)
    damage(copy)
    with pytest.raises(StateError, match="The copy of the problem is damaged") as caught:
        pinned(tmp_path, problem.content_hash)
    assert "harness start" in caught.value.hint
    assert pin(problem, tmp_path) == pinned(tmp_path, problem.content_hash)
    assert [p.name for p in (tmp_path / "pinned").iterdir()] == [problem.content_hash]


@pytest.mark.parametrize("content_hash", ["0" * 64, "../../etc", ""])
def test_a_hash_that_was_never_pinned(tmp_path: Path, content_hash: str) -> None:
    with pytest.raises(StateError):
        pinned(tmp_path, content_hash)


def test_what_was_loaded_is_kept_whatever_changes_meanwhile(
    problem: Problem, tmp_path: Path
) -> None:
    problem.editorial_path.write_text("Another.")
    assert pin(problem, tmp_path).editorial == problem.editorial != "Another."


def test_a_home_that_cannot_be_written(problem: Problem, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(StateError, match="Cannot keep the problem in") as caught:
        pin(problem, tmp_path / "home")
    assert "HARNESS_HOME" in caught.value.hint
