"""The image's name changes with whatever goes into it, and with nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import harness
from harness.errors import SandboxError
from harness.sandbox import engine


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of what the image is made from, laid out as in a checkout."""
    ours = Path(harness.__file__).parent
    shutil.copytree(ours / "guest", tmp_path / "harness" / "guest")
    shutil.copy(engine.dockerfile(), tmp_path / "Dockerfile")
    monkeypatch.setattr(harness, "__file__", str(tmp_path / "harness" / "__init__.py"))
    return tmp_path / "harness"


def test_the_same_contents_have_the_same_name(package, monkeypatch):
    copied = engine.image_name()
    monkeypatch.undo()
    assert engine.image_name() == copied


@pytest.mark.parametrize("file", ["guest/box.py", "../Dockerfile"])
def test_another_text_has_another_name(package, file):
    before = engine.image_name()
    with (package / file).open("a") as text:
        text.write("\n")
    assert engine.image_name() != before


def test_compiled_files_do_not_count(package):
    before = engine.image_name()
    (package / "guest" / "__pycache__").mkdir(exist_ok=True)
    (package / "guest" / "__pycache__" / "box.cpython-311.pyc").write_bytes(b"x")
    assert engine.image_name() == before


def test_an_installed_package_has_its_own_dockerfile(package):
    (package / "_image").mkdir()
    (package / "_image" / "Dockerfile").write_text("FROM somewhere\n")
    assert engine.dockerfile() == package / "_image" / "Dockerfile"


def test_a_missing_dockerfile_is_told(package):
    (package.parent / "Dockerfile").unlink()
    with pytest.raises(SandboxError, match="Dockerfile that belongs to this installation") as said:
        engine.image_name()
    assert said.value.hint.startswith("pip install")


def test_the_dockerfile_builds_on_what_is_said_by_default():
    assert f"ARG BASE={engine.DEFAULT_BASE}\n" in engine.dockerfile().read_text()
