"""Attacks and conformance as another user, and as root with an interpreter that all can read.

Each run is a pytest of its own, in a copy of what it needs: this checkout and the interpreter may
lie where only their owner can read.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import harness

TESTS = Path(__file__).parent.parent
NOBODY = 65534
IS_ROOT = os.getuid() == 0
PACKAGES = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py")
MODULES = [
    "sandbox/test_attacks.py",
    "sandbox/test_accidents.py",
    "sandbox/test_zygote.py",
    "testing/test_conformance.py",
]
NOT_NEEDED = shutil.ignore_patterns("__pycache__")
OLDEST = "import sys; sys.exit(sys.version_info < (3, 11))"
ADVERSARIAL = "adversarial/test_attacks.py"
CONFIGURATION = (
    "[pytest]\nmarkers =\n    docker: as in tests/conftest.py\n    exhaustive: the same\n"
)
SECONDS = 240


@pytest.fixture(scope="module")
def copy() -> Iterator[Path]:
    """A folder that everybody can read, with harness, pytest and the tests."""
    with tempfile.TemporaryDirectory(prefix="users-", dir="/tmp") as name:
        folder = Path(name)
        shutil.copytree(Path(harness.__file__).parent, folder / "harness", ignore=NOT_NEEDED)
        for package in PACKAGES:
            spec = importlib.util.find_spec(package)
            if spec is not None and spec.origin is not None:
                origin = Path(spec.origin)
                if origin.name == "__init__.py":
                    shutil.copytree(origin.parent, folder / package, ignore=NOT_NEEDED)
                else:
                    shutil.copy(origin, folder)
        for part in ("sandbox", "testing", "adversarial"):
            shutil.copytree(TESTS / part, folder / "tests" / part, ignore=NOT_NEEDED)
        for helper in ("making.py", "tiers.py"):
            shutil.copy(TESTS / helper, folder / "tests")
        (folder / "pytest.ini").write_text(CONFIGURATION)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield folder


@pytest.fixture(scope="module")
def interpreter(copy: Path, copy_interpreter: Callable[[Path], Path]) -> str:
    """An interpreter that every user can run: this one, the system's, or a copy of this one."""
    uid = NOBODY if IS_ROOT else os.getuid()
    for candidate in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        with contextlib.suppress(PermissionError, FileNotFoundError):
            if run([candidate, "-c", OLDEST], uid, copy).returncode == 0:
                return candidate
    return str(copy_interpreter(copy / "python"))


def run(command: list[str], uid: int, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "LD_LIBRARY_PATH": str(folder / "python" / "lib"),
        "CI": os.environ.get("CI", ""),
    }
    return subprocess.run(
        command,
        **({"user": uid, "group": uid, "extra_groups": []} if IS_ROOT else {}),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize("uid", [0, NOBODY] if IS_ROOT else [os.getuid()])
def test_attacks_and_conformance_as(uid: int, copy: Path, interpreter: str) -> None:
    run_modules(interpreter, MODULES, uid, copy)


@pytest.mark.exhaustive
@pytest.mark.skipif(not IS_ROOT, reason="this user's own run of the suite is the same")
def test_the_whole_judge_is_attacked_without_namespaces(copy: Path, interpreter: str) -> None:
    run_modules(interpreter, [ADVERSARIAL], NOBODY, copy, "-k", "linux-locked")


def run_modules(interpreter: str, names: Sequence[str], uid: int, copy: Path, *more: str) -> None:
    """Run test modules as ``uid``; fails when one of their tests fails, or none was run."""
    options = [
        "-q",
        f"--config-file={copy / 'pytest.ini'}",
        f"--rootdir={copy}",
        "-m",
        "not docker",
        "--import-mode=importlib",
        "-W",
        "error",
    ]
    options += ["-p", "no:cacheprovider", f"--basetemp={copy}-{uid}", *more]
    modules = [str(copy / "tests" / name) for name in names]
    result = run([interpreter, "-m", "pytest", *options, *modules], uid, copy)
    shutil.rmtree(f"{copy}-{uid}", ignore_errors=True)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]
