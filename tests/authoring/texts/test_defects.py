"""One planted defect of each kind, as an author meets it: `harness author check`, as typed.

What each check says in full is asked in the tests of its own name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness.authoring.files import release
from harness.catalog import load_problem_at
from harness.cli.invocation import Invocation
from harness.cli.main import call_command
from harness.errors import ExitCode
from harness.model.finding import CheckResult, Finding, Severity, strictly

EXHAUSTIVE = pytest.mark.exhaustive
HIDDEN_1, HIDDEN_2 = "level1/test_hidden.py", "level2/test_hidden.py"
REFERENCE_1, REFERENCE_2 = "reference/level1/solution.py", "reference/level2/solution.py"
STATEMENT_1, STATEMENT_2 = "level1/statement.md", "level2/statement.md"


@dataclass
class Desk:
    """Where an author types the command."""

    root: Path
    capsys: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    def check(self, *options: str) -> int:
        """Check the problem; returns the exit code."""
        self.capsys.readouterr()
        code = call_command(["author", "check", str(self.root), *options], Invocation())
        self.out, self.err = self.capsys.readouterr()
        return code

    def findings(self, *options: str) -> tuple[int, list[tuple[str, str, str]]]:
        """Check with ``--json``: the exit code, and check, severity and message of findings."""
        code = self.check("--json", *options)
        document: dict[str, Any] = json.loads(self.out)
        assert document["passed"] is (code == ExitCode.OK)
        return code, [
            (result["check"], finding["severity"], finding["message"])
            for result in document["results"]
            for finding in result["findings"]
        ]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: what was judged before is known again."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def desk(purse, home, capsys, monkeypatch) -> Desk:
    monkeypatch.setenv("HARNESS_HOME", str(home))
    monkeypatch.delenv("HARNESS_PACKS", raising=False)
    release(load_problem_at(purse.root), "1.0.0", "First version.")
    return Desk(purse.root, capsys)


def text_of(purse, name: str) -> str:
    return (purse.root / name).read_text(encoding="utf-8")


def edit(name: str, old: str, new: str) -> Callable[[Any], None]:
    """Replace what stands once in a file."""
    return lambda purse: purse.edit(name, old, new)


def add(name: str, text: str) -> Callable[[Any], None]:
    """Add to a file."""
    return lambda purse: purse.write(name, text_of(purse, name) + text)


def add_case(name: str, body: str) -> Callable[[Any], None]:
    """Add a case to a suite."""
    return add(name, f'\n\ndef test_added():\n    """Something else holds"""\n    {body}\n')


def copy(name: str, to: str) -> Callable[[Any], None]:
    """Put a file of the problem somewhere else."""
    return lambda purse: purse.write(to, text_of(purse, name))


def no_utf8(name: str) -> Callable[[Any], None]:
    """Put a byte into a file that is no UTF-8."""
    return lambda purse: (purse.root / name).write_bytes(b"# caf\xe9\n")


LENIENT = '''\
from solution import Purse


def test_some_can_be_taken():
    """Some coins can be taken"""
    purse = Purse()
    purse.put(9)
    assert purse.take(4) < 9
'''
SKELETON = "../../solutions_template/purse/solution.py"
REFUSED = {
    # manifest and files
    "licence": ("files", edit("problem.toml", '"MIT"', '"Own"'), "not an SPDX licence expression"),
    "hints": (
        "files",
        edit("problem.toml", 'hints = ["Look before you take."]\n', ""),
        "Level 2 has no hints.",
    ),
    "encoding": ("files", no_utf8("alternates/listed/solution.py"), "The file is not UTF-8 text"),
    "names": (
        "cases",
        edit("level2/test_visible.py", "def test_put_after_take", "def test_some_are_taken"),
        "There are two cases test_some_are_taken.",
    ),
    # matrix
    "reference": (
        "references",
        edit(REFERENCE_2, "-= amount", "-= 1"),
        "The reference of level 2 fails the hidden case level2::test_take_gives_what_is_left[2]",
    ),
    "no step": (
        "steps",
        copy(REFERENCE_2, REFERENCE_1),
        "The reference of level 1 passes level 2 as it is.",
    ),
    "collection": (
        "suites",
        edit(HIDDEN_2, "def purse_with", "TAKE = Purse.take\n\n\ndef purse_with"),
        "the suite level2/test_hidden.py:5 cannot be read: OutsideCaseError: the solution can only "
        "be used while a case runs",
    ),
    "crash": (
        "steps",
        add(REFERENCE_1, "\n    def take(self, amount):\n        __import__('os')._exit(3)\n"),
        "by runtime_error: the solution ended its own process (exit code 3)",
    ),
    "skeleton": (
        "skeleton",
        copy(REFERENCE_1, SKELETON),
        "The skeleton passes the hidden suite of level 1.",
    ),
    "skeleton tells": (
        "skeleton",
        add(SKELETON, "\n    # later: take\n"),
        "The skeleton contains take, a name of level 2.",
    ),
    "alternate": (
        "alternates",
        edit("alternates/counted/solution.py", "amount > self", "amount >= self"),
        "The alternate counted fails the hidden case level2::test_all_can_be_taken",
    ),
    "wrong passes": (
        "known-wrong",
        lambda purse: purse.mistaken("keeps_one", "amount >= self", "amount > 0 + self"),
        "The mistake keeps_one passes level 2.",
    ),
    "wrong below": (
        "lower-levels",
        lambda purse: purse.mistaken("keeps_one", "+= amount", "= amount"),
        "The mistake keeps_one fails level1::",
    ),
    "stale edit": (
        "mistakes",
        edit(REFERENCE_2, "amount > self._coins", "self._coins < amount"),
        "nowhere in the reference of level 2; line ",
    ),
    # statements
    "name": ("statement", add_case(HIDDEN_2, "Purse()._coins"), "needs the name '_coins'"),
    "error text": (
        "statement",
        edit(HIDDEN_2, "^not enough$", "^too poor$"),
        "needs the pattern of an error text '^too poor$'",
    ),
    "limit": (
        "statement",
        add_case(HIDDEN_1, "assert Purse().put(1001) == 1001"),
        "The hidden suite passes 1,001; the statements up to level 1 bound",
    ),
    "exception": (
        "statement",
        add_case(HIDDEN_2, "with pytest.raises(KeyError):\n        Purse().take(1)"),
        "needs the exception 'KeyError'",
    ),
    "later name": (
        "statement",
        edit(STATEMENT_1, "All amounts", "`take` comes later. All amounts"),
        "The statement of level 1 says take, a name of level 2.",
    ),
    "example": (
        "examples",
        edit(STATEMENT_2, "take(3)\n2", "take(3)\n3"),
        "The example 'purse.take(3)' answers '2', not '3'.",
    ),
    "Markdown": (
        "wording",
        edit(STATEMENT_1, "2\n```\n", "2\n"),
        "This code block is not closed.",
    ),
    # the rest of what is quick
    "feedback": (
        "feedback",
        edit(HIDDEN_1, "assert purse.total() == 7", "assert all([purse.total() == 7])"),
        "shows neither what was expected and what came",
    ),
    "leak": (
        "feedback",
        edit(HIDDEN_1, "total() == 7", "total() == 7, 'self._coins += amount'"),
        "shows a line of the reference of level 1: self._coins += amount",
    ),
    "version": (
        "version",
        edit(HIDDEN_1, "999, 1000", "998, 1000"),
        "Behaviour (suites, skeleton, limits, symbols, minutes or points) changed since",
    ),
    "changelog": (
        "version",
        edit("versions.toml", "First version.", ""),
        "The entry of version 1.0.0 does not say what changed.",
    ),
    "copy": (
        "suspicious",
        add_case(HIDDEN_1, "assert Purse().put(4) == 4"),
        "test_added does the same as the visible case test_first_put of level 1.",
    ),
    # what takes longer
    "cheat": (
        "cheats",
        add_case(HIDDEN_2, "Purse().put(1)"),
        "The hidden case level2::test_added is passed by a solution that",
    ),
    "mutants": (
        "mutation",
        lambda purse: purse.write(HIDDEN_2, LENIENT),
        "The hidden suites of levels 1 to 2 kill ",
    ),
    "needless": (
        "needed",
        add_case(HIDDEN_2, "assert Purse() is not None"),
        "The hidden case test_added fails no mutant and no known mistake.",
    ),
    "clock": (
        "outside",
        add(HIDDEN_2, "\n\nimport time\n\nSTARTED = time.monotonic()\n"),
        "time.monotonic depends on the real clock.",
    ),
    "luck": (
        "determinism",
        add(
            HIDDEN_2,
            '\n\nimport time\n\n\ndef test_added():\n    """It is there"""\n'
            "    assert Purse().total() == (time.timezone == 12600)\n",
        ),
        "test_added does not pass with TZ=BBB+3:30: failed: ",
    ),
    "never run": (
        "suites",
        add(HIDDEN_2, "\n\nclass Helper:\n    def test_sum(self):\n        assert False\n"),
        "test_sum is never run.",
    ),
    "helper": (
        "suites",
        edit(HIDDEN_2, "import pytest\n", "import pytest\nimport helpers\n"),
        "The suite imports helpers; a suite imports only the solution, pytest and the standard",
    ),
    "no class": (
        "references",
        lambda purse: purse.write(REFERENCE_2, "class Bag:\n    pass\n"),
        "AttributeError: module 'solution' has no attribute 'Purse'",
    ),
    "no such case": (
        "mistakes",
        lambda purse: purse.write("mistakes.toml", '[[kept]]\nlevel = 1\ncase = "a"\nwhy = ""\n'),
        "[[kept]] names a, but level 1 has no such case",
    ),
}


@pytest.mark.parametrize(
    ("check", "plant", "message"),
    [
        # Determinism runs a dozen pytest processes.
        pytest.param(*row, id=name, marks=EXHAUSTIVE if row[0] == "determinism" else ())
        for name, row in REFUSED.items()
    ],
)
def test_a_planted_defect_is_refused_and_named(purse, desk, check, plant, message):
    plant(purse)
    code, found = desk.findings("--only", check)
    assert code == ExitCode.NOT_ACCEPTED
    assert [each for each in found if each[:2] == (check, "error") and message in each[2]], found


DOUBTFUL = {
    "points": (
        "files",
        edit("problem.toml", "minutes = 10\npoints = 100", "minutes = 10\npoints = 1000"),
        "Level 1 has 1000 points; its neighbours have 100.",
    ),
    "length": (
        "wording",
        edit(STATEMENT_1, "All amounts", "Not too long. " * 400 + "All amounts"),
        "The statement has 1,2",
    ),
    "gift": (
        "suspicious",
        add_case(HIDDEN_1, "assert Purse() is not None"),
        "The skeleton passes the hidden case level1::test_added.",
    ),
    "twins": (
        "twins",
        add_case(HIDDEN_2, "assert purse_with(4).take(4) == 0"),
        "These cases always fail together: test_added, test_all_can_be_taken.",
    ),
    "no entry": (
        "version",
        lambda purse: (purse.root / "versions.toml").unlink(),
        "Version 1.0.0 has no entry",
    ),
}


@pytest.mark.parametrize(("check", "plant", "message"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_only_doubtful_is_refused_when_strict(purse, desk, check, plant, message):
    plant(purse)
    for options, code, severity in (
        ([], ExitCode.OK, "warning"),
        (["--strict"], ExitCode.NOT_ACCEPTED, "error"),
    ):
        got, found = desk.findings("--only", check, *options)
        assert got == code
        assert [each for each in found if each[:2] == (check, severity) and message in each[2]]


def test_notes_are_no_mistakes_even_when_strict():
    findings = tuple(
        Finding(message="It is so.", why="", fix="", severity=severity) for severity in Severity
    )
    result = CheckResult(slug="a", check="b", title="c", findings=findings, seconds=0.0)
    assert [finding.severity for finding in strictly(result).findings] == ["error", "error", "note"]


UNUSABLE = {
    "unknown key": (edit("problem.toml", "minutes = 30", "minuets = 30"), "unknown key minuets"),
    "minutes": (
        edit("problem.toml", "minutes = 30", "minutes = 29"),
        "their minutes add up to 30, more than minutes = 29",
    ),
    "no file": (lambda purse: (purse.root / HIDDEN_2).unlink(), f"{HIDDEN_2} is missing."),
    "empty file": (lambda purse: purse.write(STATEMENT_2, "\n"), f"{STATEMENT_2} is empty."),
    "encoding": (no_utf8(STATEMENT_1), f"{STATEMENT_1} is not UTF-8 text"),
    "no TOML": (edit("problem.toml", "format = 1", "format = "), "problem.toml:1:"),
}


@pytest.mark.parametrize(("plant", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_problem_that_cannot_be_loaded(purse, desk, plant, message):
    plant(purse)
    assert desk.check() == ExitCode.PACK
    assert message in desk.err
    assert desk.check("--json") == ExitCode.PACK
    assert message in json.loads(desk.out)["error"]["message"]


@pytest.mark.parametrize("extent", ["--fast", pytest.param("--full", marks=EXHAUSTIVE)])
@pytest.mark.usefixtures("cited")
def test_a_good_problem_is_not_refused(desk, extent):
    assert desk.findings(extent, "--strict") == (ExitCode.OK, [])


PASSES = "The mistake keeps_one passes level 2."


def test_what_a_person_reads(purse, desk):
    purse.mistaken("keeps_one", "amount >= self", "amount > 0 + self")
    assert desk.check() == ExitCode.NOT_ACCEPTED
    lines = desk.out.splitlines()
    assert any(line.startswith("  ✘ known-wrong ") for line in lines)
    assert any(line.startswith("  ✔ references ") for line in lines)
    rows = text_of(purse, "mistakes.toml").splitlines()
    place = "mistakes.toml:" + str(rows.index('name = "keeps_one"'))
    start = lines.index(f"  error known-wrong  {place}")
    assert lines[start + 1 : start + 4] == [
        f"    {PASSES}",
        "    The hidden suite does not catch this: The last coin stays.",
        "    ▸ write a case that fails it",
    ]


def test_what_a_build_server_reads(purse, desk, tmp_path):
    purse.mistaken("keeps_one", "amount >= self", "amount > 0 + self")
    assert desk.check("--junit", str(tmp_path / "junit.xml")) == ExitCode.NOT_ACCEPTED
    (suite,) = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert suite.attrib["name"] == "purse"
    assert suite.attrib["failures"] == "1"
    failed = {
        case.attrib["name"]: failure.text for case in suite for failure in case.iter("failure")
    }
    assert list(failed) == ["known-wrong"]
    head, why, fix = failed["known-wrong"].splitlines()
    assert head.startswith(f"{desk.root}/mistakes.toml:")
    assert head.endswith(f": error: {PASSES}")
    assert why
    assert fix


def test_what_was_not_asked_is_skipped_and_no_pass(purse, desk, tmp_path):
    purse.write(REFERENCE_2, "import helpers\n")
    assert desk.check("--junit", str(tmp_path / "junit.xml")) == ExitCode.NOT_ACCEPTED
    (suite,) = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("1", "7")
    reasons = {skipped.attrib["message"] for skipped in suite.iter("skipped")}
    assert reasons == {"references has errors"}
    assert desk.out.splitlines()[-1] == "  1 error, 1 warning, 7 checks not asked"
    assert desk.check("--only", "steps") == ExitCode.NOT_ACCEPTED
    assert "  – steps         not asked: references has errors" in desk.out
    assert "The reference of level 2 cannot be imported" in desk.out


def test_in_a_process_of_its_own(purse, desk, home):
    purse.edit(REFERENCE_2, "-= amount", "-= 1")
    command = [sys.executable, "-m", "harness", "author", "check", str(desk.root)]
    done = subprocess.run(
        command,
        env={**os.environ, "HARNESS_HOME": str(home)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == ExitCode.NOT_ACCEPTED
    assert "error references  level2/test_hidden.py:12" in done.stdout
    assert "The reference of level 2 fails the hidden case" in done.stdout
    assert done.stderr == ""
