"""What an author sees of an examination: one row a check, and findings of one kind together."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from harness.model.finding import CheckResult, Finding, Severity
from harness.reports.terminal.authoring import render_examination


def result(name, *findings, not_asked=""):
    return CheckResult(
        slug="purse",
        check=name,
        title=f"{name} is right",
        findings=findings,
        seconds=0.5,
        not_asked=not_asked,
    )


def finding(message, severity=Severity.ERROR, *, detail="", single=False):
    return Finding(
        message=message,
        why="It matters.",
        fix="mend it",
        path=Path("/p/level1/test_hidden.py"),
        line=7,
        severity=severity,
        detail=detail,
        single=single,
    )


def drawn(*results):
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=False)
    console.print(render_examination(results, Path("/p")))
    return file.getvalue().splitlines()


def test_one_row_for_each_check():
    rows = drawn(
        result("files"),
        result("version", finding("Old.", Severity.WARNING), finding("Odd.", Severity.WARNING)),
        result("references", finding("Wrong."), finding("Odd.", Severity.WARNING)),
        result("steps", not_asked="reference 3 has no Purse"),
    )[1:5]
    assert [" ".join(row.split()) for row in rows] == [
        "✔ files files is right 0.5 s",
        "! version version is right 2 warnings, 0.5 s",
        "✘ references references is right 1 error, 1 warning, 0.5 s",
        "– steps not asked: reference 3 has no Purse",
    ]


def test_the_last_line_sums_up():
    doubtful = result("version", finding("Old.", Severity.WARNING))
    assert drawn(doubtful)[-1] == "  0 errors, 1 warning"
    assert drawn(doubtful, result("files", finding("Bad.")))[-1] == "  1 error, 1 warning"
    unasked = result("steps", not_asked="reference 3 has no Purse")
    assert (
        drawn(result("references", finding("Bad.")), unasked)[-1] == "  1 error, 1 check not asked"
    )
    assert drawn(result("files"))[-1].startswith("  ✔ files")


def test_findings_of_one_kind_are_counted():
    page = drawn(result("files", *(finding(f"Bad {n}.") for n in range(9))))
    told = [line.strip() for line in page if line.startswith("    ")]
    assert told == [
        "Bad 0.",
        "Bad 1.",
        "Bad 2.",
        "… and 6 more of this kind (all of them: --json)",
        "It matters.",
        "▸ mend it",
    ]
    assert page[-1] == "  9 errors"


def test_three_of_a_kind_are_all_shown():
    page = drawn(result("files", *(finding(f"Bad {n}.", detail=f"line {n}") for n in range(3))))
    assert [line.strip() for line in page if line.startswith("    ")] == [
        *("Bad 0.", "line 0", "Bad 1.", "line 1", "Bad 2.", "line 2"),
        *("It matters.", "▸ mend it"),
    ]


def test_what_lies_in_the_detail_is_always_shown():
    page = drawn(
        result("mutation", *(finding("Alive.", detail=f"-{n}", single=True) for n in range(5)))
    )
    assert [line.strip() for line in page if line.strip().startswith("-")] == [
        f"-{n}" for n in range(5)
    ]


def test_kinds_keep_the_order_of_their_first():
    page = drawn(
        result("files", finding("One."), finding("Two.", Severity.WARNING), finding("Three."))
    )
    assert [line.strip() for line in page if line.strip() in {"One.", "Two.", "Three."}] == [
        "One.",
        "Three.",
        "Two.",
    ]
