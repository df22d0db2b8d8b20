"""Nothing depends on the world outside: read from the syntax of suites and references."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from harness.authoring.findings import at_file
from harness.authoring.subject import Subject
from harness.model.finding import Finding
from harness.model.judgement import Suite

_CLOCK = "the real clock"
_CHANCE = "chance"
_NETWORK = "a network"
_ENVIRONMENT = "the environment"
_PLATFORM = "the platform"
_FILES = "files"
_TIMES = ["time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime"]
_ASKS = {
    **dict.fromkeys([f"time.{name}{end}" for name in _TIMES for end in ("", "_ns")], _CLOCK),
    "time.sleep": _CLOCK,
    **dict.fromkeys([f"datetime.datetime.{name}" for name in ("now", "today", "utcnow")], _CLOCK),
    "datetime.date.today": _CLOCK,
    **dict.fromkeys(["os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4"], _CHANCE),
    **dict.fromkeys(["asyncio.open_connection", "asyncio.start_server"], _NETWORK),
    **dict.fromkeys(["time.timezone", "time.tzname", "time.altzone"], _ENVIRONMENT),
    **dict.fromkeys(["os.name", "os.uname", "os.cpu_count", "os.sep", "os.linesep"], _PLATFORM),
    **dict.fromkeys(["sys.argv", "sys.path", "sys.orig_argv", "sys.executable"], _ENVIRONMENT),
    **dict.fromkeys(["sys.flags", "sys.prefix", "sys.stdin"], _ENVIRONMENT),
    **dict.fromkeys(["sys.byteorder", "sys.implementation", "sys.maxsize"], _PLATFORM),
    **dict.fromkeys(["sys.platform", "sys.version", "sys.version_info"], _PLATFORM),
    **dict.fromkeys(["sys.hexversion", "sys.getfilesystemencoding"], _PLATFORM),
    **dict.fromkeys(["multiprocessing.cpu_count", "struct.calcsize"], _PLATFORM),
    **dict.fromkeys(["io.open", "open", "codecs.open"], _FILES),
    **dict.fromkeys(["id", "hash"], "where objects lie in memory, or the hash seed"),
}
"""Functions and values, by what they depend on."""
_HARMLESS = frozenset(
    {
        *("os.path.basename", "os.path.dirname", "os.path.join", "os.path.normpath"),
        *("os.path.split", "os.path.splitext", "os.path.commonprefix", "os.fspath", "os.PathLike"),
    }
)
"""What of ``os`` depends on nothing; the rest is there to ask the machine."""
_ASKS_THE_SYSTEM = re.compile(r"os(\.path)?\.(?!path\b)\w+|pathlib\.(?!Pure)\w+")
_ASKS_WITHOUT_ARGUMENTS = {
    "random.Random": _CHANCE,
    **dict.fromkeys(["time.localtime", "time.gmtime", "time.ctime"], _CLOCK),
}
_MODULES = {
    "secrets": _CHANCE,
    **dict.fromkeys(["platform", "locale", "sysconfig"], _PLATFORM),
    **dict.fromkeys(["getpass", "pwd", "grp", "resource", "site"], _ENVIRONMENT),
    **dict.fromkeys(["tempfile", "shutil", "glob", "fileinput", "linecache"], _FILES),
    **dict.fromkeys(["socket", "ssl", "http", "urllib.request", "requests", "httpx"], _NETWORK),
    **dict.fromkeys(["aiohttp", "ftplib", "smtplib", "imaplib", "poplib", "xmlrpc"], _NETWORK),
}

_WHY = "A candidate's verdict would depend on luck, and no failure could be looked into."


def outside(subject: Subject) -> Iterator[Finding]:
    """Suites and references depend on nothing outside; read from their syntax alone."""
    sources = []
    for level in subject.levels:
        sources += [(subject.problem.suite_path(level, suite), level) for suite in Suite]
        folder = subject.problem.reference_dir(level)
        sources += [(folder / name, level) for name in subject.references[level].files]
    for path, level in sources:
        try:
            found = uses(path.read_text(encoding="utf-8-sig"))
        except (SyntaxError, ValueError):
            continue  # of a reference: another check reports it
        for line, name, what in found:
            yield at_file(
                path,
                f"{name} depends on {what}.",
                _WHY,
                "pass times as arguments; order threads by events with a timeout; take random data "
                "from the fixture rng or from random.Random(7)",
                line=line,
                level=level,
            )


def uses(source: str) -> list[tuple[int, str, str]]:
    """Return what ``source`` uses of the world outside: line, dotted name, what that depends on.

    Raises SyntaxError.
    """
    found: set[tuple[int, str, str]] = set()
    names: dict[str, str] = {}
    nodes = list(ast.walk(ast.parse(source)))
    made = {node.id for node in nodes if isinstance(node, ast.Name) and _is_bound(node)}
    made |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    made |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {name: name for name in ("open", "id", "hash") if name not in made}
    for node in nodes:
        if isinstance(node, ast.Import):
            beginning = ""
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            beginning = f"{node.module}."
        else:
            continue
        for each in node.names:
            full = beginning + each.name
            name = each.asname or each.name.partition(".")[0]
            names[name] = name if full.startswith(f"{name}.") else full
            module = next((m for m in _MODULES if f"{full}.".startswith(f"{m}.")), None)
            if module is not None:
                found.add((node.lineno, module, _MODULES[module]))
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = _full_name(node, names)
            what = _ASKS.get(name)
            if name.startswith("random.") and name.count(".") == 1 and name != "random.Random":
                what = _CHANCE
            elif _ASKS_THE_SYSTEM.fullmatch(name) and name not in _HARMLESS:
                what = what or _ENVIRONMENT
            if what is not None:
                found.add((node.lineno, name, what))
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            name = _full_name(node.func, names)
            if name in _ASKS_WITHOUT_ARGUMENTS:
                found.add((node.lineno, f"{name}()", _ASKS_WITHOUT_ARGUMENTS[name]))
    return sorted(found)


def _is_bound(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)


def _full_name(node: ast.expr, names: Mapping[str, str]) -> str:
    """Return what a dotted name means by the imports of its file; empty for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = _full_name(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""
