"""A cause is reported once; the checks that need what has errors do not run."""

from __future__ import annotations

import pytest

from harness.authoring.examination import all_checks, choose, examine
from harness.authoring.subject import Subject
from harness.catalog.catalog import load_problem_at
from harness.plugins import PluginHost

HIDDEN_1, HIDDEN_2 = "level1/test_hidden.py", "level2/test_hidden.py"
REFERENCE_2 = "reference/level2/solution.py"
UPON_MISTAKES = ["known-wrong", "naive", "feedback"]
UPON_REFERENCES = ["examples", "steps", "kinds", "alternates", "mistakes", *UPON_MISTAKES]
UPON_SUITES = {
    *("cases", "rules", "statement", "outside", "references", "skeleton", "suspicious"),
    *("order", "asserting"),
    *UPON_REFERENCES,
}
WRITTEN_OUT = """
class Purse:
    def put(self, amount)
        return amount
"""


@pytest.fixture
def examined(purse, purse_examiner):
    """Return a function that runs checks: all errors, and why which ones were not asked."""

    def run(*names: str) -> tuple[list[tuple[str, str]], dict[str, str]]:
        subject = Subject(load_problem_at(purse.root), purse_examiner)
        results = examine(subject, choose(all_checks(PluginHost()), names, full=False))
        errors = [
            (result.check, finding.message)
            for result in results
            for finding in result.findings
            if finding.severity == "error"
        ]
        return errors, {result.check: result.not_asked for result in results if result.not_asked}

    return run


WHO = "The reference of level 2 cannot be imported"
FAILED = ": importing the solution failed with"
REFERENCE_FAULTS = {
    "colon": (
        WRITTEN_OUT,
        f"{WHO}{FAILED} SyntaxError: expected ':' (solution.py, line 3)",
    ),
    "import": (
        "import helpers\n",
        f"{WHO}{FAILED} ModuleNotFoundError: No module named 'helpers'"
        " (a box has the standard library and the solution's own files)",
    ),
}


@pytest.mark.parametrize(("text", "message"), REFERENCE_FAULTS.values(), ids=list(REFERENCE_FAULTS))
def test_reference_that_is_of_no_use(purse, examined, text, message):
    purse.write(REFERENCE_2, text)
    errors, not_asked = examined()
    assert errors == [("references", message)]
    assert not_asked == dict.fromkeys(UPON_REFERENCES, "references has errors")


@pytest.mark.parametrize("text", ["class Pruse:\n    pass\n", "X = 1\n"])
def test_reference_without_a_declared_name(purse, examined, text):
    purse.write(REFERENCE_2, text)
    errors, not_asked = examined()
    assert {check for check, _ in errors} == {"references"}
    assert "has no attribute 'Purse'" in errors[0][1]
    assert not_asked == dict.fromkeys(UPON_REFERENCES, "references has errors")


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("alternates", "module 'solution' has no attribute 'Purse'"),
        ("known-wrong", "keeps_one has no Purse, PurseError, put and "),
    ],
)
def test_other_solution_without_a_declared_name(purse, examined, kind, message):
    text = "class Pruse:\n    pass\n"
    if kind == "alternates":
        purse.write("alternates/listed/solution.py", text)
    else:
        purse.mistake("keeps_one", text)
    errors, not_asked = examined()
    assert {check for check, _ in errors} == {kind}
    assert message in errors[0][1]
    assert not_asked == {}


def test_missing_name_may_be_the_mistake(purse, examined):
    # One case fails by it, and the others are passed: that is what a known-wrong one does.
    purse.mistaken("keeps_one", "class PurseError", "class Empty")
    purse.mistaken("keeps_one", "raise PurseError", "raise Empty")
    errors, _ = examined("known-wrong")
    assert not any("has no PurseError" in message for _, message in errors)


def test_case_that_no_reference_passes(purse, examined):
    purse.edit(HIDDEN_1, "assert purse.total() == 7", "assert purse.total() == 8")
    errors, not_asked = examined()
    assert errors == [
        (
            "references",
            "The references of levels 1 and 2 fail the hidden case "
            "level1::test_total_counts_all_puts: wrong_answer. expected 8, got 7",
        )
    ]
    assert not_asked == dict.fromkeys(UPON_REFERENCES, "references has errors")


def test_suite_that_imports_a_helper(purse, examined):
    purse.edit(HIDDEN_2, "import pytest\n", "import pytest\nfrom helpers import purse_with\n")
    errors, not_asked = examined()
    assert errors == [
        (
            "suites",
            "The suite imports helpers; a suite imports only the solution, pytest and the "
            "standard library.",
        )
    ]
    assert not_asked == dict.fromkeys(UPON_SUITES, "suites has errors")


@pytest.mark.parametrize(
    ("line", "module"),
    [("import numpy as np", "numpy"), ("from . import tools", "from its own folder")],
)
def test_what_a_suite_cannot_import(purse, examined, line, module):
    purse.edit(HIDDEN_2, "import pytest\n", f"import pytest\nimport collections.abc\n{line}\n")
    ((check, message),), _ = examined("suites")
    assert (check, message.partition(";")[0]) == ("suites", f"The suite imports {module}")
    assert purse.error("suites")[:2] == (HIDDEN_2, 3)


def test_suite_that_is_no_python(purse, examined):
    purse.edit(HIDDEN_2, "def test_all_can_be_taken():", "def test_all_can_be_taken()")
    errors, not_asked = examined()
    assert errors == [("suites", "The suite is not Python: expected ':'.")]
    assert not_asked == dict.fromkeys(UPON_SUITES, "suites has errors")
    assert purse.finding("suites").line == 38


def test_suite_that_fails_while_it_is_collected(purse, examined):
    purse.edit(HIDDEN_2, "def purse_with", "1 / 0\n\n\ndef purse_with")
    ((check, message),), not_asked = examined()
    assert check == "suites"
    assert "the suite level2/test_hidden.py:5 cannot be read: ZeroDivisionError" in message
    assert not_asked == dict.fromkeys(UPON_SUITES, "suites has errors")
    assert purse.error("suites")[:2] == (HIDDEN_2, 5)


def test_mistakes_that_cannot_be_read(purse, examined):
    purse.write("mistakes.toml", "[[mistake]]\nname = 3\n")
    errors, not_asked = examined()
    assert {check for check, _ in errors} == {"mistakes"}
    assert not_asked == dict.fromkeys(UPON_MISTAKES, "mistakes has errors")


def test_what_a_check_needs_runs_before_it(purse, examined):
    purse.write(REFERENCE_2, "import helpers\n")
    errors, not_asked = examined("steps", "alternates")
    assert [check for check, _ in errors] == ["references"]
    assert errors[0][1].startswith(WHO)
    assert list(not_asked) == ["steps", "alternates"]
