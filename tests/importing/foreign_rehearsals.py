"""Foreign exercises in the layouts that public rehearsals of leveled screens have."""

from __future__ import annotations

_PATH_HACK = """\
import inspect
import os
import sys

currentdir = os.path.dirname(os.path.abspath(inspect.getfile(inspect.currentframe())))
parentdir = os.path.dirname(currentdir)
sys.path.insert(0, parentdir)

import unittest
from timeout_decorator import timeout
from in_memory_db_impl import InMemoryDBImpl


class Level{level}Tests(unittest.TestCase):
    \"\"\"All have the same score.\"\"\"

    failureException = Exception

    @classmethod
    def setUp(cls):
        cls.db = InMemoryDBImpl()
"""
_CASE = """
    @timeout(0.4)
    def test_level_{level}_case_{number:02}(self):
        {code}
"""


def _level(level: int, *cases: str) -> str:
    lines = (_CASE.format(level=level, number=n, code=code) for n, code in enumerate(cases, 1))
    end = "\n\nif __name__ == '__main__':\n    unittest.main()\n"
    return _PATH_HACK.format(level=level) + "".join(lines) + end


ABSTRACT = {
    "README.md": "# Database\n\nKeep.\n\n## Level 1\n\nSet.\n\n## Level 2\n\nScan.\n",
    "requirements.txt": "timeout-decorator\n",
    "in_memory_db.py": '''\
        from abc import ABC, abstractmethod


        class InMemoryDB(ABC):
            """The interface."""

            @abstractmethod
            def set(self, key: str, field: str, value: str) -> None:
                """Insert a value."""

            @abstractmethod
            def get(self, key: str, field: str) -> str | None:
                """Return a value."""

            def scan(self, key: str) -> list[str]:
                """Return all fields."""
                return []

            def drop(self, key: str) -> bool:
                """Forget a key."""
                return False
        ''',
    "in_memory_db_impl.py": """\
        from in_memory_db import InMemoryDB


        class InMemoryDBImpl(InMemoryDB):
            def __init__(self):
                self.db = {}

            def set(self, key: str, field: str, value: str) -> None:
                self.db.setdefault(key, {})[field] = value

            def get(self, key: str, field: str) -> str | None:
                return self.db.get(key, {}).get(field)

            def scan(self, key: str) -> list[str]:
                return [f"{f}({v})" for f, v in sorted(self.db.get(key, {}).items())]

            def drop(self, key: str) -> bool:
                return self.db.pop(key, None) is not None
        """,
    "tests/__init__.py": "",
    "tests/level_1_tests.py": _level(
        1,
        "self.assertIsNone(self.db.get('x', 'y'))",
        "self.db.set('a', 'b', 'c'); self.assertEqual(self.db.get('a', 'b'), 'c')",
    ),
    "tests/level_2_tests.py": _level(
        2,
        "self.assertEqual([], self.db.scan('a'))",
        "self.db.set('a', 'b', 'c'); self.assertEqual(self.db.scan('a'), ['b(c)'])",
    ),
    "tests/level_3_tests.py": _level(
        3,
        "self.assertFalse(self.db.drop('a'))",
        "self.db.set('a', 'b', 'c'); self.assertTrue(self.db.drop('a'))",
    ),
}
"""An implementation of an abstract class in another file, `level_N_tests.py`, time limits of a
library, and a path set by hand."""

SHOP = {
    "shop/__init__.py": "from shop.cart import Cart\nfrom shop.errors import CartError\n",
    "shop/errors.py": "class CartError(Exception):\n    pass\n",
    "shop/cart.py": """\
        from .errors import CartError


        class Cart:
            def __init__(self, limit: int = 10) -> None:
                self.limit = limit
                self.items: dict[str, int] = {}

            def add(self, name: str, count: int = 1) -> int:
                if self.size() + count > self.limit:
                    raise CartError("full")
                self.items[name] = self.items.get(name, 0) + count
                return self.items[name]

            def size(self) -> int:
                return sum(self.items.values())

            def remove(self, name: str) -> bool:
                return self.items.pop(name, None) is not None

            def total(self, prices: dict[str, int]) -> int:
                return sum(prices[n] * c for n, c in self.items.items())
        """,
    "tests/conftest.py": """\
        import os
        import sys

        import pytest

        sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))

        from shop import Cart

        DEFAULTS = {"apple": 2}


        def fill(cart, items):
            for name, count in items.items():
                cart.add(name, count)
            return cart


        @pytest.fixture
        def cart():
            return Cart()


        @pytest.fixture
        def filled(cart):
            return fill(cart, DEFAULTS)


        @pytest.fixture(autouse=True)
        def calm():
            yield


        @pytest.fixture
        def costly(filled):
            return filled.total({})


        def pytest_addoption(parser):
            parser.addoption("--slow")
        """,
    "tests/helpers.py": """\
        from shop import Cart

        LETTERS = "abc"


        def make(count):
            cart = Cart(count)
            for letter in LETTERS[:count]:
                cart.add(letter)
            return cart


        def unused():
            return make(1)
        """,
    "tests/test_level1.py": """\
        import pytest
        from shop import Cart, CartError


        def test_empty(cart):
            assert cart.size() == 0


        @pytest.mark.usefixtures("filled")
        def test_first():
            assert Cart().size() == 0


        def test_filled(filled):
            assert filled.size() == 2


        @pytest.mark.parametrize(("name", "count"), [("a", 1), ("b", 2)])
        def test_add(cart, name, count):
            assert cart.add(name, count) == count


        def test_full():
            with pytest.raises(CartError):
                Cart(0).add("x")
        """,
    "tests/test_level2.py": """\
        from helpers import make
        from tests import helpers


        def test_remove():
            assert make(2).remove("a") is True


        def test_remove_none():
            assert helpers.make(2).remove("z") is False


        def test_remove_size():
            cart = make(len(helpers.LETTERS))
            cart.remove("a")
            assert cart.size() == 2
        """,
    "tests/test_level3.py": """\
        from .helpers import make as build


        def test_total():
            assert build(2).total({"a": 1, "b": 2}) == 3


        def test_nothing():
            from .helpers import make

            assert make(0).total({}) == 0
        """,
}
"""A package that hands on names of two files, fixtures of a conftest.py, a helper module."""

STORAGE = {
    "src/file_storage/__init__.py": "",
    "src/file_storage/interface.py": """\
        from abc import ABC, abstractmethod


        class FileStorage(ABC):
            @abstractmethod
            def upload(self, name: str, size: int) -> None: ...

            @abstractmethod
            def search(self, prefix: str) -> list[str]: ...
        """,
    "src/file_storage/models.py": """\
        from typing import NamedTuple

        from file_storage.units import Bytes


        class File(NamedTuple):
            name: str
            size: Bytes
        """,
    "src/file_storage/units.py": "class Bytes(int):\n    pass\n",
    "src/file_storage/storage.py": """\
        from __future__ import annotations

        from file_storage.interface import FileStorage
        from file_storage.models import File


        class Storage(FileStorage):
            def __init__(self) -> None:
                self._files: dict[str, File] = {}

            def upload(self, name: str, size: int) -> None:
                if name in self._files:
                    raise RuntimeError(f"{name} exists")
                self._files[name] = File(name, size)

            def search(self, prefix: str) -> list[str]:
                return sorted(name for name in self._files if name.startswith(prefix))
        """,
    "tests/base.py": """\
        import unittest

        from file_storage.storage import Storage


        class StorageChecks(unittest.TestCase):
            def setUp(self):
                self.storage = Storage()

            def put(self, **sizes):
                for name, size in sizes.items():
                    self.storage.upload(name, size)
        """,
    "tests/test_level_1.py": """\
        from tests.base import StorageChecks


        class UploadTests(StorageChecks):
            def test_upload(self):
                self.assertIsNone(self.storage.upload("a", 1))

            def test_twice(self):
                self.put(a=1)
                with self.assertRaisesRegex(RuntimeError, "exists"):
                    self.put(a=2)
        """,
    "tests/test_level_2.py": """\
        from tests.base import StorageChecks


        class SearchTests(StorageChecks):
            def test_search(self):
                self.put(ab=1, aa=2, b=3)
                self.assertEqual(self.storage.search("a"), ["aa", "ab"])

            def test_nothing(self):
                self.assertEqual(self.storage.search("x"), [])
        """,
}
"""A package below ``src``, modules that import each other, test classes of a base elsewhere."""

REHEARSALS = {"abstract": ABSTRACT, "shop": SHOP, "storage": STORAGE}
