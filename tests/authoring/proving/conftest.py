"""A problem of two small levels that is right in every way, for tests to plant a defect in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.authoring.examination import all_checks, choose, examine
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.catalog.catalog import load_problem
from harness.model.finding import Finding
from harness.model.problem import Problem
from harness.plugins import PluginHost

FILES = {
    "problems/tally/problem.toml": """\
# A comment that stays.
format = 1
slug = "tally"
version = "1.0.0"  # raise it with the behaviour
title = "Tally"
summary = "Adds amounts up, and takes the last one back."
authors = ["Somebody"]
license = "MIT"
minutes = 20

[limits]
wall_seconds = 1.0

[[levels]]
id = "sum"
title = "A sum"
summary = "Add amounts up."
minutes = 10
points = 100
hints = ["Keep the sum."]
symbols = { classes = { Tally = ["add", "total"] } }

[[levels]]
id = "undo"
title = "Undo"
summary = "Take the last amount back."
minutes = 10
points = 100
hints = ["Keep the amounts."]
symbols = { classes = { Tally = ["undo"] }, exceptions = { NothingLeft = "Exception" } }
""",
    "problems/tally/editorial.md": "# Editorial\n\nA sum is not enough for undo.\n",
    "problems/tally/level1/statement.md": "# A sum\n\n`add` adds up; `total` tells the sum.\n",
    "problems/tally/level1/test_visible.py": '''\
from solution import Tally


def test_two():
    """Two amounts are added up"""
    tally = Tally()
    tally.add(3)
    tally.add(4)
    assert tally.total() == 7
''',
    "problems/tally/level1/test_hidden.py": '''\
import pytest

from solution import Tally


@pytest.mark.parametrize("amounts", [[1, 2, 4], [5], [-2, 7]])
def test_sum(amounts):
    """The total is the sum"""
    tally = Tally()
    for amount in amounts:
        tally.add(amount)
    assert tally.total() == sum(amounts)


def test_random_amounts(rng):
    """The total of many amounts"""
    amounts = [rng.randint(1, 9) for _ in range(5)]
    tally = Tally()
    answers = [tally.add(amount) for amount in amounts]
    assert answers == [sum(amounts[:n]) for n in range(1, 6)]
''',
    "problems/tally/level2/statement.md": (
        "# Undo\n\n`undo` takes the last amount back and returns it, or raises `NothingLeft`.\n"
    ),
    "problems/tally/level2/test_visible.py": '''\
from solution import Tally


def test_undo():
    """The last amount is taken back"""
    tally = Tally()
    tally.add(3)
    assert tally.undo() == 3
''',
    "problems/tally/level2/test_hidden.py": '''\
import pytest

from solution import NothingLeft, Tally


def test_undo_twice():
    """Amounts are taken back in turn"""
    tally = Tally()
    for amount in (1, 2, 4):
        tally.add(amount)
    assert [tally.undo(), tally.undo(), tally.total()] == [4, 2, 1]


def test_nothing_left():
    """An empty tally has nothing to take back"""
    tally = Tally()
    tally.add(5)
    tally.undo()
    with pytest.raises(NothingLeft):
        tally.undo()
    assert tally.total() == 0
''',
    "problems/tally/reference/level1/solution.py": """\
class Tally:
    def __init__(self):
        self._sum = 0

    def add(self, amount):
        self._sum += amount
        return self._sum

    def total(self):
        return self._sum
""",
    "problems/tally/reference/level2/solution.py": """\
class NothingLeft(Exception):
    pass


class Tally:
    def __init__(self):
        self._amounts = []

    def add(self, amount):
        self._amounts.append(amount)
        return self.total()

    def total(self):
        return sum(self._amounts)

    def undo(self):
        if not self._amounts:
            raise NothingLeft
        return self._amounts.pop()
""",
    "solutions_template/tally/solution.py": """\
class Tally:
    def add(self, amount):
        raise NotImplementedError

    def total(self):
        raise NotImplementedError
""",
}


class Bench:
    """The problem on disk, and what checks say of it."""

    def __init__(self, pack: Path, examiner: Examiner) -> None:
        self.pack = pack
        self.examiner = examiner
        for name, text in FILES.items():
            path = pack / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    @property
    def root(self) -> Path:
        return self.pack / "problems" / "tally"

    @property
    def problem(self) -> Problem:
        return load_problem(self.root, self.pack / "solutions_template" / "tally", "test")

    @property
    def subject(self) -> Subject:
        return Subject(self.problem, self.examiner)

    def change(self, name: str, old: str, new: str) -> Path:
        """Replace ``old`` in a file of the problem; it must be there."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    def add(self, text: str, name: str = "level2/test_hidden.py") -> int:
        """Add to a suite, after two empty lines; returns the first line that is new."""
        path = self.root / name
        before = path.read_text(encoding="utf-8")
        path.write_text(f"{before}\n\n{text}", encoding="utf-8")
        return before.count("\n") + 3

    def check(self, *names: str) -> list[Finding]:
        """Return what the checks of these names find."""
        checks = choose(all_checks(PluginHost()), names, full=True)
        results = examine(Subject(self.problem, self.examiner), checks)
        return [finding for result in results for finding in result.findings]


@pytest.fixture(scope="session")
def examiner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examiner]:
    kept = tmp_path_factory.mktemp("kept")
    with Examiner(kept=kept / "judgements", cache=kept, workers=2) as examiner:
        yield examiner


@pytest.fixture
def bench(tmp_path: Path, examiner: Examiner) -> Bench:
    return Bench(tmp_path, examiner)


@pytest.fixture(scope="session")
def making(examiner: Examiner) -> Callable[[Path], Bench]:
    """Return a function that makes another bench in a folder."""
    return lambda folder: Bench(folder, examiner)


@pytest.fixture
def single(bench: Bench) -> Callable[..., Finding]:
    """Return the only finding of a check."""

    def check(*names: str) -> Finding:
        (finding,) = bench.check(*names)
        return finding

    return check
