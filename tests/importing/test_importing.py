"""Foreign exercises become problems: mapped and judged, with notes on what is left to do."""

from __future__ import annotations

import ast
import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from harness.cli.invocation import Invocation
from harness.cli.main import call_command
from harness.errors import RequestError
from harness.importing.exercise import Imported
from harness.importing.level_names import level_in_name, level_in_path, side_in_name, slug_of
from harness.model.judgement import Suite
from harness.model.manifest import Symbols
from tests.importing import foreign

Bring = Callable[..., Imported]
Findings = Callable[[Imported], list[str]]


def read(found: Imported, name: str) -> str:
    return (found.problem.root / name).read_text()


def module(suite: str, solution: str = "def f(): return 1\n") -> dict[str, str]:
    return {"test_all.py": suite, "thing.py": solution}


def cases(text: str) -> list[str]:
    nodes = ast.walk(ast.parse(text))
    return [n.name for n in nodes if isinstance(n, ast.FunctionDef) and n.name.startswith("test")]


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("level_2", 2),
        ("Level2Test", 2),
        ("TestStage3", 3),
        ("TestPartB", 2),
        ("test_part_a", 1),
        ("partc", 3),
        ("## Part C: more", 3),
        ("level-10", 10),
        ("STAGE 1", 1),
        ("TestL4Basics", 4),
        ("level two", 2),
        ("pytest.mark.level(3)", 3),
        ("test_partial", None),
        ("test_parted", None),
        ("test_counterparts", None),
        ("test_level", None),
        ("test_step_2", None),
        ("test_task_1_runs", None),
        ("test_leveled_up", None),
        ("level 2024", None),
    ],
)
def test_levels_in_names(name: str, level: int | None) -> None:
    assert level_in_name(name) == level


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("level2/test_it.py", 2),
        ("stage_1/tests/test_level.py", 1),
        ("01_basics/test_it.py", 1),
        ("tests/test_3.py", 3),
        ("tests/test_part_b.py", 2),
        ("step2/test_it.py", 2),
        ("2/test_level1.py", 1),
        ("tests/test_it.py", None),
        ("tests/test_2024.py", None),
    ],
)
def test_levels_in_paths(path: str, level: int | None) -> None:
    assert level_in_path(PurePosixPath(path)) == level


def test_sides_and_slugs() -> None:
    assert side_in_name("test_hidden_things") is Suite.HIDDEN
    assert side_in_name("TestPublicApi") is Suite.VISIBLE
    assert side_in_name("test_publication") is None
    assert [slug_of(n) for n in ("BankAccount-2", "9 lives", "x", "漢")] == [
        "bank_account_2",
        "lives",
        "imported",
        "imported",
    ]


@pytest.mark.parametrize("layout", ["CLASSES", "STAGES", "PARTS"])
def test_an_exercise_is_judged_in_the_box_as_it_was_in_process(
    layout: str, bring: Bring, findings: Findings
) -> None:
    assert findings(bring(getattr(foreign, layout))) == []


def test_classes_of_one_file_are_shared_between_levels(bring: Bring) -> None:
    found = bring(foreign.CLASSES, "car_park")
    manifest = found.problem.manifest
    assert (manifest.module, manifest.title, manifest.license) == ("carpark", "Car park", "MIT")
    assert [level.title for level in manifest.levels] == ["Come in", "Queue", "Level 3"]
    assert [level.symbols for level in manifest.levels] == [
        Symbols(classes={"CarPark": ("enter", "free")}, exceptions={"FullError": "Exception"}),
        Symbols(classes={"CarPark": ("leave", "wait")}, exceptions={"UnknownCarError": "KeyError"}),
        Symbols(classes={"CarPark": ("pay",)}),
    ]
    sides = {
        (level, side): cases(read(found, f"level{level}/test_{side}.py"))
        for level in (1, 2, 3)
        for side in ("visible", "hidden")
    }
    assert sides == {
        (1, "visible"): ["test_enter", "test_free"],
        (1, "hidden"): ["test_text_with_marks", "test_full"],
        (2, "visible"): ["test_leave"],
        (2, "hidden"): ["test_leave_unknown", "test_queue"],
        (3, "visible"): ["test_pay"],
        (3, "hidden"): ["test_pay_twice"],
    }
    assert any("OddTest::test_odd belongs to no level" in line for line in found.notes.left)
    assert any("How to run" in line for line in found.notes.left)
    assert found.report_path.read_text().startswith("# Import of car_park\n")


def test_the_code_of_a_case_is_kept_to_the_letter(bring: Bring) -> None:
    found = bring(foreign.CLASSES)
    original = textwrap.dedent(foreign.CLASSES["test_carpark.py"])
    imported = [read(found, f"level{n}/test_{s.value}.py") for n in (1, 2, 3) for s in Suite]
    for node in ast.walk(ast.parse(original)):
        if isinstance(node, ast.FunctionDef) and node.name not in ("test_odd",):
            code = ast.get_source_segment(original, node)
            assert code
            assert [text for text in imported if code in text], node.name


def test_no_suite_statement_or_skeleton_names_what_comes_later(bring: Bring) -> None:
    found = bring(foreign.CLASSES)
    visible = read(found, "level1/test_visible.py")
    assert "from carpark import CarPark\n" in visible
    assert "paying" not in visible
    assert "Level 2" not in visible
    skeleton = (found.problem.template / "carpark.py").read_text()
    for text in (visible, skeleton, read(found, "level1/statement.md")):
        assert not {"UnknownCarError", "leave", "wait", "pay"} & set(text.split())
    assert "raise NotImplementedError" in skeleton
    assert "def enter(self, car: str) -> int:" in skeleton
    assert '"""Let a car in and return how many places are left."""' in skeleton
    assert "deque" not in skeleton
    compile(skeleton, "skeleton", "exec")


def test_the_reference_of_a_level_lacks_what_later_levels_add(bring: Bring) -> None:
    found = bring(foreign.CLASSES)
    first, second, third = (read(found, f"reference/level{n}/carpark.py") for n in (1, 2, 3))
    assert third == foreign.PARKING
    assert "def _next" in second
    assert "def pay" not in second
    assert "_total" not in second
    assert "def _next" not in first
    assert "UnknownCarError" not in first
    assert "def enter" in first


def test_statements_come_from_the_readme(bring: Bring) -> None:
    found = bring(foreign.CLASSES)
    first, second = read(found, "level1/statement.md"), read(found, "level2/statement.md")
    assert first.startswith("# Come in\n\nA barrier with a mind. Keep its books.\n")
    assert "Cars come in while there is room." in first
    assert "- `CarPark.enter(car: str) -> int`: Let a car in" in first
    assert "## Level 3 is not here" in second
    assert "`UnknownCarError`, derived from `KeyError`" in second
    assert "python -m unittest" not in "".join(
        read(found, f"level{n}/statement.md") for n in (1, 2, 3)
    )


def test_a_solution_per_stage_and_stages_counted_from_nought(bring: Bring) -> None:
    found = bring(foreign.STAGES)
    assert found.notes.done[:2] == [
        "Level 0 of the exercise is level 1 here.",
        "Level 1 of the exercise is level 2 here.",
    ]
    assert "def find" not in read(found, "reference/level1/solution.py")
    assert "def find" in read(found, "reference/level2/solution.py")
    assert read(found, "reference/level2/shelf_tools.py").startswith("def label")
    assert [level.title for level in found.problem.manifest.levels] == ["Put", "Find"]
    # What the exercise calls examples is visible, what it calls private is hidden.
    assert cases(read(found, "level1/test_visible.py")) == ["test_one"]
    assert cases(read(found, "level1/test_hidden.py")) == ["test_many"]


def test_imports_of_the_solution_and_nothing_else_are_adapted(bring: Bring) -> None:
    found = bring(foreign.PARTS)
    assert "from ledger import Ledger\n" in read(found, "level1/test_visible.py")
    assert "import ledger as books\n" in read(found, "level2/test_hidden.py")
    assert "import pytest\n" in read(found, "level1/test_visible.py")


@pytest.mark.parametrize(
    ("line", "adapted"),
    [
        ("import thing", "import thing"),
        ("import thing as t", "import thing as t"),
        ("from thing import f", "from thing import f"),
        ("from thing import f as g, unused", "from thing import f as g"),
        ("from app.thing import f", "from thing import f"),
        ("from .thing import f", "from thing import f"),
        ("from ..app import thing", "import thing"),
        ("from app import thing as t", "import thing as t"),
        ("import app.thing as t", "import thing as t"),
        ("from thing import *", "from thing import f"),
        ("from thing import (\n    f,\n    unused,\n)", "from thing import f"),
        ("import json, thing", "import json, thing"),
    ],
)
def test_every_way_to_import(line: str, adapted: str, bring: Bring) -> None:
    suite = f"{line}\n\ndef test_level1():\n    assert (f or g or thing or t)\n"
    files = {"tests/test_all.py": suite, "app/thing.py": "def f(): return 1\n"}
    text = read(bring(files), "level1/test_hidden.py")
    assert text == f"{adapted}\n\ndef test_level1():\n    assert (f or g or thing or t)\n"


def test_a_property_that_level_1_uses_is_in_the_skeleton(bring: Bring) -> None:
    found = bring(foreign.PARTS)
    assert "total" not in found.problem.manifest.levels[0].symbols.classes["Ledger"]
    skeleton = (found.problem.template / "ledger.py").read_text()
    assert "    @property\n    def total(self):\n        raise NotImplementedError" in skeleton
    assert "def move" not in skeleton


def test_a_package_that_only_hands_on_names(bring: Bring) -> None:
    files = {
        "bank/__init__.py": "from .book import Book\n\n__all__ = ['Book']\n",
        "bank/book.py": "class Book:\n    def add(self): return 1\n",
        "bank/other.py": "def unused(): ...\n",
        "test_level1.py": "import bank\nfrom bank import Book\n\ndef test_it():\n"
        "    assert Book().add() == 1\n\ndef test_whole():\n    assert bank.Book().add() == 1\n",
    }
    found = bring(files)
    assert found.problem.manifest.module == "book"
    suite = read(found, "level1/test_hidden.py")
    assert suite.startswith("import book as bank\n")
    assert "from book import Book" in read(found, "level1/test_visible.py")


def test_a_name_that_would_hide_a_module_of_the_library_is_changed(bring: Bring) -> None:
    files = {
        "queue.py": "def f(): return 1\n",
        "test_level1.py": "import queue\nfrom queue import f\n\ndef test_it():\n"
        "    assert queue.f() == f()\n",
    }
    found = bring(files)
    assert found.problem.manifest.module == "solution"
    assert read(found, "level1/test_hidden.py").startswith(
        "import solution as queue\nfrom solution import f\n"
    )


def test_levels_of_methods_marks_docstrings_and_comments(bring: Bring) -> None:
    suite = """
    import pytest
    from thing import f

    class TestAll:
        def test_level1_a(self):
            assert f() == 1

        def test_level2_b(self):
            assert f() == 1

    @pytest.mark.level(3)
    def test_marked():
        assert f() == 1

    def test_told():
        '''Stage 4: told by a docstring'''
        assert f() == 1
    """
    found = bring(module(suite))
    hidden = [cases(read(found, f"level{n}/test_hidden.py")) for n in (1, 2, 3, 4)]
    assert hidden == [["test_level1_a"], ["test_level2_b"], ["test_marked"], ["test_told"]]

    commented = """
    from thing import f

    # Part A
    def test_one():
        assert f() == 1

    # ---- Part B ----
    def test_two():
        assert f() == 1
    """
    found = bring(module(commented), folder="other")
    assert [cases(read(found, f"level{n}/test_hidden.py")) for n in (1, 2)] == [
        ["test_one"],
        ["test_two"],
    ]
    assert "Part B" not in read(found, "level1/test_hidden.py")


def test_a_base_class_stays_where_a_later_level_derives_from_it(bring: Bring) -> None:
    suite = """
    import unittest
    from thing import f

    class Level1(unittest.TestCase):
        number = 1
        def test_one(self):
            self.assertEqual(f(), self.number)

    class Level2(Level1):
        def test_two(self):
            self.assertEqual(f(), self.number)
    """
    found = bring(module(suite))
    second = read(found, "level2/test_hidden.py")
    assert cases(second) == ["test_two"]
    assert "class Level1(unittest.TestCase):\n    number = 1" in second


def test_files_of_one_level_become_one_suite_unless_they_contradict_each_other(
    bring: Bring,
) -> None:
    future = "from __future__ import annotations\n"
    files = {
        "thing.py": "def f(): return 1\n",
        "level1/test_public.py": "from thing import f\n\ndef test_p():\n    assert f() == 1\n",
        "level1/test_hidden_a.py": future + "from thing import f\n\nN = 1\n\n"
        "def test_a():\n    assert f() == N\n",
        "level1/test_hidden_b.py": future + "from thing import f\n\n"
        "def test_b():\n    assert f() == 1\n",
        "level1/test_hidden_c.py": "from thing import f\n\nN = 2\n\n"
        "def test_c():\n    assert f() < N\n",
    }
    found = bring(files)
    hidden = read(found, "level1/test_hidden.py")
    assert cases(hidden) == ["test_a", "test_b"]
    compile(hidden, "suite", "exec")
    (told,) = [line for line in found.notes.left if "was left out of level 1" in line]
    assert told.startswith("`level1/test_hidden_c.py`")
    assert "also defines N" in told


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("with patch('time.time', lambda: 1): f()", "does not see that time.time is replaced"),
        ("with mock.patch('random.random'): f()", "does not see that random.random"),
        ("monkeypatch.setattr(time, 'time', f)", "does not see that time is replaced"),
        ("open('data.txt')", "a suite cannot read files"),
        ("class Mine(f): pass", "Mine derives from f"),
    ],
)
def test_what_will_not_work_through_the_proxy_is_reported(
    code: str, advice: str, bring: Bring
) -> None:
    suite = f"from thing import f\n\n\ndef test_level1(monkeypatch):\n    {code}\n"
    left = bring(module(suite)).notes.left
    (told,) = [line for line in left if advice in line]
    assert told.startswith("`test_all.py:5`")


@pytest.mark.parametrize(
    ("head", "advice"),
    [
        ("@pytest.fixture(scope='module')\ndef it():\n    return f()", "Remove the scope"),
        ("class A(TestCase):\n  @classmethod\n  def setUpClass(cls): cls.f = f()", "Use setUp"),
        ("def it(capsys): f()", "capsys does not see"),
        ("def it(tmp_path): f()", "cannot read or write files"),
        ("async def test_level1(): await f()", "Call asyncio.run"),
    ],
)
def test_functions_that_will_not_work_are_reported(head: str, advice: str, bring: Bring) -> None:
    suite = f"from thing import f\n\n{head}\n\ndef test_level1_x():\n    assert f()\n"
    left = bring(module(suite)).notes.left
    assert len([line for line in left if advice in line]) == 1


def test_a_clean_exercise_is_given_no_advice(bring: Bring) -> None:
    for name in ("CLASSES", "STAGES", "PARTS"):
        left = bring(getattr(foreign, name), folder=name).notes.left
        assert not [line for line in left if line.startswith("`test") and "level" not in line]


def test_everything_is_level_1_when_no_name_mentions_a_level(bring: Bring) -> None:
    found = bring(module("from thing import f\n\ndef test_it():\n    assert f() == 1\n"))
    assert found.problem.level_count == 1
    assert any("No name mentions a level" in line for line in found.notes.left)
    assert any("its two suites share some" in line for line in found.notes.left)


def test_a_file_that_is_not_python_is_left_out_and_reported(bring: Bring) -> None:
    files = {**foreign.CLASSES, "broken.py": "def (:\n", "notes.txt": "Nothing of a level.\n"}
    left = bring(files).notes.left
    assert any(line.startswith("`broken.py` cannot be read and was left out") for line in left)
    assert any(line.startswith("`notes.txt` belongs to no level") for line in left)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"README.md": "# x\n"}, "contains no readable Python file"),
        ({"thing.py": "def f(): return 1\n"}, "contains no tests"),
        (
            {
                "one.py": "def f(): ...\n",
                "two.py": "def g(): ...\n",
                "test_level1.py": "def test_it(): ...\n",
            },
            "Cannot tell which file is tested: no test imports one of one.py, two.py",
        ),
    ],
)
def test_what_cannot_be_imported(
    files: dict[str, str], complaint: str, bring: Bring, tmp_path: Path
) -> None:
    with pytest.raises(RequestError, match=complaint) as caught:
        bring(files)
    assert caught.value.hint
    assert not (tmp_path / "pack").exists()


def test_a_problem_that_is_there_is_not_overwritten(bring: Bring) -> None:
    bring(foreign.PARTS, "ledger")
    with pytest.raises(RequestError, match="already") as caught:
        bring(foreign.PARTS, "ledger")
    assert "--slug" in caught.value.hint
    with pytest.raises(RequestError, match="cannot be the name of a problem"):
        bring(foreign.PARTS, "No Name")


def test_the_command_ends_with_what_the_check_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    foreign.write_exercise(foreign.PARTS, tmp_path / "bank")
    assert call_command(["author", "import", "bank", "--into", "pack"], Invocation()) == 0
    out = capsys.readouterr().out
    assert "Left to do:" in out
    assert "✔ references" in out
    assert "✘ alternates" in out
    assert "harness author check " in out
    assert (
        call_command(["author", "import", "bank", "--slug", "again", "--json"], Invocation()) == 0
    )
    document = json.loads(capsys.readouterr().out)
    assert document["slug"] == "again"
    assert {row["check"] for row in document["check"]} >= {"references", "steps", "skeleton"}
    assert "foreign" not in sys.modules
