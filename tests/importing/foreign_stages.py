"""More foreign exercises: one test file for all levels, and folders or files per stage."""

from __future__ import annotations

SIMULATION = {
    "simulation/__init__.py": """\
        from dataclasses import dataclass
        from enum import Enum


        class State(Enum):
            OPEN = "open"
            CLOSED = "closed"


        @dataclass
        class Task:
            name: str
            state: State = State.OPEN


        class TaskError(ValueError):
            def __init__(self, name):
                super().__init__(f"no task {name}")
                self.name = name


        class Simulation:
            MAX = 3

            def add(self, name: str) -> Task:
                self.tasks = {**getattr(self, "tasks", {}), name: Task(name)}
                return self.tasks[name]

            def close(self, name: str) -> Task:
                if name not in getattr(self, "tasks", {}):
                    raise TaskError(name)
                self.tasks[name].state = State.CLOSED
                return self.tasks[name]

            def count(self, state: State) -> int:
                return sum(task.state is state for task in self.tasks.values())

            def each(self):
                yield from sorted(self.tasks)
        """,
    "tests/test_simulation.py": """\
        import unittest
        from unittest.mock import patch

        from simulation import Simulation, State, Task, TaskError


        class BaseTest(unittest.TestCase):
            def setUp(self):
                self.sim = Simulation()


        class TestLevel1(BaseTest):
            def test_add(self):
                self.assertEqual(self.sim.add("a").name, "a")

            def test_kind(self):
                self.assertIsInstance(self.sim.add("a"), Task)

            def test_max(self):
                with patch("simulation.Simulation.MAX", 5):
                    self.assertEqual(self.sim.MAX, 5)
                self.assertEqual(Simulation.MAX, 3)
                self.assertEqual(self.sim.add("b").state, State.OPEN)


        class TestLevel2(BaseTest):
            def test_close(self):
                self.sim.add("a")
                self.assertEqual(self.sim.close("a").state, State.CLOSED)

            def test_unknown(self):
                with self.assertRaises(TaskError) as caught:
                    self.sim.close("x")
                self.assertEqual(caught.exception.name, "x")
                self.assertIn("no task", str(caught.exception))


        class TestLevel3(BaseTest):
            def test_count(self):
                for number, name in enumerate(("a", "b"), 1):
                    with self.subTest(name=name):
                        self.sim.add(name)
                        self.assertEqual(self.sim.count(State.OPEN), number)

            @unittest.skip("later")
            def test_skipped(self):
                self.fail()

            def test_count_closed(self):
                self.sim.add("a")
                self.assertEqual(self.sim.count(State.CLOSED), 0)


        class TestLevel4(BaseTest):
            def test_each(self):
                self.sim.add("a")
                self.assertEqual(list(self.sim.each()), ["a"])

            def test_each_in_order(self):
                self.sim.add("b")
                self.sim.add("a")
                self.assertEqual(list(self.sim.each()), ["a", "b"])
        """,
}
"""A package of one `__init__.py`, one test file, classes TestLevel1 to 4, an enum, a dataclass."""

ACCOUNTS = {
    **{
        f"stage{stage}/account.py": "class NotEnough(Exception):\n    pass\n\n\n" * (stage > 1)
        + "class Account:\n    def __init__(self):\n        self.money = 0\n\n"
        + "\n".join(
            [
                "    def deposit(self, cents):\n        self.money += cents\n"
                "        return self.money\n",
                "    def withdraw(self, cents):\n        if cents > self.money:\n"
                '            raise NotEnough("short")\n        self.money -= cents\n'
                "        return self.money\n",
            ][:stage]
        )
        for stage in (1, 2)
    },
    "stage1/README.md": "# Stage 1: In\n\nMoney comes in.\n",
    "stage2/README.md": "# Stage 2: Out\n\nMoney goes out.\n",
    "stage1/tests.py": """\
        from account import Account


        def test_deposit():
            assert Account().deposit(5) == 5


        def test_twice():
            account = Account()
            account.deposit(1)
            assert account.deposit(2) == 3
        """,
    "stage2/tests.py": """\
        import pytest
        from .account import Account, NotEnough


        @pytest.fixture
        def rich():
            account = Account()
            account.deposit(100)
            return account


        @pytest.mark.timeout(2)
        def test_withdraw(rich):
            assert rich.withdraw(5) == 95


        def test_short():
            with pytest.raises(NotEnough, match="short"):
                Account().withdraw(1)
        """,
}
"""A folder per stage with a solution and tests of its own."""

LEVEL_FILES = {
    **{
        f"level{level}.py": "LIMIT = 3\n\n\nclass Bank:\n    def __init__(self):\n"
        "        self.names = []\n\n    def add(self, name):\n        self.names.append(name)\n"
        "        return len(self.names)\n"
        + "\n    def top(self):\n        return max(self.names)\n"
        * (level > 1)
        for level in (1, 2)
    },
    "test_level1.py": """\
        import unittest
        from level1 import *


        class TestBank(unittest.TestCase):
            def test_add(self):
                self.assertEqual(Bank().add("a"), 1)

            def test_limit(self):
                self.assertEqual(Bank().add("a") + 2, LIMIT)
        """,
    "test_level2.py": """\
        import unittest
        from level2 import *


        class TestBank(unittest.TestCase):
            def setUp(self):
                self.bank = Bank()
                self.bank.add("a")

            def test_top(self):
                self.assertEqual(self.bank.top(), "a")

            def test_top_of_two(self):
                self.bank.add("b")
                self.assertEqual(self.bank.top(), "b")
        """,
}
"""A file of the solution and one of tests per level; tests import everything."""

MODELS = {
    **{f"level{level}/models.py": "class Entry:\n    kind = 1\n" for level in (1, 2)},
    **{
        f"level{level}/bank.py": "from models import Entry\n\n\nclass Bank:\n"
        "    def entry(self):\n        return Entry()\n"
        + "\n    def more(self):\n        return [Entry()]\n"
        * (level > 1)
        for level in (1, 2)
    },
    "level1/test_bank.py": """\
        from bank import Bank
        from models import Entry


        def test_entry():
            assert isinstance(Bank().entry(), Entry)


        def test_kind():
            assert Bank().entry().kind == Entry.kind
        """,
    "level2/test_bank.py": """\
        import importlib

        from models import Entry

        module = importlib.import_module("bank")


        def test_more():
            assert isinstance(module.Bank().more()[0], Entry)


        def test_count():
            assert len(module.Bank().more()) == 1
        """,
}
"""A folder per level with two files that the tests import, one of them by `importlib`."""

FACTORIES = {
    "bank.py": """\
        class Bank:
            def __init__(self):
                self.money = {}

            def add(self, name, cents):
                self.money[name] = self.money.get(name, 0) + cents
                return self.money[name]

            def top(self):
                return sorted(self.money, key=lambda name: (-self.money[name], name))
        """,
    "tests/__init__.py": "",
    "tests/utils/__init__.py": "from .builders import build\n",
    "tests/utils/builders.py": """\
        from bank import Bank
        from .start import START


        def build(**more):
            bank = Bank()
            for name, cents in {**START, **more}.items():
                bank.add(name, cents)
            return bank
        """,
    "tests/utils/start.py": "START: dict[str, int] = {'z': 1}\n",
    "tests/conftest.py": """\
        import pytest
        from tests.utils import build
        from bank import Bank


        @pytest.fixture
        def make_bank():
            def _make(**more):
                return build(**more)

            return _make


        @pytest.fixture(params=[1, 2])
        def number(request):
            return request.param


        @pytest.fixture(name="fresh")
        def _fresh():
            return Bank()
        """,
    "tests/test_level1.py": """\
        def test_number(make_bank, number):
            assert make_bank().add("z", number) == number + 1


        def test_by_name(request):
            assert request.getfixturevalue("fresh").add("a", 1) == 1


        def test_fresh(fresh):
            assert fresh.add("q", 5) == 5
        """,
    "tests/test_level2.py": """\
        import tests.utils.builders as builders


        def test_top(make_bank):
            assert make_bank(a=3).top() == ["a", "z"]


        def test_built():
            assert builders.build().top() == ["z"]
        """,
}
"""Fixtures that are factories, have parameters or other names; a package of helpers."""

REHEARSALS = {
    "simulation": SIMULATION,
    "accounts": ACCOUNTS,
    "level_files": LEVEL_FILES,
    "models": MODELS,
    "factories": FACTORIES,
}
