"""Finding packs and problems."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import harness
import harness.catalog.catalog
from harness.catalog.catalog import Catalog, Pack, core_pack, find_packs
from harness.catalog.content import Flaw, read_content
from harness.errors import PackError, RequestError
from harness.model.problem import BrokenProblem, Snapshot
from harness.plugins import PluginHost
from harness.plugins.hookspecs import hookimpl
from harness.settings import Settings

WriteProblem = Callable[..., Path]


@pytest.fixture
def catalog(pack: Path) -> Catalog:
    return Catalog([Pack("core", pack)])


def settings_with(*packs: Path) -> Settings:
    return Settings(home=Path("/nowhere"), workspaces=Path("/nowhere"), packs=packs)


def test_the_core_pack_lies_beside_the_package_or_in_it() -> None:
    package = Path(harness.__file__).parent
    assert core_pack() in (package / "_pack", package.parent)


def test_an_installed_package_holds_its_own_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "harness"
    for name in ("problems", "solutions_template"):
        (package / "_pack" / name).mkdir(parents=True)
        (package.parent / name).mkdir()
    monkeypatch.setattr(harness, "__file__", str(package / "__init__.py"))
    assert core_pack() == package / "_pack"


def test_an_installation_without_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "__file__", str(tmp_path / "harness" / "__init__.py"))
    with pytest.raises(PackError, match="are missing") as caught:
        core_pack()
    assert "pip install" in caught.value.hint


def test_packs_come_from_core_settings_and_plugins_each_once(pack: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "pack"
    (other / "problems").mkdir(parents=True)

    class Plugin:
        @hookimpl
        def harness_packs(self) -> list[Path]:
            return [other, pack]

    host = PluginHost()
    host.register(Plugin(), "more")
    packs = find_packs(settings_with(pack), host)
    assert packs[0] == Pack("core", core_pack())
    assert packs[1:] == [Pack("pack", pack), Pack(str(other), other)]


def test_problems_are_sorted_and_a_broken_one_hides_no_other(
    catalog: Catalog, write_problem: WriteProblem
) -> None:
    write_problem("zebra")
    (write_problem("middle") / "editorial.md").unlink()
    write_problem("apple")
    apple, middle, zebra = catalog.problems()
    assert (apple.slug, zebra.slug) == ("apple", "zebra")
    assert isinstance(middle, BrokenProblem)
    assert (middle.slug, middle.pack) == ("middle", "core")
    assert "editorial.md is missing" in middle.error.message
    assert catalog.slugs() == ["apple", "middle", "zebra"]


def test_files_and_junk_beside_problems_are_no_problems(
    catalog: Catalog, write_problem: WriteProblem, pack: Path
) -> None:
    write_problem("apple")
    (pack / "problems" / "README.md").write_text("x")
    (pack / "problems" / "__pycache__").mkdir()
    (pack / "problems" / ".idea").mkdir()
    assert catalog.slugs() == ["apple"]


@pytest.mark.parametrize("typed", ["small_queue", "small-queue", "SMALL_Queue", " small queue "])
def test_a_name_may_be_typed_loosely(
    catalog: Catalog, write_problem: WriteProblem, typed: str
) -> None:
    write_problem("small_queue")
    assert catalog.knows(typed)
    assert catalog.problem(typed).slug == "small_queue"


def test_an_unknown_name_suggests_the_nearest(
    catalog: Catalog, write_problem: WriteProblem
) -> None:
    write_problem("kv_store")
    with pytest.raises(RequestError) as caught:
        catalog.problem("kv_stor")
    assert caught.value.message == "There is no problem 'kv_stor'. Did you mean kv_store?"
    assert caught.value.hint == "harness list"


@pytest.mark.parametrize("typed", ["chess", "", "../pack/problems/small_queue", "."])
def test_a_name_that_resembles_nothing(
    catalog: Catalog, write_problem: WriteProblem, typed: str
) -> None:
    write_problem("kv_store")
    assert not catalog.knows(typed)
    with pytest.raises(RequestError, match="There is no problem") as caught:
        catalog.problem(typed)
    assert caught.value.hint == "harness list"


def test_a_broken_problem_named_in_a_command_says_why(
    catalog: Catalog, write_problem: WriteProblem
) -> None:
    (write_problem("kv_store") / "problem.toml").write_text("format = \n")
    with pytest.raises(PackError, match=r"problem\.toml:1:\d+: This is not valid TOML"):
        catalog.problem("kv-store")


def test_a_name_in_two_packs_names_both_and_hides_no_other(
    pack: Path, write_problem: WriteProblem, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    roots = [write_problem("kv_store"), write_problem("kv_store", into=other)]
    write_problem("apple")
    catalog = Catalog([Pack("core", pack), Pack("other", other)])
    apple, twice = catalog.problems()
    assert apple.slug == "apple"
    assert isinstance(twice, BrokenProblem)
    with pytest.raises(PackError, match="More than one pack has a problem 'kv_store'") as caught:
        catalog.problem("kv_store")
    assert all(str(root) in caught.value.message for root in roots)


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    catalog = Catalog([Pack("gone", tmp_path / "gone")])
    with pytest.raises(PackError, match=r"The pack .*gone cannot be used\.") as caught:
        catalog.problems()
    assert "harness doctor" in caught.value.hint


def test_one_problem_is_read_alone(
    catalog: Catalog, write_problem: WriteProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_problem("apple")
    write_problem("zebra")
    read: list[Path] = []

    def spy(root: Path, template: Path, mistakes: list[Flaw]) -> Snapshot:
        read.extend((root, template))
        return read_content(root, template, mistakes)

    monkeypatch.setattr(harness.catalog.catalog, "read_content", spy)
    catalog.problem("apple")
    assert [path.name for path in read] == ["apple", "apple"]
