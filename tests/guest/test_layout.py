"""What a box may read, worked out on folders made for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from harness.guest import layout


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "lib"
    for name in ("python3.99/json", "python3.99/site-packages/harness", "x-packages", "other"):
        (folder / name).mkdir(parents=True)
    (folder / "python3.99" / "os.py").write_text("")
    (folder / "libx.so.1").write_text("")
    return folder


def test_installed_packages_are_masked_at_both_depths(library):
    names = {os.path.relpath(path, library) for path in layout.masked_paths([str(library)], [])}
    assert names == {"python3.99/site-packages", "x-packages"}


def test_protected_paths_are_masked_only_where_they_could_be_read(library, tmp_path):
    inside, outside = library / "other", tmp_path / "elsewhere"
    outside.mkdir()
    masked = layout.masked_paths([str(library)], [str(inside), str(outside)])
    assert str(inside) in masked
    assert str(outside) not in masked


def test_a_link_into_readable_folders_is_masked_where_it_leads(library, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(library / "other")
    assert str(library / "other") in layout.masked_paths([str(library)], [str(link)])


def test_without_keeps_everything_around_the_hole(library):
    hole = str(library / "python3.99" / "site-packages")
    paths = layout.without([str(library)], [hole])
    assert {os.path.relpath(path, library) for path in paths} == {
        "libx.so.1",
        "other",
        "python3.99/json",
        "python3.99/os.py",
        "x-packages",
    }


def test_without_does_not_enter_a_hole_by_another_name(library):
    hole = str(library / "python3.99" / "site-packages")
    (library / "alias").symlink_to(hole)
    (library / "deeper").symlink_to(library / "python3.99" / "site-packages" / "harness")
    paths = layout.without([str(library)], [hole])
    assert not [path for path in paths if os.path.realpath(path).startswith(hole)]


def test_a_folder_inside_of_a_hole_is_not_readable(library):
    assert layout.without([str(library / "other")], [str(library)]) == []


def test_nothing_masked_is_nothing_changed(library):
    assert layout.without([str(library)], []) == [str(library)]


def test_few_libraries_one_by_one_and_many_as_their_folder(library):
    for number in range(5):
        (library / f"lib{number}.so").write_text("")
    assert len(layout.shared_libraries(str(library), many=10)) == 6
    assert layout.shared_libraries(str(library), many=6) == [str(library)]
    assert layout.shared_libraries(str(library / "none")) == []


def test_this_interpreters_packages_are_never_readable():
    readable = layout.readable_paths()
    assert layout.standard_library() in readable
    paths = layout.without(readable, layout.masked_paths(readable, []))
    for package in (pytest.__file__, layout.__file__):
        real = os.path.realpath(package)
        assert not [path for path in paths if real.startswith(os.path.realpath(path) + "/")]
    assert "/" not in paths
    assert os.path.realpath(sys.prefix) not in map(os.path.realpath, paths)
