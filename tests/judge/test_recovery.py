"""Children that die, hang, talk nonsense or end in silence, in every order; and whose fault it is.

A simulated child follows a script: it knows what each case does to the child that judges it, with
the solution and with the reference.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.errors import JudgeError
from harness.judge.recovery import (
    BLAMED,
    DIED,
    KILLED,
    MOST_DEATHS,
    MOST_STUCK_CASES,
    NOT_JUDGED,
    STUCK,
    judge_cases,
)
from harness.model.judgement import CaseOutcome, Judgement, Observer, Suite, Verdict
from harness.model.problem import Request, Snapshot
from tests.making import make_problem

LIVES = ("accepted", "wrong_answer", "time_limit", "judge_error", "doubtful")
"""What a child reports of a case by itself; ``doubtful`` is a judge error or a wrong answer."""
ENDS = ("dies", "hangs", "fails", "no box", "vanishes", "twice", "unknown", "nonsense")
"""What makes a case the last one of its child."""
AT_START = ("runs", "dies", "hangs", "fails", "no box", "vanishes", "leaves one out")
"""What a child does before its first case, when it does not simply run them all."""

CASES = tuple(f"level1::test_{n}" for n in range(8))
MOST_CHILDREN = 2 + MOST_STUCK_CASES + 2 + 3 * (MOST_DEATHS + MOST_STUCK_CASES + len(CASES)) + 10
MADE = (DIED, KILLED, STUCK, NOT_JUDGED, BLAMED)
"""Messages of outcomes that no child has reported."""
REFERENCE = Snapshot(files={"solution.py": b"the reference"})


def a_request(
    *, select: str = "", stop_at_timeout: bool = False, has_reference: bool = True
) -> Request:
    problem = make_problem("tiny")
    files = dict(problem.content.files)
    if has_reference:
        files["problem/reference/level1/solution.py"] = REFERENCE.files["solution.py"]
    return Request(
        problem=replace(problem, content=Snapshot(files=files)),
        snapshot=Snapshot(files={}),
        suite=Suite.HIDDEN,
        levels=(1,),
        select=select,
        stop_at_timeout=stop_at_timeout,
    )


def outcome_of(case: str, verdict: str) -> dict[str, Any]:
    made = CaseOutcome(case=case, level=1, title="T", verdict=Verdict.WRONG_ANSWER, seconds=0.1)
    if_answer = made if verdict == "doubtful" else None
    verdict = "judge_error" if verdict == "doubtful" else verdict
    event = {"outcome": replace(made, verdict=Verdict(verdict)), "if_answer": if_answer}
    data: dict[str, Any] = json.loads(json.dumps(event, default=asdict))
    return data


class Children:
    """Runs one child after another, and notes what they said and how each ended.

    ``acts``: per case what it does at each of its runs; the last one holds for all that follow.
    ``with_reference``: the same when the reference is judged; a case without any is accepted.
    ``starts``: per child what it does at its start; those after the last simply run.
    """

    def __init__(
        self,
        acts: Sequence[Sequence[str]],
        starts: Sequence[str] = (),
        with_reference: Sequence[Sequence[str]] = (),
        *,
        stop_at_timeout: bool = False,
    ) -> None:
        self.acts = {case: list(each) for case, each in zip(CASES, acts, strict=False)}
        accepted = {case: ["accepted"] for case in self.acts}
        given = zip(self.acts, with_reference, strict=False)
        self.with_reference = accepted | {case: list(each) for case, each in given}
        self.starts = list(starts)
        self.stop_at_timeout = stop_at_timeout
        self.count = 0
        self.of_reference = 0
        self.reported: list[tuple[str, str]] = []
        """Outcomes of the solution in frames that are well formed, the latest last."""
        self.ended: list[str] = []
        """The first case left, as the parent knows it, for each child that came to a bad end."""
        self.open: list[str] = []
        self.is_open = False

    def run(self, request: Request, judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
        assert not self.is_open, "one child at a time"
        self.count += 1
        self.is_open = True
        try:
            yield from self._live(judged, is_reference=request.snapshot == REFERENCE)
        finally:
            self.is_open = False

    def _live(self, judged: tuple[str, ...], *, is_reference: bool) -> Generator[dict[str, Any]]:
        self.of_reference += is_reference
        script = self.with_reference if is_reference else self.acts
        start = self.starts.pop(0) if self.starts and not is_reference else "runs"
        left = [case for case in script if case not in judged]
        self.open = list(left)
        yield {"protection": {"backend": "simulated", "tier": "none"}}
        if start in ENDS:
            yield from self._end(start, left[0] if left else "", is_reference=is_reference)
            return
        yield {"collected": left, "processor": None}
        if start == "leaves one out":
            self.ended += left[:1]
            left = left[1:]
        for case in left:
            acts = script[case]
            act = acts.pop(0) if len(acts) > 1 else acts[0]
            if act in ENDS:
                yield from self._end(act, case, is_reference=is_reference)
                return
            self.open.remove(case)
            if not is_reference:
                self.reported.append((case, act))
            yield outcome_of(case, act)
            if self.stop_at_timeout and act == "time_limit" and not is_reference:
                break
        yield {"done": True, "seconds": 1.0}

    def _end(self, act: str, case: str, *, is_reference: bool) -> Generator[dict[str, Any]]:
        if act == "twice" and case in self.open:
            self.open.remove(case)
        if not is_reference:
            self.ended += self.open[:1]
        if act == "dies":
            raise JudgeError("the judge's process failed: it died")
        if act == "hangs":
            raise JudgeError("the judge's process failed: it stopped responding", stuck=True)
        if act == "fails":
            yield {"failed": "pytest ended by itself"}
        if act == "no box":
            yield {"failed": "the sandbox broke", "hint": "harness doctor", "of_sandbox": True}
        if act == "twice":
            if not is_reference:
                self.reported.append((case, "accepted"))
            yield outcome_of(case, "accepted")
            yield outcome_of(case, "wrong_answer")
        if act == "unknown":
            yield outcome_of("level1::test_of_nobody", "accepted")
        if act == "nonsense":
            yield {"outcome": {"case": case, "verdict": "accepted"}}


class Watcher(Observer):
    """Checks that everything is reported once."""

    def __init__(self) -> None:
        self.collected: tuple[str, ...] | None = None
        self.done: list[str] = []

    def cases_collected(self, cases: Sequence[str]) -> None:
        assert self.collected is None
        self.collected = tuple(cases)

    def case_done(self, outcome: CaseOutcome) -> None:
        assert outcome.case not in self.done
        self.done.append(outcome.case)


@pytest.mark.parametrize("act", [*ENDS, "leaves one out", "crowded"])
def test_what_goes_wrong_in_shared_boxes_is_nobodys_fault(act):
    """All is judged again in fresh boxes, as if nothing had been."""
    asked = []

    def run(request: Request, judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
        asked.append((request.boxes, judged))
        is_shared = request.boxes == "shared"
        acts = (
            [["accepted"], [act if act in ENDS else "accepted"], ["accepted"]]
            if is_shared
            else [["wrong_answer"]] * 3
        )
        if is_shared and act == "crowded":
            yield {"collected": CASES[:3], "processor": None}
            yield outcome_of(CASES[0], "accepted")
            yield {"done": True, "seconds": 1.0, "crowded": True}
            return
        starts = [act] if is_shared and act == "leaves one out" else []
        yield from Children(acts, starts).run(request, judged)

    judgement = judge_cases(replace(a_request(), boxes="shared"), run, Observer())
    assert verdicts(judgement) == ["wrong_answer"] * 3
    assert asked == [("shared", ()), ("fresh", ())]
    assert judgement.retried_after == ""


def scripts(*, good: bool = False) -> st.SearchStrategy[list[list[str]]]:
    acts = LIVES[:3] * 3 + LIVES[3:] + ENDS * 2
    each = st.lists(st.sampled_from(("accepted",) if good else acts), min_size=1, max_size=4)
    return st.lists(each, max_size=len(CASES))


starts = st.lists(st.sampled_from((*["runs"] * 6, *AT_START)), max_size=MOST_CHILDREN)


@settings(max_examples=400)
@example(
    acts=[["judge_error"], ["time_limit", "accepted"], ["dies"]],
    starts=[],
    with_reference=[],
    stops=True,
    selects=False,
    known=True,
)
@given(scripts(), starts, scripts(), st.booleans(), st.booleans(), st.booleans())
def test_whatever_children_do(acts, starts, with_reference, stops, selects, known):
    children = Children(acts, starts, with_reference, stop_at_timeout=stops)
    request = a_request(stop_at_timeout=stops, select="x" if selects else "", has_reference=known)
    watcher = Watcher()
    judgement = judge_cases(request, children.run, watcher)
    check(judgement, children, watcher, stops=stops)


def check(judgement: Judgement, children: Children, watcher: Watcher, *, stops: bool) -> None:
    assert not children.is_open, "no child is left behind"
    assert 1 <= children.count <= MOST_CHILDREN
    names = [outcome.case for outcome in judgement.outcomes]
    assert len(set(names)) == len(names), "one outcome for a case"
    assert set(names) <= set(children.acts)
    assert sorted(watcher.done) == sorted(names), "everyone hears of every outcome"
    assert names == [case for case in children.acts if case in names], "in their order"
    too_slow = any(o.verdict is Verdict.TIME_LIMIT for o in judgement.outcomes)
    if not judgement.error and not (stops and too_slow):
        assert set(names) == set(children.acts), "no case without an outcome, unless it is said"
    for outcome in judgement.outcomes:
        assert outcome.verdict is not Verdict.ACCEPTED or outcome.message not in MADE
        if outcome.message in (STUCK, DIED, KILLED):
            assert outcome.case in children.ended
        elif outcome.message not in MADE:
            reported = [act for case, act in children.reported if case == outcome.case]
            verdicts = {"doubtful": ("judge_error", "wrong_answer")}
            possible = {v for act in reported for v in verdicts.get(act, (act,))}
            assert outcome.verdict.value in possible, "by a frame only"
    if judgement.verdict is Verdict.ACCEPTED:
        assert all((case, "accepted") in children.reported for case in children.acts)


@settings(max_examples=400)
@given(scripts(), st.lists(st.sampled_from(AT_START)))
def test_nothing_that_a_solution_can_cause_is_a_failure_of_the_judge(acts, starts):
    """With the reference everything works, so whatever children do is the solution's."""
    children = Children(acts, starts)
    judgement = judge_cases(a_request(), children.run, Watcher())
    if acts:
        assert judgement.error == ""
        assert Verdict.JUDGE_ERROR not in {o.verdict for o in judgement.outcomes}
        assert judgement.seconds <= children.count, "what it costs is not given back"


def verdicts(judgement: Judgement) -> list[str]:
    return [outcome.verdict.value for outcome in judgement.outcomes]


def judge(
    acts: Sequence[Sequence[str]],
    starts: Sequence[str] = (),
    with_reference: Sequence[Sequence[str]] = (),
    *,
    has_reference: bool = True,
) -> tuple[Judgement, int]:
    children = Children(acts, starts, with_reference)
    request = a_request(has_reference=has_reference)
    judgement = judge_cases(request, children.run, Watcher())
    return judgement, children.count


def test_a_hang_is_a_time_limit_and_the_next_child_goes_on():
    judgement, count = judge([["accepted"], ["hangs"], ["accepted"]])
    assert verdicts(judgement) == ["accepted", "time_limit", "accepted"]
    assert (judgement.error, judgement.retried_after, count) == ("", "", 2)


def test_after_three_hangs_the_others_are_not_judged():
    judgement, count = judge([["hangs"]] * 6)
    assert verdicts(judgement) == ["time_limit"] * 6
    assert [o.message for o in judgement.outcomes] == [STUCK] * 3 + [NOT_JUDGED] * 3
    assert (judgement.error, count) == ("", 4)


def test_hangs_with_the_reference_are_a_failure_of_the_judge():
    judgement, count = judge([["hangs"]] * 6, with_reference=[["hangs"]] * 6)
    assert "stopped responding" in judgement.error
    assert count == 4


SHORT = [each for each in ENDS if each != "hangs"]


@pytest.mark.parametrize("end", SHORT)
def test_what_fails_once_is_judged_again_alone(end):
    judgement, count = judge([["accepted"], [end, "accepted"], ["accepted"]])
    assert verdicts(judgement) == ["accepted"] * 3
    assert judgement.error == ""
    assert judgement.retried_after
    assert count == (2 if end == "twice" else 3)


@pytest.mark.parametrize("end", [each for each in SHORT if each != "twice"])
def test_what_fails_with_the_solution_only_is_the_solutions(end):
    judgement, count = judge([["accepted"], [end], ["accepted"]])
    assert verdicts(judgement) == ["accepted", "runtime_error", "accepted"]
    assert judgement.outcomes[1].message == KILLED
    assert (judgement.error, count) == ("", 4)


@pytest.mark.parametrize("has_reference", [True, False])
@pytest.mark.parametrize("end", ["dies", "fails", "vanishes", "nonsense"])
def test_what_fails_with_the_reference_too_is_not(end, has_reference):
    acts = [["accepted"], [end], ["accepted"]]
    judgement, _ = judge(acts, with_reference=acts, has_reference=has_reference)
    assert verdicts(judgement) == ["accepted", "judge_error", "accepted"]
    assert judgement.outcomes[1].message == DIED
    assert judgement.error == ""


def test_a_sandbox_that_fails_with_the_reference_too_is_broken():
    acts = [["accepted"], ["no box"], ["accepted"]]
    judgement, count = judge(acts, with_reference=acts)
    assert "the sandbox broke" in judgement.error
    assert count == 3


def test_cases_that_kill_the_judge_with_the_reference_too_are_a_failure():
    judgement, _ = judge([["dies"]] * 8, with_reference=[["dies"]] * 8)
    assert "it died" in judgement.error
    assert verdicts(judgement) == ["judge_error"] * 3


def test_after_some_deaths_the_others_are_not_judged():
    judgement, count = judge([["dies"]] * 8)
    assert verdicts(judgement) == ["runtime_error"] * 8
    messages = [outcome.message for outcome in judgement.outcomes]
    assert messages == [KILLED] * MOST_DEATHS + [NOT_JUDGED] * (8 - MOST_DEATHS)
    assert (judgement.error, count) == ("", 3 * MOST_DEATHS)


def test_a_failure_before_any_case_is_tried_again_and_then_with_the_reference():
    judgement, count = judge([["accepted"]], ["dies", "runs"])
    assert (verdicts(judgement), judgement.error, count) == (["accepted"], "", 2)
    judgement, count = judge([["accepted"]], ["dies", "dies", "runs"])
    assert (verdicts(judgement), judgement.error, count) == (["runtime_error"], "", 3)
    assert judgement.outcomes[0].message == BLAMED
    judgement, count = judge([["accepted"]], ["dies", "dies"], has_reference=False)
    assert "it died" in judgement.error
    assert (verdicts(judgement), count) == ([], 2)


def test_a_case_that_a_child_leaves_out_is_judged_alone():
    judgement, _ = judge([["accepted"], ["accepted"]], ["leaves one out"])
    assert (verdicts(judgement), judgement.error) == (["accepted"] * 2, "")
    judgement, _ = judge([["accepted"]], ["leaves one out"] * 2)
    assert verdicts(judgement) == ["runtime_error"]


def test_suites_without_cases_are_no_pass():
    judgement, _ = judge([])
    assert judgement.error == "the suites hold no cases"


def test_a_judge_error_of_a_case_is_tried_again():
    judgement, count = judge([["judge_error", "accepted"], ["accepted"]])
    assert verdicts(judgement) == ["accepted", "accepted"]
    assert (judgement.retried_after, count) == ("level1::test_0: ", 2)


@pytest.mark.parametrize("has_reference", [True, False])
def test_who_is_to_blame_for_a_judge_error_the_reference_says(has_reference):
    acts = [["judge_error"], ["accepted"], ["doubtful"]]
    judgement, count = judge(acts, has_reference=has_reference)
    if has_reference:
        assert verdicts(judgement) == ["runtime_error", "accepted", "wrong_answer"]
        assert judgement.outcomes[0].message == BLAMED
        assert count == 3
    else:
        assert verdicts(judgement) == ["judge_error", "accepted", "judge_error"]
    judgement, _ = judge(acts, with_reference=acts)
    assert verdicts(judgement) == ["judge_error", "accepted", "judge_error"]


def test_time_is_given_back_only_for_failures_that_are_not_the_solutions():
    failing = [["dies"], ["accepted"]]
    solutions, _ = judge(failing)
    among_others, _ = judge([["dies", "accepted"], ["accepted"]])
    once_in_doubt, _ = judge([["judge_error", "accepted"], ["accepted"]])
    judges, _ = judge(failing, with_reference=failing)
    for judgement in (solutions, among_others, once_in_doubt):
        assert judgement.seconds == 1.0, "of the children that were done"
    assert judges.seconds < 1.0, "the wall time of all, which the simulation does not need"


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_a_child_may_leave_the_other_cases_to_the_next(at_once):
    children: list[tuple[str, ...]] = []

    def run_child(_: Request, judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
        children.append(judged)
        left = [case for case in CASES if case not in judged]
        yield {"collected": left, "processor": None}
        for case in left[:at_once]:
            yield outcome_of(case, "wrong_answer")
        yield {"done": True, "seconds": 1.0, "crowded": len(left) > at_once}

    judgement = judge_cases(a_request(), run_child, Watcher())
    assert [outcome.case for outcome in judgement.outcomes] == list(CASES)
    assert (judgement.error, judgement.retried_after) == ("", "")
    assert judgement.seconds == len(children) == -(-len(CASES) // at_once)


def test_a_child_that_judges_nothing_is_a_failure_however_it_ends():
    def run_child(_: Request, judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
        yield {"collected": list(CASES), "processor": None}
        yield {"done": True, "seconds": 0.0, "crowded": True}

    judgement = judge_cases(a_request(), run_child, Watcher())
    assert judgement.error or judgement.verdict is Verdict.JUDGE_ERROR
