"""``proof.toml`` of a problem: what ``harness author prove`` found when every check passed.

It holds for the very files it was made from: their hash is in it. Anything but the proof itself
counts, words too, because the checks read them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from harness.authoring.checks.determinism import slowest
from harness.authoring.checks.mutation import scores, trials
from harness.authoring.files import files_below, write_whole
from harness.authoring.subject import Subject
from harness.errors import PackError
from harness.model.frozen import frozen
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Problem
from harness.model.snapshot import Snapshot

PROOF_NAME = "proof.toml"
UNPROVEN = (PROOF_NAME, "fuzz.py")
"""Files that no check which counts has looked at."""

_PAGE = """\
# Proofs

What `harness author prove` found for the problems that come with the tool, when every check passed.
Each row is true of the files as they are now: a test compares their hashes. After a change, type
`harness author prove SLUG` and `HARNESS_REGENERATE_DOCS=1 pytest tests/authoring`.

A *mutant* is a level's reference with one small mistake. It is *killed* when a hidden case of that
level or a lower one fails it, and *waived* when it is no mistake (`waivers.toml` says why).
*Slowest* is the hidden case that took longest with the reference, on the machine of whoever
proved it.

"""


@frozen(kw_only=True)
class LevelProof:
    """What was counted at one level."""

    level: int
    cases: int
    """Hidden ones."""
    mutants: int
    killed: int
    waived: int
    slowest_ms: int


@frozen(kw_only=True)
class Proof:
    """The whole file."""

    slug: str
    version: str
    hash: str
    """Of all files of the problem and its skeleton, the proof left out."""
    levels: tuple[LevelProof, ...]


def hash_of_files(problem: Problem) -> str:
    """Hash what a proof is about. Raises PackError when a file cannot be read."""
    sides = {"problem": files_below(problem.root), "template": files_below(problem.template)}
    for name in UNPROVEN:
        sides["problem"].pop(name, None)
    named = {
        f"{side}/{name}": data for side, files in sides.items() for name, data in files.items()
    }
    return Snapshot(files=named).hash


def prove(subject: Subject) -> Proof:
    """Count what the checks have judged; judgements that are kept make it quick."""
    problem = subject.problem
    scored = scores(subject, trials(subject))
    slow = slowest(subject)
    of_levels = subject.judge_all([subject.hidden(subject.references[max(subject.levels)])])[0]
    return Proof(
        slug=problem.slug,
        version=problem.manifest.version,
        hash=hash_of_files(problem),
        levels=tuple(
            LevelProof(
                level=score.level,
                cases=of_levels.total(score.level),
                mutants=score.mutants,
                killed=score.killed,
                waived=score.waived,
                slowest_ms=round(slow[score.level].seconds * 1000),
            )
            for score in scored
        ),
    )


def write_proof(root: Path, proof: Proof) -> Path:
    """Write ``proof.toml`` of the problem in ``root``. Raises PackError when it cannot."""
    rows = ["# Written by `harness author prove`.\n"]
    rows += [f'{name} = "{getattr(proof, name)}"\n' for name in ("slug", "version", "hash")]
    for level in proof.levels:
        rows.append("\n[[levels]]\n")
        rows += [f"{name} = {number}\n" for name, number in to_plain(level).items()]
    path = root / PROOF_NAME
    write_whole(path, "".join(rows))
    return path


def read_proof(root: Path) -> Proof | None:
    """Read the proof of the problem in ``root``; None when there is none.

    Raises PackError when it is not as it should be.
    """
    path = root / PROOF_NAME
    try:
        return from_plain(Proof, tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        again = f"harness author prove {root.name}"
        raise PackError(f"{path} is not as it should be: {error}", again) from None


def page_of(proofs: Iterable[Proof]) -> str:
    """Return proofs as a page of Markdown."""
    head = ("problem", "version", "level", "cases", "mutants", "killed", "waived", "slowest")
    rows = [_row(head), _row(["---"] * 3 + ["---:"] * 5)]
    for proof in proofs:
        for level in proof.levels:
            counts = (level.cases, level.mutants, level.killed, level.waived)
            cells = (f"`{proof.slug}`", proof.version, level.level, *counts)
            rows.append(_row([*map(str, cells), f"{level.slowest_ms} ms"]))
    return _PAGE + "".join(rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
