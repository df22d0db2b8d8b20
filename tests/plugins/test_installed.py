"""The cheap look whether any plugin is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from harness.plugins.host import find_pack_folder, groups_installed


def distribution(folder: Path, text: str, kind: str = "thing-1.0.dist-info") -> str:
    info = folder / kind
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text(text)
    return str(folder)


@pytest.mark.parametrize("kind", ["thing-1.0.dist-info", "thing.egg-info", "EGG-INFO"])
@pytest.mark.parametrize("header", ["[harness]", "[ harness ]"])
def test_a_distribution_with_our_group_is_seen(tmp_path: Path, kind: str, header: str) -> None:
    assert groups_installed([distribution(tmp_path, f"{header}\nx = y\n", kind)])


def test_other_groups_are_none_of_ours(tmp_path: Path) -> None:
    text = "[console_scripts]\nharness = harness.__main__:main\n[harness.other]\nx = y\n"
    assert not groups_installed([distribution(tmp_path, text)])


def test_what_cannot_be_listed_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("x")
    (tmp_path / "bare.dist-info").mkdir()
    assert not groups_installed([str(tmp_path / "gone"), str(tmp_path / "text.txt")])
    assert not groups_installed([str(tmp_path)])


def test_archives_are_left_to_the_thorough_way(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.py", "")
    assert groups_installed([str(tmp_path / "a.zip")])


def test_looking_imports_nothing_heavy() -> None:
    code = (
        "import sys; from harness.plugins import load_plugins;"
        "sys.path[:] = [p for p in sys.path if 'site' not in p];"
        "load_plugins();"
        "print([m for m in ('pluggy', 'rich', 'click', 'importlib.metadata')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_packs_and_plugins_are_distinguished(tmp_path: Path) -> None:
    pack = distribution(tmp_path / "a", "[harness.packs]\nx = y\n")
    both = distribution(tmp_path / "b", "[harness.packs]\nx = y\n\n[harness]\nx = y\n")
    assert groups_installed([pack]) == {"harness.packs"}
    assert groups_installed([pack, both]) == {"harness", "harness.packs"}


def test_a_pack_is_found_without_importing_what_is_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("outer_things", "bare_things"):
        (tmp_path / name / "inner" / "problems").mkdir(parents=True)
    (tmp_path / "outer_things" / "__init__.py").write_text("raise RuntimeError\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_pack_folder("outer_things.inner") == tmp_path / "outer_things" / "inner"
    assert find_pack_folder("bare_things.inner") == tmp_path / "bare_things" / "inner"
    assert find_pack_folder("outer_things") is None
    assert find_pack_folder("no_such_things") is None
    assert find_pack_folder("") is None
    assert "outer_things" not in sys.modules
