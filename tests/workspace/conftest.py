from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.model.problem import Problem
from harness.workspace import Workspace
from tests.making import make_problem

STATEMENT = "# Level {level}\n"
SUITE = '''\
from solution import double


def test_double():
    """Two times {level}"""
    assert double({level}) == 2 * {level}
'''
SKELETON = '''\
def double(number):
    """Return twice the number."""
    raise NotImplementedError
'''


@pytest.fixture
def problem(tmp_path: Path) -> Problem:
    root = tmp_path / "pack" / "problems" / "doubling"
    template = tmp_path / "pack" / "solutions_template" / "doubling"
    files = {"template/solution.py": SKELETON, "template/helpers/__init__.py": ""}
    for level in (1, 2):
        files[f"problem/level{level}/statement.md"] = STATEMENT.format(level=level)
        files[f"problem/level{level}/test_visible.py"] = SUITE.format(level=level)
        files[f"problem/level{level}/test_hidden.py"] = "SECRET = 1\n"
    encoded = {name: text.encode() for name, text in files.items()}
    return make_problem(
        "doubling", 2, files=encoded, root=root, template=template, title="Doubling"
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def workspace(tmp_path: Path, problem: Problem, home: Path) -> Workspace:
    return Workspace.create(tmp_path / "work" / "doubling", problem, "abc234", home)


@pytest.fixture
def put(workspace: Workspace) -> Callable[..., Path]:
    """Write a file of the candidate."""

    def put(name: str, content: bytes | str = "x = 1\n") -> Path:
        path = workspace.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


@pytest.fixture
def ordinary_user(workspace: Workspace) -> Iterator[Workspace]:
    """Give up root's right to read everything for a test; yield a workspace the user owns."""
    folder = Path(tempfile.mkdtemp())
    root = folder / "work"
    shutil.copytree(workspace.root, root)
    is_root = os.geteuid() == 0
    if is_root:
        for path in [folder, root, *root.rglob("*")]:
            os.chown(path, 65534, 65534)
        os.seteuid(65534)
    try:
        yield Workspace(root, workspace.attempt_id, workspace.home)
    finally:
        if is_root:
            os.seteuid(0)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o700)
        shutil.rmtree(folder)
