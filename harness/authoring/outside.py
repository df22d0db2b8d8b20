"""Finds where code asks the world outside: clocks, chance, networks. Never runs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from harness.model.frozen import frozen

_CLOCK = "the real clock"
_CHANCE = "chance"
_NETWORK = "a network"

_ASKS: dict[str, str] = {
    **dict.fromkeys(
        (
            *(f"time.{name}" for name in ("time", "monotonic", "perf_counter", "process_time")),
            *(f"time.{name}_ns" for name in ("time", "monotonic", "perf_counter", "process_time")),
            *("time.sleep", "time.thread_time", "time.clock_gettime", "time.clock_gettime_ns"),
            *(f"datetime.datetime.{name}" for name in ("now", "today", "utcnow")),
            "datetime.date.today",
        ),
        _CLOCK,
    ),
    **dict.fromkeys(
        ("os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4", "random.SystemRandom"), _CHANCE
    ),
    **dict.fromkeys(
        (
            f"random.{name}"
            for name in (
                *("random", "randint", "randrange", "randbytes", "getrandbits", "uniform"),
                *("choice", "choices", "sample", "shuffle", "gauss", "normalvariate"),
                *("triangular", "expovariate", "betavariate", "gammavariate", "seed"),
            )
        ),
        _CHANCE,
    ),
    **dict.fromkeys(("asyncio.open_connection", "asyncio.start_server"), _NETWORK),
}
_ASKS_WITHOUT_ARGUMENTS = {
    "random.Random": _CHANCE,
    "time.localtime": _CLOCK,
    "time.gmtime": _CLOCK,
    "time.ctime": _CLOCK,
}
_MODULES = {
    "secrets": _CHANCE,
    **dict.fromkeys(
        (
            *("socket", "ssl", "urllib.request", "http", "ftplib", "smtplib", "socketserver"),
            *("imaplib", "poplib", "xmlrpc", "telnetlib", "requests", "httpx", "aiohttp"),
        ),
        _NETWORK,
    ),
}


@frozen
class Use:
    """One place that asks."""

    line: int
    name: str
    """Such as ``time.monotonic``."""
    asks: str
    """What it asks, to stand after "asks"."""


def uses(source: str) -> list[Use]:
    """Return where ``source`` asks the world outside, in order of lines. Raises SyntaxError."""
    tree = ast.parse(source)
    names = dict(_imported(tree))
    found = {*_imports(tree), *_mentions(tree, names)}
    return sorted(found, key=lambda use: (use.line, use.name))


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (name in this file, what it is called by everybody)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.asname:
                    yield each.asname, each.name
                else:
                    top = each.name.partition(".")[0]
                    yield top, top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                yield each.asname or each.name, f"{node.module}.{each.name}"


def _imports(tree: ast.AST) -> Iterator[Use]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # "from urllib import request" imports urllib.request.
            modules = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        else:
            continue
        for module in modules:
            for known, asks in _MODULES.items():
                if module == known or module.startswith(f"{known}."):
                    yield Use(node.lineno, known, asks)


def _mentions(tree: ast.AST, names: dict[str, str]) -> Iterator[Use]:
    """Yield functions that ask, called or handed on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = _full_name(node, names)
            if name in _ASKS:
                yield Use(node.lineno, name, _ASKS[name])
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            name = _full_name(node.func, names)
            if name in _ASKS_WITHOUT_ARGUMENTS:
                yield Use(node.lineno, f"{name}()", _ASKS_WITHOUT_ARGUMENTS[name])


def _full_name(node: ast.expr, names: dict[str, str]) -> str:
    """Return what a dotted name means by the imports of its file; empty for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = _full_name(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""
