"""Sandboxes of every form that works here, with a solution loaded."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.guest import acts
from harness.model.limits import Limits
from harness.sandbox.backend import Sandbox
from harness.sandbox.choice import HostBackend, protected_paths
from harness.sandbox.docker import DockerBackend
from harness.testing import BoxClient, Clients
from tests.tiers import refusal

NOT_NEEDED = shutil.ignore_patterns(
    "__pycache__", "test", "site-packages", "idlelib", "tkinter", "ensurepip", "lib2to3", "config-*"
)
"""Of an interpreter's library."""
LIMITS = Limits(cpu_seconds=5, memory_bytes=256 << 20, output_bytes=64 << 10)


class Lab:
    """One sandbox and the boxes a test opens in it."""

    def __init__(self, tier: str, sandbox: Sandbox) -> None:
        self.tier = tier
        self.sandbox = sandbox
        self.clients = Clients(sandbox)

    def load(self, files: dict[str, str], module: str = "solution") -> None:
        self.sandbox.load(files, module, LIMITS)

    def box(self) -> BoxClient:
        return self.clients.ready()

    def close(self) -> None:
        self.sandbox.close()
        self.clients.release()


@pytest.fixture(scope="session")
def linux_tiers() -> list[str]:
    """The forms of the linux backend that work for this user on this kernel."""
    return [tier for tier in ("full", "locked") if not refusal(tier)]


@pytest.fixture(scope="session")
def copy_interpreter() -> Callable[[Path], Path]:
    """Return a function that copies this interpreter into a folder, and returns the program."""

    def copy(target: Path) -> Path:
        library = Path(sysconfig.get_path("stdlib"))
        shutil.copytree(library, target / "lib" / library.name, ignore=NOT_NEEDED)
        for shared in (Path(sys.base_prefix) / "lib").glob("libpython*"):
            shutil.copy(shared, target / "lib")
        (target / "bin").mkdir()
        executable = Path(os.path.realpath(sys.executable))
        return Path(shutil.copy(executable, target / "bin" / executable.name))

    return copy


@pytest.fixture(scope="session")
def hostile() -> dict[str, str]:
    files = (Path(__file__).parent / "hostile.py", Path(acts.__file__))
    return {file.name: file.read_text(encoding="utf-8") for file in files}


# What a box in a container may do depends on the image's Python, and not on the judge's.
IN_A_CONTAINER = pytest.param("docker", marks=[pytest.mark.docker, pytest.mark.exhaustive])


@pytest.fixture(scope="module", params=["linux", IN_A_CONTAINER])
def labs(
    request: pytest.FixtureRequest, linux_tiers: list[str], hostile: dict[str, str]
) -> Iterator[list[Lab]]:
    """A sandbox with the hostile solution for each tier of a backend."""
    backends: list[HostBackend | DockerBackend] = [HostBackend(tier) for tier in linux_tiers]
    if request.param == "docker":
        request.getfixturevalue("docker_image")
        backends = [DockerBackend()]
    with contextlib.ExitStack() as stack:
        labs = []
        for backend in backends:
            lab = Lab(backend.tier, backend.start(protected_paths()))
            stack.callback(lab.close)
            lab.load(hostile, "hostile")
            labs.append(lab)
        yield labs
