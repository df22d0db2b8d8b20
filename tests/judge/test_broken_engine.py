"""A container or an engine that dies in the middle is the judge's failure, and never a pass."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Sequence
from typing import Any

import docker.errors
import pytest

from harness.judge.judge import Judge
from harness.model.judgement import Judgement, Observer, Suite, Verdict
from harness.model.problem import Request, Snapshot
from harness.sandbox.docker import OWNER_LABEL, Owner
from harness.sandbox.engine import find_socket
from harness.testing.leftovers import descendants

pytestmark = pytest.mark.docker

WALL_SECONDS = 2.0
SUITE = "def test_one():\n    solution.f()\n\ndef test_two():\n    solution.f()\n"
SOLUTION = b"import time\ndef f():\n    time.sleep(1)\n"


def our_containers(engine: Any) -> list[str]:
    """Return the containers of judges that are children of this process."""
    ours = descendants(os.getpid())
    listed = engine.containers(filters={"label": OWNER_LABEL})
    owners = {each["Id"]: Owner.from_text(each["Labels"][OWNER_LABEL]) for each in listed}
    return [each for each, owner in owners.items() if owner is not None and owner.pid in ours]


def kill_ours(engine: Any) -> None:
    for each in our_containers(engine):
        engine.kill(each)


def pause_ours(engine: Any, seconds: float | None = None) -> None:
    """Pause our containers, and let them go on after so many seconds, if ever."""
    for each in our_containers(engine):
        engine.pause(each)
        if seconds is not None:
            threading.Timer(seconds, engine.unpause, [each]).start()


class Saboteur(Observer):
    """Does something when the cases are known and the first of them runs."""

    def __init__(self, *acts: Any) -> None:
        self.acts = list(acts)

    def cases_collected(self, cases: Sequence[str]) -> None:
        if self.acts:
            self.acts.pop(0)()


def judge(bench: Any, saboteur: Saboteur) -> Judgement:
    request = Request(
        problem=bench.problem(SUITE, wall_seconds=WALL_SECONDS),
        snapshot=Snapshot(files={"solution.py": SOLUTION}),
        suite=Suite.HIDDEN,
        levels=(1,),
    )
    with contextlib.closing(Judge("docker")) as judge:
        return judge.judge(request, saboteur)


def assert_the_judge_failed(judgement: Judgement) -> None:
    verdicts = {outcome.verdict for outcome in judgement.outcomes}
    assert judgement.error or Verdict.JUDGE_ERROR in verdicts
    assert judgement.verdict is Verdict.JUDGE_ERROR


def test_a_container_that_dies_once_is_made_again(engine, bench):
    judgement = judge(bench, Saboteur(lambda: kill_ours(engine)))
    assert judgement.error == ""
    assert judgement.verdict is Verdict.ACCEPTED
    assert "the docker sandbox broke" in judgement.retried_after


def test_a_container_that_dies_each_time(engine, bench):
    is_over = threading.Event()

    def kill_all() -> None:
        while not is_over.wait(0.1):
            with contextlib.suppress(docker.errors.APIError):  # one may end by itself meanwhile
                kill_ours(engine)

    killer = threading.Thread(target=kill_all)
    try:
        assert_the_judge_failed(judge(bench, Saboteur(killer.start)))
    finally:
        is_over.set()
        killer.join()


def test_a_container_that_is_paused_for_longer_than_a_case_may_take(engine, bench):
    judgement = judge(bench, Saboteur(lambda: pause_ours(engine, WALL_SECONDS + 1)))
    assert judgement.verdict is Verdict.ACCEPTED
    assert judgement.retried_after.startswith(
        "the docker sandbox stood still: its container was paused"
    )


@pytest.mark.exhaustive
def test_a_container_that_is_paused_for_good(engine, bench):
    judgement = judge(bench, Saboteur(lambda: pause_ours(engine)))
    assert judgement.verdict is Verdict.ACCEPTED
    assert "the docker sandbox broke: no answer within 10 s" in judgement.retried_after


def test_an_engine_that_dies(engine, bench, monkeypatch, tmp_path):
    """For the judge an engine is gone when nobody listens where it was."""
    address = tmp_path / "engine"
    address.symlink_to(find_socket())
    monkeypatch.setenv("DOCKER_HOST", f"unix://{address}")

    def act() -> None:
        kill_ours(engine)
        address.unlink()

    judgement = judge(bench, Saboteur(act))
    assert_the_judge_failed(judgement)
    assert f"no container engine runs at {address}" in judgement.error
    assert "systemctl start docker" in judgement.error
    assert "the docker sandbox broke" in judgement.retried_after
