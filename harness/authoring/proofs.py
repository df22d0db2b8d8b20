"""``proof.toml`` of a problem: what ``harness author prove`` found when every check passed.

It holds for the very files it was made from: their hash is in it. Every file but the proof itself
and ``fuzz.py`` counts, prose too, because the checks read them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from harness.authoring.files import files_below, write_whole
from harness.errors import PackError
from harness.model.frozen import frozen
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Problem, Snapshot

PROOF_NAME = "proof.toml"
UNPROVEN = (PROOF_NAME, "fuzz.py")
"""Files that no check which counts has looked at."""


@frozen(kw_only=True)
class LevelProof:
    """The figures of one level."""

    level: int
    cases: int
    """Hidden ones, each set of parameters counted."""
    mutants: int
    killed: int
    equivalent: int
    """Surviving mutants that behave as the reference."""
    slowest_ms: int
    """The slowest hidden case with the reference, in milliseconds."""
    statement_words: int
    reference_lines: int


@frozen(kw_only=True)
class Proof:
    """The whole file."""

    slug: str
    version: str
    hash: str
    """Of all files of the problem and its skeleton, the proof left out."""
    tool: str
    """The version of harness that wrote it."""
    levels: tuple[LevelProof, ...]
    mistakes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Each known mistake → the hidden cases of its level that fail it."""
    naive: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """``level4`` → the hidden cases that fail the naive design; only levels with such cases."""


def hash_of_files(problem: Problem) -> str:
    """Hash what a proof is about. Raises PackError when a file cannot be read."""
    sides = {"problem": files_below(problem.root), "template": files_below(problem.template)}
    for name in UNPROVEN:
        sides["problem"].pop(name, None)
    named = {
        f"{side}/{name}": data for side, files in sides.items() for name, data in files.items()
    }
    return Snapshot(files=named).hash


def is_proven(problem: Problem) -> bool:
    """Tell whether the problem has a proof of just these files, of this or an earlier harness."""
    try:
        text = (problem.root / PROOF_NAME).read_text(encoding="utf-8")
        return bool(tomllib.loads(text).get("hash") == hash_of_files(problem))
    except (OSError, ValueError):
        return False


def write_proof(root: Path, proof: Proof) -> Path:
    """Write ``proof.toml`` of the problem in ``root``. Raises PackError when it cannot."""
    rows = ["# Written by `harness author prove`.\n"]
    rows += [f'{name} = "{getattr(proof, name)}"\n' for name in ("slug", "version", "hash", "tool")]
    for level in proof.levels:
        rows.append("\n[[levels]]\n")
        rows += [f"{name} = {number}\n" for name, number in to_plain(level).items()]
    for table in ("mistakes", "naive"):
        cases: Mapping[str, tuple[str, ...]] = getattr(proof, table)
        if cases:
            rows.append(f"\n[{table}]\n")
            rows += [f"{name} = {_array(names)}\n" for name, names in cases.items()]
    path = root / PROOF_NAME
    write_whole(path, "".join(rows))
    return path


def _array(names: tuple[str, ...]) -> str:
    quoted = [f'"{name}"' for name in names]
    line = f"[{', '.join(quoted)}]"
    return line if len(line) < 80 else "[\n" + "".join(f"  {each},\n" for each in quoted) + "]"


def read_proof(root: Path) -> Proof | None:
    """Read the proof of the problem in ``root``; None when there is none.

    Raises PackError when it cannot be used, such as one that harness 0.1 wrote.
    """
    path = root / PROOF_NAME
    try:
        return from_plain(Proof, tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        again = f"harness author prove {root.name}"
        raise PackError(f"{path} cannot be used: {error}", again) from None


def read_matrix(root: Path) -> Mapping[str, tuple[str, ...]]:
    """Return which cases fail each mistake, as it was proven; empty without a usable proof."""
    try:
        proof = read_proof(root)
    except PackError:
        return {}
    return proof.mistakes if proof else {}
