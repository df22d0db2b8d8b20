"""The checks ``mutation`` and ``needed``: what lives is shown, and what kills nothing is named."""

from __future__ import annotations

import pytest

from harness.model.finding import Severity

WAIVED = '[[waived]]\nbefore = "{0}"\nafter = "{1}"\nwhy = "Nobody can tell."\n'
KEPT = '[[kept]]\nlevel = {0}\ncase = "{1}"\nwhy = "It stands for a sentence."\n'
EXTRA = (
    '\n\ndef test_extra():\n    """An empty tally can be made"""\n    assert Tally() is not None\n'
)


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


@pytest.mark.parametrize("indent", ["", "        "])
def test_a_waiver_with_a_reason_lets_it_pass(idle, indent):
    text = WAIVED.format(f"{indent}self._sum += +amount", f"{indent}self._sum += (amount) ")
    (idle.root / "waivers.toml").write_text(text)
    assert idle.check("mutation") == []


def test_a_waiver_that_nobody_needs(bench, single):
    text = WAIVED.format("self._sum += amount", "pass")
    (bench.root / "waivers.toml").write_text(text)
    finding = single("mutation")
    assert finding.message == "The waiver of 'pass' is for no mutant that lives."
    assert finding.path == bench.root / "waivers.toml"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (WAIVED.format("a", "b") + "[[waived]]\nbefore = 'a'\nwhy = ''\n", "2 lacks 'after'"),
        ("[[kept]]\nlevel = 1\ncase = 3\nwhy = ''\n", "[[kept]] number 1.case cannot be 3"),
        ("[[waved]]\n", "Waivers has no field 'waved'"),
        ("=\n", "Invalid"),
    ],
)
def test_waivers_that_cannot_be_read(bench, text, what):
    path = bench.root / "waivers.toml"
    path.write_text(text)
    found = bench.check("files", "mutation", "needed", "twins")
    (finding,) = [each for each in found if each.severity is Severity.ERROR]
    assert finding.message.startswith("waivers.toml is not as it should be: ")
    assert what in finding.message
    assert finding.path == path


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
    path = bench.root / "level2" / "test_hidden.py"
    path.write_text(path.read_text() + EXTRA)
    finding = single("needed")
    assert "test_extra fails no mutant and no known-wrong solution" in finding.message
    assert (finding.path, finding.level, finding.severity) == (path, 2, Severity.ERROR)
    assert finding.line == path.read_text().splitlines().index("def test_extra():") + 1
    (bench.root / "waivers.toml").write_text(KEPT.format(2, "test_extra"))
    assert bench.check("needed") == []


def test_a_mutant_that_cannot_be_imported_is_no_reason(bench, single):
    # Lists cannot be subtracted: that mutant fails every case, whatever the case asks.
    line = "class NothingLeft(Exception):"
    bench.change("reference/level2/solution.py", line, f"ONE = [1]\nTWO = ONE + ONE\n\n\n{line}")
    path = bench.root / "level2" / "test_hidden.py"
    path.write_text(path.read_text() + EXTRA)
    assert "test_extra fails no mutant" in single("needed").message


def test_a_known_wrong_solution_is_a_reason(bench):
    path = bench.root / "level2" / "test_hidden.py"
    path.write_text(path.read_text() + EXTRA)
    (bench.root / "wrong").mkdir()
    (bench.root / "wrong" / "wrong.toml").write_text(
        '[[wrong]]\nname = "a"\nlevel = 2\ncases = ["test_extra"]\nwhy = "Because."\n'
    )
    assert bench.check("needed") == []
