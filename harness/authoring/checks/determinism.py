"""The same code gets the same outcome: it asks nothing outside, and no circumstance matters."""

from __future__ import annotations

import ast
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from harness.authoring.findings import at_case, at_file, line_of_case
from harness.authoring.subject import Subject
from harness.authoring.trials import function_of
from harness.errors import JudgeError
from harness.model.finding import Finding
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Suite
from harness.model.plain import from_plain
from harness.model.problem import Problem, Snapshot
from harness.words import quoted

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

PROGRAM = Path(__file__).with_name("plain_pytest.py")
PATIENCE_SECONDS = 300.0
"""For one run of plain pytest. An honest one takes seconds."""
MARGIN = 5
"""The slowest case of a reference takes at most this part of its wall limit."""
AT_A_TIME = 4
"""Runs at the same time. Running in parallel is a circumstance, too."""
FRESH_TRIES = 3
"""How often a case that seems too slow is judged again: the machine may have been busy."""

Circumstances = Mapping[str, str]
"""What must make no difference: variables of the environment, ``order`` and ``alone``.

``order``: the seed of a shuffled order of cases. ``alone``: each case has its own process.
"""
USUAL: Circumstances = {}
CHANGED: Sequence[Circumstances] = (
    {"order": "1", "PYTHONHASHSEED": "1", "TZ": "AAA-14", "HOME": "/home/a", "USER": "a"},
    {"order": "2", "PYTHONHASHSEED": "2", "TZ": "BBB+3:30", "LANG": "de_DE.UTF-8"},
    {"order": "3", "PYTHONHASHSEED": "3", "TZ": "AAA-14", "LOGNAME": "b", "COLUMNS": "40"},
    {"order": "4", "PYTHONHASHSEED": "4", "TZ": "BBB+3:30"},
    {"alone": "yes"},
)
"""Together with ``USUAL``: five hash seeds, three time zones, five orders, and each case alone."""

_WHY_SAME = "A candidate's verdict would depend on luck, and no failure could be looked into."


@frozen
class PlainRun:
    """What came of a run of plain pytest."""

    outcomes: Mapping[str, Mapping[str, str]]
    """Arrangement → case → how it ended."""
    reached: Mapping[str, tuple[int, ...]]
    """Path of a traced file → the lines that ran."""


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
                _WHY_SAME,
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


def determinism(subject: Subject) -> Iterator[Finding]:
    """No circumstance matters, and no case is near its limit."""
    for level in subject.levels:
        suites = {s.value: subject.problem.suite_path(level, s).read_bytes() for s in Suite}
        hashes = [Snapshot(files=suites).hash, subject.references[level].hash]
        fact = f"steady: {hashes} {CHANGED} {version('pytest')}"
        if not subject.examiner.knows(fact):
            is_steady = True
            for finding in _repeats(subject.problem, level):
                is_steady = False
                yield finding
            if is_steady:
                subject.examiner.note(fact)
    yield from _slow(subject)


def _repeats(problem: Problem, level: int) -> Iterator[Finding]:
    """Run a level's suites again and again."""
    usual = run_cases(problem, level, USUAL)
    for case, outcome in usual.items():
        if outcome != "passed":
            path, _, name = case.partition("::")
            yield _of_plain_case(
                level,
                case,
                f"{name or 'The suite'} does not pass as plain pytest with the level's reference: "
                f"{outcome}.",
                "A candidate who debugs a visible case with plain pytest, and an author who writes "
                "a hidden one, would chase what is not there.",
                f"PYTHONPATH=reference/level{level} python -m pytest {quoted(path)}",
            )
    steady = sorted(case for case, outcome in usual.items() if outcome == "passed")
    if not steady:
        return
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        again = list(pool.map(lambda how: _failing(problem, level, how, steady), CHANGED))
    for case in steady:
        for how, failing in zip(CHANGED, again, strict=True):
            if case in failing:
                yield _of_plain_case(
                    level,
                    case,
                    f"{case.partition('::')[2]} does not pass "
                    f"{_cause(problem, level, how, steady, case)}: {failing[case]}.",
                    _WHY_SAME,
                    "let the case make all it needs, compare what has no order as sets or sorted, "
                    "and wait for events instead of for time; or, if the statement says the order, "
                    f"let reference/level{level}/ keep it",
                )
                break


def _failing(
    problem: Problem, level: int, how: Circumstances, cases: Sequence[str]
) -> Mapping[str, str]:
    """Return those of ``cases`` that do not pass under circumstances, with their outcomes."""
    outcomes = run_cases(problem, level, how, cases)
    now = {case: outcomes.get(case, "was not run") for case in cases}
    return {case: outcome for case, outcome in now.items() if outcome != "passed"}


def _cause(
    problem: Problem, level: int, how: Circumstances, cases: Sequence[str], case: str
) -> str:
    """Return the circumstance that makes the difference, by trying each alone."""
    words = {"order": "in another order", "alone": "each case alone"}
    for name, value in how.items():
        if case in _failing(problem, level, {name: value}, cases):
            return words.get(name, f"with {name}={value}")
    return "now and then, in a mix of circumstances or beside other processes"


def _of_plain_case(level: int, case: str, message: str, why: str, fix: str) -> Finding:
    """Return a finding about a case as plain pytest names it: a path and perhaps a name."""
    path, _, name = case.partition("::")
    line = line_of_case(Path(path), name) if name else None
    return at_file(Path(path), message, why, fix, line=line, level=level)


def run_cases(
    problem: Problem, level: int, how: Circumstances, cases: Sequence[str] = ()
) -> Mapping[str, str]:
    """Run ``cases``, else both suites of ``level``, against its reference, as plain pytest.

    Return each case, as a path and a name → ``passed``, or how else it ended.
    Raises JudgeError when that does not come to an end.
    """
    wanted = list(cases or [str(problem.suite_path(level, suite)) for suite in Suite])
    if "order" in how:
        random.Random(int(how["order"])).shuffle(wanted)
    arrangement = "alone" if "alone" in how else "given"
    return run_arranged(problem, level, [arrangement], how, wanted).outcomes[arrangement]


def run_arranged(
    problem: Problem,
    level: int,
    arrangements: Sequence[str],
    how: Circumstances = USUAL,
    cases: Sequence[str] = (),
    traced: Sequence[Path] = (),
) -> PlainRun:
    """Run cases as :func:`run_cases` does, in each of ``given``, ``reversed`` and ``alone``."""
    wanted = list(cases or [str(problem.suite_path(level, suite)) for suite in Suite])
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(problem.reference_dir(level)),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "TZ": "UTC0",  # as the others without names, so that it needs no database
        **{name: value for name, value in how.items() if name.isupper()},
    }
    with tempfile.TemporaryDirectory() as nowhere:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-s", str(PROGRAM)],
                input=json.dumps(
                    {
                        "cases": wanted,
                        "arrangements": list(arrangements),
                        "trace": list(map(str, traced)),
                    }
                ),
                capture_output=True,
                text=True,
                env=environment,
                cwd=nowhere,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _failed(problem, level, f"did not end within {PATIENCE_SECONDS:.0f} s") from None
    try:
        run = from_plain(PlainRun, json.loads(done.stdout))
    except ValueError:
        last = done.stderr.strip().rsplit("\n", 1)[-1]
        raise _failed(problem, level, f"ended with {done.returncode}: {last}") from None
    return run


def _failed(problem: Problem, level: int, what: str) -> JudgeError:
    suite = problem.suite_path(level, Suite.HIDDEN)
    reference = problem.reference_dir(level)
    return JudgeError(
        f"Plain pytest of {problem.slug}, level {level}, {what}.",
        f"PYTHONPATH={quoted(reference)} python -m pytest {quoted(suite)}",
    )


def slowest(subject: Subject, suite: Suite = Suite.HIDDEN) -> Mapping[int, CaseOutcome]:
    """Return for each level its slowest case, judged with the level's reference."""
    asked = [subject.request(subject.references[n], range(1, n + 1), suite) for n in subject.levels]
    judged = zip(subject.levels, subject.judge_all(asked), strict=True)
    return {
        level: max(outcomes, key=lambda outcome: outcome.seconds)
        for level, judgement in judged
        if (outcomes := judgement.of_level(level))
    }


def _slow(subject: Subject) -> Iterator[Finding]:
    limit = subject.problem.manifest.limits.wall_seconds
    for suite in Suite:
        for level, outcome in slowest(subject, suite).items():
            seconds = outcome.seconds
            request = subject.request(subject.references[level], (level,), suite)
            for _ in range(FRESH_TRIES):
                if seconds > limit / MARGIN:
                    again = subject.judge(request, fresh=True).outcomes
                    seconds = min([seconds, *(o.seconds for o in again if o.case == outcome.case)])
            if seconds > limit / MARGIN:
                yield at_case(
                    subject,
                    outcome,
                    f"{function_of(outcome)} takes {seconds:.2f} s with the reference; "
                    f"the limit is {limit:g} s, which is less than {MARGIN} times that.",
                    "On a slower or busier machine right solutions would get time_limit.",
                    "make the case smaller or the reference faster, or raise wall_seconds in "
                    "problem.toml",
                    suite=suite,
                )
