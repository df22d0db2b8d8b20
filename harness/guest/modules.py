"""Imports the candidate's files from memory: the box has no folder with them."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any


class CandidateFinder:
    """Finder and loader of the submission's modules, asked before any other.

    Derives from no class of ``importlib.abc``, whose import takes as long as ten of harness.
    """

    def __init__(self, files: Mapping[str, str], compiled: Mapping[str, CodeType]) -> None:
        self._files = files
        self._compiled = compiled
        self._found: set[str] = set()

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find ``name`` among the submission's files; part of the import protocol.

        ``path`` is where its package lies: those of the submission lie nowhere.
        """
        if path:
            return None
        base = name.replace(".", "/")
        for file in (f"{base}/__init__.py", f"{base}.py"):
            if file in self._files:
                self._found.add(name)
                loader: Any = self
                spec = ModuleSpec(
                    name, loader, origin=file, is_package=file.endswith("__init__.py")
                )
                spec.has_location = True
                return spec
        if self._is_folder(base) and not self._is_found_elsewhere(name, path):
            self._found.add(name)
            return ModuleSpec(name, None, is_package=True)  # a folder without __init__.py
        return None

    def forget(self) -> list[ModuleType]:
        """Have imports execute the submission's modules anew; return those that were imported."""
        return [sys.modules.pop(name) for name in self._found if name in sys.modules]

    def _is_folder(self, base: str) -> bool:
        return any(file.startswith(f"{base}/") for file in self._files)

    def _is_found_elsewhere(self, name: str, path: Sequence[str] | None) -> bool:
        finders: list[Any] = [finder for finder in sys.meta_path if finder is not self]
        return any(finder.find_spec(name, path) is not None for finder in finders)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Use the default module object; part of the import protocol."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code; part of the import protocol."""
        exec(self.get_code(module.__name__), module.__dict__)

    def get_source(self, name: str) -> str:
        """Return the source, so that ``inspect`` and tracebacks show lines."""
        return self._files[self._file_of(name)]

    def get_code(self, name: str) -> CodeType:
        """Return the code object, compiled once per submission where that succeeded."""
        file = self._file_of(name)
        code = self._compiled.get(file)
        return _compile(self._files[file], file) if code is None else code

    def _file_of(self, name: str) -> str:
        spec = self.find_spec(name, None)
        if spec is None or spec.origin is None:
            raise ImportError(f"no module named {name}", name=name)
        return spec.origin


def compile_all(files: Mapping[str, str]) -> bytes:
    """Compile every file that compiles; runs in a box, since a compiler can be attacked too."""
    compiled = {}
    for file, source in files.items():
        try:
            compiled[file] = _compile(source, file)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue  # importing it says why
    return marshal.dumps(compiled)


def _compile(source: str, file: str) -> CodeType:
    # Without `dont_inherit`, this module's own `from __future__` lines would hold for theirs.
    return compile(source, file, "exec", dont_inherit=True)


def load_compiled(blob: bytes) -> dict[str, CodeType]:
    """Undo :func:`compile_all`; runs in a box, since the bytes come from one."""
    try:
        loaded = marshal.loads(blob) if blob else {}
    except (ValueError, EOFError, TypeError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def import_candidate(name: str, finder: CandidateFinder) -> ModuleType:
    """Import the module ``name`` of the submission. Raises whatever it raises."""
    if finder not in sys.meta_path:
        sys.meta_path.insert(0, finder)
    sys.modules["__main__"] = ModuleType("__main__")
    return __import__(name, level=0)
