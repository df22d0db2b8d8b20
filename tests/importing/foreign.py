"""Foreign exercises of several layouts, made up for these tests."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

PARKING = '''\
"""A car park."""

from collections import deque
from typing import Optional

SIZES = ("small", "large")


class FullError(Exception):
    """There is no place left."""


class UnknownCarError(KeyError):
    """There is no such car."""


class CarPark:
    """Places for cars."""

    def __init__(self, places: int, sizes: tuple = SIZES) -> None:
        self._places = places
        self._cars = {}
        self._queue = deque()
        self._paid = {}

    def enter(self, car: str) -> int:
        """Let a car in and return how many places are left."""
        if len(self._cars) >= self._places:
            raise FullError(f"no place for {car}")
        self._cars[car] = True
        return self.free()

    def free(self) -> int:
        """Return how many places are left."""
        return self._places - len(self._cars)

    def leave(self, car: str) -> Optional[str]:
        """Let a car out; the first of the queue takes its place and is returned."""
        if car not in self._cars:
            raise UnknownCarError(car)
        del self._cars[car]
        return self._next()

    def wait(self, car: str) -> int:
        """Queue up and return the place in the queue, from 1."""
        self._queue.append(car)
        return len(self._queue)

    def _next(self):
        if not self._queue:
            return None
        car = self._queue.popleft()
        self._cars[car] = True
        return car

    def pay(self, car: str, cents: int) -> dict:
        """Note what a car paid, and return all that was paid."""
        self._paid[car] = self._paid.get(car, 0) + cents
        return self._total()

    def _total(self):
        return dict(sorted(self._paid.items()))
'''
CLASSES = {
    "carpark.py": PARKING,
    "LICENSE": "MIT License\n\nCopyright\n",
    "README.md": """\
        # Car park

        A barrier with a mind. Keep its books.

        ## Level 1: Come in

        Cars come in while there is room.

        ## Level 2 - Queue

        Cars that find no room wait.

        ```
        ## Level 3 is not here
        ```

        ## LEVEL 3

        Cars pay. It adds up.

        ## How to run

        python -m unittest
        """,
    "test_carpark.py": '''\
        """Tests for all levels."""
        import unittest

        from carpark import CarPark, FullError, UnknownCarError


        def filled(*cars):
            park = CarPark(len(cars))
            for car in cars:
                park.enter(car)
            return park


        def paying():
            return CarPark(9).pay("x", 1)


        class Level1Test(unittest.TestCase):
            def setUp(self):
                self.park = CarPark(2)

            def test_enter(self):
                """A car takes a place"""
                self.assertEqual(self.park.enter("a"), 1)

            def test_free(self):
                self.assertEqual(self.park.free(), 2)

            def test_text_with_marks(self):
                text = """
        # Level 3



        """
                self.assertEqual(self.park.enter(text), 1)

            def test_full(self):
                with self.assertRaisesRegex(FullError, "no place for c"):
                    filled("a", "b").enter("c")


        # ---- Level 2 ----
        class Level2Test(unittest.TestCase):
            def test_leave(self):
                park = filled("a")
                self.assertIsNone(park.leave("a"))

            def test_leave_unknown(self):
                self.assertRaises(UnknownCarError, filled("a").leave, "b")

            def test_queue(self):
                park = filled("a")
                self.assertEqual(park.wait("b"), 1)
                self.assertEqual(park.leave("a"), "b")


        class Level3Test(unittest.TestCase):
            def test_pay(self):
                self.assertEqual(paying(), {"x": 1})

            def test_pay_twice(self):
                park = CarPark(1)
                park.pay("b", 2)
                for car in ("a", "b"):
                    with self.subTest(car=car):
                        self.assertIn(car, park.pay("a", 3))


        class OddTest(unittest.TestCase):
            def test_odd(self):
                self.assertEqual(CarPark(1).free(), 1)


        if __name__ == "__main__":
            unittest.main()
        ''',
}
"""One file of unittest classes, one implementation, one README."""

STAGES = {
    "stage0/solution.py": '''\
        from shelf_tools import label


        def put(shelf, book):
            """Return the shelf with the book on it."""
            return sorted([*shelf, label(book)])
        ''',
    "stage1/solution.py": '''\
        from shelf_tools import label


        def put(shelf, book):
            """Return the shelf with the book on it."""
            return sorted([*shelf, label(book)])


        def find(shelf, start):
            """Return the books that begin so."""
            return [book for book in shelf if book.startswith(label(start))]
        ''',
    "shelf_tools.py": "def label(text):\n    return text.strip().lower()\n",
    "stage0/statement.md": "# Put\n\nBooks go on a shelf. It is sorted.\n",
    "stage1/statement.md": "# Find\n\nBooks are found by how they begin.\n",
    "stage0/test_examples.py": """\
        import solution as lib

        def test_one():
            assert lib.put([], "A") == ["a"]
        """,
    "stage0/test_private.py": """\
        import pytest
        import solution as lib

        @pytest.mark.parametrize("book", ["b", " b ", "B"])
        def test_many(book):
            assert lib.put(["a"], book) == ["a", "b"]
        """,
    "stage1/test_examples.py": """\
        from solution import find

        def test_none():
            assert find(["a"], "b") == []
        """,
    "stage1/test_private.py": """\
        from solution import find, put

        def test_two():
            assert find(put(put([], "ab"), "ac"), "A") == ["ab", "ac"]
        """,
}
"""A folder per stage, counted from 0, each with a solution and tests in two files."""

PARTS = {
    "src/bank/__init__.py": "",
    "src/bank/ledger.py": '''\
        class Ledger:
            """Money, by name."""

            def __init__(self):
                self.money = {}

            def add(self, name, cents):
                self.money[name] = self.money.get(name, 0) + cents
                return self.money[name]

            def move(self, giver, taker, cents):
                self.add(giver, -cents)
                return self.add(taker, cents)

            @property
            def total(self):
                return sum(self.money.values())
        ''',
    "tests/conftest.py": "import sys\nsys.path.insert(0, '.')\n",
    "tests/test_part_a.py": """\
        import pytest
        from src.bank.ledger import Ledger

        @pytest.fixture
        def ledger():
            return Ledger()

        class TestAdding:
            def test_add(self, ledger):
                assert ledger.add("ann", 5) == 5

            def test_total(self, ledger):
                ledger.add("ann", 5)
                assert ledger.total == 5
        """,
    "tests/test_part_b.py": """\
        from src.bank import ledger as books

        def test_move():
            assert books.Ledger().move("ann", "bob", 5) == 5

        def test_move_back():
            book = books.Ledger()
            book.move("ann", "bob", 5)
            assert book.move("bob", "ann", 5) == 0
        """,
}
"""Parts with letters, a package below ``src``, pytest classes and a property."""


def write_exercise(files: Mapping[str, str], folder: Path) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return folder
