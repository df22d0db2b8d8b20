"""What `harness author new` writes is a problem that passes, whatever its name and size."""

from __future__ import annotations

import pytest

from harness.authoring.examination import CHECKS, choose, examine
from harness.authoring.examiner import Examiner
from harness.authoring.scaffold import scaffold
from harness.authoring.subject import Subject
from harness.catalog.catalog import load_problem_at
from harness.errors import RequestError

MATRIX = (
    *("references", "steps", "skeleton", "alternates", "cheats"),
    *("mistakes", "known-wrong", "naive", "lower-levels", "feedback"),
)


@pytest.mark.parametrize(
    "levels", [1, 6, *(pytest.param(n, marks=pytest.mark.exhaustive) for n in (2, 3, 4, 5))]
)
def test_it_passes_the_matrix(levels, tmp_path):
    scaffold("bounded_queue", levels, tmp_path)
    problem = load_problem_at(tmp_path / "problems" / "bounded_queue")
    assert problem.level_count == levels
    with Examiner("process") as examiner:
        results = examine(Subject(problem, examiner), choose(CHECKS, MATRIX, full=True))
    assert [finding for result in results for finding in result.findings] == []


def test_each_mistake_is_one_place_of_the_reference(tmp_path):
    scaffold("ledger", 6, tmp_path)
    root = tmp_path / "problems" / "ledger"
    subject = Subject(load_problem_at(root), None)
    assert len({edit.name for edit in subject.mistakes}) == 12
    for edit in subject.mistakes:
        reference = subject.references[edit.level].files["solution.py"].splitlines()
        wrong = subject.edited(edit).files["solution.py"].splitlines()
        differing = [a for a, b in zip(reference, wrong, strict=True) if a != b]
        assert len(differing) == 1, edit.name


def test_the_class_has_the_name_of_the_problem(tmp_path):
    files = scaffold("bounded_queue", 2, tmp_path)
    code = [path.read_text() for path in files]
    assert not [text for text in code if "Ledger" in text]
    skeleton = tmp_path / "solutions_template/bounded_queue/solution.py"
    assert "class BoundedQueue:" in skeleton.read_text()


def test_a_name_that_python_has_taken_gets_another_class(tmp_path):
    scaffold("none", 1, tmp_path)
    text = (tmp_path / "solutions_template/none/solution.py").read_text()
    assert "class NoneLedger:" in text


@pytest.mark.parametrize(("slug", "hint"), [("Two Stacks", "two_stacks"), ("9", "my_problem")])
def test_a_name_that_cannot_be_used_is_refused_with_a_near_one(slug, hint, tmp_path):
    with pytest.raises(RequestError) as caught:
        scaffold(slug, 1, tmp_path)
    assert slug in caught.value.message
    assert caught.value.hint == f"harness author new {hint}"
    assert not list(tmp_path.iterdir())


def test_what_lies_there_is_not_touched(tmp_path):
    kept = tmp_path / "solutions_template" / "ledger" / "solution.py"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")
    with pytest.raises(RequestError, match="is there already"):
        scaffold("ledger", 1, tmp_path)
    assert kept.read_text() == "mine"
    assert not (tmp_path / "problems").exists()


def test_a_pack_that_cannot_be_written_leaves_no_file(tmp_path):
    (tmp_path / "solutions_template").write_text("a file where a folder should be")
    with pytest.raises(RequestError, match="Cannot write"):
        scaffold("ledger", 1, tmp_path)
    assert [path for path in (tmp_path / "problems").rglob("*") if path.is_file()] == []
