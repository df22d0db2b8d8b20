"""A solution gets the same outcomes, word for word, from boxes of its own and from shared ones."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.catalog.catalog import core_pack, load_problem_at
from harness.judge.judge import Judge
from harness.model.judgement import CaseOutcome, Suite
from harness.model.problem import Boxes, Request, Snapshot

PACK = core_pack()
SLUGS = sorted(path.name for path in (PACK / "problems").iterdir() if path.is_dir())


def solutions(subject: Subject) -> Iterator[tuple[str, Snapshot]]:
    """Yield right ones and wrong ones."""
    yield "skeleton", subject.skeleton
    for level, reference in subject.references.items():
        yield f"reference {level}", reference
    yield from subject.alternates.items()
    for edit in subject.mistakes:
        yield edit.name, subject.edited(edit)


def differing(slug: str, *, most: int) -> list[str]:
    """Judge up to so many solutions on both roads; return where the outcomes differ."""
    found = []
    with Examiner(workers=1) as examiner, contextlib.closing(Judge(reuse=True)) as judge:
        subject = Subject(load_problem_at(PACK / "problems" / slug), examiner)

        def outcomes(request: Request, boxes: Boxes) -> dict[str, CaseOutcome]:
            judgement = judge.judge(replace(request, boxes=boxes))
            assert (judgement.error, judgement.retried_after) == ("", "")
            return {each.case: _certain(each) for each in judgement.outcomes}

        for name, solution in [*solutions(subject)][:most]:
            for suite in Suite:
                request = subject.request(solution, suite=suite)
                fresh, shared = outcomes(request, "fresh"), outcomes(request, "shared")
                if fresh != shared:  # what threads do differs by itself, too
                    steady = outcomes(request, "fresh")
                    found += [
                        f"{name}: {case}: {fresh[case]} {shared[case]}"
                        for case in fresh
                        if fresh[case] == steady[case] != shared[case]
                    ]
    return found


def _certain(outcome: CaseOutcome) -> CaseOutcome:
    """Leave out what is chance: times, and in what order threads have called when one fails."""
    is_chance = any(call.endswith("… no answer") for call in outcome.calls)
    return replace(outcome, seconds=0, calls=() if is_chance else outcome.calls)


def test_a_few_solutions() -> None:
    assert differing("rate_limiter", most=2) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("slug", SLUGS)
def test_all_solutions(slug: str) -> None:
    assert differing(slug, most=1000) == []
