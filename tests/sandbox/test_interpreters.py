"""Where the interpreter and harness may lie, and what a box sees of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import harness

PROBE = """
import json, sys
from harness.model.limits import Limits
from harness.sandbox.choice import HostBackend, protected_paths
from harness.errors import SandboxError
from harness.testing.client import BoxClient

SOLUTION = '''
import os

def look(path):
    try:
        return os.listdir(path) if os.path.isdir(path) else open(path).read(1)
    except OSError as error:
        return type(error).__name__

def use():
    import json, sqlite3, ctypes, zoneinfo, ssl
    return ctypes.sizeof(ctypes.c_int)
'''
seen = {}
for tier in ("full", "locked"):
    sandbox = HostBackend(tier).start(protected_paths())
    try:
        sandbox.load({"solution.py": SOLUTION}, "solution", Limits(cpu_seconds=5))
        client = BoxClient(sandbox.open_box())
        client.await_import()
        looks = [client.call("look", path) for path in sys.argv[1:]]
        seen[tier] = {"looks": looks, "works": client.call("use") == 4}
        client.release()
    except SandboxError as error:
        seen[tier] = str(error)
    finally:
        sandbox.close()
print(json.dumps(seen))
"""
LIBRARY = Path(sysconfig.get_path("stdlib")).name
IGNORED = shutil.ignore_patterns("__pycache__")


def probe(python: str, path: Path | None, *looks: str, umask: int = 0o022) -> dict[str, object]:
    """Start both linux tiers with ``python``, harness taken from ``path``, and look around."""
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    environment["LD_LIBRARY_PATH"] = str(Path(python).parent.parent / "lib")
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    result = subprocess.run(
        [python, "-c", PROBE, *looks],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        umask=umask,
        cwd="/",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    seen: dict[str, object] = json.loads(result.stdout)
    return seen


def install(folder: Path) -> None:
    """Put into ``folder`` what a sandbox needs of harness; the probe has no pytest."""
    package = Path(harness.__file__).parent
    for name in ("guest", "model", "sandbox", "testing"):
        shutil.copytree(package / name, folder / "harness" / name, ignore=IGNORED)
    for name in ("__init__.py", "errors.py", "words.py"):
        shutil.copy(package / name, folder / "harness")
    (folder / "harness" / "testing" / "__init__.py").write_text("")


@pytest.fixture(scope="module")
def places() -> Iterator[Path]:
    """A folder that every user can walk into."""
    with tempfile.TemporaryDirectory(prefix="places-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def interpreter(places: Path, copy_interpreter: Callable[[Path], Path]) -> Path:
    """A copy of this interpreter with harness in its own site-packages, open to everybody."""
    python = copy_interpreter(places / "py thön")
    install(python.parent.parent / "lib" / LIBRARY / "site-packages")
    return python


def test_harness_in_the_interpreters_own_site_packages_is_hidden(
    interpreter: Path, linux_tiers: list[str]
) -> None:
    packages = interpreter.parent.parent / "lib" / LIBRARY / "site-packages"
    seen = probe(str(interpreter), None, str(packages), str(packages / "harness/errors.py"))
    for tier in linux_tiers:
        looks = seen[tier]["looks"]
        assert looks[0] in (["PermissionError"], "PermissionError", "FileNotFoundError"), tier
        assert looks[1] in ("PermissionError", "FileNotFoundError"), tier


def test_paths_with_spaces_and_other_letters(
    places: Path, interpreter: Path, linux_tiers: list[str]
) -> None:
    checkout = places / "ein Ordner ü 日本"
    install(checkout)
    seen = probe(str(interpreter), checkout, str(checkout / "harness" / "errors.py"))
    for tier in linux_tiers:
        assert seen[tier]["works"] is True, seen
        assert seen[tier]["looks"][0] in ("PermissionError", "FileNotFoundError")


def test_a_strict_umask_does_not_shut_the_box_out_of_its_own_root(
    interpreter: Path, linux_tiers: list[str]
) -> None:
    seen = probe(str(interpreter), None, umask=0o077)
    for tier in linux_tiers:
        assert seen[tier]["works"] is True, seen


def test_an_interpreter_that_only_root_can_read(interpreter: Path, linux_tiers: list[str]) -> None:
    """Bound into the box in the full tier, refused with a reason in the other."""
    home = interpreter.parent.parent.parent / "closed"
    home.mkdir(mode=0o700)
    shutil.copytree(interpreter.parent.parent, home / "python", symlinks=True)
    seen = probe(str(home / "python" / "bin" / interpreter.name), None)
    shutil.rmtree(home)
    if os.getuid() == 0:
        assert "only root can read" in str(seen["locked"])
    elif "locked" in linux_tiers:
        assert seen["locked"]["works"] is True, seen
    if "full" in linux_tiers:
        assert seen["full"]["works"] is True, seen


def test_a_virtual_environment(interpreter: Path, places: Path, linux_tiers: list[str]) -> None:
    """Boxes run on the interpreter behind it and see nothing that was installed into it."""
    folder = places / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(interpreter)
    packages = folder / "lib" / LIBRARY / "site-packages"
    packages.mkdir(parents=True)
    (packages / "secret.py").write_text("secret")
    (folder / "pyvenv.cfg").write_text(f"home = {interpreter.parent}\n")
    install(packages)
    seen = probe(str(folder / "bin" / "python"), None, str(packages / "secret.py"))
    for tier in linux_tiers:
        assert seen[tier]["works"] is True, seen
        assert seen[tier]["looks"][0] in ("PermissionError", "FileNotFoundError")
