from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from harness.attempts import AttemptStore
from harness.attempts.clock import Clock
from harness.attempts.log import Kind, read_rows, summarise, write_row
from harness.attempts.replay import replay
from harness.model.attempt import AttemptState, Event, Mode, Reading
from harness.model.judgement import CaseOutcome, Feedback, Judgement, Suite, Verdict
from harness.model.problem import Problem, Snapshot
from tests.making import make_problem


class FakeClock:
    """A machine whose clocks the test moves."""

    def __init__(self) -> None:
        self.wall = 1_800_000_000.0
        self.boots = 1
        self.boottime = 5_000.0
        self.monotonic = 4_000.0
        self.elapsed = 0.0

    def __call__(self) -> Reading:
        return Reading(
            wall=self.wall,
            boot_id=f"boot-{self.boots}",
            boottime=self.boottime,
            monotonic=self.monotonic,
        )

    def advance(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        passed = seconds + 60 * minutes
        self.monotonic += passed
        self.sleep(passed)

    def sleep(self, seconds: float) -> None:
        self.wall += seconds
        self.boottime += seconds
        self.elapsed += seconds

    def set_wall(self, by: float) -> None:
        self.wall += by

    def reboot(self, off_seconds: float) -> None:
        self.boots += 1
        self.wall += off_seconds
        self.elapsed += off_seconds
        self.boottime = self.monotonic = 1.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def new_clock() -> Callable[[], FakeClock]:
    return FakeClock


def bounded_queue() -> Problem:
    return make_problem("bounded_queue", 4, version="1.2.3")


@pytest.fixture
def problem() -> Problem:
    return bounded_queue()


@pytest.fixture(scope="session")
def new_problem() -> Callable[[], Problem]:
    return bounded_queue


@pytest.fixture(scope="session")
def snap() -> Callable[[str], Snapshot]:
    return lambda text: Snapshot(files={"solution.py": text.encode()})


Judge = Callable[..., Judgement]


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Make a judgement: ``failing`` levels have one wrong case of three."""

    def judge(
        levels: Sequence[int] = (1,),
        *,
        failing: Sequence[int] = (),
        suite: Suite = Suite.HIDDEN,
        seconds: float = 2.0,
        error: str = "",
        output: str = "",
    ) -> Judgement:
        outcomes = tuple(
            CaseOutcome(
                case=f"level{level}::test_{case}",
                level=level,
                title="A case",
                verdict=(
                    Verdict.WRONG_ANSWER if level in failing and case == 0 else Verdict.ACCEPTED
                ),
                seconds=0.01,
                output=output,
            )
            for level in levels
            for case in range(3)
        )
        return Judgement(
            suite=suite, levels=tuple(levels), outcomes=outcomes, seconds=seconds, error=error
        )

    return judge


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path, clock: FakeClock) -> Iterator[AttemptStore]:
    with AttemptStore.open(home, clock) as store:
        yield store


@pytest.fixture
def begin(store: AttemptStore, problem: Problem, snap: Callable[[str], Snapshot]):
    """Begin an attempt and return its id."""

    def begin(mode: Mode = Mode.PRACTICE, minutes: int = 90) -> str:
        state = store.create(
            problem, mode, Feedback.FULL, minutes, Path("/work/queue"), "7", snap("skeleton")
        )
        return state.id

    return begin


class Chronicle:
    """A log in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows = []

    def add(self, kind: str, **data: object) -> None:
        previous_hash = self._rows[-1][-1] if self._rows else ""
        seq = len(self._rows) + 1
        row = write_row("abc234", seq, Kind(kind), data, self._clock(), previous_hash)
        self._rows.append(row)

    def judged(self, judgement: Judgement, snapshot: str = "aa") -> None:
        self.add("judged", **summarise(judgement, snapshot, "bb"))

    def tested(self, judgement: Judgement) -> None:
        self.add("tested", **summarise(judgement, "aa", "bb"))

    @property
    def events(self) -> list[Event]:
        return read_rows("abc234", self._rows)

    def state(self) -> AttemptState:
        """The state at this moment."""
        return replay(self.events, self._clock()).state


@pytest.fixture(scope="session")
def new_chronicle() -> Callable[..., Chronicle]:
    """Make a log that holds only the creation of an attempt."""

    def new_chronicle(clock: Clock, mode: Mode = Mode.PRACTICE, minutes: int = 90) -> Chronicle:
        chronicle = Chronicle(clock)
        chronicle.add(
            "created",
            problem="bounded_queue",
            problem_version="1.2.3",
            problem_hash="c0ffee",
            levels=4,
            mode=mode,
            feedback=Feedback.FULL,
            minutes=minutes,
            workspace="/work/queue",
            seed="7",
            template_snapshot="aa",
        )
        return chronicle

    return new_chronicle


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """Give up root's right to write anywhere for a test; yield a folder the ordinary user owns."""
    folder = Path(tempfile.mkdtemp())
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o700)
        shutil.rmtree(folder)
