"""`harness author pack`, as typed."""

from __future__ import annotations

from harness.authoring.files import Proof, hash_of_files, write_proof
from harness.catalog.catalog import load_problem_at


def test_what_was_not_checked_is_said_with_the_command_that_does(shell, tmp_path):
    assert shell("author", "pack", "pack") == 0
    assert "Built dist/harness_pack_pack-1.0.0-py3-none-any.whl: 1 problem." in shell.out
    assert "Not proven, only packed: steps.\n  harness author prove pack\n" in shell.out
    assert shell.json("author", "pack", "pack")["unproven"] == ["steps"]
    problem = load_problem_at(tmp_path / "pack/problems/steps")
    digest = hash_of_files(problem)
    proof = Proof(slug="steps", version="1.0.0", hash=digest, tool="0.1.0", levels=())
    write_proof(problem.root, proof)
    assert shell("author", "pack", "pack") == 0
    assert "Not proven" not in shell.out


def test_without_a_folder_the_pack_around_is_built(shell, tmp_path):
    shell.cd(tmp_path / "pack" / "problems" / "steps")
    assert shell("author", "pack", "--sealed", "--into", str(tmp_path / "dist")) == 0
    assert [path.name for path in (tmp_path / "dist").iterdir()] == [
        "harness_pack_pack-1.0.0+sealed-py3-none-any.whl"
    ]


def test_outside_of_any_pack_the_current_folder_is_no_pack(shell):
    assert shell("author", "pack") == 4
    assert "cannot be used" in shell.err
