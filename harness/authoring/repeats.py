"""Runs a problem's suites against its references as plain pytest, under changed circumstances."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness.errors import JudgeError
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.problem import Problem

PROGRAM = Path(__file__).with_name("plain_pytest.py")
PATIENCE_SECONDS = 300.0
"""For one run. An honest one takes seconds."""

Outcomes = Mapping[str, str]
"""Case, as a path and a name → ``passed``, or how else it ended."""


@frozen
class Circumstances:
    """What must make no difference."""

    hash_seed: int = 0
    zone: str = "UTC0"
    """As in the variable TZ; without names, so that it needs no database."""
    order: int = 0
    """Seed of a shuffled order; 0 for the order of the files."""
    alone: bool = False
    """Run each case in its own process."""

    def differences(self) -> list[tuple[str, Circumstances]]:
        """Return each unusual thing: what it is in words, and the circumstances with only that."""
        found = []
        usual = Circumstances()
        if self.order != usual.order:
            found.append(("in another order", replace(usual, order=self.order)))
        if self.hash_seed != usual.hash_seed:
            words = f"with PYTHONHASHSEED={self.hash_seed}"
            found.append((words, replace(usual, hash_seed=self.hash_seed)))
        if self.zone != usual.zone:
            found.append((f"with TZ={self.zone}", replace(usual, zone=self.zone)))
        if self.alone:
            found.append(("each case alone", replace(usual, alone=True)))
        return found


USUAL = Circumstances()
CHANGED = (
    Circumstances(hash_seed=1, zone="AAA-14", order=1),
    Circumstances(hash_seed=2, zone="BBB+3:30", order=2),
    Circumstances(hash_seed=3, zone="AAA-14", order=3),
    Circumstances(hash_seed=4, zone="BBB+3:30", order=4),
    Circumstances(alone=True),
)
"""Together with ``USUAL``: five hash seeds, three time zones, five orders, and each case alone."""


def run_cases(
    problem: Problem, level: int, how: Circumstances, cases: Sequence[str] | None = None
) -> Outcomes:
    """Run ``cases``, else both suites of ``level``, against its reference.

    Raises JudgeError when that does not come to an end.
    """
    wanted = list(cases or [str(problem.suite_path(level, suite)) for suite in Suite])
    if how.order:
        random.Random(how.order).shuffle(wanted)
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(problem.reference_dir(level)),
        "PYTHONHASHSEED": str(how.hash_seed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "TZ": how.zone,
    }
    job = json.dumps({"cases": wanted, "alone": how.alone})
    with tempfile.TemporaryDirectory() as nowhere:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-s", str(PROGRAM)],
                input=job,
                capture_output=True,
                text=True,
                env=environment,
                cwd=nowhere,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _failed(problem, level, f"did not end within {PATIENCE_SECONDS:.0f} s") from None
    try:
        outcomes: dict[str, str] = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.strip().rsplit("\n", 1)[-1]
        raise _failed(problem, level, f"ended with {done.returncode}: {last}") from None
    return outcomes


def _failed(problem: Problem, level: int, what: str) -> JudgeError:
    suite = problem.suite_path(level, Suite.HIDDEN)
    reference = problem.reference_dir(level)
    return JudgeError(
        f"Plain pytest of {problem.slug}, level {level}, {what}.",
        f"PYTHONPATH={reference} python -m pytest {suite}",
    )
