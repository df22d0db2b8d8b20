from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.model.manifest import LevelSpec, Manifest
from harness.model.problem import Problem
from harness.workspace import Workspace

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
    for level in (1, 2):
        folder = root / f"level{level}"
        folder.mkdir(parents=True)
        (folder / "statement.md").write_text(STATEMENT.format(level=level))
        (folder / "test_visible.py").write_text(SUITE.format(level=level))
        (folder / "test_hidden.py").write_text("SECRET = 1\n")
    (template / "helpers").mkdir(parents=True)
    (template / "solution.py").write_text(SKELETON)
    (template / "helpers" / "__init__.py").write_text("")
    (template / "__pycache__").mkdir()
    (template / "__pycache__" / "solution.pyc").write_bytes(b"\0")
    manifest = Manifest(
        format=1,
        slug="doubling",
        version="1.0.0",
        title="Doubling",
        summary="Twice.",
        authors=("Somebody",),
        license="MIT",
        levels=tuple(
            LevelSpec(id=f"part{n}", title="T", summary="S", minutes=5, points=10) for n in (1, 2)
        ),
    )
    return Problem(manifest=manifest, root=root, template=template, content_hash="c0ffee")


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
