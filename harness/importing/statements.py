"""What a candidate reads of a foreign exercise: the statements, and the skeleton to start from.

A statement comes from a file or heading of its level, else from docstrings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from harness.importing.level_names import level_in_heading, level_in_path
from harness.importing.licences import is_license
from harness.importing.source import Definition, Function, Import, Module, Notes, Source
from harness.importing.symbols import inherited, qualified
from harness.model.manifest import Symbols

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_MARKER = re.compile(
    r"^\W*(?:(?:level|lvl|stage|part|phase|milestone|step|task|round|l)[\s_-]*"
    r"(?:\d+|[a-h]|[a-z]+)\b|\d+\s*(?=[.:)–—-]))"
    r"[\s:.)–—-]*",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^\s*(```|~~~)")
_LONGEST_LINE = 200
_FOR_ALL = (
    *("readme", "introduction", "instructions", "index", "statement", "description"),
    *("task", "problem", "spec", "assignment", "exercise"),
)
_FUTURE = "from __future__ import annotations"


@dataclass
class Texts:
    """What the exercise says in words."""

    title: str = ""
    preamble: str = ""
    of_level: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)


def read_texts(source: Source, levels: Sequence[int]) -> Texts:
    """Gather the words of each level; ``levels`` as the exercise counts them."""
    found, notes = Texts(), source.notes
    unused: list[PurePosixPath] = []
    for path, text in sorted(source.texts.items(), key=lambda each: _order(each[0])):
        level = _level_of_text(path)
        if is_license(path.name) or path.stem.startswith("requirements"):
            continue
        if level in levels and level is not None:
            _add(found, level, text)
        elif level is not None:
            notes.ask(f"`{path}` is about level {level}, which has no cases: it was not used.")
        elif _order(path) < len(_FOR_ALL):
            _read_sections(path, text, found, levels, notes)
        else:
            unused.append(path)
    if unused:
        files = ", ".join(f"`{path}`" for path in unused[:5])
        more = f" and {len(unused) - 5} more" if len(unused) > 5 else ""
        notes.ask(f"{files}{more} belongs to no level and was not used.")
    return found


def _order(path: PurePosixPath) -> int:
    """Return the place of a text for all levels; behind all, if it is none."""
    word = path.name.lower().partition(".")[0]
    return _FOR_ALL.index(word) if word in _FOR_ALL else len(_FOR_ALL)


def _level_of_text(path: PurePosixPath) -> int | None:
    level = level_in_path(path)
    if level is None and (found := re.match(r"^[A-Za-z]+[\s_.-]?0*(\d{1,2})$", path.stem)):
        return int(found[1])
    return level


def make_statement(
    title: str, words: str, preamble: str, solution: Module, symbols: Symbols
) -> str:
    """Return the statement of a level: what the exercise says, then the new names."""
    if not words:
        classes = [solution.definitions[n] for n in symbols.classes if n in solution.definitions]
        words = "\n\n".join(filter(None, map(ast.get_docstring, classes)))
    parts = [f"# {title}", preamble, words]
    names = _names(solution, symbols)
    if names:
        parts.append("## Names\n\n" + "\n".join(names))
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def first_sentence(text: str) -> str:
    """Return the first sentence of Markdown, without its marks, on one line; may be empty."""
    for block in re.split(r"\n\s*\n", text):
        plain = " ".join(re.sub(r"[*_`>]|^[-+]\s", "", block, flags=re.MULTILINE).split())
        if plain and not block.lstrip().startswith(("#", "```", "~~~", "|")):
            sentence = re.split(r"(?<=[.!?])\s", plain)[0]
            return sentence[: _LONGEST_LINE - 1]
    return ""


def _add(found: Texts, level: int, text: str) -> None:
    """Take a text that is all of one level; a heading at its top is the level's title."""
    lines = text.strip("\n").split("\n")
    heading = _HEADING.match(lines[0])
    if heading:
        found.titles.setdefault(level, _title(heading[2]))
        lines = lines[1:]
    before = found.of_level.get(level, "")
    found.of_level[level] = (before + "\n\n" + "\n".join(lines)).strip("\n")


def _read_sections(
    path: PurePosixPath, text: str, found: Texts, levels: Sequence[int], notes: Notes
) -> None:
    """Share a README between the levels by its headings; before them stands the preamble."""
    current: int | None = None
    depth = 0
    in_code = in_other = False
    for line in text.split("\n"):
        in_code ^= bool(_FENCE.match(line))
        heading = None if in_code else _HEADING.match(line)
        level = level_in_heading(heading[2]) if heading else None
        if heading and level in levels and level is not None:
            current, depth, in_other = level, len(heading[1]), False
            found.titles.setdefault(level, _title(heading[2]))
            continue
        if heading and not found.title and len(heading[1]) == 1 and current is None:
            found.title = heading[2]
            continue
        if heading and current is not None and len(heading[1]) <= depth:
            notes.ask(f'`{path}`: the section "{heading[2]}" was not used.')
            in_other = True
        if in_other:
            continue
        if current is None:
            found.preamble += line + "\n"
        else:
            found.of_level[current] = found.of_level.get(current, "") + line + "\n"


def _title(heading: str) -> str:
    return re.sub(r"[*_`]", "", _MARKER.sub("", heading)).strip(" ()[]")[:_LONGEST_LINE]


def _names(solution: Module, symbols: Symbols) -> list[str]:
    lines = []
    for name in symbols.functions:
        lines.append(_described(solution.definitions[name], ""))
    for name, methods in symbols.classes.items():
        node = solution.definitions[name]
        lines.append(f"- `{signature_of(node)}`")
        inner = {part.name: part for part in getattr(node, "body", []) if hasattr(part, "name")}
        lines += [_described(inner[m], f"{name}.") for m in methods if m in inner]
    lines += [f"- `{name}`, derived from `{base}`" for name, base in symbols.exceptions.items()]
    return lines


def _described(node: Definition, around: str) -> str:
    words = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
    return f"- `{around}{signature_of(node)}`" + (f": {words}" if words else "")


def title_of(texts: Texts, level: int, number: int) -> str:
    """Return the title of a level, by default its number in the pack."""
    return texts.titles.get(level) or f"Level {number}"


def make_skeleton(solution: str, symbols: Symbols, properties: Collection[str] = ()) -> str:
    """Return the skeleton of level 1.

    ``solution``: its text; ``symbols``: what the level adds; ``properties``: as ``Class.name``.
    """
    tree = ast.parse(solution)
    names = inherited({*qualified(symbols), *properties}, {n.name: n for n in _definitions(tree)})
    kept = [_stub(node, names) for node in _definitions(tree) if node.name in names]
    needed = _names_in(kept)
    before = [node for node in tree.body if _is_needed(node, needed)]
    # What the values of those constants need.
    needed |= _names_in(before)
    before = [node for node in tree.body if _is_needed(node, needed)]
    docstring = ast.get_docstring(tree)
    parts = [f'"""{docstring}"""' if docstring and '"""' not in docstring else ""]
    # A constant may be made of a class above it: `Kinds = Kind`.
    first = min((node.lineno for node in kept), default=0)
    above = [n for n in before if isinstance(n, Import) or n.lineno < first]
    parts += [_FUTURE, "\n".join(ast.unparse(node) for node in above)]
    head = "\n\n".join(part for part in parts if part)
    below = [*kept, *(node for node in before if node not in above)]
    code = {node.lineno: _spaced(node) for node in below}
    return "\n\n\n".join([head, *(code[line] for line in sorted(code))]) + "\n"


def signature_of(node: Definition) -> str:
    """Return the first line of a function as a statement shows it, without ``def`` and ``self``."""
    if isinstance(node, ast.ClassDef):
        init = next(
            (p for p in node.body if isinstance(p, Function) and p.name == "__init__"), None
        )
        if init:
            return signature_of(init).replace("__init__", node.name, 1)
        marks = {
            n.id for mark in node.decorator_list for n in ast.walk(mark) if isinstance(n, ast.Name)
        }
        fields = [ast.unparse(part) for part in node.body if isinstance(part, ast.AnnAssign)]
        return f"{node.name}({', '.join(fields) if 'dataclass' in marks else ''})"
    arguments = ast.unparse(node.args)
    first, _, rest = arguments.partition(", ")
    if first in ("self", "cls"):
        arguments = rest
    answer = f" -> {ast.unparse(node.returns)}" if node.returns and node.name != "__init__" else ""
    return f"{node.name}({arguments}){answer}"


def _definitions(tree: ast.Module) -> list[Definition]:
    return [node for node in tree.body if isinstance(node, Definition)]


def _stub(node: Definition, names: Collection[str]) -> Definition:
    """Return a definition without its code."""
    if not isinstance(node, ast.ClassDef):
        return _stub_function(node)
    body: list[ast.stmt] = []
    for part in node.body:
        if isinstance(part, Function):
            takes_more = part.name == "__init__" and ast.unparse(part.args) != "self"
            if takes_more or f"{node.name}.{part.name}" in names:
                body.append(_stub_function(part))
        elif isinstance(part, ast.AnnAssign | ast.Assign) and not _is_private(part):
            body.append(part)
    docstring = _docstring(node)
    stub = ast.ClassDef(
        name=node.name,
        bases=node.bases,
        keywords=node.keywords,
        body=[*docstring, *body] or [ast.Pass()],
        decorator_list=node.decorator_list,
    )
    return ast.copy_location(stub, node)


def _stub_function(node: Function) -> Function:
    left_out = ast.parse("raise NotImplementedError").body
    node.body = [*_docstring(node), *left_out]
    return node


def _docstring(node: Definition) -> list[ast.stmt]:
    return [] if ast.get_docstring(node) is None else node.body[:1]


def _is_private(node: ast.AnnAssign | ast.Assign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(t, ast.Name) and t.id.startswith("_") for t in targets)


def _is_needed(node: ast.stmt, names: Collection[str]) -> bool:
    """Whether a statement at the top sets a name that the skeleton uses."""
    if isinstance(node, Import):
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            return False
        return any((a.asname or a.name).partition(".")[0] in names for a in node.names)
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Name) and t.id in names for t in node.targets)
    return False


def _names_in(nodes: Collection[ast.AST]) -> set[str]:
    return {n.id for each in nodes for n in ast.walk(each) if isinstance(n, ast.Name)}


def _spaced(node: ast.stmt) -> str:
    """Return a statement as text, with an empty line before each method."""
    ast.fix_missing_locations(node)
    lines = ast.unparse(node).split("\n")
    spaced: list[str] = []
    for line in lines:
        starts = line.startswith(("    def ", "    async def ", "    @"))
        if starts and spaced and not spaced[-1].startswith("    @") and spaced[-1].strip():
            spaced.append("")
        spaced.append(line)
    return "\n".join(spaced)
