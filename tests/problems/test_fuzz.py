"""Each `fuzz.py` of the core problems is true to the statements, and sees known mistakes."""

from __future__ import annotations

import pytest

from harness.authoring.fuzz.duel import duel, load_fuzz
from harness.authoring.fuzz.player import Player
from harness.authoring.subject import Subject
from harness.catalog.catalog import core_pack, load_problem_at

SLUGS = sorted(path.name for path in (core_pack() / "problems").iterdir() if path.is_dir())


@pytest.fixture
def compare(tmp_path):
    def compare(slug, opponent, examples):
        problem = load_problem_at(core_pack() / "problems" / slug)
        subject = Subject(problem, None)
        mistakes = {edit.name: edit for edit in subject.mistakes}
        mistake = mistakes.get(opponent)
        level = mistake.level if mistake else problem.level_count
        solution = subject.edited(mistake) if mistake else subject.alternates[opponent]
        fuzz = load_fuzz(problem)
        with (
            Player(problem, subject.references[level], "process", fuzz.attributes) as first,
            Player(problem, solution, "process", fuzz.attributes) as second,
        ):
            return duel(
                fuzz,
                level,
                (first, second),
                module="solution",
                examples=examples,
                seed=0,
                home=tmp_path,
            )[1]

    return compare


@pytest.mark.parametrize("slug", SLUGS)
def test_an_alternate_answers_as_the_reference_does(slug, compare):
    names = sorted(path.name for path in (core_pack() / f"problems/{slug}/alternates").iterdir())
    assert compare(slug, names[0], examples=25) is None


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("kv_store", "reads_empty_as_none"),
        ("rate_limiter", "border_off_by_one"),
        ("task_scheduler", "done_id_is_free"),
    ],
)
def test_a_known_mistake_is_found(slug, name, compare):
    assert compare(slug, name, examples=60) is not None


@pytest.mark.parametrize("slug", SLUGS)
def test_every_name_of_the_manifest_is_called(slug):
    problem = load_problem_at(core_pack() / "problems" / slug)
    text = (problem.root / "fuzz.py").read_text(encoding="utf-8")
    for level in problem.manifest.levels:
        for methods in level.symbols.classes.values():
            assert [name for name in methods if f".{name}" not in text] == []
