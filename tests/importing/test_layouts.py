"""Exercises in the layouts of public repositories: where the solution lies, what names a level."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from harness.authoring.examiner import Examiner
from harness.cli.invocation import Invocation
from harness.cli.main import call_command
from harness.errors import RequestError
from harness.importing.exercise import Imported, import_exercise
from harness.importing.tryout import Judging
from tests.importing.foreign import write_exercise

Bring = Callable[..., Imported]

JAR = """\
class Jar:
    \"\"\"A jar of coins.\"\"\"

    def __init__(self):
        self._coins = []

    def put(self, coin):
        \"\"\"Put a coin in and return how many there are.\"\"\"
        self._coins.append(coin)
        return len(self._coins)

    def total(self):
        \"\"\"Return what all coins are worth.\"\"\"
        return sum(self._coins)
"""
STUB = """\
class Jar:
    \"\"\"A jar of coins.\"\"\"

    def put(self, coin):
        \"\"\"Put a coin in and return how many there are.\"\"\"
        pass

    def total(self):
        raise NotImplementedError("to be done")
"""
WRONG = JAR.replace("len(self._coins)", "0")
CASES = """\


def test_put_one():
    assert Jar().put(5) == 1


def test_put_two():
    jar = Jar()
    jar.put(5)
    assert jar.put(5) == 2


def test_total_of_none():
    assert Jar().total() == 0
"""
TESTS = "from jar import Jar\n" + CASES
LEVELS = """\
import pytest
from jar import Jar


@pytest.mark.{mark}
def test_put_one():
    assert Jar().put(5) == 1


@pytest.mark.{mark}
def test_put_two():
    jar = Jar()
    jar.put(5)
    assert jar.put(5) == 2


@pytest.mark.{other}
def test_total_of_none():
    assert Jar().total() == 0


@pytest.mark.{other}
def test_total_of_one():
    jar = Jar()
    jar.put(5)
    assert jar.total() == 5
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judging]:
    with Examiner(workers=1) as examiner:
        yield examiner.judge


@pytest.fixture
def bring(tmp_path: Path, judge: Judging) -> Bring:
    """Import an exercise and judge its references."""

    def bring(files: Mapping[str, str], inside: str = ".", **options: object) -> Imported:
        folder = write_exercise(files, tmp_path / "exercise")
        if "solution" in options:
            options["solution"] = folder / str(options["solution"])
        pack = tmp_path / "pack"
        return import_exercise(folder / inside, pack, "it", judge=judge, **options)  # type: ignore[arg-type]

    return bring


def read(found: Imported, name: str) -> str:
    return (found.problem.root / name).read_text()


def numbered_cases(names: list[str]) -> str:
    code = "\n\n\ndef {}():\n    assert Jar().put({}) == 1"
    return "from jar import Jar" + "".join(code.format(n, i) for i, n in enumerate(names)) + "\n"


def failing(found: Imported) -> list[str]:
    return [line for line in found.notes.left if "fails in the judge" in line]


@pytest.mark.parametrize(
    "files",
    [
        {".meta/example.py": JAR, "jar.py": STUB, "jar_test.py": TESTS},
        {".meta/exemplar.py": JAR, "jar.py": "", "jar_test.py": TESTS},
        {".solution/jar.py": JAR, "jar.py": STUB, "test_jar.py": TESTS},
        {"solution/jar.py": JAR, "incomplete/jar.py": STUB, "tests/test_jar.py": TESTS},
        {
            "src/solution/jar.py": JAR,
            "src/incomplete_1/jar.py": STUB,
            "src/incorrect_1/jar.py": WRONG,
            "src/incorrect_2/jar.py": WRONG.replace("0", "1"),
            "src/tests/test_jar.py": TESTS,
        },
        {"jar.py": STUB, "jar_solution.py": JAR, "test_jar.py": TESTS},
        {"jar.py": STUB, "reference_jar.py": JAR, "buggy_jar.py": WRONG, "test_jar.py": TESTS},
        {"jar.py": STUB, "solution.py": JAR, "test/test_jar.py": TESTS},
        {"jar.py": STUB, "reference_solution.py": JAR, "test_jar.py": TESTS},
        {"solution.py": JAR, "test_jar.py": TESTS},
        {"attempts/jar.py": WRONG, "answers/jar.py": JAR, "tests/test_jar.py": TESTS},
        {"src/jar.py": JAR, "starter/jar.py": STUB, "tests/unit/test_jar.py": TESTS},
        {
            "problem/jar.py": STUB,
            "problem/test_jar.py": TESTS,
            "solution/jar.py": JAR,
            "solution/test_jar.py": TESTS,
        },
    ],
)
def test_the_reference_is_found_by_names_and_content(files: dict[str, str], bring: Bring) -> None:
    found = bring(files)
    assert found.passed == 3
    assert not failing(found)
    assert found.problem.manifest.module == "jar"
    assert read(found, "reference/level1/jar.py") == JAR
    skeleton = (found.problem.template / "jar.py").read_text()
    assert "self._coins.append" not in skeleton
    if any(text == STUB for text in files.values()):
        assert skeleton == STUB


@pytest.mark.parametrize(
    "head",
    [
        "import importlib, os\nJar = importlib.import_module(os.environ.get('TRY', 'jar')).Jar\n",
        "import importlib\nimport os\n\nname = 'solution' if os.environ.get('OK') else 'jar'\n"
        "Jar = importlib.import_module(name).Jar\n",
        "import os\n\nif os.environ.get('SOLUTION'):\n    from reference_solution import Jar\n"
        "else:\n    from jar import Jar\n",
        "try:\n    from reference_solution import Jar\nexcept ImportError:\n"
        "    from jar import Jar\n",
    ],
)
def test_a_switch_between_stub_and_reference_is_gone(head: str, bring: Bring) -> None:
    found = bring({"jar.py": STUB, "reference_solution.py": JAR, "test_jar.py": head + CASES})
    assert found.passed == 3
    suite = read(found, "level1/test_hidden.py")
    assert "reference_solution" not in suite
    assert not failing(found)


def test_a_fixture_that_loads_the_solution_is_understood(bring: Bring) -> None:
    files = {
        "starter.py": STUB,
        "solution.py": JAR,
        "conftest.py": "import importlib, os\nimport pytest\n\n\n@pytest.fixture\ndef impl():\n"
        "    return importlib.import_module(os.environ.get('IMPL', 'starter'))\n",
        "test_jar.py": "def test_put(impl):\n    assert impl.Jar().put(1) == 1\n",
        "test_two.py": "import importlib, os\n\n"
        "impl = importlib.import_module(os.environ.get('IMPL', 'solution'))\n\n\n"
        "def test_total():\n    assert impl.Jar().total() == 0\n",
    }
    found = bring(files)
    assert found.passed == 2
    assert "environ.get" not in read(found, "level1/test_hidden.py")


def test_several_candidates_are_listed_and_one_is_named(bring: Bring) -> None:
    files = {"one/jar.py": JAR, "two/jar.py": WRONG, "tests/test_jar.py": TESTS}
    with pytest.raises(RequestError, match=r"one/jar.py, two/jar.py") as caught:
        bring(files)
    assert "--solution" in caught.value.hint
    assert bring(files, solution="one").passed == 3


def test_a_named_solution_may_have_another_name_and_lie_elsewhere(bring: Bring) -> None:
    files = {"code/my_work.py": JAR, "checks/jar/test_jar.py": TESTS}
    with pytest.raises(RequestError, match=r"The tests import jar, which is not below"):
        bring(files, inside="checks/jar")
    found = bring(files, inside="checks/jar", solution="code/my_work.py")
    assert found.passed == 3
    assert found.problem.manifest.module == "jar"


def test_the_file_above_is_named_when_the_folder_of_the_tests_is_imported(bring: Bring) -> None:
    files = {"jar.py": JAR, "tests/jar/test_jar.py": TESTS}
    with pytest.raises(RequestError) as caught:
        bring(files, inside="tests/jar")
    assert "exercise/jar.py" in caught.value.hint
    assert bring(files, inside="tests/jar", solution="jar.py").passed == 3


def test_a_solution_that_is_a_stub_is_told(bring: Bring) -> None:
    found = bring({"jar.py": STUB, "test_jar.py": TESTS})
    assert found.passed == 0
    assert any("`jar.py` is a stub" in line and "--solution" in line for line in found.notes.left)


LAMP = "class Lamp:\n    def on(self):\n        return True\n"
LAMP_TESTS = "from {name} import Lamp\n\n\ndef test_level_1_on():\n    assert Lamp().on() is True\n"


@pytest.mark.parametrize(
    ("files", "solution"),
    [
        (
            {
                "hall/lamp.py": LAMP,
                "hall/test_lamp.py": LAMP_TESTS.format(name="lamp"),
                "bank/jar.py": JAR,
                "bank/test_jar.py": TESTS,
            },
            "bank/jar.py",
        ),
        (
            {
                "lamp.py": LAMP,
                "test_lamp.py": LAMP_TESTS.format(name="lamp"),
                "jar.py": JAR,
                "test_jar.py": TESTS,
            },
            "jar.py",
        ),
        (
            {
                "q1/solution.py": LAMP,
                "q1/test/test_level1.py": LAMP_TESTS.format(name="solution"),
                "q2/solution.py": JAR,
                "q2/test/test_level1.py": TESTS.replace("jar import", "solution import"),
                "q2/README.md": "# Jars\n",
            },
            "q2",
        ),
        (
            {
                "lamp/.meta/example.py": LAMP,
                "lamp/lamp.py": "class Lamp:\n    def on(self):\n        pass\n",
                "lamp/lamp_test.py": LAMP_TESTS.format(name="lamp"),
                "jar/.meta/example.py": JAR,
                "jar/jar.py": STUB,
                "jar/jar_test.py": TESTS,
            },
            "jar",
        ),
    ],
)
def test_several_exercises_are_listed_and_brought_one_by_one(
    files: dict[str, str], solution: str, bring: Bring
) -> None:
    with pytest.raises(RequestError, match="contains 2 exercises") as caught:
        bring(files)
    assert "--solution" in caught.value.hint
    found = bring(files, solution=solution)
    assert found.passed == 3
    assert found.problem.level_count == 1
    assert "Lamp" not in read(found, "level1/test_hidden.py")
    assert read(found, f"reference/level1/{found.problem.manifest.module}.py") == JAR


def test_all_exercises_of_a_folder_are_brought_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    files = {
        "hall/lamp.py": LAMP,
        "hall/test_lamp.py": LAMP_TESTS.format(name="lamp"),
        "bank/jar.py": JAR,
        "bank/test_jar.py": TESTS,
        "bank/README.md": "# Jars\n",
    }
    write_exercise(files, tmp_path / "exercises")
    command = ["author", "import", "exercises", "--all", "--into", "pack"]
    assert call_command([*command, "--json"], Invocation()) == 0
    documents = json.loads(capsys.readouterr().out)
    assert [(each["slug"], each["passed"]) for each in documents] == [("bank", 3), ("hall", 2)]
    manifests = {name: Path("pack/problems", name, "problem.toml") for name in ("bank", "hall")}
    assert {name: "Jars" in path.read_text() for name, path in manifests.items()} == {
        "bank": True,
        "hall": False,
    }

    # One that cannot be brought does not keep the others away.
    shutil.rmtree("pack/problems/hall")
    shutil.rmtree("pack/solutions_template/hall")
    assert call_command(command, Invocation()) == 1
    out = capsys.readouterr().out
    assert "bank was not imported: " in out
    assert "already exists" in out
    assert manifests["hall"].exists()
    assert call_command([*command, "--slug", "it"], Invocation()) == 2


def test_nothing_is_left_of_an_import_that_cannot_be_written(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "pack" / "it.import.md").mkdir(parents=True)
    with pytest.raises(RequestError, match="Cannot write to"):
        bring({"jar.py": JAR, "test_jar.py": TESTS})
    assert not list((tmp_path / "pack").glob("*/it"))


def test_levels_in_folders_of_their_own_are_one_exercise(bring: Bring) -> None:
    early = JAR[: JAR.index("    def total")]
    files = {
        "level1/jar.py": early,
        "level1/test_jar.py": TESTS[: TESTS.index("def test_total")],
        "part_2/jar.py": JAR.replace("A jar", "A counted jar"),
        "part_2/test_jar.py": TESTS,
    }
    found = bring(files)
    assert found.problem.level_count == 2
    assert "A counted jar" not in read(found, "level1/statement.md")
    assert "test_total_of_none" in read(found, "level2/test_visible.py")
    assert found.problem.manifest.levels[0].symbols.classes == {"Jar": ("put",)}
    assert found.problem.manifest.levels[1].symbols.classes == {"Jar": ("total",)}


@pytest.mark.parametrize(
    ("mark", "other"),
    [
        ("task(taskno=1)", "task(taskno=2)"),
        ("exercise(1)", "exercise(2)"),
        ("group(number=0)", "group(number=1)"),
        ("tier_1", "tier_2"),
        ("timeout(3)\n@pytest.mark.ex(1)", "timeout(3)\n@pytest.mark.ex(2)"),
    ],
)
def test_a_number_in_a_mark_is_a_level(mark: str, other: str, bring: Bring) -> None:
    files = {"jar.py": JAR, "test_jar.py": LEVELS.format(mark=mark, other=other)}
    files["part1.md"] = "# Put\n\nPut coins in.\n"
    files[".docs/instructions.md"] = "# Jars\n\n## 2. Count\n\nCount the coins.\n"
    found = bring(files)
    assert found.problem.level_count == 2
    assert "test_total_of_one" in read(found, "level2/test_hidden.py")
    if "0" not in mark:
        assert read(found, "level2/statement.md").startswith("# Count\n\nCount the coins.")


@pytest.mark.parametrize(
    "marks", ["pytest.mark.stage({})", "[pytest.mark.slow, pytest.mark.ex({})]"]
)
def test_a_mark_of_a_whole_class_or_file_is_a_level(marks: str, bring: Bring) -> None:
    files = {"jar.py": JAR}
    for number, name in enumerate(["put", "total"], 1):
        head = f"import pytest\nfrom jar import Jar\n\npytestmark = {marks.format(number)}\n\n\n"
        files[f"test_{name}.py"] = head + TESTS[TESTS.index(f"def test_{name}") :]
    assert bring(files).problem.level_count == 2


def test_a_mark_in_a_class_is_a_level(bring: Bring) -> None:
    case = "class Test{0}:\n    pytestmark = pytest.mark.ex({0})\n\n    def test_put(self):\n"
    case += "        assert Jar().put({0}) == 1\n"
    tests = "import pytest\nfrom jar import Jar\n\n\n" + case.format(1) + "\n\n" + case.format(2)
    tests = tests.replace("Test1", "TestPut").replace("Test2", "TestMore")
    assert bring({"jar.py": JAR, "test_jar.py": tests}).problem.level_count == 2


def test_marks_and_classes_with_numbers_need_no_second_case(bring: Bring) -> None:
    tests = LEVELS.replace("{mark}", "task(taskno=1)", 1).replace("{mark}", "task(taskno=2)", 1)
    tests = tests.replace("{other}", "task(taskno=3)")
    assert bring({"jar.py": JAR, "test_jar.py": tests}).problem.level_count == 3


def test_numbers_of_classes_are_levels(bring: Bring, tmp_path: Path) -> None:
    cases = CASES.replace("def test_put_one()", "class TestTask1:\n    def test_put_one(self)")
    cases = cases.replace("    assert Jar().put(5) == 1", "        assert Jar().put(5) == 1")
    cases = cases.replace("def test_total_of_none()", "class TestTask2:\n    def test_total(self)")
    cases = cases.replace("    assert Jar().total() == 0", "        assert Jar().total() == 0")
    cases = cases.replace("def test_put_two():", "def helper():")
    found = bring({"jar.py": JAR, "test_jar.py": f"from jar import Jar\n{cases}"})
    assert found.problem.level_count == 2


@pytest.mark.parametrize(
    ("names", "levels"),
    [
        (["test_group_1_a", "test_group_1_b", "test_group_2_a", "test_group_2_b"], 2),
        (["test_1_a", "test_1_b", "test_2_a", "test_2_b"], 2),
        (["test_q1_a", "test_q1_b", "test_q2_a", "test_q2_b"], 2),
        (["test_a_1", "test_a_2", "test_a_3", "test_a_4"], 1),
        (["test_add_1", "test_add_2", "test_take_1", "test_take_2"], 1),
        (["test_part_2_of_three", "test_a", "test_b", "test_c"], 1),
        (["test_in_5_steps", "test_in_5_turns", "test_in_9_steps", "test_in_9_turns"], 1),
        (["test_level_1_a", "test_level_2_a", "test_level_3_a", "test_other"], 3),
    ],
)
def test_numbers_in_names_are_levels_if_they_count_them(
    names: list[str], levels: int, bring: Bring
) -> None:
    found = bring({"jar.py": JAR, "test_jar.py": numbered_cases(names)})
    assert found.problem.level_count == levels


@pytest.mark.parametrize(
    "pattern", ["sort", "sort_", "sort_{}", r"sort_(\d+)", r"_sort_\d+_", "SORT_*"]
)
def test_a_pattern_names_the_levels(pattern: str, bring: Bring) -> None:
    names = ["test_sort_1_5", "test_sort_2_5", "test_sort_1_6", "test_sort_2_9"]
    found = bring({"jar.py": JAR, "test_jar.py": numbered_cases(names)}, level=pattern)
    assert found.problem.level_count == 2
    text = read(found, "level2/test_visible.py") + read(found, "level2/test_hidden.py")
    assert "test_sort_2_9" in text
    assert "test_sort_1_6" not in text


@pytest.mark.parametrize("pattern", ["sort_(", "nothing"])
def test_a_pattern_that_fits_nothing_is_refused(pattern: str, bring: Bring) -> None:
    with pytest.raises(RequestError, match="pattern") as caught:
        bring({"jar.py": JAR, "test_jar.py": TESTS}, level=pattern)
    assert "--level" in caught.value.hint


GRADED = """\
import unittest
from gradescope_utils.autograder_utils.decorators import (
    leaderboard, number, partial_credit, tags, visibility, weight,
)
from gradescope_utils.autograder_utils.files import check_submitted_files
from jar import Jar


class TestJar(unittest.TestCase):
    @weight(1)
    @number("1.1")
    @visibility("hidden")
    def test_put_one(self):
        self.assertEqual(Jar().put(5), 1)

    @weight(2)
    @tags(
        "sum",
    )
    def test_total(self):
        self.assertEqual(Jar().total(), 0)

    @partial_credit(10)
    @visibility("visible")
    def test_partly(self, set_score=None):
        # Half of it
        self.assertEqual(Jar().total(), 0)
        set_score(10)

    @leaderboard("coins")
    def test_leaders(self, set_leaderboard_value=None):
        set_leaderboard_value(Jar().put(1))

    @weight(0)
    def test_files(self):
        self.assertEqual(check_submitted_files(["jar.py"]), [])
"""


def test_marks_of_graders_are_taken_out_and_told(bring: Bring) -> None:
    found = bring({"solution/jar.py": JAR, "tests/test_jar.py": GRADED})
    assert found.passed == 3
    hidden, visible = read(found, "level1/test_hidden.py"), read(found, "level1/test_visible.py")
    assert "gradescope_utils" not in hidden + visible
    assert "test_put_one" in hidden
    assert "def test_partly(self):\n" in hidden + visible
    assert "set_score" not in hidden + visible
    for name in ("test_leaders", "test_files"):
        assert name not in hidden + visible
        assert any(f"::{name} " in line and "was left out" in line for line in found.notes.left)
    assert any("weight (3)" in line for line in found.notes.done)


def test_many_marked_cases_take_seconds(tmp_path: Path) -> None:
    tests = "import pytest\nfrom jar import Jar\n" + "".join(
        f"\n\n@pytest.mark.weight({n})\ndef test_put_{n}():\n    assert Jar().put({n}) == 1\n"
        for n in range(400)
    )
    folder = write_exercise({"jar.py": JAR, "test_jar.py": tests}, tmp_path / "exercise")
    started = time.process_time()
    import_exercise(folder, tmp_path / "pack")
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("import timeout_decorator", "@timeout_decorator.timeout(7)"),
        ("from timeout_decorator import timeout as limit", "@limit(seconds=7)"),
        ("from autogradescope.decorators import timeout, weight", "@timeout(7)\n@weight(2)"),
        ("import pytest", "@pytest.mark.timeout(7)"),
        ("import pytest\n\npytestmark = pytest.mark.timeout(7)", ""),
        (
            "import signal\n\n\ndef timeout(seconds):\n    def wrap(function):\n"
            "        signal.alarm(0)\n        return function\n    return wrap\n",
            "@timeout(7)",
        ),
    ],
)
def test_time_limits_of_an_exercise_are_kept(head: str, mark: str, bring: Bring) -> None:
    tests = f"{head}\n{TESTS}".replace("def test_put_two", f"{mark}\ndef test_put_two")
    found = bring({"jar.py": JAR, "test_jar.py": tests})
    assert found.passed == 3
    assert found.problem.manifest.limits.wall_seconds == 7
    assert not mark or mark not in read(found, "level1/test_hidden.py")
    assert any("7 s, stands at `test_jar.py:" in line for line in found.notes.done)


def test_a_case_that_is_too_slow_gets_the_time_that_it_needs(bring: Bring) -> None:
    slow = JAR.replace("return sum(", "import time; time.sleep(2.2); return sum(")
    found = bring({"jar.py": slow, "test_jar.py": TESTS})
    assert found.passed == 3
    assert 4 <= found.problem.manifest.limits.wall_seconds <= 30
    assert any("test_total_of_none takes longer than 2 s" in line for line in found.notes.left)


def test_a_library_of_the_solution_is_told_with_each_place(bring: Bring) -> None:
    solution = "import json\nimport numpy as np\n\n\nclass Jar:\n    def put(self, coin):\n"
    solution += "        from numpy import array\n        return 1\n"
    found = bring({"jar.py": solution, "test_jar.py": TESTS})
    assert found.passed == 0
    (told,) = [line for line in found.notes.left if "the solution imports" in line]
    assert told.startswith("`jar.py:2`, `jar.py:7`: the solution imports numpy")


def test_a_library_that_a_solution_can_do_without_is_not_told(bring: Bring) -> None:
    solution = "try:\n    import numba\nexcept ImportError:\n    numba = None\n\n\n" + JAR
    found = bring({"jar.py": solution, "test_jar.py": TESTS})
    assert found.passed == 3
    assert not [line for line in found.notes.left if "numba" in line]


COUNTING = "def count(coins):\n    return len(coins)\n"
LIMITS = "MOST = 9\n"


@pytest.mark.parametrize(
    ("files", "asked"),
    [
        ({"helpers.py": COUNTING}, "helpers"),
        ({"common.py": f"import limits\n{COUNTING}", "limits.py": LIMITS}, "common"),
        ({"testing/fakes.py": COUNTING}, "testing.fakes"),
    ],
)
@pytest.mark.parametrize("tested", [False, True], ids=["for the solution", "for tests as well"])
def test_what_a_solution_imports_belongs_to_it_whatever_its_name(
    files: dict[str, str], asked: str, tested: bool, bring: Bring
) -> None:
    counting = f"from {asked} import count\n\n\n" + JAR.replace("len(self", "count(self")
    tests = f"from {asked} import count\n" * tested + TESTS
    tests += "\n\ndef test_count():\n    assert count([1]) == 1\n" * tested
    found = bring({"jar.py": counting, "test_jar.py": tests, **files})
    assert not failing(found)
    assert found.passed == 3 + tested


def test_a_file_that_cannot_be_read_is_not_said_to_be_missing(bring: Bring) -> None:
    with pytest.raises(RequestError, match=r"no readable file has that name. `jar.py` cannot be"):
        bring({"jar.py": "print 'jar'\n", "test_jar.py": TESTS})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MIT License\n\nCopyright (c) 2020\n", "MIT"),
        ("Copyright 2020\n\nPermission is hereby granted, free of charge, to any\n", "MIT"),
        ("                    GNU GENERAL PUBLIC LICENSE\n   Version 2, June\n", "GPL-2.0-only"),
        ("Creative Commons Attribution-ShareAlike 4.0 International\n", "CC-BY-SA-4.0"),
        ("Do as you like.\n", "unknown"),
    ],
)
@pytest.mark.parametrize("place", ["LICENSE", "../LICENCE.md", "../../COPYING"])
def test_a_licence_at_or_above_the_folder_is_found(
    text: str, name: str, place: str, bring: Bring
) -> None:
    files = {"a/b/jar.py": JAR, "a/b/test_jar.py": TESTS}
    files[str(Path("a/b", place)).replace("b/../", "").replace("a/../", "")] = text
    found = bring(files, inside="a/b")
    assert found.problem.manifest.license == name
    told = [line for line in found.notes.left if "licence" in line]
    assert bool(told) == (name == "unknown")


def test_a_licence_of_another_repository_is_not_taken(bring: Bring) -> None:
    files = {"LICENSE": "MIT License\n", "a/.git/HEAD": "", "a/jar.py": JAR, "a/test_jar.py": TESTS}
    assert bring(files, inside="a").problem.manifest.license == "unknown"


def test_a_coding_cookie_is_honoured(bring: Bring, tmp_path: Path) -> None:
    files = {"jar.py": JAR, "test_jar.py": TESTS}
    write_exercise(files, tmp_path / "exercise")
    text = "# -*- coding: latin-1 -*-\n" + JAR.replace("A jar", "A häuflein")
    (tmp_path / "exercise" / "jar.py").write_text(text, encoding="latin-1")
    del files["jar.py"]
    found = bring(files)
    assert found.passed == 3
    assert "häuflein" in read(found, "reference/level1/jar.py")
    assert "latin" not in read(found, "reference/level1/jar.py")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("jar.py", b"class Jar\n", r"syntax error in line 1: expected ':'"),
        ("jar.py", b"class Jar:\n  x = '\xe9'\n", "utf-8"),
        ("test_jar.py", TESTS.encode("utf-16"), "encoding"),
        ("test_jar.py", TESTS.encode() + b"\0", "null"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    name: str, data: bytes, reason: str, bring: Bring, tmp_path: Path
) -> None:
    files = {"jar.py": JAR, "test_jar.py": TESTS}
    del files[name]
    write_exercise(files, tmp_path / "exercise")
    (tmp_path / "exercise" / name).write_bytes(data)
    with pytest.raises(RequestError, match=rf"`{name}` cannot be read: .*{reason}"):
        bring(files)
    if name == "jar.py":
        found = bring({**files, ".meta/example.py": JAR})
        assert found.passed == 3
        assert any(f"`{name}` cannot be read and was left out" in s for s in found.notes.left)


ADVICE = """\
from jar import Jar
from unittest.mock import patch


def test_words():
    jar = Jar()
    assert jar.open() == "open"
    assert type(jar.put(1)) is int


def test_types():
    assert type(Jar()) is Jar


def test_repr():
    assert repr(Jar()) == "Jar(0)"


def test_clock():
    with patch("time.time", lambda: 1):
        assert Jar().now() == 1


def test_clock_again():
    with patch("time.time", lambda: 2):
        assert Jar().now() == 2
"""


def test_advice_is_given_only_for_what_the_judge_did_not_accept(bring: Bring) -> None:
    more = "    def open(self):\n        return 'open'\n\n    def now(self):\n"
    more += "        import time\n        return time.time()\n"
    found = bring({"jar.py": f"{JAR}\n{more}", "test_jar.py": ADVICE})
    lines = {place: n for n, place in enumerate(ADVICE.split("\n"), 1)}
    works = [lines['    assert jar.open() == "open"'], lines["    assert type(jar.put(1)) is int"]]
    told = "\n".join(found.notes.left)
    assert not [n for n in works if f"test_jar.py:{n}`" in told]
    (clock,) = [line for line in found.notes.left if "time.time is replaced" in line]
    assert clock.count("`test_jar.py:") == 2


MONEY = """\
from dataclasses import dataclass


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __lt__(self, other):
        return self.cents < other.cents


@dataclass
class Coin:
    cents: int

    def money(self):
        return Money(self.cents)
"""
MONEY_TESTS = """\
import unittest
from money import Coin, Money


class TestMoney(unittest.TestCase):
    def test_cents(self):
        self.assertEqual(Money(5).cents, 5)

    def test_sum(self):
        self.assertEqual(Money(5) + Money(6), Money(11))

    def test_order(self):
        self.assertTrue(Money(5) < Money(6))

    def test_coin(self):
        self.assertEqual(Coin(5).money(), Money(5))
        self.assertNotEqual(Coin(5), Coin(6))
        self.assertEqual(Coin(5), Coin(5))
"""


def test_operators_are_declared_where_cases_compare_objects(bring: Bring) -> None:
    found = bring({"money.py": MONEY, "test_money.py": MONEY_TESTS})
    assert found.passed == 4
    classes = found.problem.manifest.levels[0].symbols.classes
    assert classes["Money"] == ("__eq__", "__lt__", "__add__")
    assert "__eq__" in classes["Coin"]
    assert any("declares the operators" in line for line in found.notes.left)


def test_no_operator_is_declared_without_need(bring: Bring) -> None:
    tests = MONEY_TESTS.partition("    def test_sum")[0].replace("Coin, ", "")
    found = bring({"money.py": MONEY, "test_money.py": tests})
    assert found.passed == 2
    assert found.problem.manifest.levels[0].symbols.classes == {"Money": ()}


DOCTESTS = """\
test = {
    "name": "q%d",
    "points": 1,
    "suites": [
        {
            "cases": [
                {
                    "code": r\'\'\'
                    >>> jar = Jar()
                    >>> for _ in range(2):
                    ...     n = jar.put(5)
                    >>> jar.total()
                    10
                    >>> print(jar.total(), n)
                    10 2
                    >>> jar.total() > 20
                    False
                    \'\'\',
                    "hidden": False,
                },
                {
                    "code": ">>> Jar.a\\nTraceback (most recent call last):\\nAttributeError: a",
                    "hidden": True,
                },
                {"code": ">>> Jar().total()\\n0f3a", "locked": True},
            ],
            "setup": ">>> from jar import *",
            "type": "doctest",
        }
    ],
}
"""


def test_doctests_of_okpy_and_otter_become_cases(bring: Bring) -> None:
    found = bring({"jar.py": JAR, "tests/q1.py": DOCTESTS % 1, "tests/q2.py": DOCTESTS % 2})
    assert found.problem.level_count == 2
    assert found.passed == 6  # the four cases, those of level 1 also with the second reference
    assert not failing(found)
    assert read(found, "level1/test_visible.py") == (
        "import pytest\nfrom jar import Jar\n\n\ndef test_q1_1():\n"
        "    jar = Jar()\n    for _ in range(2):\n"
        "        n = jar.put(5)\n    assert jar.total() == 10\n"
        "    assert ' '.join(map(str, [jar.total(), n])) == '10 2'\n"
        "    assert (jar.total() > 20) == False\n"
    )
    assert "with pytest.raises(AttributeError):" in read(found, "level2/test_hidden.py")
    (told, _) = [line for line in found.notes.left if "a doctest is locked" in line]
    assert told.startswith("`tests/q1.py:25`")
