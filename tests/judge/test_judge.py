"""Children that were prepared: what they were told ahead must not change what they judge."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from harness.judge.judge import Judge
from harness.judge.recovery import DIED, KILLED, NOT_JUDGED, STUCK
from harness.model.judgement import CaseOutcome, Observer, Suite, Verdict
from harness.model.problem import Request, Snapshot

SUITE = """
def test_one():
    assert solution.f() == 1
"""
NOTHING = Snapshot(files={})


class Seen(Observer):
    """Keeps the names of the cases that it hears of."""

    def __init__(self) -> None:
        self.collected: list[str] = []
        self.done: list[str] = []

    def cases_collected(self, cases: Sequence[str]) -> None:
        self.collected.extend(cases)

    def case_done(self, outcome: CaseOutcome) -> None:
        self.done.append(outcome.case)


@pytest.fixture
def judge(bench) -> Iterator[Judge]:
    judge = Judge(cache=bench.folder / "cache")
    yield judge
    judge.close()


@pytest.fixture
def requests(bench) -> dict[Suite, Request]:
    """Two requests of one problem whose suites differ."""
    problem = bench.problem(SUITE)
    visible = problem.suite_path(1, Suite.VISIBLE)
    visible.write_text(visible.read_text() + "def test_two():\n    assert solution.f() == 2\n")
    right = Snapshot(files={"solution.py": b"def f(): return 1\n"})
    return {
        suite: Request(problem=problem, snapshot=right, suite=suite, levels=(1,)) for suite in Suite
    }


def prepare(judge: Judge, requests: dict[Suite, Request]) -> None:
    judge.prepare(*(replace(request, snapshot=NOTHING) for request in requests.values()))


@pytest.mark.parametrize("suite", Suite)
def test_only_the_suites_of_the_job_are_run(judge, requests, suite):
    prepare(judge, requests)
    child = judge._prepared
    seen = Seen()
    judgement = judge.judge(requests[suite], seen)
    assert (judgement.error, judgement.retried_after) == ("", "")
    assert child is not None
    assert child.announced is not None
    assert judge._prepared is None, "the prepared child was used"
    expected = {Suite.HIDDEN: ["level1::test_one"]}.get(
        suite, ["level1::test_one", "level1::test_two"]
    )
    assert seen.collected == [outcome.case for outcome in judgement.outcomes] == expected
    assert judgement.outcomes[0].verdict is Verdict.ACCEPTED


def test_a_broken_suite_only_spoils_its_own_jobs(judge, requests):
    hidden = requests[Suite.HIDDEN]
    hidden.problem.suite_path(1, Suite.HIDDEN).write_text("import nothing_like_this\n")
    prepare(judge, requests)
    assert judge.judge(requests[Suite.VISIBLE]).error == ""
    prepare(judge, requests)
    assert "nothing_like_this" in judge.judge(hidden).error


def test_a_child_prepared_for_something_else_is_not_used(judge, requests, bench):
    judge.prepare(replace(requests[Suite.VISIBLE], snapshot=NOTHING))
    assert judge.judge(requests[Suite.HIDDEN]).verdict is Verdict.ACCEPTED
    judge.prepare(replace(requests[Suite.HIDDEN], seed="another"))
    assert judge.judge(requests[Suite.HIDDEN]).verdict is Verdict.ACCEPTED


def test_a_prepared_child_that_died_is_replaced(judge, requests):
    prepare(judge, requests)
    assert judge._prepared is not None
    os.kill(judge._prepared.child.pid, signal.SIGKILL)
    judgement = judge.judge(requests[Suite.HIDDEN])
    assert judgement.verdict is Verdict.ACCEPTED
    assert "it died" in judgement.retried_after


def test_a_child_that_cannot_follow_its_plan_tells_why(bench, requests):
    judge = Judge(backend="nonsense", cache=bench.folder / "cache")
    prepare(judge, requests)
    judgement = judge.judge(requests[Suite.HIDDEN])
    assert "nonsense" in judgement.error
    assert "nonsense" in judgement.retried_after
    judge.close()


def test_a_child_can_be_kept_for_the_next_job(bench, requests):
    judge = Judge(cache=bench.folder / "cache", reuse=True)
    prepare(judge, requests)
    child = judge._prepared
    wrong = replace(requests[Suite.HIDDEN], snapshot=Snapshot(files={"solution.py": b"f = None\n"}))
    right = requests[Suite.HIDDEN]
    verdicts = [judge.judge(request).verdict for request in (right, wrong, right)]
    assert verdicts == [Verdict.ACCEPTED, Verdict.RUNTIME_ERROR, Verdict.ACCEPTED]
    last = judge.judge(requests[Suite.VISIBLE])
    assert len(last.outcomes) == 2
    assert (last.backend, last.certified) == ("linux", True)
    assert judge._prepared is child
    judge.close()


def test_the_rest_can_be_left_out_after_a_case_that_is_too_slow(judge, bench):
    suite = SUITE + "def test_slow():\n    solution.f()\n" + "def test_three():\n    pass\n"
    problem = bench.problem(suite, wall_seconds=0.3)
    slow = Snapshot(files={"solution.py": b"import time\ndef f(): time.sleep(9)\n"})
    request = Request(
        problem=problem, snapshot=slow, suite=Suite.HIDDEN, levels=(1,), stop_at_timeout=True
    )
    judgement = judge.judge(request)
    assert judgement.error == ""
    assert [outcome.verdict for outcome in judgement.outcomes] == [Verdict.TIME_LIMIT]


COLLIDING = b"def f(): return [n * (2**61 - 1) for n in range(50_000)]\ndef g(): return 1\n"
HOLDING = """
def test_one():
    assert solution.g() == 1

def test_two():
    set(solution.f())

def test_three():
    assert solution.g() == 1
"""


def test_a_case_that_holds_the_child_costs_only_itself(judge, bench, monkeypatch):
    monkeypatch.setattr("harness.judge.judge.GRACE_SECONDS", 3.0)
    request = Request(
        problem=bench.problem(HOLDING, wall_seconds=2.0),
        snapshot=Snapshot(files={"solution.py": COLLIDING}),
        suite=Suite.HIDDEN,
        levels=(1,),
    )
    seen = Seen()
    judgement = judge.judge(request, seen)
    assert judgement.error == ""
    assert judgement.retried_after == ""
    assert [outcome.verdict for outcome in judgement.outcomes] == [
        Verdict.ACCEPTED,
        Verdict.TIME_LIMIT,
        Verdict.ACCEPTED,
    ]
    assert seen.done == [outcome.case for outcome in judgement.outcomes]


def test_cases_that_hold_the_child_never_fail_the_judge(judge, bench, monkeypatch):
    monkeypatch.setattr("harness.judge.judge.GRACE_SECONDS", 2.0)
    monkeypatch.setattr("harness.judge.recovery.MOST_STUCK_CASES", 1)
    bench.reference = "def f(): return []\ndef g(): return 1\n"
    request = Request(
        problem=bench.problem(HOLDING, wall_seconds=2.0),
        snapshot=Snapshot(files={"solution.py": COLLIDING}),
        suite=Suite.HIDDEN,
        levels=(1,),
    )
    judgement = judge.judge(request)
    assert judgement.error == ""
    assert [(o.verdict, o.message) for o in judgement.outcomes] == [
        (Verdict.ACCEPTED, ""),
        (Verdict.TIME_LIMIT, STUCK),
        (Verdict.TIME_LIMIT, NOT_JUDGED),
    ]


DYING = """
import os, signal

def test_one():
    assert solution.f() == 1

def test_two():
    os.kill(os.getpid(), getattr(signal, solution.g()))

def test_three():
    os.kill(os.getpid(), getattr(signal, solution.g()))

def test_four():
    assert solution.f() == 1
"""
CRASHING = b"def f(): return 1\ndef g(): return 'SIGSEGV'\n"


@pytest.mark.parametrize(
    ("reference", "verdict", "words"),
    [
        ("def f(): return 1\ndef g(): return 'SIGCHLD'\n", Verdict.RUNTIME_ERROR, KILLED),
        ("def f(): return 1\ndef g(): return 'SIGABRT'\n", Verdict.JUDGE_ERROR, DIED),
        ("", Verdict.JUDGE_ERROR, DIED),
    ],
)
def test_cases_that_crash_the_child_cost_only_themselves(judge, bench, reference, verdict, words):
    bench.reference = reference
    request = Request(
        problem=bench.problem(DYING),
        snapshot=Snapshot(files={"solution.py": CRASHING}),
        suite=Suite.HIDDEN,
        levels=(1,),
    )
    judgement = judge.judge(request)
    assert judgement.error == ""
    assert "it died" in judgement.retried_after
    assert {o.case: (o.verdict, o.message) for o in judgement.outcomes} == {
        "level1::test_one": (Verdict.ACCEPTED, ""),
        "level1::test_two": (verdict, words),
        "level1::test_three": (verdict, words),
        "level1::test_four": (Verdict.ACCEPTED, ""),
    }
    assert judgement.verdict is verdict


def test_what_a_suite_prints_is_not_kept(bench):
    """Else a suite that prints answers could be made to fill this machine's memory."""
    problem = bench.problem("def test_one():\n    print(solution.f() * 10**6)\n")
    request = Request(
        problem=problem,
        snapshot=Snapshot(files={"solution.py": b"def f(): return 'x'\n"}),
        suite=Suite.HIDDEN,
        levels=(1,),
    )
    judge = Judge(reuse=True)
    try:
        assert judge.judge(request).verdict is Verdict.ACCEPTED
        assert judge._prepared is not None
        assert os.fstat(judge._prepared.child.log).st_size < 10_000
    finally:
        judge.close()


def test_sets_have_the_order_of_the_box_in_every_judgement(bench):
    """The suite's process has a fixed hash seed: no verdict depends on a number of the day."""
    names = "['ann', 'bob', 'cid', 'dora', 'eve', 'finn']"
    suite = f"def test_order():\n    assert solution.f({names}) == list(set({names}))\n"
    solution = "def f(names): return list(set(names))\n"
    assert bench.outcomes(suite, solution)["test_order"].verdict is Verdict.ACCEPTED
