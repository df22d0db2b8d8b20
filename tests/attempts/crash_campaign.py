"""Kill a writing process at random moments, again and again: does the record keep its word?

    python tests/attempts/crash_campaign.py --kills 300

Each round forks a writer that begins attempts, submits and has itself judged, and says on a pipe
what the store has confirmed. After the kills everything confirmed must be there, every chain whole,
and no level open without cause. Prints one line of JSON; exits with 0 when nothing was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from harness.attempts import AttemptStore
from harness.model.attempt import End, Mode
from harness.model.judgement import CaseOutcome, Feedback, Judgement, Suite, Verdict
from harness.model.manifest import LevelSpec, Manifest
from harness.model.problem import Problem, Snapshot

LEVELS = 3


def make_problem() -> Problem:
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
    nowhere = Path("/nowhere")
    return Problem(manifest=manifest, root=nowhere, template=nowhere, content=Snapshot(files={}))


def make_judgement(level: int, verdict: Verdict) -> Judgement:
    outcomes = tuple(
        CaseOutcome(case=f"level{n}::test", level=n, title="t", verdict=verdict, seconds=0.1)
        for n in range(1, level + 1)
    )
    levels = tuple(range(1, level + 1))
    return Judgement(suite=Suite.HIDDEN, levels=levels, outcomes=outcomes, seconds=0.1)


def write_for_ever(home: Path, seed: int, confirm: int) -> None:
    """Work on attempts until killed; confirm every step after the store did."""
    chance = random.Random(seed)

    def say(*words: str) -> None:
        os.write(confirm, f"{json.dumps(words)}\n".encode())

    with AttemptStore.open(home) as store:
        while True:
            skeleton = Snapshot(files={"solution.py": b"pass"})
            state = store.create(
                make_problem(), Mode.EXAM, Feedback.FULL, 90, Path("/w"), "1", skeleton
            )
            say("created", state.id, skeleton.hash)
            while state.is_open:
                content = chance.randbytes(chance.randrange(20_000)).hex().encode()
                snapshot = Snapshot(files={"solution.py": content})
                store.submit(state.id, snapshot)
                say("submitted", state.id, snapshot.hash)
                verdict = chance.choice([Verdict.ACCEPTED, Verdict.WRONG_ANSWER])
                judgement = make_judgement(state.level, verdict)
                state = store.judged(state.id, snapshot.hash, judgement)
                say("judged", state.id, snapshot.hash)


def run_and_kill(home: Path, seed: int, longest_seconds: float) -> list[list[str]]:
    """Let a writer run for a random while, kill it, and return what it was told is safe."""
    heard, confirm = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(heard)
        write_for_ever(home, seed, confirm)
    os.close(confirm)
    time.sleep(random.Random(~seed).uniform(0, longest_seconds))
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    with open(heard, "rb") as pipe:
        return [
            json.loads(line) for line in pipe.read().splitlines(keepends=True) if line[-1:] == b"\n"
        ]


def check_promises(home: Path, confirmed: list[list[str]]) -> list[str]:
    """Return what is wrong with the record, as sentences."""
    wrong: list[str] = []
    with AttemptStore.open(home) as store:
        wrong += [error.message for error in store.all_and_damaged()[1]]
        attempts = {state.id: state for state in store.all()}
        recorded = {
            (event.kind, name, event.data.get("snapshot", event.data.get("template_snapshot")))
            for name in attempts
            for event in store.events(name)
        }
        for kind, name, snapshot in confirmed:
            if (kind, name, snapshot) not in recorded:
                wrong.append(f"{kind} {snapshot[:12]} of {name} was confirmed and is lost")
            elif store.snapshot(snapshot).hash != snapshot:
                wrong.append(f"snapshot {snapshot[:12]} was confirmed and is damaged")
        for name, state in attempts.items():
            accepted = {
                level
                for judged in store.judgements(name)
                for level in judged.judgement.levels
                if judged.judgement.level_accepted(level)
            }
            earned = state.level if state.end is End.COMPLETED else state.level - 1
            if not accepted.issuperset(range(1, earned + 1)):
                wrong.append(f"{name} stands at level {state.level} with {accepted} accepted")
    connection = sqlite3.connect(home / "attempts.db")
    (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return wrong if verdict == "ok" else [*wrong, verdict]


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill writers and check the record.")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--longest-seconds", type=float, default=0.15)
    options = parser.parse_args()
    confirmed: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for number in range(options.kills):
            confirmed += run_and_kill(home, options.seed + number, options.longest_seconds)
        wrong = check_promises(home, confirmed)
    print(json.dumps({"kills": options.kills, "confirmed": len(confirmed), "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
