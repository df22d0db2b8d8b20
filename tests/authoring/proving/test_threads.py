"""The check ``threads``: a verdict that flips with the turns of threads is found."""

from __future__ import annotations

import pytest

from harness.authoring.checks import threads
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.model.finding import Severity

CASE = '''
import threading


def on_a_thread(function):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(function()))
    thread.start()
    thread.join(1)
    return answers


def test_on_a_thread():
    """Works on a thread"""
    assert on_a_thread(lambda: Tally().add(1)) == [1]
'''
USUAL = "    def add(self, amount):\n        self._sum += amount\n"
FLIPS = """\
    def add(self, amount):
        import sys

        self._sum += amount if sys.getswitchinterval() > 0.001 else 0
"""
ALTERNATE = """\
import sys
class NothingLeft(Exception): pass
class Tally:
    def __init__(self): self._all = []
    def add(self, amount):
        self._all.append(amount)
        return self.total()
    def total(self): return sum(self._all) + (sys.getswitchinterval() < 0.001)
    def undo(self):
        if not self._all: raise NothingLeft
        return self._all.pop()
"""


@pytest.fixture
def threaded(bench):
    bench.add(CASE, "level1/test_hidden.py")
    return bench


def test_nothing_flips(threaded):
    assert threaded.check("threads") == []


def test_suites_without_threads_are_not_judged(bench, monkeypatch):
    monkeypatch.setattr(threads, "_judge", None)
    bench.change("reference/level1/solution.py", USUAL, FLIPS)
    assert list(threads.threads(bench.subject)) == []


def test_a_reference_that_flips(threaded):
    threaded.change("reference/level1/solution.py", USUAL, FLIPS)
    (finding,) = threaded.check("threads")
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "The reference of level 1 passes test_on_a_thread as usual, and fails it where threads "
        "take turns every microsecond: wrong_answer. expected [1], got [0]"
    )


def test_an_alternate_that_flips(threaded):
    path = threaded.root / "alternates" / "odd" / "solution.py"
    path.parent.mkdir(parents=True)
    path.write_text(ALTERNATE)
    (finding,) = threaded.check("threads")
    assert finding.message.startswith("The alternate odd passes test_on_a_thread as usual, and")


MISTAKE = """\
[[mistake]]
name = "now_and_then"
level = 1
why = "It depends on the turns."
find = "self._sum += amount"
replace = '''
self._sum += amount
        import sys
        self._sum += sys.getswitchinterval() < 0.001'''
"""


def test_a_mistake_that_flips(threaded):
    path = threaded.root / "mistakes.toml"
    path.write_text(MISTAKE.replace("'''\nself", "'''self"))
    (finding,) = threaded.check("threads")
    assert (finding.path, finding.severity) == (path, Severity.ERROR)
    assert finding.message.startswith("The mistake now_and_then passes test_on_a_thread as usual")


@pytest.mark.parametrize("answers", ["on_a_thread(lambda: Tally().add(2))", "[Tally().add(2)]"])
def test_a_mistake_that_is_caught_anyway(threaded, answers):
    text = f'def test_two():\n    """Adds two"""\n    assert {answers} == [2]\n'
    threaded.add(text, "level1/test_hidden.py")
    path = threaded.root / "mistakes.toml"
    other = "self._sum += (amount == 2) + (sys.getswitchinterval() < 0.001)"
    text = MISTAKE.replace("'''\nself", "'''self").replace(
        "self._sum += sys.getswitchinterval() < 0.001", other
    )
    path.write_text(text)
    assert threaded.check("threads") == []


def test_a_row_that_moves_is_not_judged_again(threaded, tmp_path, monkeypatch):
    path = threaded.root / "mistakes.toml"
    path.write_text(MISTAKE.partition("replace")[0] + 'replace = "self._sum -= amount"\n')
    with Examiner(kept=tmp_path / "kept", workers=1) as examiner:
        assert list(threads.threads(Subject(threaded.problem, examiner))) == []
        monkeypatch.setattr(threads, "_judge", None)
        path.write_text(f"# Moved down.\n{path.read_text()}")
        assert list(threads.threads(Subject(threaded.problem, examiner))) == []
