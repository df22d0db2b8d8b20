"""The checks ``mutation`` and ``needed``: survivors are shown, and cases that catch nothing."""

from __future__ import annotations

import pytest

from harness.model.finding import Severity

EQUIVALENT = '[[equivalent]]\nlevel = 1\nfind = "{0}"\nreplace = "{1}"\nwhy = "It is the same."\n'
KEPT = '[[kept]]\nlevel = {0}\ncase = "{1}"\nwhy = "It stands for a sentence."\n'
EXTRA = 'def test_extra():\n    """An empty tally can be made"""\n    assert Tally() is not None\n'


@pytest.fixture
def idle(bench):
    """A problem whose first reference has a line that does nothing."""
    bench.change("reference/level1/solution.py", "self._sum += amount", "amount = +amount")
    bench.change("reference/level1/solution.py", "amount = +amount", "self._sum += +amount")
    return bench


def test_all_mutants_die_and_all_cases_are_needed(bench):
    assert bench.check("mutation", "needed") == []


def test_a_survivor_is_shown_as_a_diff(idle):
    gate, survivor = idle.check("mutation")
    assert gate.severity is Severity.ERROR
    assert gate.message.endswith("kill 6 of 7 mutants of reference 1: 86%, less than 95%.")
    assert survivor.severity is Severity.WARNING
    assert "No hidden case of levels 1 to 1 notices this: sign or not left out." in survivor.message
    assert (survivor.level, survivor.line) == (1, 6)
    assert survivor.path == idle.root / "reference" / "level1" / "solution.py"
    assert "-        self._sum += +amount" in survivor.detail.splitlines()
    assert "+        self._sum += (amount)" in survivor.detail.splitlines()


def test_an_equivalent_with_a_reason_lets_it_pass(idle):
    text = EQUIVALENT.format("self._sum += +amount", "self._sum += (amount)")
    (idle.root / "mistakes.toml").write_text(text)
    assert idle.check("mutation") == []


def test_the_row_to_paste_is_shown(idle):
    _, survivor = idle.check("mutation")
    row = survivor.detail[survivor.detail.index("[[equivalent]]") :]
    assert 'why = "…"' in row
    (idle.root / "mistakes.toml").write_text(row)
    assert idle.check("mutation") == []


def test_an_equivalent_that_excuses_nothing(bench, single):
    text = EQUIVALENT.format("self._sum += amount", "pass")
    (bench.root / "mistakes.toml").write_text(text)
    finding = single("mutation")
    assert finding.message == "This [[equivalent]] matches no surviving mutant."
    assert (finding.path, finding.line) == (bench.root / "mistakes.toml", 1)


def test_a_suite_that_sees_less(bench):
    # Of random amounts only how they grow is looked at, and of the sums nothing.
    bench.change("level1/test_hidden.py", "assert tally.total() == sum(amounts)", "tally.total()")
    bench.change(
        "level1/test_hidden.py",
        "answers == [sum(amounts[:n]) for n in range(1, 6)]",
        "sorted(answers) == answers",
    )
    gates = [each for each in bench.check("mutation") if each.severity is Severity.ERROR]
    assert gates[0].message.startswith("The hidden suites of levels 1 to 1 kill 3 of 6 mutants")
    assert (gates[0].path, gates[0].level) == (bench.root / "level1" / "test_hidden.py", 1)


def test_a_case_that_kills_nothing(bench, single):
    line = bench.add(EXTRA)
    finding = single("needed")
    assert "test_extra fails no mutant and no known mistake" in finding.message
    assert finding.path == bench.root / "level2" / "test_hidden.py"
    assert (finding.line, finding.level, finding.severity) == (line, 2, Severity.ERROR)
    (bench.root / "mistakes.toml").write_text(KEPT.format(2, "test_extra"))
    assert bench.check("needed") == []


def test_a_mutant_that_cannot_be_imported_is_no_reason(bench, single):
    # Lists cannot be subtracted: that mutant fails every case, whatever the case asks.
    line = "class NothingLeft(Exception):"
    bench.change("reference/level2/solution.py", line, f"ONE = [1]\nTWO = ONE + ONE\n\n\n{line}")
    bench.add(EXTRA)
    assert "test_extra fails no mutant" in single("needed").message


def test_a_known_mistake_is_a_reason(bench):
    bench.add(EXTRA.replace("Tally() is not None", "str(Tally()) != 'odd'"))
    (bench.root / "mistakes.toml").write_text(
        '[[mistake]]\nname = "a"\nlevel = 2\nwhy = "Because."\nfind = "    def total(self):"\n'
        "replace = \"    def __str__(self):\\n        return 'odd'\\n\\n    def total(self):\"\n"
    )
    assert bench.check("needed") == []


def test_a_survivor_is_shown_once_at_its_lowest_level(bench):
    unneeded = "self._spare = 0\n        self."
    bench.change("reference/level1/solution.py", "self._sum = 0", f"{unneeded}_sum = 0")
    bench.change("reference/level2/solution.py", "self._amounts = []", f"{unneeded}_amounts = []")
    survivors = [f for f in bench.check("mutation") if f.detail]
    assert {finding.level for finding in survivors} == {1}
    assert all(f.message.endswith(" Nor is it noticed at level 2.") for f in survivors)
    assert len({finding.detail for finding in survivors}) == len(survivors) == 2
