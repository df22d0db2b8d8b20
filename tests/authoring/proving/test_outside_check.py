"""The check ``outside`` finds clocks, chance and networks without running anything."""

from __future__ import annotations

import pytest

HIDDEN = "level2/test_hidden.py"


def add(bench, text, name=HIDDEN):
    """Add to a suite; returns the number of the first line that is new."""
    path = bench.root / name
    before = path.read_text()
    path.write_text(f"{before}\n\n{text}")
    return before.count("\n") + 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import time\nstarted = time.monotonic()\n", "time.monotonic depends on the real clock."),
        ("from random import choice\nfirst = choice([1])\n", "random.choice depends on chance."),
        ("NOTHING = None\nimport socket\n", "socket depends on a network."),
    ],
)
def test_a_suite_that_asks_the_world_outside(bench, single, text, message):
    line = add(bench, text)
    finding = single("outside")
    assert finding.message == message
    assert (finding.path, finding.line) == (bench.root / HIDDEN, line + 1)


def test_a_reference_that_asks_the_world_outside(bench, single):
    add(bench, "import os\nTOKEN = os.urandom(4)\n", "reference/level1/solution.py")
    finding = single("outside")
    assert finding.message == "os.urandom depends on chance."
    assert finding.path == bench.root / "reference" / "level1" / "solution.py"


def test_a_suite_that_sleeps_is_found_at_once(bench, single):
    line = add(bench, "import random\nimport time\n\n\ndef test_nap(rng):\n    time.sleep(1)\n")
    finding = single("outside")
    assert (finding.message, finding.line) == ("time.sleep depends on the real clock.", line + 5)


def test_what_is_seeded_asks_nothing(bench):
    add(bench, "import random\nfirst = random.Random(7).random()\n")
    assert bench.check("outside") == []


def test_a_reference_that_is_no_python_is_not_for_this_check(bench):
    add(bench, "def\n", "reference/level1/solution.py")
    assert bench.check("outside") == []
