"""Every built-in problem, judged by the real judge: correct solutions pass, wrong ones fail.

- the reference of level k passes every suite of levels 1..k
- the reference of level k-1 fails level k, by assertions or missing names of level k
- the skeleton fails every level
- alternates pass everything
- each known mistake passes the levels below, and fails the cases that proof.toml says
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.authoring.files import solution_in
from harness.authoring.mistakes import Mistakes, read_mistakes
from harness.authoring.records import read_matrix
from harness.catalog import core_pack, load_problem
from harness.judge.judge import Judge
from harness.model.judgement import CaseOutcome, Judgement, Suite, Verdict
from harness.model.problem import Problem, Request, Snapshot

PACK = core_pack()
SLUGS = sorted(path.name for path in (PACK / "problems").iterdir() if path.is_dir())
FAIR_FAILURES = {Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR, Verdict.TIME_LIMIT}


@pytest.fixture(scope="session")
def suite_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("suites")


@pytest.fixture
def judge(suite_cache: Path) -> Iterator[Judge]:
    with contextlib.closing(Judge(cache=suite_cache)) as judge:
        yield judge


def problem_of(slug: str) -> Problem:
    return load_problem(PACK / "problems" / slug, PACK / "solutions_template" / slug, "core")


def run(judge: Judge, slug: str, folder: Path, levels: range, suite: Suite) -> Judgement:
    return judge_snapshot(judge, slug, solution_in(folder), levels, suite)


def judge_snapshot(
    judge: Judge, slug: str, solution: Snapshot, levels: range, suite: Suite
) -> Judgement:
    request = Request(
        problem=problem_of(slug),
        snapshot=solution,
        suite=suite,
        levels=tuple(levels),
    )
    judgement = judge.judge(request)
    assert judgement.error == ""
    assert {outcome.level for outcome in judgement.outcomes} == set(levels)
    return judgement


def complaints(judgement: Judgement) -> list[str]:
    return [
        f"{o.case}: {o.verdict} {o.message}"
        for o in judgement.outcomes
        if o.verdict is not Verdict.ACCEPTED
    ]


def function_of(outcome: CaseOutcome) -> str:
    return outcome.case.partition("::")[2].partition("[")[0]


def solutions(kind: str) -> list[tuple[str, str]]:
    return [
        (slug, path.name)
        for slug in SLUGS
        for path in sorted((PACK / "problems" / slug / kind).iterdir())
        if path.is_dir()
    ]


def mistakes_of(slug: str) -> Mistakes:
    problem = problem_of(slug)
    return read_mistakes(problem.root, problem.manifest.module, problem.level_count)


def mistakes() -> list[tuple[str, str]]:
    return [(slug, edit.name) for slug in SLUGS for edit in mistakes_of(slug).mistakes]


def test_the_built_in_problems_are_there():
    assert SLUGS == ["kv_store", "rate_limiter", "task_scheduler"]


@pytest.mark.parametrize("suite", list(Suite))
@pytest.mark.parametrize(("slug", "name"), solutions("reference"))
def test_reference_passes_its_levels(judge, slug, name, suite):
    level = int(name.removeprefix("level"))
    folder = PACK / "problems" / slug / "reference" / name
    assert complaints(run(judge, slug, folder, range(1, level + 1), suite)) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_reference_fails_the_next_level_by_what_is_new(judge, slug):
    for level in range(2, problem_of(slug).level_count + 1):
        folder = PACK / "problems" / slug / "reference" / f"level{level - 1}"
        judgement = run(judge, slug, folder, range(level, level + 1), Suite.HIDDEN)
        failed = [o for o in judgement.outcomes if o.verdict is not Verdict.ACCEPTED]
        assert failed
        assert {o.verdict for o in failed} <= FAIR_FAILURES


@pytest.mark.parametrize("suite", list(Suite))
def test_a_method_that_is_missing_is_told_also_from_threads(judge, suite):
    folder = PACK / "problems" / "kv_store" / "reference" / "level3"
    judgement = run(judge, "kv_store", folder, range(4, 5), suite)
    causes = {outcome.message for outcome in judgement.outcomes}
    missing = "AttributeError: 'KVStore' object has no attribute"
    assert causes == {f"{missing} 'update'", f"{missing} 'view'"}


@pytest.mark.parametrize("slug", SLUGS)
def test_skeleton_fails_every_level(judge, slug):
    problem = problem_of(slug)
    levels = range(1, problem.level_count + 1)
    for suite in Suite:
        judgement = run(judge, slug, problem.template, levels, suite)
        assert [level for level in levels if judgement.level_accepted(level)] == []
        assert {o.verdict for o in judgement.outcomes} <= {Verdict.ACCEPTED, *FAIR_FAILURES}


@pytest.mark.parametrize("suite", list(Suite))
@pytest.mark.parametrize(("slug", "name"), solutions("alternates"))
def test_alternate_passes_everything(judge, slug, name, suite):
    levels = range(1, problem_of(slug).level_count + 1)
    folder = PACK / "problems" / slug / "alternates" / name
    assert complaints(run(judge, slug, folder, levels, suite)) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_at_least_two_alternates_and_two_mistakes_a_level(slug):
    assert sum(s == slug for s, _ in solutions("alternates")) >= 2
    found = mistakes_of(slug)
    assert found.errors == ()
    for level in range(1, problem_of(slug).level_count + 1):
        assert sum(edit.level == level for edit in found.mistakes) >= 2


@pytest.mark.parametrize("slug", SLUGS)
def test_the_proof_names_every_mistake(slug):
    matrix = read_matrix(problem_of(slug).root)
    assert list(matrix) == [edit.name for edit in mistakes_of(slug).mistakes]
    assert all(matrix.values())


@pytest.mark.exhaustive
@pytest.mark.parametrize(("slug", "name"), mistakes())
def test_a_mistake_fails_what_the_proof_says_and_nothing_below(judge, slug, name):
    problem = problem_of(slug)
    (edit,) = (each for each in mistakes_of(slug).mistakes if each.name == name)
    folder = PACK / "problems" / slug / "reference" / f"level{edit.level}"
    solution = edit.apply(solution_in(folder))
    hidden = judge_snapshot(judge, slug, solution, range(1, edit.level + 1), Suite.HIDDEN)
    assert [c for c in complaints(hidden) if not c.startswith(f"level{edit.level}::")] == []
    outcomes = hidden.of_level(edit.level)
    failed = {function_of(o) for o in outcomes if o.verdict is not Verdict.ACCEPTED}
    assert failed == set(read_matrix(problem.root)[name])
    if edit.case:
        assert edit.case in failed
    if edit.level > 1:
        visible = judge_snapshot(judge, slug, solution, range(1, edit.level), Suite.VISIBLE)
        assert complaints(visible) == []
