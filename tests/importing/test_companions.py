"""Files that foreign tests need are copied into the suites, or a note says what to do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from harness.importing.exercise import Imported
from tests.importing import foreign_rehearsals as rehearsals
from tests.importing import foreign_stages as stages

Bring = Callable[..., Imported]
Findings = Callable[[Imported], list[str]]
REHEARSALS = {**rehearsals.REHEARSALS, **stages.REHEARSALS}


def read(found: Imported, name: str) -> str:
    return (found.problem.root / name).read_text()


def runs_as_plain_pytest(found: Imported, level: int, side: str) -> bool:
    """Whether a suite passes with nothing but its reference beside it."""
    root = found.problem.root
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--noconftest"]
    command += ["-p", "no:cacheprovider", str(root / f"level{level}" / f"test_{side}.py")]
    done = subprocess.run(
        command,
        cwd=root / "reference" / f"level{level}",
        env={"PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        timeout=60,
    )
    return done.returncode == 0


@pytest.mark.parametrize("name", REHEARSALS)
def test_a_rehearsal_as_they_are_published_is_judged_as_it_is(
    name: str, bring: Bring, findings: Findings
) -> None:
    found = bring(REHEARSALS[name])
    assert findings(found) == []


def test_a_suite_stands_alone_with_what_it_needs_of_other_files(bring: Bring) -> None:
    found = bring(rehearsals.SHOP)
    hidden = read(found, "level1/test_hidden.py")
    assert "# Copied from conftest.py:\n" in hidden
    assert "def cart():\n    return Cart()\n" in hidden
    assert "def calm():" in hidden
    assert hidden.count("import pytest\n") == 1
    # What no case of the suite asks for stays behind.
    assert "costly" not in hidden
    assert "pytest_addoption" not in hidden
    assert "sys.path" not in hidden
    second = read(found, "level2/test_hidden.py")
    assert "helpers = SimpleNamespace(LETTERS=LETTERS, make=make)" in second
    assert "def unused" not in second
    third = read(found, "level3/test_visible.py")
    assert "build = make\n" in third
    assert all(
        runs_as_plain_pytest(found, level, side)
        for level in (1, 2, 3)
        for side in ("visible", "hidden")
    )


def test_what_was_copied_and_what_was_not_is_reported(bring: Bring) -> None:
    report = bring(rehearsals.SHOP).notes
    for name in ("tests/conftest.py", "tests/helpers.py"):
        assert any(line.startswith(f"What the suites need from `{name}`") for line in report.done)
    (hook,) = [line for line in report.left if "pytest_addoption" in line]
    assert hook.startswith("`tests/conftest.py:39`: pytest_addoption is a hook")
    assert not [line for line in report.left if "imports `" in line]


def test_a_package_that_reexports_names_of_several_files_is_one_file(bring: Bring) -> None:
    found = bring(rehearsals.SHOP)
    assert found.problem.manifest.module == "shop"
    reference = read(found, "reference/level3/shop.py")
    assert reference.index("class CartError") < reference.index("class Cart:")
    assert "import" not in reference
    assert any("they are merged into `shop.py`" in line for line in found.notes.done)


def test_models_that_tests_import_beside_the_solution_are_one_file_with_it(
    bring: Bring, findings: Findings
) -> None:
    files = {
        "models.py": "from __future__ import annotations\n\nclass Coin:\n    size = 1\n",
        "purse.py": "import math\nfrom models import Coin as Piece\n\nclass Purse:\n"
        "    def first(self) -> Piece:\n        return Piece()\n\n"
        "    def second(self):\n        from models import (\n            Coin,\n        )\n"
        "        return math.floor(2.5)\n\n"
        "from models import Coin\n\nSIZE = Coin.size\n",
        "test_level1.py": "from models import Coin\nfrom purse import Purse\n\n"
        "def test_kind():\n    assert isinstance(Purse().first(), Coin)\n\n"
        "def test_size():\n    assert Purse().first().size == 1\n",
        "test_level2.py": "from purse import Purse\n\n"
        "def test_second():\n    assert Purse().second() == 2\n",
    }
    found = bring(files)
    assert found.problem.manifest.module == "purse"
    reference = read(found, "reference/level2/purse.py")
    assert reference.startswith("from __future__ import annotations\n")
    assert "Piece = Coin\n" in reference
    assert findings(found) == []


def test_an_abstract_class_is_cut_to_the_level_as_the_solution_is(bring: Bring) -> None:
    found = bring(rehearsals.ABSTRACT)
    assert "def scan" not in read(found, "reference/level1/in_memory_db.py")
    assert "def drop" not in read(found, "reference/level2/in_memory_db.py")
    assert "def drop" in read(found, "reference/level3/in_memory_db.py")
    skeleton = (found.problem.template / "in_memory_db.py").read_text()
    assert skeleton == read(found, "reference/level1/in_memory_db.py")


def test_an_abstract_class_in_the_same_file_is_cut_to_the_level(
    bring: Bring, findings: Findings
) -> None:
    files = {
        "bank.py": "from abc import ABC, abstractmethod\n\n\nclass Bank(ABC):\n"
        "    @abstractmethod\n    def add(self): ...\n\n"
        "    @abstractmethod\n    def pay(self): ...\n\n\n"
        "class MyBank(Bank):\n    def add(self):\n        return 1\n\n"
        "    def pay(self):\n        return 2\n",
        "test_level1.py": "from bank import MyBank\n\ndef test_add():\n"
        "    assert MyBank().add() == 1\n",
        "test_level2.py": "from bank import MyBank\n\ndef test_pay():\n"
        "    assert MyBank().pay() == 2\n",
    }
    found = bring(files)
    assert findings(found) == []
    assert "pay" not in (found.problem.template / "bank.py").read_text()


def test_time_limits_of_a_library_are_left_to_the_judge(bring: Bring) -> None:
    found = bring(rehearsals.ABSTRACT)
    assert "timeout" not in read(found, "level1/test_hidden.py")
    told = [line for line in found.notes.done if line.startswith("Time limits of the exercise")]
    assert len(told) == 1


def test_a_case_that_the_exercise_skips_is_left_out(bring: Bring) -> None:
    found = bring(stages.SIMULATION)
    suites = [read(found, f"level3/test_{side}.py") for side in ("visible", "hidden")]
    assert "test_skipped" not in "".join(suites)
    assert any("test_skipped is always skipped in the" in line for line in found.notes.left)


def test_what_a_signature_speaks_of_is_asked_for_with_it(bring: Bring) -> None:
    found = bring(stages.SIMULATION)
    levels = found.problem.manifest.levels
    assert {"Task", "State"} <= set(levels[0].symbols.classes)
    assert "TaskError" in levels[1].symbols.exceptions


def test_classes_that_lend_cases_to_others_are_reported(bring: Bring) -> None:
    suite = (
        "import unittest\nfrom thing import f\n\nclass Level1Mixin:\n    def test_a(self):\n"
        "        assert f()\n\nclass TestAll(Level1Mixin, unittest.TestCase):\n"
        "    def test_level1_b(self):\n        assert f()\n"
    )
    left = bring({"thing.py": THING, "test_it.py": suite}).notes.left
    (told,) = [line for line in left if "inherits the cases of Level1Mixin" in line]
    assert told.startswith("`test_it.py:8`: TestAll")


CONFTEST = "import pytest\n\n@pytest.fixture\ndef one():\n    return 1\n"
SUITE = "from thing import f\n\ndef test_level1(one):\n    assert f() == one\n"
THING = "def f():\n    return 1\n"


@pytest.mark.parametrize(
    "conftest",
    [
        "tests/conftest.py",
        "conftest.py",
    ],
)
def test_the_nearest_fixture_counts(conftest: str, bring: Bring, findings: Findings) -> None:
    files = {
        "thing.py": THING,
        "conftest.py": CONFTEST.replace("return 1", "return 2"),
        conftest: CONFTEST,
        "other/conftest.py": CONFTEST.replace("return 1", "return 3"),
        "tests/test_it.py": SUITE,
    }
    found = bring(files)
    assert not [line for line in findings(found) if "The reference" in line]


def test_a_fixture_that_extends_one_of_its_name_is_reported(bring: Bring) -> None:
    files = {
        "thing.py": THING,
        "conftest.py": CONFTEST,
        "test_it.py": "import pytest\nfrom thing import f\n\n@pytest.fixture\ndef one(one):\n"
        "    return one + 0\n\ndef test_level1(one):\n    assert f() == one\n",
    }
    found = bring(files)
    (told,) = {line for line in found.notes.left if "is defined twice" in line}
    assert "one is defined twice. Rename one" in told
    assert "Copied" not in read(found, "level1/test_hidden.py")


def test_a_helper_of_a_helper_comes_along_and_before_it(bring: Bring, findings: Findings) -> None:
    files = {
        "thing.py": THING,
        "tests/helpers.py": "from tests.numbers import ONE\n\nTWO = ONE + 1\n",
        "tests/numbers.py": "ONE = 1\n",
        "tests/test_level1.py": "from thing import f\nfrom tests.helpers import *\n\n"
        "def test_it():\n    assert f() == TWO - 1\n",
    }
    found = bring(files)
    assert read(found, "level1/test_hidden.py").index("ONE = 1") > 0
    assert not [line for line in findings(found) if "The reference" in line]


def test_annotations_of_a_helper_are_not_run(bring: Bring, findings: Findings) -> None:
    files = {
        "thing.py": THING,
        "helpers.py": '"""Help."""\n\nfrom __future__ import annotations\n\n'
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from thing import f as Kind\n\n"
        "def one(kind: Kind | None = None) -> Kind:\n    return 1\n",
        "test_level1.py": '"""Tests."""\n\nfrom thing import f\nfrom helpers import one\n\n'
        "def test_it():\n    assert f() == one()\n",
    }
    found = bring(files)
    assert read(found, "level1/test_hidden.py").count("from __future__") == 1
    assert not [line for line in findings(found) if "The reference" in line]


def test_a_helper_that_has_not_the_name_is_reported(bring: Bring) -> None:
    files = {
        "thing.py": THING,
        "tests/helpers.py": "def two(): return 2\n",
        "tests/test_level1.py": "from thing import f\nfrom helpers import one\n\n"
        "def test_it():\n    assert f() == one()\n",
    }
    left = bring(files).notes.left
    assert any("imports `tests/helpers.py`, which a suite cannot do" in line for line in left)


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("pytest_plugins = ['extra']", "pytest_plugins is not loaded"),
        ("def pytest_configure(config): ...", "pytest_configure is a hook"),
        ("print('set up')", "`print('set up')` was not copied"),
    ],
)
def test_what_a_conftest_does_is_reported(line: str, advice: str, bring: Bring) -> None:
    files = {"thing.py": THING, "conftest.py": f"{CONFTEST}\n{line}\n", "test_it.py": SUITE}
    left = bring(files).notes.left
    (told,) = [each for each in left if advice in each]
    assert told.startswith("`conftest.py:7`")


@pytest.mark.parametrize(
    ("head", "code", "advice"),
    [
        ("from pathlib import Path", "Path('prices.json').read_text()", "prices.json is not in"),
        ("import freezegun", "pass", "not freezegun. Pass the solution a clock"),
        ("from parameterized import parameterized", "pass", "Use pytest.mark.parametrize"),
        ("import requests", "pass", "not requests. Copy what the suite needs"),
        ("", "patch('thing.math')", "a mock for thing.math would be async"),
    ],
)
def test_what_a_suite_cannot_have_is_reported(
    head: str, code: str, advice: str, bring: Bring
) -> None:
    suite = f"from thing import f\n{head}\n\ndef test_level1():\n    {code}\n    f()\n"
    left = bring({"thing.py": THING, "test_it.py": suite}).notes.left
    (told,) = [line for line in left if advice in line]
    assert told.startswith(("`test_it.py:2`", "`test_it.py:5`"))


def test_a_patch_that_works_is_not_reported(bring: Bring) -> None:
    suite = (
        "from unittest.mock import patch\nimport thing\n\n@patch('thing.f', return_value=2)\n"
        "@patch('thing.math', new=3)\n@patch('thing.math', 4)\n"
        "def test_level1(f):\n    assert thing.f() == 2\n"
    )
    left = bring({"thing.py": THING, "test_it.py": suite}).notes.left
    assert not [line for line in left if "async" in line]


def test_the_target_of_a_patch_gets_the_name_that_the_solution_has_here(bring: Bring) -> None:
    files = {
        "app/thing.py": "import math\n\ndef f():\n    return math.pi\n",
        "test_it.py": "from unittest.mock import patch\nfrom app.thing import f\n\n"
        "@patch('app.thing.math')\ndef test_level1(math):\n    assert f()\n",
    }
    assert "@patch('thing.math')\n" in read(bring(files), "level1/test_hidden.py")
