"""What a proof says, and that those of the core pack are about the files as they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.authoring.files import hash_of_files, read_proof, write_proof
from harness.authoring.proving import prove
from harness.authoring.subject import Subject
from harness.catalog.catalog import core_pack, load_problem
from harness.errors import PackError

CORE = core_pack()
SLUGS = sorted(path.name for path in (CORE / "problems").iterdir() if path.is_dir())
PAGE = Path(__file__).parents[3] / "docs" / "proofs.md"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_core_problem_is_as_it_was_proven(slug):
    root = CORE / "problems" / slug
    problem = load_problem(root, CORE / "solutions_template" / slug, "core")
    proof = read_proof(root)
    assert proof is not None
    again = f"type: harness author prove {slug}"
    assert (proof.slug, proof.version) == (slug, problem.manifest.version), again
    assert proof.hash == hash_of_files(problem), again
    assert [level.level for level in proof.levels] == list(range(1, problem.level_count + 1))
    for level in proof.levels:
        assert level.cases > 0
        assert level.killed >= 0.95 * (level.mutants - level.equivalent)
        assert 0 < 5 * level.slowest_ms <= 1000 * problem.manifest.limits.wall_seconds


def test_the_page_tells_what_the_proofs_tell():
    proofs = [read_proof(CORE / "problems" / slug) for slug in SLUGS]
    page = page_of(proof for proof in proofs if proof is not None)
    if os.environ.get("HARNESS_REGENERATE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "HARNESS_REGENERATE_DOCS=1 pytest tests"


PAGE_HEAD = """\
# Proofs

These are the results of `harness author prove` for the problems that come with the tool.
Each row is true of the files as they are now: a test compares their hashes. After a change, type
`harness author prove SLUG` and `HARNESS_REGENERATE_DOCS=1 pytest tests/authoring`.

A *mutant* is a level's reference with one small mistake. It is *killed* when a hidden case of that
level or a lower one fails it, and *equivalent* when it behaves as the reference (`mistakes.toml`
says why). A known *mistake* is one that `mistakes.toml` describes; `proof.toml` lists the cases
that fail it. *Slowest* is the hidden case that took longest with the reference, on the machine
that made the proof.

"""


def page_of(proofs):
    head = ("problem", "version", "level", "cases", "mutants", "killed", "equivalent", "slowest")
    rows = [head, ["---"] * 3 + ["---:"] * 5]
    for proof in proofs:
        for level in proof.levels:
            counts = (level.cases, level.mutants, level.killed, level.equivalent)
            cells = (f"`{proof.slug}`", proof.version, level.level, *counts)
            rows.append([*map(str, cells), f"{level.slowest_ms} ms"])
    return PAGE_HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def test_what_is_counted(bench):
    proof = prove(Subject(bench.problem, bench.examiner))
    assert (proof.slug, proof.version, len(proof.levels)) == ("tally", "1.0.0", 2)
    first, second = proof.levels
    assert (first.level, first.cases, second.cases) == (1, 2, 2)
    # The first sum left out, or 1; += left out, or -=; either return.
    assert (first.mutants, first.killed, first.equivalent) == (6, 6, 0)
    assert (second.mutants, second.killed, second.equivalent) == (9, 9, 0)
    assert first.slowest_ms < 1000


def test_an_equivalent_mutant_is_counted_apart(bench):
    bench.change("reference/level1/solution.py", "self._sum = 0", "self._sum = self._unused = 0")
    bench.change(
        "reference/level1/solution.py",
        "return self._sum\n",
        "self._unused = 7\n        return self._sum\n",
    )
    (bench.root / "mistakes.toml").write_text(
        "[[equivalent]]\nlevel = 1\nwhy = 'It is never read.'\n"
        "find = 'self._unused = 7'\nreplace = 'pass'\n"
    )
    first, _ = prove(Subject(bench.problem, bench.examiner)).levels
    assert first.equivalent == 1
    assert first.mutants > first.killed + first.equivalent  # 7 and 8 are as good as each other


def test_writing_and_reading_it(bench):
    (bench.root / "mistakes.toml").write_text(
        "[[mistake]]\nname = 'adds_one'\nlevel = 1\nwhy = 'Counts.'\n"
        "find = 'self._sum += amount'\nreplace = 'self._sum += 1'\n"
    )
    proof = prove(Subject(bench.problem, bench.examiner))
    path = write_proof(bench.root, proof)
    assert path == bench.root / "proof.toml"
    assert read_proof(bench.root) == proof
    assert proof.hash == hash_of_files(bench.problem)
    assert proof.mistakes == {"adds_one": ("test_sum", "test_random_amounts")}
    assert f"| `tally` | 1.0.0 | 1 | 2 | 6 | 6 | 0 | {proof.levels[0].slowest_ms} ms |" in page_of(
        [proof]
    )


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("level1/test_hidden.py", "[5]", "[6]"),
        ("level1/statement.md", "adds up", "adds"),
        ("reference/level2/solution.py", "pop()", "pop(-1)"),
        ("problem.toml", "# A comment", "# Another comment"),
        ("../../solutions_template/tally/solution.py", "amount", "number"),
    ],
)
def test_every_file_counts(bench, name, old, new):
    before = hash_of_files(bench.problem)
    bench.change(name, old, new)
    assert hash_of_files(bench.problem) != before


def test_a_new_file_counts_and_litter_does_not(bench):
    before = hash_of_files(bench.problem)
    litter = bench.root / "level1" / "__pycache__"
    litter.mkdir()
    (litter / "test_hidden.cpython-311.pyc").write_bytes(b"x")
    (bench.root / "problem.toml~").write_text("old")
    assert hash_of_files(bench.problem) == before
    (bench.root / "mistakes.toml").write_text("")
    assert hash_of_files(bench.problem) != before


def test_without_a_proof_and_with_a_broken_one(bench):
    assert read_proof(bench.root) is None
    (bench.root / "proof.toml").write_text("slug = 1\n")
    with pytest.raises(PackError, match="cannot be used"):
        read_proof(bench.root)
