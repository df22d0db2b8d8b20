"""The problem ``purse``, which passes all checks of its texts, and ways to spoil it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.authoring.examination import all_checks
from harness.authoring.examiner import Examiner
from harness.authoring.mistakes import Edit, edits_between, mistake_row
from harness.authoring.subject import Subject
from harness.catalog.catalog import load_problem_at
from harness.model.finding import Finding, Severity
from harness.model.problem import Snapshot
from harness.plugins import PluginHost
from tests.editing import replace_in

MANIFEST = """\
format = 1
slug = "purse"
version = "1.0.0"
title = "Purse"
summary = "Put coins in, then take some out."
authors = ["Somebody"]
license = "MIT"
minutes = 30

[[levels]]
id = "in"
title = "Put in"
summary = "Put coins in and count them."
minutes = 10
points = 100
hints = ["One number is enough."]

[levels.symbols]
classes = { Purse = ["put", "total"] }

[[levels]]
id = "out"
title = "Take out"
summary = "Take coins out, but not too many."
minutes = 20
points = 100
hints = ["Look before you take."]

[levels.symbols]
classes = { Purse = ["take"] }
exceptions = { PurseError = "ValueError" }
"""
STATEMENT_1 = """\
# Level 1: Put in

Write the class `Purse`. A new purse is empty.

- `put(amount: int) -> int` puts coins in and returns how many there are now.
- `total() -> int` returns how many there are.

```python
>>> purse = Purse()
>>> purse.put(2)
2
>>> purse.total()
2
```

All amounts are from 1 to 1,000.
"""
STATEMENT_2 = """\
# Level 2: Take out

- `take(amount: int) -> int` takes coins out and returns how many are left.
- If there are fewer, it raises `PurseError`, a `ValueError`, with the text `"not enough"`.
  Its `missing` is the number of coins that are missing. The purse stays as it is.

```python
>>> purse = Purse()
>>> purse.put(5)
5
>>> purse.take(3)
2
```
"""
HIDDEN_1 = '''\
import pytest
from solution import Purse


def test_new_purse_is_empty():
    """A new purse holds nothing"""
    assert Purse().total() == 0


@pytest.mark.parametrize("amount", [1, 2, 5, 7, 9, 11, 100, 999, 1000])
def test_put_gives_the_sum(amount):
    """Putting coins in tells how many there are now"""
    purse = Purse()
    purse.put(3)
    assert purse.put(amount) == 3 + amount


def test_total_counts_all_puts():
    """The total is the sum of all that was put in"""
    purse = Purse()
    purse.put(2)
    purse.put(5)
    assert purse.total() == 7


def test_purses_are_apart():
    """What is put into one purse is not in another"""
    one, other = Purse(), Purse()
    one.put(1)
    assert other.total() == 0
'''
VISIBLE_1 = '''\
from solution import Purse


def test_first_put():
    """The first coins are all there are"""
    assert Purse().put(4) == 4


def test_second_put():
    """More coins are added to those that are there"""
    purse = Purse()
    purse.put(4)
    assert purse.put(6) == 10


def test_asking_changes_nothing():
    """Asking for the total twice gives the same"""
    purse = Purse()
    purse.put(4)
    assert [purse.total(), purse.total()] == [4, 4]
'''
HIDDEN_2 = '''\
import pytest
from solution import Purse, PurseError


def purse_with(amount):
    purse = Purse()
    purse.put(amount)
    return purse


@pytest.mark.parametrize("amount", [1, 2, 3, 5, 8, 13, 21, 34])
def test_take_gives_what_is_left(amount):
    """Taking coins tells how many are left"""
    assert purse_with(40).take(amount) == 40 - amount


def test_too_many_are_refused():
    """Taking more than there is raises an error with its text"""
    with pytest.raises(PurseError, match="^not enough$"):
        purse_with(3).take(5)


def test_error_tells_what_is_missing():
    """The error tells how many coins are missing"""
    with pytest.raises(PurseError) as caught:
        purse_with(3).take(5)
    assert caught.value.missing == 2


def test_refused_take_changes_nothing():
    """A refused take leaves the purse as it was"""
    purse = purse_with(3)
    with pytest.raises(PurseError):
        purse.take(5)
    assert purse.total() == 3


def test_all_can_be_taken():
    """The last coin can be taken"""
    assert purse_with(3).take(3) == 0
'''
VISIBLE_2 = '''\
import pytest
from solution import Purse, PurseError


def test_some_are_taken():
    """What was taken is no longer there"""
    purse = Purse()
    purse.put(9)
    purse.take(4)
    assert purse.total() == 5


def test_put_after_take():
    """Coins can be put in again"""
    purse = Purse()
    purse.put(9)
    purse.take(4)
    assert purse.put(1) == 6


def test_empty_purse():
    """Nothing can be taken from an empty purse"""
    with pytest.raises(PurseError):
        Purse().take(1)
'''
FIRST = """\
class Purse:
    def __init__(self):
        self._coins = 0

    def put(self, amount):
        self._coins += amount
        return self._coins

    def total(self):
        return self._coins
"""
SECOND = (
    """\
class PurseError(ValueError):
    def __init__(self, missing):
        super().__init__("not enough")
        self.missing = missing


"""
    + FIRST
    + """
    def take(self, amount):
        if amount > self._coins:
            raise PurseError(amount - self._coins)
        self._coins -= amount
        return self._coins
"""
)
LISTED = SECOND.replace(
    "self._coins = 0",
    "self._all = []\n\n    @property\n    def _coins(self):\n        return sum(self._all)",
)
LISTED = LISTED.replace("self._coins += amount", "self._all.append(amount)")
LISTED = LISTED.replace("self._coins -= amount", "self._all.append(-amount)")
SKELETON = """\
class Purse:
    def put(self, amount: int) -> int:
        raise NotImplementedError

    def total(self) -> int:
        raise NotImplementedError
"""
MISTAKES = {
    "keeps_the_last": (
        1,
        "Forgets what was there.",
        FIRST.replace("self._coins += amount", "self._coins = amount"),
    ),
    "one_for_all": (
        1,
        "All purses are one.",
        FIRST.replace("self._coins", "Purse.coins").replace(
            "    def __init__(self):\n        Purse.coins = 0\n", "    coins = 0\n"
        ),
    ),
    "takes_first": (
        2,
        "Takes, then looks.",
        SECOND.replace("raise P", "self._coins = 0\n            raise P").replace(
            "PurseError(amount - self._coins)", "PurseError(2)"
        ),
    ),
    "keeps_one": (
        2,
        "The last coin stays.",
        SECOND.replace("amount > self._coins", "amount >= self._coins"),
    ),
}
FILES = {
    "problem.toml": MANIFEST,
    "editorial.md": "# Purse\n\nOne number does.\n",
    "level1/statement.md": STATEMENT_1,
    "level1/test_hidden.py": HIDDEN_1,
    "level1/test_visible.py": VISIBLE_1,
    "level2/statement.md": STATEMENT_2,
    "level2/test_hidden.py": HIDDEN_2,
    "level2/test_visible.py": VISIBLE_2,
    "reference/level1/solution.py": FIRST,
    "reference/level2/solution.py": SECOND,
    "alternates/listed/solution.py": LISTED,
    "alternates/counted/solution.py": SECOND.replace("_coins", "_count"),
}


class Purse:
    """The problem on disk. Its checks see what lies there when they are run."""

    def __init__(self, folder: Path, examiner: Examiner) -> None:
        self.root = folder / "problems" / "purse"
        self.template = folder / "solutions_template" / "purse"
        self._examiner = examiner
        for name, text in FILES.items():
            self.write(name, text)
        self._mistakes = dict(MISTAKES)
        self._write_mistakes()
        self.template.mkdir(parents=True)
        (self.template / "solution.py").write_text(SKELETON, encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file of the problem."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def add(self, name: str, text: str) -> int:
        """Add to a file, after two empty lines; returns the first line that is new."""
        before = (self.root / name).read_text(encoding="utf-8")
        self.write(name, f"{before}\n\n{text}")
        return before.count("\n") + 3

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace what stands exactly once in a file."""
        replace_in(self.root / name, old, new)

    def mistake(self, name: str, solution: str, level: int = 2, why: str = "It is odd.") -> None:
        """Let a known mistake, new or not, be this solution."""
        level, why, _ = self._mistakes.get(name, (level, why, ""))
        self._mistakes[name] = (level, why, solution)
        self._write_mistakes()

    def mistaken(self, name: str, old: str, new: str) -> None:
        """Replace what stands exactly once in a solution with a known mistake."""
        text = self._mistakes[name][2]
        assert text.count(old) == 1, (name, old)
        self.mistake(name, text.replace(old, new))

    def mistakes_as_solutions(self) -> dict[str, tuple[int, str, str]]:
        """Return the known mistakes: level, reason and text of each solution."""
        return dict(self._mistakes)

    def applied(self, edit: Edit) -> str:
        """Return the text of a solution with an edit."""
        return edit.apply(self._reference(edit.level)).files["solution.py"].decode()

    def _reference(self, level: int) -> Snapshot:
        return Snapshot(files={"solution.py": (FIRST, SECOND)[level - 1].encode()})

    def _write_mistakes(self) -> None:
        rows = []
        for name, (level, why, text) in self._mistakes.items():
            edits = edits_between(
                self._reference(level), Snapshot(files={"solution.py": text.encode()})
            )
            edit = Edit(level=level, name=name, why=why, replacements=edits)
            rows.append(mistake_row(edit, "solution"))
        self.write("mistakes.toml", "\n".join(rows))

    def findings(self, check: str) -> list[Finding]:
        """Run one check as the command does."""
        found = {each.name: each for each in all_checks(PluginHost())}[check]
        subject = Subject(load_problem_at(self.root), self._examiner)
        return list(found.run(subject))

    def errors(self, check: str) -> list[tuple[str, int | None, int | None, str]]:
        """Run one check that finds errors alone: file, line, level and message."""
        found = []
        for finding in self.findings(check):
            assert finding.severity is Severity.ERROR
            assert finding.path
            assert finding.why
            assert finding.fix
            is_own = finding.path.is_relative_to(self.root)
            path = finding.path.relative_to(self.root if is_own else self.root.parents[1])
            found.append((path.as_posix(), finding.line, finding.level, finding.message))
        return found

    def finding(self, check: str) -> Finding:
        """Run one check that must find one thing, and tell it in full."""
        findings = self.findings(check)
        assert len(findings) == 1, findings
        assert findings[0].why
        assert findings[0].fix
        return findings[0]

    def error(self, check: str) -> tuple[str, int | None, str]:
        """Run one check that must find one error: its file, line and message."""
        return self._placed(check, Severity.ERROR)

    def warning(self, check: str) -> tuple[str, int | None, str]:
        """Run one check that must find one warning: its file, line and message."""
        return self._placed(check, Severity.WARNING)

    def _placed(self, check: str, severity: Severity) -> tuple[str, int | None, str]:
        found = self.finding(check)
        assert found.severity is severity
        assert found.path is not None
        return found.path.relative_to(self.root).as_posix(), found.line, found.message


@pytest.fixture(scope="session")
def purse_examiner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examiner]:
    """Judges for the whole session, who know a judgement again."""
    folder = tmp_path_factory.mktemp("examiner")
    with Examiner(kept=folder / "kept", cache=folder / "cache", workers=2) as examiner:
        yield examiner


@pytest.fixture
def purse(tmp_path: Path, purse_examiner: Examiner) -> Purse:
    """The problem without a defect."""
    return Purse(tmp_path, purse_examiner)


PUT = "`put(amount: int) -> int` puts coins in and returns how many there are now."
TAKE = "`take(amount: int) -> int` takes coins out and returns how many are left."
TOO_MANY = "If there are fewer, it raises `PurseError`, a `ValueError`, with the text `not enough`."
RULES = {
    "test_new_purse_is_empty": "A new purse is empty.",
    "test_put_gives_the_sum": PUT,
    "test_total_counts_all_puts": "`total() -> int` returns how many there are.",
    "test_purses_are_apart": "Two purses share nothing.",
    "test_take_gives_what_is_left": TAKE,
    "test_too_many_are_refused": TOO_MANY.replace("`not enough`", '`"not enough"`'),
    "test_error_tells_what_is_missing": "Its `missing` is the number of coins that are missing.",
    "test_refused_take_changes_nothing": "The purse stays as it is.",
    "test_all_can_be_taken": TAKE,
}
"""Case → the rule that it rests on."""
BREAKS = {
    "keeps_the_last": "test_put_gives_the_sum",
    "one_for_all": "test_purses_are_apart",
    "takes_first": "test_refused_take_changes_nothing",
    "keeps_one": "test_all_can_be_taken",
}
"""Mistake → the case whose rule it breaks."""


@pytest.fixture
def cited(purse: Purse) -> Purse:
    """The problem without a defect, every hidden case of which cites its rule."""
    first = STATEMENT_1.replace("Write the", "Somebody saves coins.\n\nWrite the", 1)
    first = first.replace("is empty.", "is empty. Two purses share nothing.")
    purse.write("level1/statement.md", first.replace("All amounts", "## Bounds\n\nAll amounts"))
    second = STATEMENT_2.replace("- `take", "Coins can be taken out.\n\n- `take", 1)
    purse.write("level2/statement.md", second)
    purse.write("level1/test_hidden.py", _citing(HIDDEN_1))
    purse.write("level2/test_hidden.py", _citing(HIDDEN_2))
    rows = (purse.root / "mistakes.toml").read_text(encoding="utf-8")
    for name, case in BREAKS.items():
        quoted = json.dumps(RULES[case])
        rows = rows.replace(f'name = "{name}"', f'name = "{name}"\nbreaks = {quoted}')
    purse.write("mistakes.toml", rows)
    return purse


def _citing(suite: str) -> str:
    for node in ast.walk(ast.parse(suite)):
        if isinstance(node, ast.FunctionDef) and node.name in RULES:
            title = ast.get_docstring(node)
            cited = f'"""{title}\n\n    Rule: {RULES[node.name]}\n    """'
            suite = suite.replace(f'"""{title}"""', cited)
    return suite
