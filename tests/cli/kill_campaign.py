"""Kill commands at every statement and every file operation, and the real thing at any moment.

    python tests/cli/kill_campaign.py PACK --stride 3 --real 24
    python tests/cli/kill_campaign.py PACK --command start --real 150

PACK holds the problem ``steps`` of ``conftest.py``. First part: each command runs in a fork, with a
judge that answers at once, and is killed before the n-th SQL statement or change of a file, for
every ``stride``-th n. Second part: ``--real`` processes as a person starts them, with the real
judge, of which at a random moment either the command or its judge is killed.

After each kill: ``harness status`` works and shows the right level, nothing that was recorded is
lost, no level is open without an accepted judgement, the deadline stands, the chain is whole; the
workspace shows nothing of a task that is not on record, and has all its files after the next
command; and the same command, typed again, does what it was to do. Prints one line of JSON; exits
with 0 when all that held.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

from harness.app.session import Session
from harness.attempts import AttemptStore
from harness.cli.invocation import Invocation
from harness.cli.main import call_command
from harness.errors import HarnessError
from harness.judge.judge import Stop
from harness.model.judgement import SILENT, CaseOutcome, Judgement, Observer, Verdict
from harness.model.problem import Request

RIGHT = "def step(place):\n    return place + 1\n"
BOTH = RIGHT + "\n\ndef leap(place):\n    return place + 2\n"
CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate", "os.chmod"}
FIRST_FILES = ("solution.py", "README.md", "pytest.ini", ".gitignore", ".harness/attempt.json")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

# What is typed, what is saved as the solution before, and where it starts from.
STEPS: tuple[tuple[str, str, str], ...] = (
    ("start steps", "", ""),
    ("statement", "", "start steps"),
    ("test", "", "start steps"),
    ("submit", RIGHT, "start steps"),
    ("pause", "", "submit"),
    ("resume", "", "pause"),
    ("extend 10", "", "submit"),
    ("reset --yes", "", "submit"),
    ("undo", "", "reset --yes"),
    ("reveal --yes", "", "submit"),
    ("finish --yes", BOTH, "submit"),
)


class QuickJudge:
    """Accepts level n when the solution has n functions that return something."""

    def judge(
        self, request: Request, observer: Observer = SILENT, stop: Stop | None = None
    ) -> Judgement:
        reached = request.snapshot.files["solution.py"].count(b"return place")
        outcomes = tuple(
            CaseOutcome(
                case=f"level{n}::test_{request.suite}",
                level=n,
                title="T",
                verdict=Verdict.ACCEPTED if n <= reached else Verdict.WRONG_ANSWER,
                seconds=0.0,
            )
            for n in request.levels
        )
        return Judgement(
            suite=request.suite, levels=request.levels, outcomes=outcomes, seconds=0.01
        )

    def prepare(self) -> None: ...

    def close(self) -> None: ...


def quick(invocation: Invocation) -> Session:
    session = Session(invocation.settings, invocation.plugins)
    session.judge = QuickJudge()
    return session


def run(*words: str) -> tuple[int, str]:
    """Run a command in this process; return its exit code and all it printed."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = call_command(list(words), Invocation(factory=quick))
    return code, printed.getvalue()


def arm(number: int) -> None:
    """Die before the ``number``-th statement or change of a file from now on."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CHANGES or (event == "open" and (arguments[2] or 0) & WRITING):
            count()

    connect = sqlite3.connect

    def traced(*arguments: Any, **more: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **more)
        connection.set_trace_callback(count)
        return connection

    flush = os.fsync

    def counted_flush(descriptor: int) -> None:
        count()
        flush(descriptor)

    sqlite3.connect = traced
    os.fsync = counted_flush
    sys.addaudithook(hear)


class Live:
    """The one folder in which all happens: the record and the workspace, with checks of both."""

    def __init__(self, folder: Path) -> None:
        self.home, self.work = folder / "live" / "home", folder / "live" / "work" / "steps"
        self._folder = folder

    def load(self, name: str) -> None:
        """Put back what was kept under ``name``; nothing when it is empty."""
        os.chdir(self._folder)
        shutil.rmtree(self._folder / "live", ignore_errors=True)
        if name:
            shutil.copytree(self._folder / name, self._folder / "live", symlinks=True)
        self.enter()

    def keep(self, name: str) -> None:
        shutil.copytree(self._folder / "live", self._folder / name, symlinks=True)

    def enter(self) -> None:
        os.chdir(self.work if self.work.is_dir() else self._folder)

    def save(self, text: str) -> None:
        if text:
            (self.work / "solution.py").write_text(text)

    def kinds(self) -> list[str]:
        """Return what is on record, after checking that it is whole and may be so."""
        with AttemptStore.open(self.home) as store:
            states, damaged = store.all_and_damaged()
            assert damaged == []
            assert len(states) <= 1
            if not states:
                return []
            (state,) = states
            events = store.events(state.id)
            accepted = {
                level
                for each in store.judgements(state.id)
                for level in each.judgement.levels
                if each.judgement.level_accepted(level)
            }
            for level in state.levels[: state.level - 1]:
                assert level.revealed or level.number in accepted, f"level {level.number} is open"
            for event in events:
                if snapshot := event.data.get("snapshot"):
                    store.snapshot(str(snapshot))
            extended = [event.data["minutes"] for event in events if event.kind == "extended"]
            assert state.allowed_seconds == 60 * (30 + sum(map(int, extended)))
        # How long a submission waited for its judgement after a kill is no step of its own.
        return [event.kind for event in events if event.kind != "suspended"]

    def check(self, found: list[str]) -> None:
        """Check that ``harness status`` tells of a record like ``found``."""
        if not found:
            # Nothing was begun, so nothing of the task may be seen.
            assert [path for path in self.work.rglob("*") if path.suffix in (".md", ".py")] == []
            return
        self.enter()
        code, printed = run("status", "--json")
        assert code == 0, printed
        level = json.loads(printed)["level"]
        assert level == 1 + found.count("level_unlocked")
        self.check_files(level)
        code, printed = run("statement")
        assert code == 0, printed
        if "revealed" in found:
            assert list((self.work / "statements").glob("*_reference/solution.py"))

    def check_files(self, level: int) -> None:
        """Check that the workspace is complete, by now, and holds nothing that a kill left."""
        names = {*FIRST_FILES}
        for number in range(1, level + 1):
            names |= {f"statements/level{number}.md", f"tests/test_level{number}.py"}
        there = {str(path.relative_to(self.work)) for path in self.work.rglob("*")}
        assert names <= there, f"missing: {names - there}"
        assert self.is_finished()

    def is_finished(self) -> bool:
        """Whether all first files were written."""
        pointer = self.work / ".harness" / "attempt.json"
        return pointer.exists() and "unfinished" not in pointer.read_text()


def is_prefix(part: Sequence[str], whole: Sequence[str]) -> bool:
    return list(whole[: len(part)]) == list(part)


def kill_at(live: Live, words: list[str], number: int) -> bool:
    """Run a command in a fork that dies at the ``number``-th point; return whether it did."""
    child = os.fork()
    if child == 0:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        os.dup2(devnull, 2)
        arm(number)
        os._exit(call_command(words, Invocation(factory=quick)))
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def boundary_kills(live: Live, stride: int, only: str, done: Counter[str]) -> list[str]:
    """Kill each command at its boundaries; return what was wrong."""
    wrong = []
    for typed, solution, base in STEPS:
        words = typed.split()
        live.load(base)
        before = live.kinds() if base else []
        live.save(solution)
        code, printed = run(*words)
        assert code in (0, 1), f"{typed}: {printed}"
        after = live.kinds()
        live.keep(typed)
        if only and words[0] != only:
            continue
        number = 1 + random.Random(typed).randrange(stride)
        while True:
            live.load(base)
            live.save(solution)
            if not kill_at(live, words, number):
                break
            done[words[0]] += 1
            try:
                check_and_repeat(live, words, before, after, again=done[words[0]] % 2 == 0)
            except (AssertionError, ValueError, HarnessError) as error:
                wrong.append(f"{typed}, killed at point {number}: {error!r}")
            number += stride
    return wrong


def check_and_repeat(
    live: Live, words: list[str], before: list[str], after: list[str], *, again: bool
) -> None:
    """Check the record after a kill, and that the same command gets to its end now."""
    found = live.kinds()
    assert is_prefix(before, found), f"lost: {before} became {found}"
    assert is_prefix(found, after), f"{found} is no part of {after}"
    if words[0] == "start" and found and again and not live.is_finished():
        # The same start, typed again, finishes the one that was killed; so does any other command.
        code, printed = run(*words)
        assert code == 0, printed
        assert live.kinds() == after
    live.check(found)
    if found == after:
        return
    if words[0] == "start" and not found:
        os.chdir(live.home.parent.parent)
    code, printed = run(*words)
    assert code in (0, 1), f"typed again: {printed}"
    assert live.kinds() == after


def children_of(process: int) -> list[int]:
    """Return the children of all threads of a process; none once it is over."""
    found: list[int] = []
    for task in Path("/proc").glob(f"{process}/task/*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def real_kills(live: Live, kills: int, seed: int, only: str, done: Counter[str]) -> list[str]:
    """Kill real commands, or their judge, at random moments; return what was wrong."""
    chance = random.Random(seed)
    commands = [*STEPS, ("watch --json", RIGHT, "start steps")]
    commands = [each for each in commands if not only or each[0].split()[0] == only]
    judging = [each for each in commands if each[0].split()[0] in ("test", "submit", "watch")]
    wrong = []
    for number in range(kills):
        # How to find the children of a process is known for Linux only.
        victim = "judge" if number % 2 and sys.platform == "linux" else "command"
        victim = victim if judging else "command"
        typed, solution, base = chance.choice(judging if victim == "judge" else commands)
        live.load(base)
        before = live.kinds() if base else []
        live.save(solution)
        told = run_and_kill(typed.split(), chance.uniform(0.01, 0.7), victim)
        done[f"real {told}"] += 1
        try:
            found = live.kinds() if live.home.exists() else []
            assert is_prefix(before, found), f"lost: {before} became {found}"
            live.check(found)
        except (AssertionError, ValueError, HarnessError) as error:
            wrong.append(f"{typed}, real, {told} killed: {error!r}")
    return wrong


def run_and_kill(words: list[str], seconds: float, victim: str) -> str:
    """Start the real command, kill the victim after a while; return what was killed.

    A command whose judge dies must come to its own end; what it started must not outlive it.
    """
    command = subprocess.Popen(
        [sys.executable, "-m", "harness", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    if victim == "judge":
        # It is the first that a command starts, or the command is over.
        wait_until(lambda: bool(children_of(command.pid)) or command.poll() is not None)
    judges = children_of(command.pid)
    killed = "judge" if victim == "judge" and judges else "command"
    if killed == "judge":
        os.kill(judges[0], signal.SIGKILL)
        if words[0] == "watch":
            time.sleep(0.3)
            command.kill()
    else:
        command.kill()
    code = command.wait(timeout=120)
    assert code in (0, 1, 3, -signal.SIGKILL), f"{words} ended with {code}"
    wait_until(lambda: not any(Path(f"/proc/{each}").exists() for each in judges))
    return killed


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "the judge never came, or outlived its command"
        time.sleep(0.02)


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill commands and check the record.")
    parser.add_argument("pack", type=Path)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--real", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--command", default="", help="kill only this one, such as start")
    options = parser.parse_args()
    # A kill leaves what was written, flushed or not, so nothing needs a real disk.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir=memory) as name:
        live = Live(Path(name).resolve())
        os.environ["HARNESS_HOME"] = str(live.home)
        os.environ["HARNESS_WORKSPACES"] = str(live.work.parent)
        os.environ["HARNESS_PACKS"] = str(options.pack.resolve())
        wrong = boundary_kills(live, options.stride, options.command, done)
        wrong += real_kills(live, options.real, options.seed, options.command, done)
        os.chdir("/")
    print(json.dumps({"kills": sum(done.values()), **done, "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
