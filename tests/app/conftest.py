"""A pack of one problem with two levels, a judge that reads a number, and a clock that is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.app.session import Session, Sitting
from harness.app.work import start
from harness.catalog.catalog import Catalog, Pack
from harness.judge.judge import Stop
from harness.model.attempt import Reading
from harness.model.judgement import SILENT, CaseOutcome, Judgement, Observer, Verdict
from harness.model.problem import Request
from harness.plugins import PluginHost
from harness.settings import Settings

MANIFEST = """\
format = 1
slug = "steps"
version = "1.0.0"
title = "Steps"
summary = "One step, then another."
authors = ["Somebody"]
license = "MIT"
minutes = 30

[[levels]]
id = "one"
title = "The first step"
summary = "Take a step."
minutes = 10
points = 100
bonus = 50
hints = ["Lift a foot."]

[[levels]]
id = "two"
title = "The second step"
summary = "Take another."
minutes = 20
points = 200
"""


class FakeClock:
    """A machine whose clocks the test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> Reading:
        return Reading(wall=self.now, boot_id="boot", boottime=self.now, monotonic=self.now)


class FakeJudge:
    """Accepts level n when the solution says ``REACHED = n`` or more."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.prepared = 0
        self.closed = False
        self.error = ""
        self.before: Callable[[], None] = lambda: None
        """Called when a request begins."""

    def prepare(self, *requests: Request) -> None:
        self.prepared += 1

    def judge(
        self, request: Request, observer: Observer = SILENT, stop: Stop | None = None
    ) -> Judgement:
        self.requests.append(request)
        self.before()
        cases = [f"level{n}::test_{name}" for n in request.levels for name in ("walk", "stop")]
        cases = [case for case in cases if request.select in case]
        observer.cases_collected(cases)
        outcomes = tuple(self._outcome(request, case) for case in cases)
        for outcome in outcomes:
            observer.case_done(outcome)
        return Judgement(
            suite=request.suite,
            levels=request.levels,
            outcomes=() if self.error else outcomes,
            backend="fake",
            tier="full",
            certified=True,
            interpreter="CPython 3",
            seconds=0.1,
            error=self.error,
        )

    def close(self) -> None:
        self.closed = True

    def _outcome(self, request: Request, case: str) -> CaseOutcome:
        reached = int(request.snapshot.files["solution.py"].split(b"REACHED = ")[1].split()[0])
        level = int(case[5])
        verdict = Verdict.ACCEPTED if reached >= level else Verdict.WRONG_ANSWER
        return CaseOutcome(
            case=case, level=level, title=f"Can {case[13:]}", verdict=verdict, seconds=0.01
        )


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with the problem ``steps``."""
    root = tmp_path / "pack" / "problems" / "steps"
    files = {"problem.toml": MANIFEST, "editorial.md": "# Why\n\nBecause.\n"}
    for level in (1, 2):
        files[f"level{level}/statement.md"] = f"# Level {level}\n\nTake a step.\n"
        files[f"level{level}/test_visible.py"] = "def test_walk():\n    assert True\n"
        files[f"level{level}/test_hidden.py"] = "def test_stop():\n    assert True\n"
        files[f"reference/level{level}/solution.py"] = f"REACHED = {level}\n"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    template = tmp_path / "pack" / "solutions_template" / "steps"
    template.mkdir(parents=True)
    (template / "solution.py").write_text("REACHED = 0\n")
    (template / "helper.py").write_text("")
    return tmp_path / "pack"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", workspaces=tmp_path / "work")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def judge() -> FakeJudge:
    return FakeJudge()


@pytest.fixture
def plugins() -> PluginHost:
    return PluginHost()


@pytest.fixture
def session(
    settings: Settings, judge: FakeJudge, clock: FakeClock, plugins: PluginHost, pack: Path
) -> Iterator[Session]:
    with Session(settings, plugins, clock=clock) as session:
        session.judge = judge
        session.catalog = Catalog([Pack("test", pack)])  # without the core pack
        yield session


@pytest.fixture
def begin(session: Session) -> Callable[..., Sitting]:
    """Start an attempt on ``steps``; takes the options of ``start``."""

    def begin(**request: object) -> Sitting:
        return start(session, "steps", **request)  # type: ignore[arg-type]

    return begin


@pytest.fixture
def solve() -> Callable[[Sitting, int], None]:
    """Write a solution that the judge accepts up to a level."""

    def solve(sitting: Sitting, level: int) -> None:
        assert sitting.workspace is not None
        (sitting.workspace.root / "solution.py").write_text(f"REACHED = {level}\n")

    return solve
