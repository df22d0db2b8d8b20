"""Packs become wheels: whole, or sealed."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from harness.authoring.examiner import Examiner
from harness.authoring.files import Proof, hash_of_files, release, write_proof
from harness.authoring.packing import build_pack
from harness.authoring.preview import preview
from harness.authoring.subject import Subject
from harness.catalog.catalog import load_problem
from harness.catalog.content import SEAL_NAME
from harness.catalog.pinning import pin
from harness.errors import PackError, RequestError
from harness.model.problem import Problem

SAMPLE = Path(__file__).parents[1] / "sample_pack" / "harness_sample_pack"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack of one problem, without the code of its distribution."""
    folder = tmp_path / "My Lamps"
    for name in ("problems", "solutions_template"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(SAMPLE / name, folder / name, ignore=ignored)
    alternate = folder / "problems" / "light_switch" / "alternates" / "other"
    alternate.mkdir(parents=True)
    (alternate / "solution.py").write_text("class Switch: ...\n")
    return folder


def load(pack: Path) -> Problem:
    slug = "light_switch"
    return load_problem(pack / "problems" / slug, pack / "solutions_template" / slug, "mine")


def unpacked(wheel: Path, into: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(into)
    return into / "harness_pack_my_lamps"


def test_a_pack_becomes_a_wheel_with_all_its_files(pack: Path, tmp_path: Path) -> None:
    (pack / "problems" / "light_switch" / "__pycache__").mkdir()
    (pack / "problems" / "light_switch" / "__pycache__" / "x.pyc").write_bytes(b"x")
    built = build_pack(pack, tmp_path / "out")
    assert (built.name, built.version) == ("harness-pack-my-lamps", "1.2.0")
    assert built.problems == ("light_switch",)
    assert built.wheel == tmp_path / "out" / "harness_pack_my_lamps-1.2.0-py3-none-any.whl"
    inside = unpacked(built.wheel, tmp_path / "site")
    assert load(inside) == replace_paths(load(pack), inside)
    assert (inside / "problems/light_switch/alternates/other/solution.py").is_file()
    assert not list(inside.rglob("__pycache__"))
    points = (
        tmp_path / "site" / "harness_pack_my_lamps-1.2.0.dist-info" / "entry_points.txt"
    ).read_text()
    assert points.split() == [
        "[harness.packs]",
        "harness_pack_my_lamps",
        "=",
        "harness_pack_my_lamps",
    ]


def replace_paths(problem: Problem, pack: Path) -> Problem:
    from dataclasses import replace

    slug = problem.slug
    return replace(
        problem, root=pack / "problems" / slug, template=pack / "solutions_template" / slug
    )


def test_equal_packs_make_equal_wheels(pack: Path, tmp_path: Path) -> None:
    first, second = (build_pack(pack, tmp_path / n, sealed=True) for n in ("one", "two"))
    assert first.wheel.read_bytes() == second.wheel.read_bytes()


def test_a_sealed_pack_shows_nothing_and_is_the_same_problem(pack: Path, tmp_path: Path) -> None:
    wheel = build_pack(pack, tmp_path / "out", sealed=True).wheel
    inside = unpacked(wheel, tmp_path / "site")
    files = {p.relative_to(inside).as_posix() for p in inside.rglob("*") if p.is_file()}
    assert files == {
        "__init__.py",
        f"problems/light_switch/{SEAL_NAME}",
        "solutions_template/light_switch/solution.py",
    }
    for path in inside.rglob("*"):
        assert path.is_dir() or b"presses" not in path.read_bytes()
    problem = load(inside)
    assert problem.content_hash == load(pack).content_hash
    assert problem.manifest == load(pack).manifest
    assert problem.statement(2) == load(pack).statement(2)


def test_of_a_sealed_problem_only_what_the_judge_needs_is_unpacked(
    pack: Path, tmp_path: Path
) -> None:
    wheel = build_pack(pack, tmp_path / "out", sealed=True).wheel
    problem = load(unpacked(wheel, tmp_path / "site"))
    copy = pin(problem, tmp_path / "home")
    assert {p.relative_to(copy.root).as_posix() for p in copy.root.rglob("*.*")} == {
        "level1/test_hidden.py",
        "level1/test_visible.py",
        "level2/test_hidden.py",
        "level2/test_visible.py",
        SEAL_NAME,
    }
    assert pin(copy, tmp_path / "another").content_hash == problem.content_hash
    original = load(pack)
    assert copy.statement(2) == original.statement(2)
    assert copy.editorial == original.editorial
    assert copy.reference(2) == original.reference(2)


def test_a_sealed_pack_has_another_version_than_the_open_one(pack: Path, tmp_path: Path) -> None:
    built = build_pack(pack, tmp_path / "out", sealed=True)
    assert built.version == "1.2.0+sealed"
    assert built.wheel.name == "harness_pack_my_lamps-1.2.0+sealed-py3-none-any.whl"
    assert build_pack(pack, tmp_path / "out", version="2.0").version == "2.0"
    named = build_pack(pack, tmp_path / "out", sealed=True, version="2.0")
    assert (named.version, named.name) == ("2.0+sealed", "harness-pack-my-lamps")


def test_what_nobody_has_proven_is_told(pack: Path, tmp_path: Path) -> None:
    assert build_pack(pack, tmp_path / "out").unproven == ("light_switch",)
    problem = load(pack)
    digest = hash_of_files(problem)
    proof = Proof(slug="light_switch", version="1.2.0", hash=digest, tool="0.1.0", levels=())
    write_proof(problem.root, proof)
    assert build_pack(pack, tmp_path / "out").unproven == ()
    editorial = problem.root / "editorial.md"
    editorial.write_text(editorial.read_text() + "\nOne word more.\n")
    assert build_pack(pack, tmp_path / "out").unproven == ("light_switch",)
    (problem.root / "proof.toml").write_text("no proof at all")
    assert build_pack(pack, tmp_path / "out").unproven == ("light_switch",)


def test_the_tools_of_an_author_refuse_a_sealed_problem(pack: Path, tmp_path: Path) -> None:
    wheel = build_pack(pack, tmp_path / "out", sealed=True).wheel
    problem = load(unpacked(wheel, tmp_path / "site"))
    with Examiner(workers=1) as examiner, pytest.raises(RequestError, match="is sealed") as caught:
        Subject(problem, examiner)
    assert "where its author keeps it" in caught.value.hint
    for use in (lambda: preview(problem, [1]), lambda: release(problem, "1.3.0", "More.")):
        with pytest.raises(RequestError) as again:
            use()
        assert (again.value.message, again.value.hint) == (caught.value.message, caught.value.hint)


def test_a_broken_problem_is_not_packed(pack: Path, tmp_path: Path) -> None:
    (pack / "problems" / "light_switch" / "level2" / "test_hidden.py").unlink()
    with pytest.raises(PackError, match=r"level2/test_hidden\.py is missing"):
        build_pack(pack, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be used"):
        build_pack(tmp_path, tmp_path / "out")
    (tmp_path / "problems").mkdir()
    with pytest.raises(RequestError, match="There is no problem in"):
        build_pack(tmp_path, tmp_path / "out")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"name": "../up"}, "cannot be the name"),
        ({"name": "-x"}, "cannot be the name"),
        ({"version": "new"}, "cannot be a version"),
        ({"version": '1"\n'}, "cannot be a version"),
    ],
)
def test_names_and_versions_that_cannot_be(
    pack: Path, tmp_path: Path, options: dict[str, str], complaint: str
) -> None:
    with pytest.raises(RequestError, match=complaint) as caught:
        build_pack(pack, tmp_path / "out", **options)
    assert caught.value.hint.startswith("harness author pack --")


def test_without_hatchling_it_says_how_to_get_it(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "hatchling.builders.wheel", None)
    with pytest.raises(RequestError, match="needs hatchling") as caught:
        build_pack(pack, tmp_path / "out")
    assert caught.value.hint == "python -m pip install 'progressive-harness[author]'"
