"""What pytest imports and the judge hardly ever uses is loaded when it is used, and works then."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from harness.judge.child import LATE


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


START = """
import json, sys
from harness.judge.child import LATE, LateModule, put_off
for name in (*LATE, "pygments", "pygments.lexers.python"):
    sys.modules.pop(name, None)
step_aside = put_off()
import pytest, _pytest._io.terminalwriter as writer, _pytest.pathlib, _pytest.config
standing_in = [name for name in LATE if isinstance(sys.modules.get(name), LateModule)]
step_aside()
"""


def test_nothing_of_it_is_loaded_with_pytest() -> None:
    code = START + "print(json.dumps([standing_in, [n for n in LATE if n in sys.modules]]))"
    standing_in, loaded = json.loads(python(code))
    assert standing_in == list(LATE)
    assert loaded == []


@pytest.mark.parametrize(
    "use",
    [
        "import hashlib; assert hashlib.sha256(b'').hexdigest().startswith('e3b0')",
        "import importlib.metadata; assert importlib.metadata.version('pytest')",
        "from importlib import metadata; assert metadata.version('pytest')",
        "import uuid; assert isinstance(uuid.uuid4(), uuid.UUID)",
        "import platform; assert platform.python_version()",
        "import zipfile; assert not zipfile.is_zipfile(__import__('io').BytesIO(b''))",
        "import pygments.lexers.python as p; assert isinstance(p.PythonLexer, type)",
    ],
)
def test_a_suite_that_imports_it_gets_the_module_itself(use: str) -> None:
    python(START + use + "\nassert not [m for m in sys.modules.values() if type(m) is LateModule]")


def test_before_they_step_aside_too() -> None:
    python(START.replace("standing_in = ", "from uuid import UUID; UUID(int=1)\nstanding_in = "))


def test_pytest_itself_uses_it_when_it_needs_it() -> None:
    python(START + "assert _pytest.pathlib.uuid.UUID(int=1).int == 1")
    python(START + "assert list(_pytest.config.importlib.metadata.distributions())")


def test_pytest_can_still_colour_code() -> None:
    coloured = python(
        START
        + """
import io
screen = writer.TerminalWriter(io.StringIO())
screen.hasmarkup = True
print(screen._highlight("x = 1", "python"))
"""
    )
    assert "\x1b[" in coloured


def test_private_names_load_nothing() -> None:
    python(
        START
        + """
late = LateModule("platform")
assert not hasattr(late, "_mock_name") and not hasattr(late, "__wrapped__")
assert "platform" not in sys.modules
assert late.python_version() and "platform" in sys.modules
"""
    )
