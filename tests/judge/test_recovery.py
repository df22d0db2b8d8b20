"""Children that die, hang, talk nonsense or end in silence, in every order.

A simulated child follows a script: it knows what each case does to the child that judges it.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.errors import JudgeError
from harness.judge import recovery
from harness.judge.recovery import DIED, MOST_DEATHS, MOST_STUCK_CASES, STUCK, judge_cases
from harness.model.judgement import CaseOutcome, Judgement, Observer, Suite, Verdict
from harness.model.problem import Request, Snapshot
from tests.making import make_problem

MOST_CHILDREN = 2 + 2 * MOST_STUCK_CASES + MOST_DEATHS
"""The first try follows up on hangs only, the second on hangs and deaths."""

LIVES = ("accepted", "wrong_answer", "time_limit", "judge_error")
"""Verdicts that a child reports by itself."""
ENDS = ("dies", "hangs", "fails", "vanishes", "twice", "unknown", "nonsense")
"""What makes a case the last one of its child."""
AT_START = ("runs", "dies", "hangs", "fails", "vanishes", "names nothing", "leaves one out")
"""What a child does before its first case, when it does not simply run them all."""

CASES = tuple(f"level1::test_{n}" for n in range(6))


def a_request(*, select: str = "", stop_at_timeout: bool = False) -> Request:
    return Request(
        problem=make_problem("tiny"),
        snapshot=Snapshot(files={}),
        suite=Suite.HIDDEN,
        levels=(1,),
        select=select,
        stop_at_timeout=stop_at_timeout,
    )


def outcome_of(case: str, verdict: str) -> dict[str, Any]:
    outcome = CaseOutcome(case=case, level=1, title="T", verdict=Verdict(verdict), seconds=0.1)
    return {"outcome": json.loads(json.dumps(asdict(outcome)))}


class Children:
    """Runs one child after another, and notes what they said and how each ended.

    ``acts``: per case what it does at each of its runs; the last one holds for all that follow.
    ``starts``: per child what it does at its start; those after the last simply run.
    """

    def __init__(
        self,
        acts: Sequence[Sequence[str]],
        starts: Sequence[str] = (),
        *,
        stop_at_timeout: bool = False,
    ) -> None:
        self.acts = {case: list(each) for case, each in zip(CASES, acts, strict=False)}
        self.starts = list(starts)
        self.stop_at_timeout = stop_at_timeout
        self.count = 0
        self.reported: list[tuple[str, str]] = []
        """Outcome frames that are well formed, the latest last."""
        self.hung: list[str] = []
        """The first case left, for each child that hung."""
        self.lost: list[str] = []
        """The same for each child that came to another bad end: the case that is blamed."""
        self.open: list[str] = []
        """The cases without an outcome, as the parent knows them."""
        self.is_open = False

    def run(self, judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
        assert not self.is_open, "one child at a time"
        self.count += 1
        self.is_open = True
        try:
            yield from self._live(judged)
        finally:
            self.is_open = False

    def _live(self, judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
        start = self.starts.pop(0) if self.starts else "runs"
        left = [case for case in self.acts if case not in judged]
        yield {"protection": {"backend": "simulated", "tier": "none"}}
        self.open = list(left)
        if start in ENDS:
            yield from self._end(start, left[0] if left else "")
            return
        if start != "names nothing":
            yield {"collected": left, "processor": None}
        if start == "leaves one out":
            self.lost += left[:1]
            left = left[1:]
        for case in left:
            acts = self.acts[case]
            act = acts.pop(0) if len(acts) > 1 else acts[0]
            if act in ENDS:
                yield from self._end(act, case)
                return
            self.report(case, act)
            yield outcome_of(case, act)
            if self.stop_at_timeout and act == "time_limit":
                break
        yield {"done": True, "seconds": 1.0}

    def report(self, case: str, verdict: str) -> None:
        self.reported.append((case, verdict))
        if case in self.open:
            self.open.remove(case)

    def _end(self, act: str, case: str) -> Generator[dict[str, Any]]:
        if act == "twice":
            self.report(case, "accepted")
        blamed = self.open[0] if self.open else ""
        (self.hung if act == "hangs" else self.lost).append(blamed)
        if act == "dies":
            raise JudgeError("the judge's process failed: it died")
        if act == "hangs":
            raise JudgeError("the judge's process failed: it stopped responding", stuck=True)
        if act == "fails":
            yield {"failed": "the sandbox broke", "hint": "harness doctor"}
        if act == "twice":
            yield outcome_of(case, "accepted")
            yield outcome_of(case, "wrong_answer")
        if act == "unknown":
            yield outcome_of("level1::test_of_nobody", "accepted")
        if act == "nonsense":
            yield {"outcome": {"case": case, "verdict": "accepted"}}


class Watcher(Observer):
    """Checks that each try is reported from its beginning, and each case once in it."""

    def __init__(self) -> None:
        self.tries = 0
        self.done: list[str] = []

    def cases_collected(self, cases: Sequence[str]) -> None:
        self.tries += 1
        self.done.clear()

    def case_done(self, outcome: CaseOutcome) -> None:
        assert outcome.case not in self.done
        self.done.append(outcome.case)


acts = st.lists(
    st.lists(st.sampled_from(LIVES[:3] * 3 + LIVES[3:] + ENDS * 2), min_size=1, max_size=4),
    max_size=len(CASES),
)
starts = st.lists(st.sampled_from((*["runs"] * 6, *AT_START)), max_size=MOST_CHILDREN)


@settings(max_examples=400)
@example(
    acts=[["judge_error"], ["time_limit", "accepted"], ["dies"]],
    starts=[],
    stops=True,
    selects=False,
)
@given(acts, starts, st.booleans(), st.booleans())
def test_whatever_children_do(acts, starts, stops, selects):
    children = Children(acts, starts, stop_at_timeout=stops)
    watcher = Watcher()
    request = a_request(stop_at_timeout=stops, select="x" if selects else "")
    judgement = judge_cases(request, children.run, watcher)
    check(judgement, children, watcher, stops=stops)


def check(judgement: Judgement, children: Children, watcher: Watcher, *, stops: bool) -> None:
    assert not children.is_open, "no child is left behind"
    assert 1 <= children.count <= MOST_CHILDREN
    assert watcher.tries <= 2
    names = [outcome.case for outcome in judgement.outcomes]
    assert len(set(names)) == len(names), "one outcome for a case"
    assert set(names) <= set(children.acts)
    too_slow = any(o.verdict is Verdict.TIME_LIMIT for o in judgement.outcomes)
    if not judgement.error and not (stops and too_slow):
        assert set(names) == set(children.acts), "no case without an outcome, unless it is said"
    for outcome in judgement.outcomes:
        if outcome.message == STUCK:
            assert outcome.verdict is Verdict.TIME_LIMIT
            assert outcome.case in children.hung
        elif outcome.message == DIED:
            assert outcome.verdict is Verdict.JUDGE_ERROR
            assert judgement.retried_after, "only the second try gives a case up"
            assert (children.lost + children.hung).count(outcome.case) >= 2
        else:
            assert (outcome.case, outcome.verdict.value) in children.reported, "by a frame only"
    assert sum(o.message == STUCK for o in judgement.outcomes) <= MOST_STUCK_CASES
    failed = judgement.error or any(o.verdict is Verdict.JUDGE_ERROR for o in judgement.outcomes)
    if failed:
        assert judgement.verdict is Verdict.JUDGE_ERROR
        assert judgement.retried_after, "nothing is given up before a second try"
    if judgement.verdict is Verdict.ACCEPTED:
        assert all((case, "accepted") in children.reported for case in children.acts)


def verdicts(judgement: Judgement) -> list[str]:
    return [outcome.verdict.value for outcome in judgement.outcomes]


def judge(acts: Sequence[Sequence[str]], starts: Sequence[str] = ()) -> tuple[Judgement, int]:
    children = Children(acts, starts)
    judgement = judge_cases(a_request(), children.run, Watcher())
    return judgement, children.count


def test_a_hang_is_a_time_limit_and_the_next_child_goes_on():
    judgement, count = judge([["accepted"], ["hangs"], ["accepted"]])
    assert verdicts(judgement) == ["accepted", "time_limit", "accepted"]
    assert (judgement.error, judgement.retried_after, count) == ("", "", 2)


def test_the_fourth_hang_fails_the_try():
    judgement, count = judge([["hangs"]] * 4)
    assert "stopped responding" in judgement.error
    assert verdicts(judgement) == ["time_limit"] * 3
    assert count == 8


@pytest.mark.parametrize("end", [each for each in ENDS if each != "hangs"])
def test_the_first_failure_is_retried_from_the_start(end):
    judgement, count = judge([["accepted"], [end, "accepted"]])
    assert verdicts(judgement) == ["accepted", "accepted"]
    assert (judgement.error, count) == ("", 2)
    assert judgement.retried_after


def test_a_case_that_two_children_died_in_is_given_up():
    judgement, count = judge([["accepted"], ["dies"], ["accepted"]])
    assert verdicts(judgement) == ["accepted", "judge_error", "accepted"]
    assert judgement.outcomes[1].message == DIED
    assert (judgement.error, count) == ("", 3)


def test_a_death_elsewhere_makes_that_case_the_suspect():
    judgement, count = judge([["accepted"], ["dies", "accepted"], ["dies", "accepted"]])
    assert verdicts(judgement) == ["accepted"] * 3
    assert (judgement.error, count) == ("", 3)


def test_a_second_death_in_the_new_suspect_is_its_outcome():
    judgement, count = judge([["dies", "accepted"], ["dies"]])
    assert verdicts(judgement) == ["accepted", "judge_error"]
    assert (judgement.error, count) == ("", 4)


def test_a_child_that_ends_in_silence_is_followed_like_one_that_dies():
    judgement, count = judge([["vanishes"], ["accepted"]])
    assert verdicts(judgement) == ["judge_error", "accepted"]
    assert (judgement.error, count) == ("", 3)


def test_more_deaths_than_children_are_a_failure(monkeypatch):
    monkeypatch.setattr(recovery, "MOST_DEATHS", 1)
    judgement, count = judge([["dies"]] * 3)
    assert "it died" in judgement.error
    assert verdicts(judgement) == ["judge_error"]
    assert count == 3


def test_a_child_that_dies_before_it_names_cases_gives_no_suspect():
    judgement, count = judge([["accepted"]], ["dies", "dies", "runs"])
    assert "it died" in judgement.error
    assert (verdicts(judgement), count) == ([], 2)


def test_a_case_that_a_child_leaves_out_is_no_pass():
    judgement, count = judge([["accepted"]], ["leaves one out"] * 2)
    assert judgement.error == "no outcome for level1::test_0"
    assert count == 2


def test_suites_without_cases_are_no_pass():
    judgement, _ = judge([])
    assert judgement.error == "the suites hold no cases"


def test_a_judge_error_of_a_case_is_tried_again():
    judgement, count = judge([["judge_error", "accepted"]])
    assert verdicts(judgement) == ["accepted"]
    assert (judgement.retried_after, count) == ("level1::test_0: ", 2)


def test_what_would_only_take_as_long_again_is_not_tried_again():
    """As for a container that never came."""
    tries = []

    def run(_judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
        tries.append(1)
        yield {"failed": "no container came", "hint": "", "final": True}

    judgement = judge_cases(a_request(), run, Watcher())
    assert (judgement.error, len(tries)) == ("no container came", 1)
