"""The candidate's files are imported from memory, as they would be from a folder."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from harness.guest.modules import (
    CandidateFinder,
    compile_all,
    import_candidate,
    load_compiled,
)

FILES = {
    "candidate_main.py": (
        "from candidate_help import double\nfrom candidate_pkg.deep import value\n"
        "def f(x: int) -> str:\n    return double(x) + value\n"
    ),
    "candidate_help.py": "def double(x):\n    return 2 * x\n",
    "candidate_pkg/__init__.py": "base = 1\n",
    "candidate_pkg/deep.py": "from . import base\nvalue = base + 1\n",
    "candidate_space/inner/leaf.py": "value = 7\n",
    "json/helper.py": "value = 8\n",
    "candidate_broken.py": "def f(:\n",
    "candidate_null.py": "x = 1\0\n",
}


@pytest.fixture
def imported() -> Iterator[ModuleType]:
    before, main, path = set(sys.modules), sys.modules["__main__"], list(sys.meta_path)
    finder = CandidateFinder(FILES, load_compiled(compile_all(FILES)))
    yield import_candidate("candidate_main", finder)
    for name in set(sys.modules) - before:
        del sys.modules[name]
    sys.modules["__main__"] = main
    sys.meta_path[:] = path


def test_modules_and_packages_import_each_other(imported: ModuleType) -> None:
    assert imported.f(3) == 8
    assert imported.__name__ == "candidate_main"


def test_a_folder_without_an_init_file_is_a_package(imported: ModuleType) -> None:
    leaf = importlib.import_module("candidate_space.inner.leaf")
    assert leaf.value == 7
    assert sys.modules["candidate_space"].__file__ is None
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("candidate_space.other")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("candidate_spa")


def test_a_folder_without_an_init_file_hides_no_module(imported: ModuleType) -> None:
    for name in ("json", "json.helper"):
        sys.modules.pop(name, None)
    assert importlib.import_module("json").loads("[1]") == [1]


def test_sources_are_there_for_inspect(imported: ModuleType) -> None:
    assert inspect.getsource(imported.f) == "def f(x: int) -> str:\n    return double(x) + value\n"


def test_our_own_future_imports_do_not_hold_for_the_candidate(imported: ModuleType) -> None:
    assert imported.f.__annotations__ == {"x": int, "return": str}
    finder = CandidateFinder(FILES, {})
    assert not finder.get_code("candidate_main").co_flags & 0x1000000  # CO_FUTURE_ANNOTATIONS


@pytest.mark.parametrize("name", ["candidate_broken", "candidate_null"])
def test_what_does_not_compile_fails_when_it_is_imported(imported: ModuleType, name: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        __import__(name)


def test_only_the_submissions_files_are_the_candidates() -> None:
    finder = CandidateFinder(FILES, {})
    assert finder.find_spec("candidate_help", None) is not None
    assert finder.find_spec("json", None) is None
    with pytest.raises(ImportError):
        finder.get_source("json")


@pytest.mark.parametrize("blob", [b"", b"\xff", b"i\x01\x00\x00\x00", b"junk" * 10])
def test_a_damaged_blob_counts_as_nothing_compiled(blob: bytes) -> None:
    assert load_compiled(blob) == {}
