"""Two commands on one record at the same moment: one after the other, or one is refused."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from harness.attempts import AttemptStore

RECORDED = {
    "test": "tested",
    "submit": "submitted",
    "pause": "paused",
    "extend": "extended",
    "reset": "saved",
    "reveal": "revealed",
    "finish": "finished",
    "start": "created",
}


def type_both(first: str, second: str) -> list[tuple[str, int, str]]:
    """Run two commands side by side; return of each its name, exit code and errors."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "harness", *typed.split()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for typed in (first, second)
    ]
    done = [(each, each.communicate(timeout=120)[1]) for each in running]
    names = (first.split()[0], second.split()[0])
    return [(name, each.returncode, err) for name, (each, err) in zip(names, done, strict=True)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("submit", "submit"),
        ("submit", "test"),
        ("submit", "start steps"),
        ("submit", "pause"),
        ("submit", "reveal --yes"),
        ("submit", "reset --yes"),
        ("submit", "finish --yes"),
        ("pause", "finish --yes"),
        ("extend 5", "extend 5"),
        ("finish --yes", "finish --yes"),
    ],
)
def test_whatever_is_confirmed_is_recorded_and_all_else_is_refused(started, first, one, other):
    started.write(first)
    done = type_both(one, other)
    for name, code, err in done:
        assert code in (0, 1, 2), f"{name}: {err}"
        # A level that opened elsewhere, an end, a pause: reasons to refuse, and said.
        assert code != 2 or err.startswith("error: "), err
    confirmed = Counter(RECORDED[name] for name, code, _ in done if code in (0, 1))
    with AttemptStore.open(started.home) as store:
        assert store.inspect().problems == ()
        events = [event for state in store.all() for event in store.events(state.id)]
    kinds = Counter(event.kind for event in events)
    for kind, count in confirmed.items():
        # Who finishes what is over already is told so, and records nothing.
        assert kinds[kind] >= (1 if kind == "finished" else count), f"{done} recorded {kinds}"
    assert started.json("status")["level"] == 1 + kinds["level_unlocked"]
    assert kinds["finished"] <= 1
