from __future__ import annotations

from collections.abc import Callable

from harness.errors import PackError
from harness.model.attempt import AttemptState
from harness.model.problem import BrokenProblem, Problem
from harness.reports.overviews import history_document, problem_document, status_document
from harness.reports.scoring import score

MakeState = Callable[..., AttemptState]


def test_a_broken_problem_is_listed_with_its_error(problem: Problem) -> None:
    broken = BrokenProblem("chess", "mine", PackError("problem.toml is missing."))
    fine, bad = problem_document(problem), problem_document(broken)
    assert (fine["slug"], fine["levels"], fine["minutes"], fine["error"]) == ("kv_store", 3, 60, "")
    assert (bad["slug"], bad["pack"], bad["error"]) == (
        "chess",
        "mine",
        "problem.toml is missing.",
    )
    assert fine.keys() == bad.keys()


def test_status_shows_all_levels_from_the_start(problem: Problem, state: MakeState) -> None:
    now = state()
    document = status_document(problem, now, score(problem, now))
    levels = document["levels"]
    assert [level["standing"] for level in levels] == ["accepted", "current", "locked"]
    assert all(level["summary"] for level in levels)
    assert [(level["passed"], level["total"]) for level in levels] == [(18, 18), (9, 14), (0, 0)]
    assert [level["spent_seconds"] for level in levels] == [484.0, 1316.0, None]
    assert (document["points"], document["max_points"], document["test_runs"]) == (279, 700, 5)
    first = levels[0]
    assert (first["points"], first["max_points"], first["bonus"], first["max_bonus"]) == (
        100,
        100,
        50,
        50,
    )
    assert document["remaining_seconds"] == 1800.0
    assert not document["pending_submission"]


def test_history_goes_on_without_the_score_of_a_lost_problem(
    problem: Problem, state: MakeState
) -> None:
    one, other = state(), state(id="other2")
    lines = [history_document(one, score(problem, one)), history_document(other, None)]
    assert [(line["attempt"], line["points"], line["max_points"]) for line in lines] == [
        ("k3f9qz", 279, 700),
        ("other2", None, None),
    ]
