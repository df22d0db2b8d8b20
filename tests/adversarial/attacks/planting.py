"""Files that are to be read by the judge, by pytest or by Python."""

from functools import partial

from marks import attack

ignored = partial(
    attack,
    "The judge has its own folder and options; the box never reads the file.",
    verdicts=["wrong_answer"],
    on_import=True,
)


@ignored(
    files={
        "conftest.py": """
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    report = yield
    report.get_result().outcome = "passed"
"""
    }
)
def conftest():
    """Plant a conftest.py that makes every case pass."""


@ignored(files={"_harness_guest/__init__.py": "raise SystemExit(0)"})
def guest_module():
    """Plant a package with the name of the code that serves it."""


@ignored(files={"\x1b[2Ja\u202eb.py": "x = 1"})
def hostile_name():
    """Plant a file whose name is hostile to a terminal."""


@ignored(files={"harness/__init__.py": "raise SystemExit(0)"})
def judge_module():
    """Plant a package with the judge's name."""


@ignored(files={"__main__.py": "import os\nos._exit(0)"})
def main_module():
    """Plant a __main__.py."""


@ignored(files={"escape.pth": "import os; os._exit(0)"})
def path_file():
    """Plant a .pth file."""


@ignored(files={"escape-1.0.dist-info/entry_points.txt": "[pytest11]\nescape = escape"})
def plugin():
    """Plant a pytest plugin with metadata."""


@ignored(files={"pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p no:python"'})
def pyproject():
    """Plant a pyproject.toml with options for pytest."""


@ignored(files={"pytest.ini": "[pytest]\naddopts = --collect-only --exitfirst"})
def pytest_ini():
    """Plant a pytest.ini that collects nothing."""


@ignored(
    files={
        "setup.cfg": "[tool:pytest]\naddopts = --deselect .",
        "tox.ini": "[pytest]\naddopts = --deselect .",
    }
)
def setup_cfg():
    """Plant a setup.cfg and a tox.ini."""


@ignored(files={"sitecustomize.py": "import os\nos._exit(0)"})
def sitecustomize():
    """Plant a sitecustomize.py."""


@ignored(files={"test_hidden.py": "def test_everything():\n    pass"})
def test_module():
    """Plant a test of its own that passes."""


@ignored(files={"usercustomize.py": "import os\nos._exit(0)"})
def usercustomize():
    """Plant a usercustomize.py."""
