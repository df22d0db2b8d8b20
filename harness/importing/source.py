"""The files of a foreign exercise, and edits of their text that leave the rest as it is."""

from __future__ import annotations

import ast
import io
import os
import re
import tokenize
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from harness.catalog.content import is_junk
from harness.errors import RequestError
from harness.model.frozen import frozen
from harness.words import quoted

MOST_FILES = 500
_NOT_OURS = frozenset(
    {"venv", "node_modules", "site-packages", "build", "dist", "env", "__pycache__"}
    | {".git", ".hg", ".svn", ".venv", ".env", ".tox", ".nox", ".eggs", ".github", ".gitlab"}
    | {".idea", ".vscode", ".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
    | {".hypothesis", ".ipynb_checkpoints"}
)
_TEXTS = frozenset({".md", ".txt", ".rst"})
_COOKIE = re.compile(r"\A((?:[^\n]*\n)?)[ \t\f]*#[^\n]*?coding[:=][ \t]*[-\w.]+[^\n]*")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
Import = ast.Import | ast.ImportFrom


@frozen
class Module:
    """One Python file of the exercise."""

    path: PurePosixPath
    """Relative to the imported folder."""
    text: str
    tree: ast.Module = field(compare=False, repr=False)
    handed_on_by: tuple[tuple[str, ...], ...] = ()
    """Packages, as dotted names in parts, that only re-export names of this module."""
    is_made: bool = False
    """Whether its code was made here, with empty lines so that each case keeps its line."""

    @property
    def dotted(self) -> tuple[str, ...]:
        """Its name as an import may spell it, in parts."""
        parts = self.path.with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def name(self) -> str:
        """Its own name: that of the file, or of the folder of an `__init__.py`."""
        return self.dotted[-1] if self.dotted else self.path.stem

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """Functions and classes at the top, by name."""
        return {node.name: node for node in self.tree.body if isinstance(node, Definition)}

    @cached_property
    def handed_out(self) -> frozenset[str]:
        """What `import *` takes from it, without what it imports itself."""
        return frozenset(name for name, _ in assigned(self.tree) if name[0] != "_")


@dataclass
class Notes:
    """What the author must know about the import, in sentences; each is said once."""

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What could not be mapped, or needs a decision."""

    def note(self, line: str) -> None:
        """Say what was done."""
        if line not in self.done:
            self.done.append(line)

    def ask(self, line: str) -> None:
        """Say what is left to do."""
        if line not in self.left:
            self.left.append(line)


@frozen
class Source:
    """Everything readable in the exercise."""

    folder: Path
    modules: tuple[Module, ...]
    texts: Mapping[PurePosixPath, str]
    named: PurePosixPath | None
    """The file or folder that ``--solution`` names."""
    unreadable: tuple[str, ...] = ()
    """A sentence about each file that was left out."""
    notes: Notes = field(default_factory=Notes)

    def is_named(self, module: Module) -> bool:
        """Whether ``--solution`` names this file, or a folder around it."""
        return self.named is not None and self.named in (module.path, *module.path.parents)

    @property
    def command(self) -> str:
        """The command that imports the folder."""
        return f"harness author import {quoted(self.folder)}"

    def refuse(
        self, what: str, command: str = "harness author import FOLDER_OF_AN_EXERCISE"
    ) -> RequestError:
        """Return the error ``what``, which also says which files could not be read, and why."""
        return RequestError(" ".join([what, *self.unreadable[:5]]), command)


def read_source(folder: Path, solution: Path | None = None) -> Source:
    """Read the files below ``folder``.

    ``solution``: a file or folder, maybe elsewhere, that belongs to the exercise. Raises
    RequestError when there is no Python file, or far too many.
    """
    places = dict.fromkeys(_files_below(folder), folder)
    named = None
    if solution is not None:
        around = folder
        if not solution.is_relative_to(folder):
            around = (solution if solution.is_dir() else solution.parent).parent
            beside = _files_below(solution) if solution.is_dir() else [solution]
            places |= dict.fromkeys(beside, around)
        named = PurePosixPath(solution.relative_to(around).as_posix())
    paths = {PurePosixPath(p.relative_to(root).as_posix()): p for p, root in places.items()}
    if len(paths) > MOST_FILES:
        text = f"{folder} contains more than {MOST_FILES} files, so it is not a single exercise."
        raise RequestError(text, "harness author import FOLDER_OF_ONE_EXERCISE")
    modules: list[Module] = []
    texts: dict[PurePosixPath, str] = {}
    unreadable: list[str] = []
    notes = Notes()
    for name, path in paths.items():
        try:
            if path.suffix == ".py":
                text = _python_text(path)
                modules.append(Module(name, text, ast.parse(text)))
            else:
                texts[name] = path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError, SyntaxError, RecursionError, MemoryError) as error:
            unreadable.append(f"`{name}` cannot be read: {_reason(error)}.")
            notes.ask(f"`{name}` cannot be read and was left out: {_reason(error)}.")
    packaged = tuple(_with_packages(modules))
    source = Source(folder, packaged, texts, named, tuple(unreadable), notes)
    if not modules:
        raise source.refuse(f"{folder} contains no readable Python file.")
    return source


def _files_below(folder: Path) -> list[Path]:
    """Return the files that an exercise may consist of, those in folders with a dot as well."""
    found: list[Path] = []
    for around, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if name not in _NOT_OURS and (name.startswith(".") or not is_junk(name))
        )
        found += [
            Path(around, name)
            for name in sorted(files)
            if Path(name).suffix in {".py", *_TEXTS} and not is_junk(name)
            if Path(around, name).is_file()
        ]
        if len(found) > MOST_FILES:
            break
    return sorted(found)


def _python_text(path: Path) -> str:
    """Return a Python file's text without its coding cookie: in the pack, all files are UTF-8."""
    data = path.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
    return text if encoding.startswith("utf-8") else _COOKIE.sub(r"\1#", text, count=1)


def _reason(error: Exception) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f"syntax error in line {error.lineno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        byte = error.object[error.start]
        return f"it is no {error.encoding} text: byte {error.start} is 0x{byte:02x}"
    return str(error) if isinstance(error, ValueError | SyntaxError) else type(error).__name__


def _with_packages(modules: Sequence[Module]) -> Iterator[Module]:
    """Yield the modules that define something, with packages that only re-export their names."""
    handed_on: dict[PurePosixPath, list[tuple[str, ...]]] = {}
    bare = [m for m in modules if m.path.name == "__init__.py" and not m.definitions]
    for module in bare:
        froms = [n.module for n in module.tree.body if isinstance(n, ast.ImportFrom) and n.module]
        for name in froms:
            inner = module.path.parent / f"{name.rpartition('.')[2]}.py"
            handed_on.setdefault(inner, []).append(module.dotted)
    for module in modules:
        if module not in bare:
            yield replace(module, handed_on_by=tuple(handed_on.get(module.path, ())))


def first_line(node: ast.stmt) -> int:
    """Return the first line of a statement, from 1, decorators included."""
    decorators = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(each.lineno for each in decorators)])


def remove_statements(text: str, tree: ast.Module, doomed: Collection[ast.stmt]) -> str:
    """Return ``text`` without some of its statements, all other lines as they are."""
    lines = text.split("\n")
    gone: set[int] = set()
    instead: dict[int, str] = {}
    for node in doomed:
        first = first_line(node)
        gone |= set(range(first, (node.end_lineno or node.lineno) + 1))
        while first > 1 and not lines[first - 2].strip():
            first -= 1
            gone.add(first)
    for owner in ast.walk(tree):
        if not isinstance(owner, ast.ClassDef) or owner in doomed:
            continue
        if all(part in doomed for part in owner.body):
            instead[first_line(owner.body[0])] = " " * owner.body[0].col_offset + "pass"
    kept = [
        instead.get(number, line)
        for number, line in enumerate(lines, 1)
        if number not in gone or number in instead
    ]
    return tidy("\n".join(kept))


def replace_imports(text: str, instead: Callable[[Import], list[str] | None]) -> str:
    """Return ``text`` with other lines for its imports, the last first; None keeps an import."""
    lines = text.split("\n")
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, Import)]
    for node in sorted(nodes, key=lambda node: node.lineno, reverse=True):
        new = instead(node)
        if new is None:
            continue
        indent = " " * node.col_offset
        if indent and not new:
            new = ["pass"]  # it may be all that its block holds
        lines[node.lineno - 1 : node.end_lineno] = [indent + line for line in new]
    return "\n".join(lines)


def modules_named(node: ast.AST) -> list[str]:
    """Return the dotted names of the modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def is_future(node: ast.AST) -> bool:
    """Return whether a statement imports from ``__future__``, as a file has to do at its top."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def is_automatic(node: Definition) -> bool:
    """Return whether a fixture is used without being asked for."""
    return any("autouse=True" in ast.unparse(mark) for mark in node.decorator_list)


def names_set_by(node: ast.stmt) -> set[str]:
    """Return the names that a statement sets in its own scope, also within `if` and `try`."""
    if isinstance(node, Definition):
        return {node.name}
    if isinstance(node, Import):
        return {(a.asname or a.name).partition(".")[0] for a in node.names}
    found = {
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    inner = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]
    return found.union(*map(names_set_by, inner))


def assigned(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each name that a file's own code sets at its top, with that code."""
    for node in tree.body:
        if not isinstance(node, Import):
            for name in names_set_by(node):
                yield name, ast.unparse(node)


def contradictions(texts: Iterable[str]) -> list[str]:
    """Return the names that two of these files set differently at their top."""
    codes: dict[str, set[str]] = {}
    for text in texts:
        for name, code in assigned(ast.parse(text)):
            codes.setdefault(name, set()).add(code)
    return sorted(name for name, found in codes.items() if len(found) > 1)


def tidy(text: str) -> str:
    """Return ``text`` without empty lines around it, and with one line end at its end."""
    return text.strip("\n") + "\n"


def comments_of(text: str) -> dict[int, str]:
    """Return the comments that have a line of their own, by its number from 1."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {
        token.start[0]: token.string
        for token in tokens
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#")
    }


def words_of(nodes: Iterable[ast.AST]) -> set[str]:
    """Return every identifier within ``nodes``: names, attributes, arguments, words in strings."""
    found: set[str] = set()
    for node in (inner for each in nodes for inner in ast.walk(each)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(re.findall(r"[A-Za-z_]\w*", node.value))
    return found
