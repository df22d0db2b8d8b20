"""A skeleton and every reference, judged again and again, get the same verdicts on every ground.

HARNESS_REPEATS says how often.
"""

from __future__ import annotations

import os
import sys

import pytest

from harness.catalog.catalog import core_pack, load_problem
from harness.judge.judge import Judge
from harness.model.judgement import Suite, Verdict
from harness.model.problem import Request, Snapshot

PACK = core_pack()
SLUGS = sorted(path.name for path in (PACK / "problems").iterdir() if path.is_dir())
REPEATS = int(os.environ.get("HARNESS_REPEATS", "3"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("slug", SLUGS)
def test_the_same_again_and_again(
    ground, slug, grounds_plugin, tmp_path, monkeypatch, record_property
):
    monkeypatch.setattr(sys, "path", [*sys.path, str(grounds_plugin)])
    problem = load_problem(PACK / "problems" / slug, PACK / "solutions_template" / slug, "core")
    judge = Judge(ground.name if ground.as_plugin else ground.backend, cache=tmp_path)
    levels = range(1, problem.level_count + 1)
    solutions = {0: problem.template} | {n: problem.root / f"reference/level{n}" for n in levels}
    for level, folder in solutions.items():
        files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.py")}
        request = Request(
            problem=problem,
            snapshot=Snapshot(files=files),
            suite=Suite.HIDDEN,
            levels=tuple(range(1, max(level, 1) + 1)),
            boxes=ground.boxes,
        )
        seen = []
        for _ in range(REPEATS):
            judgement = judge.judge(request)
            assert judgement.error == ""
            assert judgement.retried_after == ""
            seen.append({outcome.case: outcome.verdict for outcome in judgement.outcomes})
        assert all(verdicts == seen[0] for verdicts in seen)
        assert (set(seen[0].values()) == {Verdict.ACCEPTED}) == (level > 0)
    judge.close()
    record_property("repeats", REPEATS)
