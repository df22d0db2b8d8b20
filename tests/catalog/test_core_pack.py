"""The problems that come with the tool."""

from __future__ import annotations

from harness.catalog.catalog import Catalog, Pack, core_pack
from harness.model.problem import BrokenProblem


def test_every_problem_of_the_core_pack_loads() -> None:
    problems = Catalog([Pack("core", core_pack())]).problems()
    assert problems
    broken = [each.error.message for each in problems if isinstance(each, BrokenProblem)]
    assert broken == []
    for problem in problems:
        assert not isinstance(problem, BrokenProblem)
        for level in range(1, problem.level_count + 1):
            assert problem.statement(level).startswith("# ")
            assert problem.reference(level).files
