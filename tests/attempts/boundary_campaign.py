"""Kill each change of the record at every statement, between them, and in the middle of a write.

    python tests/attempts/boundary_campaign.py

For each kind of change, a fork of this process makes it on a copy of the record and is killed by
SIGKILL before the n-th SQL statement, for every n; at some instructions of SQLite's machine within
statements; and, by a limit on the size of files, in the middle of a write to the log, so that a
part of it is on the disk. After each kill the events must be, hash by hash, those before the change
or those after it, and after it whenever it was confirmed; the same change, made again, must then
bring about the very record of an undisturbed run. Prints one line of JSON; exits with 0 when all
that held.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.attempts import AttemptStore, database
from harness.errors import HarnessError
from harness.model.attempt import Mode, Reading
from harness.model.judgement import CaseOutcome, Feedback, Judgement, Suite, Verdict
from harness.model.manifest import LevelSpec, Manifest
from harness.model.problem import Problem, Snapshot

ATTEMPT = "abc234"
EXAM = "exam22"
LEVELS = 4
TORN_STEP_BYTES = 811
INSTRUCTIONS = 40

Change = Callable[[AttemptStore], object]


class StandingClock:
    """Reads the same for every run of one step, so that the same change gives the same hash."""

    def __init__(self, step: int) -> None:
        # Longer than an exam: the last step is its end.
        self._seconds = 6000.0 * step

    def __call__(self) -> Reading:
        seconds = self._seconds
        return Reading(wall=1.8e9 + seconds, boot_id="b", boottime=seconds, monotonic=seconds)


def problem() -> Problem:
    levels = tuple(
        LevelSpec(id=f"part{n}", title="T", summary="S", minutes=10, points=100)
        for n in range(1, LEVELS + 1)
    )
    manifest = Manifest(
        format=1,
        slug="victim",
        version="1.0.0",
        title="T",
        summary="S",
        authors=("A",),
        license="MIT",
        levels=levels,
    )
    return Problem(
        manifest=manifest, root=Path("/p"), template=Path("/t"), content=Snapshot(files={})
    )


def snap(text: str) -> Snapshot:
    return Snapshot(files={"solution.py": text.encode() * 500, "helper.py": b""})


def judgement(
    upto: int, verdict: Verdict = Verdict.ACCEPTED, suite: Suite = Suite.HIDDEN, error: str = ""
) -> Judgement:
    levels = tuple(range(1, upto + 1))
    outcomes = tuple(
        CaseOutcome(case=f"level{n}::test", level=n, title="t", verdict=verdict, seconds=0.1)
        for n in levels
    )
    return Judgement(suite=suite, levels=levels, outcomes=outcomes, seconds=0.1, error=error)


def create(attempt: str, mode: Mode) -> Change:
    skeleton = snap("pass")
    return lambda store: store.create(
        problem(), mode, Feedback.FULL, 90, Path("/w"), "1", skeleton, attempt
    )


def submit(text: str) -> Change:
    return lambda store: store.submit(ATTEMPT, snap(text))


def judged(text: str, verdict: Judgement) -> Change:
    return lambda store: store.judged(ATTEMPT, snap(text).hash, verdict)


STEPS: tuple[tuple[str, Change], ...] = (
    ("start", create(ATTEMPT, Mode.PRACTICE)),
    ("test", lambda store: store.tested(ATTEMPT, snap("t"), judgement(1, suite=Suite.VISIBLE))),
    ("submit", submit("one")),
    ("judge fails", judged("one", judgement(1, error="no box"))),
    ("judge accepts, level opens", judged("one", judgement(1))),
    ("pause", lambda store: store.pause(ATTEMPT)),
    ("resume", lambda store: store.resume(ATTEMPT)),
    ("extend", lambda store: store.extend(ATTEMPT, 10)),
    ("reset", lambda store: store.saved(ATTEMPT, snap("precious"), "reset")),
    ("hint", lambda store: store.hint(ATTEMPT)),
    ("reveal", lambda store: store.reveal(ATTEMPT)),
    ("submit again", submit("three")),
    ("stop judging", lambda store: store.cancelled(ATTEMPT, snap("three").hash, 1.0)),
    ("judge refuses", judged("three", judgement(3, Verdict.WRONG_ANSWER))),
    ("workspace moves", lambda store: store.moved(ATTEMPT, Path("/elsewhere"))),
    ("start an exam", create(EXAM, Mode.EXAM)),
    ("finish", lambda store: store.finish(ATTEMPT)),
    ("time is up", lambda store: store.state(EXAM)),
)


@dataclass(frozen=True)
class Kill:
    """When to die: each is a number to count down, or 0."""

    statement: int = 0
    instructions: int = 0
    file_bytes: int = 0

    @property
    def kind(self) -> str:
        if self.statement:
            return "at a statement"
        return "in a statement" if self.instructions else "in a write"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(kill: Kill) -> None:
    """Make the next connection to the record deadly."""
    if kill.file_bytes:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kill.file_bytes, kill.file_bytes))
    left = {"statement": kill.statement, "instructions": kill.instructions}
    connect = sqlite3.connect

    def count(name: str) -> int:
        left[name] -= 1
        if left[name] == 0:
            die()
        return 0

    def deadly(*arguments: object, **more: object) -> sqlite3.Connection:
        connection = connect(*arguments, **more)  # type: ignore[call-overload]
        if kill.statement:
            connection.set_trace_callback(lambda _: count("statement"))
        if kill.instructions:
            connection.set_progress_handler(lambda: count("instructions"), INSTRUCTIONS)
        return connection  # type: ignore[no-any-return]

    database.sqlite3.connect = deadly  # type: ignore[attr-defined]


def run_child(home: Path, step: int, change: Change, kill: Kill) -> tuple[bool, bool]:
    """Make ``change`` in a fork that ``kill`` ends. Return whether it died, and had confirmed."""
    heard, confirm = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            arm(kill)
            with AttemptStore.open(home, StandingClock(step)) as store:
                change(store)
                os.write(confirm, b"!")
        finally:
            os._exit(1 if sys.exc_info()[0] else 0)
    os.close(confirm)
    status = os.waitpid(child, 0)[1]
    confirmed = os.read(heard, 1) == b"!"
    os.close(heard)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise AssertionError(f"the change failed instead of being made or killed: {kill}")
    return os.WIFSIGNALED(status), confirmed


def chains(store: AttemptStore) -> dict[str, list[str]]:
    """Return the hashes of all events of all attempts; reading them checks the chains."""
    assert store.all_and_damaged()[1] == []
    return {state.id: [each.hash for each in store.events(state.id)] for state in store.all()}


def look(home: Path, step: int) -> dict[str, list[str]]:
    """Return what is on record, after checking that all of it can be read."""
    with AttemptStore.open(home, StandingClock(step)) as store:
        for state in store.all():
            store.judgements(state.id)
            for event in store.events(state.id):
                snapshot = event.data.get("snapshot") or event.data.get("template_snapshot")
                if snapshot:
                    store.snapshot(str(snapshot))
        found = chains(store)
        (whole,) = store._database._connection.execute("PRAGMA integrity_check").fetchone()
        assert whole == "ok", whole
    return found


def kills(grown: int, before: int) -> Iterator[Iterator[Kill]]:
    """Yield rows of kills; a row is over when the change survives one of it."""
    yield (Kill(statement=n) for n in range(1, 10_000))
    yield (Kill(instructions=n) for n in range(1, 10_000, 3))
    # Below this size it is the shared index of the log that cannot be made.
    lowest = max(before, 32_768)
    yield (Kill(file_bytes=n) for n in range(lowest + 7, grown + 8, TORN_STEP_BYTES))


class Campaign:
    """Goes through the steps on a record of its own, and counts."""

    def __init__(self, folder: Path) -> None:
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._base = folder / "base"
        self._work = folder / "work"

    def run(self) -> None:
        self._base.mkdir(mode=0o700)
        for step, (name, change) in enumerate(STEPS):
            before = look(self._base, step) if (self._base / "attempts.db").exists() else {}
            log_before = self._log_bytes(self._base)
            self._copy()
            with AttemptStore.open(self._work, StandingClock(step)) as store:
                change(store)
                after = chains(store)
                log_after = self._log_bytes(self._work)
                # Taken while it is open: the next steps find a long log that nobody cleared up.
                following = self._base.with_name(f"after{step}")
                shutil.copytree(self._work, following, ignore=shutil.ignore_patterns("*-shm"))
            for row in kills(log_after, log_before):
                for kill in row:
                    if not self._try(step, name, change, kill, before, after):
                        break
            self._base = following

    def _try(
        self,
        step: int,
        name: str,
        change: Change,
        kill: Kill,
        before: dict[str, list[str]],
        after: dict[str, list[str]],
    ) -> bool:
        """Kill once and check; return whether there was anything to kill."""
        self._copy()
        died, confirmed = run_child(self._work, step, change, kill)
        if not died:
            return False
        self.done[kill.kind] += 1
        try:
            self._check(step, name, change, kill, before, after, confirmed)
        except (AssertionError, HarnessError) as error:
            self.wrong.append(f"{name}, {kill}: {error}")
        return True

    def _check(
        self,
        step: int,
        name: str,
        change: Change,
        kill: Kill,
        before: dict[str, list[str]],
        after: dict[str, list[str]],
        confirmed: bool,
    ) -> None:
        """Look at what a kill left, and make the change again if it was undone."""
        found = look(self._work, step)
        if found != after and (confirmed or found != before):
            self.wrong.append(f"{name}, {kill}: confirmed={confirmed}, found {found}")
        if found == before:
            with AttemptStore.open(self._work, StandingClock(step)) as store:
                change(store)
            if look(self._work, step) != after:
                self.wrong.append(f"{name}, {kill}: made again, it gives another record")

    def _copy(self) -> None:
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._base, self._work, ignore=shutil.ignore_patterns("*-shm"))

    @staticmethod
    def _log_bytes(home: Path) -> int:
        log = home / "attempts.db-wal"
        return log.stat().st_size if log.exists() else 0


def main() -> int:
    # A kill leaves what was written, flushed or not, so nothing needs a real disk.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        campaign = Campaign(Path(folder))
        campaign.run()
    told = {"kills": sum(campaign.done.values()), **campaign.done, "wrong": campaign.wrong}
    print(json.dumps(told))
    return 1 if campaign.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
