"""Which judgements are kept, and when they count no more; and what an examination keeps."""

from __future__ import annotations

import pytest

import harness
from harness.authoring.examination import examine
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.errors import PackError
from harness.model.finding import Check, Finding


@pytest.fixture
def counted(bench, tmp_path, monkeypatch):
    """Return a function that judges reference 1 at level 1, and says whether it was judged anew."""
    judged = []
    real = Examiner._judge

    def judge(self, request):
        judged.append(request)
        return real(self, request)

    monkeypatch.setattr(Examiner, "_judge", judge)
    with Examiner(kept=tmp_path / "kept", workers=1) as examiner:

        def is_judged_anew(*, fresh=False, **changed):
            subject = Subject(bench.problem, examiner)
            before = len(judged)
            subject.judge(subject.request(subject.references[1], (1,), **changed), fresh=fresh)
            return len(judged) > before

        assert is_judged_anew()
        assert not is_judged_anew()
        yield is_judged_anew


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("level1/test_hidden.py", "[5]", "[6]"),
        ("problem.toml", "wall_seconds = 1.0", "wall_seconds = 1.5"),
        ("problem.toml", 'Tally = ["undo"]', 'Tally = ["undo", "redo"]'),
        ("reference/level1/solution.py", "amount", "number"),
    ],
)
def test_what_decides_is_judged_again(bench, counted, name, old, new):
    bench.change(name, old, new)
    assert counted()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("level2/test_hidden.py", "[4, 2, 1]", "[4, 2, 0]"),
        ("level1/test_visible.py", "== 7", "== 8"),
        ("problem.toml", '"Undo"', '"Take back"'),
        ("level1/statement.md", "adds up", "adds"),
    ],
)
def test_what_does_not_decide_is_not(bench, counted, name, old, new):
    bench.change(name, old, new)
    assert not counted()


def test_another_judge_judges_again(bench, tmp_path, monkeypatch):
    package = tmp_path / "harness"
    (package / "judge").mkdir(parents=True)
    monkeypatch.setattr(harness, "__file__", str(package / "__init__.py"))
    places = set()
    for text in ("one", "another", "one"):
        (package / "judge" / "judge.py").write_text(text)
        with Examiner(kept=tmp_path / "kept", workers=1) as examiner:
            places.add(examiner._place("json", "inputs"))
    assert len(places) == 2


def test_fresh_ones_and_other_questions_are_judged(counted):
    assert counted(fresh=True)
    assert counted(select="test_sum")
    assert not counted(select="test_sum")


def test_many_of_one_kind_are_kept_side_by_side(bench, tmp_path):
    kept = tmp_path / "kept"
    with Examiner(kept=kept, workers=2) as examiner:
        subject = Subject(bench.problem, examiner)
        request = subject.request(subject.references[1], (1,))
        judged = subject.judge_all([request] * 4)
    assert {judgement.verdict for judgement in judged} == {"accepted"}
    assert [path.suffix for path in kept.rglob("*") if path.is_file()] == [".cases"]


def test_a_judgement_that_cannot_be_kept(bench, tmp_path):
    (tmp_path / "kept").write_text("a file where a folder should be")
    with Examiner(kept=tmp_path / "kept", workers=1) as examiner:
        subject = Subject(bench.problem, examiner)
        judgement = subject.judge(subject.request(subject.references[1], (1,)))
        assert judgement.verdict == "accepted"
        examiner.note("a fact")
        assert not examiner.knows("a fact")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PackError("Broken.", "mend it"), "Broken."),
        (ZeroDivisionError("no"), "The check itself failed: ZeroDivisionError: no"),
    ],
)
def test_what_was_found_before_a_failure_is_kept(bench, error, message):
    def run(subject):
        yield Finding(message="First.", why="", fix="")
        raise error

    subject = Subject(bench.problem, bench.examiner)
    (result,) = examine(subject, [Check(name="a", title="b", run=run)])
    assert [finding.message for finding in result.findings] == ["First.", message]
    assert not result.passed
