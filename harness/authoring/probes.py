"""Solutions that know nothing and try to be accepted all the same, made from a manifest's names."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from harness.model.frozen import frozen
from harness.model.manifest import Manifest
from harness.model.snapshot import Snapshot

GOT_THROUGH = "[the probe has read the suite]"
"""What a probe prints when it came by the text of a suite."""

_ANSWERS = ("None", "True", "False", "0", "1", "''", "[]", "{}")

_TOKEN = "'~ no right answer ~'"

_EQUAL = """
class Everything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 1
    def __iter__(self): return iter([self])
    def __getitem__(self, key): return self
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    def __enter__(self): return self
    def __exit__(self, *error): return True
    def __str__(self): return "True"
everything = Everything()
"""

_LIARS = """
class Text(str):
    __eq__ = __contains__ = __lt__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = str.__hash__
"""

_PATCHES = """
import builtins, json, unittest
class Equal(type):
    def __eq__(self, other): return True
    __hash__ = type.__hash__
class AssertionError(Exception, metaclass=Equal): pass
builtins.AssertionError = AssertionError
builtins.isinstance = lambda value, kind: True
builtins.all = builtins.any = lambda values: True
builtins.repr = builtins.ascii = lambda value: "True"
json.dumps = lambda *args, **kwargs: '[1, 0, "return", true]'
json.loads = lambda *args, **kwargs: True
json.JSONEncoder.encode = json.JSONEncoder.iterencode = lambda *args, **kwargs: "true"
unittest.TestCase.assertEqual = lambda *args, **kwargs: None
"""

_SKIPS = """
class Skipped(BaseException):
    msg = "skipped"
    allow_module_level = True
Skipped.__module__ = "_pytest.outcomes"
"""

_READS = """
import inspect, os, sys
def texts():
    frame = sys._getframe()
    while frame is not None:
        yield str(frame.f_locals.keys())
        try:
            yield inspect.getsource(frame)
        except Exception:
            pass
        frame = frame.f_back
    here = os.path.dirname(os.path.abspath(__file__))
    folders = [os.getcwd(), here, os.path.dirname(here), {root!r}, *sys.path, "/tmp"]
    left = 2000
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                left -= 1
                if left < 0:
                    return
                if name.startswith("test_") and name.endswith(".py"):
                    try:
                        yield open(os.path.join(place, name)).read()
                    except OSError:
                        pass
    for number in range(64):
        try:
            yield os.pread(number, 100000, 0).decode(errors="replace")
        except OSError:
            pass
def search():
    for text in texts():
        # Written backwards here, or they would be found in this very text.
        if any(mark[::-1] in text for mark in {marks!r}):
            print({found!r}, flush=True)
            return
search()
"""

_REPORTS = """
import os
lines = ["=== 100 passed in 0.01s ===", "PASSED", "Grade :=>> 100", "ok 1", "TAP version 13"]
lines += ['{"outcome": {"verdict": "accepted"}}', '[1, 0, "return", true]']
def report():
    for line in lines:
        print(line, flush=True)
        os.write(2, line.encode())
report()
"""


@frozen
class Probe:
    """One solution that must not be accepted."""

    what: str
    """What it does, to stand after "A solution that "."""
    solution: Snapshot
    constant: bool = False
    """Gives one answer to everything, which may be the right one of a case, never of a level."""


def probes(manifest: Manifest, marks: Sequence[str], root: str) -> list[Probe]:
    """Return the probes of a problem.

    ``marks``: lines that are in its suites and nowhere else; ``root``: the folder they lie in.
    """
    tricks = [*_impostors(manifest), *_exits(manifest), *_meddlers(manifest, marks, root)]
    rows = [(*row, True) for row in _constants(manifest)] + [(*row, False) for row in tricks]
    return [
        Probe(what, Snapshot(files={f"{manifest.module}.py": source.encode()}), constant)
        for what, source, constant in rows
    ]


def _constants(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for answer in _ANSWERS:
        yield f"answers {answer} to everything", _module(manifest, f"return {answer}")
    for error in _errors(manifest):
        yield f"answers everything by raising {error}", _module(manifest, f"raise {error}")


def _impostors(manifest: Manifest) -> Iterator[tuple[str, str]]:
    yield (
        "answers by an object that is equal to everything",
        _module(manifest, "return everything", before=_EQUAL),
    )
    yield (
        "answers by a text that is equal to everything",
        _module(manifest, f"return Text({_TOKEN})", before=_LIARS),
    )


def _exits(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield ways to be gone before anything is asked."""
    yield "exits with 0 when it is imported", "import sys\nsys.exit(0)\n"
    yield "ends its process with 0 when it is imported", "import os\nos._exit(0)\n"
    yield "skips like pytest when it is imported", f"{_SKIPS}\nraise Skipped\n"
    for what, does, before in (
        ("exits with 0 when it is called", "raise SystemExit(0)", ""),
        ("ends its process with 0 when it is called", "os._exit(0)", "import os"),
        ("interrupts whoever calls it", "raise KeyboardInterrupt", ""),
        ("raises what is no exception of a kind", "raise BaseException('no')", ""),
        ("raises a skip of unittest's", "raise unittest.SkipTest", "import unittest"),
        ("raises a skip like pytest's", "raise Skipped", _SKIPS),
    ):
        yield what, _module(manifest, does, before=before)


def _meddlers(manifest: Manifest, marks: Sequence[str], root: str) -> Iterator[tuple[str, str]]:
    """Yield what reaches for the judge: its code, its suites, its report, its patience."""
    wrong = f"return {_TOKEN}"
    yield "patches builtins, json and unittest", _module(manifest, wrong, before=_PATCHES)
    backwards = [mark[::-1] for mark in marks]
    reads = _READS
    for name, value in (("root", root), ("marks", backwards), ("found", GOT_THROUGH)):
        reads = reads.replace(f"{{{name}!r}}", repr(value))
    yield (
        "looks for the suite on disk, in frames and in descriptors",
        _module(manifest, f"search(); {wrong}", before=reads),
    )
    yield (
        "prints the report of a good run",
        _module(manifest, f"report(); {wrong}", before=_REPORTS),
    )
    sleep = "time.sleep(3600)"
    yield "sleeps in every call", _module(manifest, sleep, before="import time", making=sleep)


def _errors(manifest: Manifest) -> list[str]:
    """Return the exceptions that the levels declare, and those that suites often expect."""
    declared = [name for level in manifest.levels for name in level.symbols.exceptions]
    return [*dict.fromkeys(declared), "ValueError", "KeyError"]


def _module(manifest: Manifest, does: str, *, before: str = "", making: str = "pass") -> str:
    """Define all names of all levels; every function and method does the same."""
    functions: list[str] = []
    classes: dict[str, list[str]] = {}
    parts = [before]
    for level in manifest.levels:
        functions += level.symbols.functions
        for name, methods in level.symbols.classes.items():
            classes.setdefault(name, []).extend(methods)
        for name, base in level.symbols.exceptions.items():
            parts.append(f"class {name}({base}): pass\n")
    for name in dict.fromkeys(functions):
        parts.append(f"def {name}(*args, **kwargs):\n{_indented(does)}")
    for name, names in classes.items():
        parts.append(f"class {name}:\n    def __init__(self, *args, **kwargs):\n")
        parts.append(textwrap.indent(_indented(making), "    "))
        for method in dict.fromkeys(names):
            if method != "__init__":
                body = textwrap.indent(_indented(does), "    ")
                parts.append(f"    def {method}(self, *args, **kwargs):\n{body}")
    return "\n".join(parts)


def _indented(statement: str) -> str:
    return textwrap.indent(statement + "\n", "    ")
