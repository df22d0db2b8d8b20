"""Suites and references depend on nothing outside. Read from their syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from harness.authoring.checks.determinism import WHY_SAME
from harness.authoring.subject import Subject
from harness.model.finding import Check, Finding
from harness.model.frozen import frozen
from harness.model.judgement import Suite

_CLOCK = "the real clock"
_CHANCE = "chance"
_NETWORK = "a network"
_ENVIRONMENT = "the environment"
_PLATFORM = "the platform"
_TIMES = ["time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime"]
_ASKS = {
    **dict.fromkeys([f"time.{name}{end}" for name in _TIMES for end in ("", "_ns")], _CLOCK),
    "time.sleep": _CLOCK,
    **dict.fromkeys([f"datetime.datetime.{name}" for name in ("now", "today", "utcnow")], _CLOCK),
    "datetime.date.today": _CLOCK,
    **dict.fromkeys(["os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4"], _CHANCE),
    **dict.fromkeys(["asyncio.open_connection", "asyncio.start_server"], _NETWORK),
    **dict.fromkeys(["os.environ", "os.environb", "os.getenv", "os.getcwd"], _ENVIRONMENT),
    **dict.fromkeys(["os.getpid", "os.getlogin", "sys.argv"], _ENVIRONMENT),
    **dict.fromkeys(["pathlib.Path.home", "pathlib.Path.cwd"], _ENVIRONMENT),
    **dict.fromkeys(["os.name", "os.uname", "os.cpu_count"], _PLATFORM),
    **dict.fromkeys(["sys.platform", "sys.version_info"], _PLATFORM),
}
"""Functions and values, by what they depend on."""
_ASKS_WITHOUT_ARGUMENTS = {
    "random.Random": _CHANCE,
    **dict.fromkeys(["time.localtime", "time.gmtime", "time.ctime"], _CLOCK),
}
_MODULES = {
    "secrets": _CHANCE,
    **dict.fromkeys(["platform", "locale"], _PLATFORM),
    "getpass": _ENVIRONMENT,
    **dict.fromkeys(["socket", "ssl", "http", "urllib.request", "requests", "httpx"], _NETWORK),
    **dict.fromkeys(["aiohttp", "ftplib", "smtplib", "imaplib", "poplib", "xmlrpc"], _NETWORK),
}


@frozen
class Use:
    """One place that depends on something outside."""

    line: int
    name: str
    """Such as ``time.monotonic``."""
    what: str
    """What it depends on."""


def outside(subject: Subject) -> Iterator[Finding]:
    """Nothing depends on the world outside."""
    for path, level in _sources(subject):
        try:
            found = uses(path.read_text(encoding="utf-8-sig"))
        except (SyntaxError, ValueError):
            continue  # of a reference: another check reports it
        for use in found:
            yield Finding(
                message=f"{use.name} depends on {use.what}.",
                why=WHY_SAME,
                fix="pass times as arguments; order threads by events with a timeout; take random "
                "data from the fixture rng or from random.Random(7)",
                path=path,
                line=use.line,
                level=level,
            )


def _sources(subject: Subject) -> Iterator[tuple[Path, int]]:
    for level in subject.levels:
        for suite in Suite:
            yield subject.problem.suite_path(level, suite), level
        for name in subject.references[level].files:
            yield subject.problem.reference_dir(level) / name, level


def uses(source: str) -> list[Use]:
    """Return what ``source`` uses of the world outside, by line. Raises SyntaxError."""
    found: set[Use] = set()
    names: dict[str, str] = {}
    nodes = list(ast.walk(ast.parse(source)))
    for node in nodes:
        for bound, full in _imported(node):
            names[bound] = bound if full.startswith(f"{bound}.") else full
            module = next((m for m in _MODULES if f"{full}.".startswith(f"{m}.")), None)
            if module is not None and isinstance(node, ast.stmt):
                found.add(Use(node.lineno, module, _MODULES[module]))
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = _full_name(node, names)
            what = _ASKS.get(name)
            if name.startswith("random.") and name.count(".") == 1 and name != "random.Random":
                what = _CHANCE
            if what is not None:
                found.add(Use(node.lineno, name, what))
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            name = _full_name(node.func, names)
            if name in _ASKS_WITHOUT_ARGUMENTS:
                found.add(Use(node.lineno, f"{name}()", _ASKS_WITHOUT_ARGUMENTS[name]))
    return sorted(found, key=lambda use: (use.line, use.name))


def _imported(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds, and what it is called everywhere."""
    if isinstance(node, ast.Import):
        for each in node.names:
            yield each.asname or each.name.partition(".")[0], each.name
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for each in node.names:
            yield each.asname or each.name, f"{node.module}.{each.name}"


def _full_name(node: ast.expr, names: dict[str, str]) -> str:
    """Return what a dotted name means by the imports of its file; empty for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = _full_name(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""


CHECKS = (
    Check(
        name="outside",
        title="nothing depends on clock, chance, network or machine",
        run=outside,
        needs=("suites",),
    ),
)
