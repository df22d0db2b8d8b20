"""`harness author check` as typed: exit codes, what a person reads, and what programs read.

What each check finds is asked in the tests of its own name.
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
from harness.catalog.catalog import load_problem_at
from harness.cli.invocation import Invocation
from harness.cli.main import call_command
from harness.errors import ExitCode
from harness.model.finding import CheckResult, Finding, Severity, strictly

EXHAUSTIVE = pytest.mark.exhaustive
HIDDEN_2 = "level2/test_hidden.py"
REFERENCE_2 = "reference/level2/solution.py"
STATEMENT_1 = "level1/statement.md"


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


def no_utf8(name: str) -> Callable[[Any], None]:
    """Put a byte into a file that is no UTF-8."""
    return lambda purse: (purse.root / name).write_bytes(b"# caf\xe9\n")


REFUSED = {
    "licence": ("files", edit("problem.toml", '"MIT"', '"Own"'), "not an SPDX licence expression"),
    "reference": (
        "references",
        edit(REFERENCE_2, "-= amount", "-= 1"),
        "The reference of level 2 fails the hidden case level2::test_take_gives_what_is_left[2]",
    ),
    "collection": (
        "suites",
        edit(HIDDEN_2, "def purse_with", "TAKE = Purse.take\n\n\ndef purse_with"),
        "the suite level2/test_hidden.py:5 cannot be read: OutsideCaseError: the solution can only "
        "be used while a case runs",
    ),
    "never run": (
        "suites",
        add(HIDDEN_2, "\n\nclass Helper:\n    def test_sum(self):\n        assert False\n"),
        "test_sum is never run.",
    ),
    "mistake": (
        "known-wrong",
        lambda purse: purse.mistaken("keeps_one", "amount >= self", "amount > 0 + self"),
        "The mistake keeps_one passes level 2.",
    ),
    "clock": (
        "outside",
        add(HIDDEN_2, "\n\nimport time\n\nSTARTED = time.monotonic()\n"),
        "time.monotonic depends on the real clock.",
    ),
}


@pytest.mark.parametrize(("check", "plant", "message"), REFUSED.values(), ids=REFUSED)
def test_a_planted_defect_is_refused_and_named(purse, desk, check, plant, message):
    plant(purse)
    code, found = desk.findings("--only", check)
    assert code == ExitCode.NOT_ACCEPTED
    assert [each for each in found if each[:2] == (check, "error") and message in each[2]], found


def test_what_is_only_doubtful_is_refused_when_strict(purse, desk):
    purse.edit("problem.toml", "minutes = 10\npoints = 100", "minutes = 10\npoints = 1000")
    message = "Level 1 has 1000 points; its neighbours have 100."
    for options, code, severity in (
        ([], ExitCode.OK, "warning"),
        (["--strict"], ExitCode.NOT_ACCEPTED, "error"),
    ):
        got, found = desk.findings("--only", "files", *options)
        assert got == code
        assert ("files", severity, message) in found


def test_notes_are_no_mistakes_even_when_strict():
    findings = tuple(
        Finding(message="It is so.", why="", fix="", severity=severity) for severity in Severity
    )
    result = CheckResult(slug="a", check="b", title="c", findings=findings, seconds=0.0)
    assert [finding.severity for finding in strictly(result).findings] == ["error", "error", "note"]


UNUSABLE = {
    "unknown key": (edit("problem.toml", "minutes = 30", "minuets = 30"), "unknown key minuets"),
    "no file": (lambda purse: (purse.root / HIDDEN_2).unlink(), f"{HIDDEN_2} is missing."),
    "encoding": (no_utf8(STATEMENT_1), f"{STATEMENT_1} is not UTF-8 text"),
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
        "    ▸ write a case that fails it; or, if it breaks no rule, take it out",
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
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("1", "8")
    reasons = {skipped.attrib["message"] for skipped in suite.iter("skipped")}
    assert reasons == {"references has errors"}
    assert desk.out.splitlines()[-1] == "  1 error, 1 warning, 8 checks not asked"
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
