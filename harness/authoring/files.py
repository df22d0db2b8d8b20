"""Files of a problem's folder, and what harness records there: versions and the proof.

``versions.toml`` says what each version changed, with a fingerprint of it::

    [[versions]]
    version = "1.1.0"
    behaviour = "9f2c…"            # hash of what decides verdicts and points
    wording = "41ab…"              # hash of the other texts that the candidate reads
    changes = "Level 3 says what happens to a task that is cancelled twice."

``behaviour`` covers suites, skeleton, limits, isolation, module, and of each level the id, symbols,
minutes, points and bonus. ``wording`` covers statements, the editorial, and all titles,
summaries and hints. References, alternates and known mistakes are in neither: they change
nothing for a candidate. Neither do the rules that cases cite (``Rule:`` paragraphs). A change of
behaviour requires a new minor version, a change of wording a patch.

``proof.toml`` says what ``harness author prove`` found when every check passed. It holds for the
very files it was made from: their hash is in it. Every file but the proof itself and ``fuzz.py``
counts, prose too, because the checks read them.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from harness.authoring.suites import without_citations
from harness.catalog.content import MANIFEST_NAME, is_junk
from harness.catalog.toml import key_lines, read_toml, toml_table
from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.plain import to_plain
from harness.model.problem import Problem, Snapshot, is_solution_file
from harness.words import quoted

VERSIONS_NAME = "versions.toml"
PROOF_NAME = "proof.toml"
UNPROVEN = (PROOF_NAME, "fuzz.py")
"""Files that no check which counts has looked at."""

_VERSION = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")
_VALUE = re.compile(r"^(\s*version\s*=\s*)(\"[^\"]*\"|'[^']*')")


def files_below(folder: Path) -> dict[str, bytes]:
    """Return path below ``folder`` (with ``/``) → content; litter of editors is left out.

    Raises PackError when one cannot be read.
    """
    files = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not any(is_junk(part) for part in inside.parts) and path.is_file():
            try:
                files[inside.as_posix()] = path.read_bytes()
            except OSError as error:
                raise PackError(
                    f"Cannot read {path}: {error.strerror}.", f"ls -l {quoted(path.parent)}"
                ) from None
    return files


def solution_in(folder: Path) -> Snapshot:
    """Return the Python files of a folder."""
    files = files_below(folder)
    return Snapshot(files={name: files[name] for name in files if is_solution_file(name)})


def solutions_in(folder: Path) -> dict[str, Snapshot]:
    """Return the solutions that are folders of ``folder``, by name; none without the folder."""
    if not folder.is_dir():
        return {}
    return {path.name: solution_in(path) for path in sorted(folder.iterdir()) if path.is_dir()}


def refuse_sealed(problem: Problem) -> None:
    """Raise RequestError for a problem whose files lie in a seal: an author's tools need them."""
    if problem.sealed:
        raise RequestError(
            f"{problem.slug} is sealed: an author's tools need its files.",
            "harness author check  # where its author keeps it: HARNESS_PACKS=FOLDER",
        )


def write_whole(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` in one step, in a folder that is made if need be.

    Raises PackError when that cannot be done.
    """
    # Judges of one process keep their judgements side by side.
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise PackError(
            f"Cannot write {path}: {error.strerror}.", f"ls -ld {quoted(path.parent)}"
        ) from None


@frozen(kw_only=True)
class Fingerprint:
    """Hashes of a problem as it is now."""

    behaviour: str
    wording: str


@frozen(kw_only=True)
class Entry:
    """One released version."""

    version: str
    behaviour: str
    wording: str
    changes: str

    @property
    def fingerprint(self) -> Fingerprint:
        """The hashes of the problem as it was."""
        return Fingerprint(behaviour=self.behaviour, wording=self.wording)


@frozen(kw_only=True)
class _Versions:
    versions: tuple[Entry, ...] = ()


def fingerprint(problem: Problem) -> Fingerprint:
    """Return the hashes of ``problem`` as it was when it was loaded."""
    manifest = problem.manifest
    levels = range(1, problem.level_count + 1)
    decides = {
        "module": manifest.module,
        "isolation": "case",
        "limits": manifest.limits.to_table(),
        "minutes": manifest.minutes,
        "levels": [
            [level.id, level.minutes, level.points, level.bonus, to_plain(level.symbols)]
            for level in manifest.levels
        ],
    }
    reads = {
        "title": manifest.title,
        "summary": manifest.summary,
        "levels": [[level.title, level.summary, list(level.hints)] for level in manifest.levels],
    }
    files = problem.content.files
    behaviour = {
        f"level{level}/{suite}": without_citations(
            files[f"problem/level{level}/test_{suite.value}.py"]
        )
        for level in levels
        for suite in Suite
    }
    behaviour |= {name: files[name] for name in files if name.startswith("template/")}
    wording = {f"level{n}": files[f"problem/level{n}/statement.md"] for n in levels}
    wording["editorial"] = files["problem/editorial.md"]
    return Fingerprint(behaviour=_hash(behaviour, decides), wording=_hash(wording, reads))


def _hash(files: dict[str, bytes], settings: object) -> str:
    plain = json.dumps(settings, sort_keys=True).encode()
    return Snapshot(files={**files, "settings": plain}).hash


def read_versions(root: Path) -> tuple[Entry, ...]:
    """Return the entries of the problem in ``root``, oldest first; none without a file.

    Raises PackError when the file is not valid.
    """
    path = root / VERSIONS_NAME
    again = f"harness author check {quoted(root)}"
    found = read_toml(path, _Versions, again)
    entries = found.versions if found else ()
    for entry in entries:
        if not _VERSION.match(entry.version):
            raise PackError(f'{path}: "{entry.version}" is not a version like 1.0.0.', again)
    return entries


def numbers(version: str) -> tuple[int, int, int]:
    """Return the three numbers of a version. Raises RequestError when it does not have three."""
    found = _VERSION.match(version)
    if found is None:
        raise RequestError(f'"{version}" is not a version.', "Write it like 1.1.0")
    major, minor, patch = (int(part) for part in found.groups())
    return major, minor, patch


def least_next(last: Entry, now: Fingerprint) -> str:
    """Return the lowest version that may follow ``last`` for a problem with the hashes ``now``."""
    major, minor, patch = numbers(last.version)
    if now.behaviour != last.behaviour:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def release(problem: Problem, version: str, changes: str, *, amend: bool = False) -> Entry:
    """Set the manifest's version and add its entry; with ``amend`` write the newest entry anew.

    Raises RequestError when the version is too low for what changed, when ``changes`` is empty or
    when the problem is sealed, PackError when a file cannot be read or written.
    """
    refuse_sealed(problem)
    entries = read_versions(problem.root)
    wanted = numbers(version)
    again = f"harness author release {quoted(problem.root)} --version"
    if not changes.strip():
        raise RequestError(
            "An entry must say what changed.", f"{again} {version} -m 'what changed'"
        )
    earlier = entries[:-1] if amend else entries
    now = fingerprint(problem)
    if amend and (not entries or entries[-1].version != version):
        newest = entries[-1].version if entries else "none"
        raise RequestError(
            f"The newest entry of {problem.slug} is {newest}; only that can be amended.",
            f"{again} {version} -m 'what changed'",
        )
    if earlier:
        least = least_next(earlier[-1], now)
        if wanted < numbers(least):
            raise RequestError(
                f"{problem.slug} {version} cannot follow {earlier[-1].version}: what changed "
                f"requires at least {least}.",
                f"{again} {least} -m 'what changed'",
            )
    entry = Entry(
        version=version, behaviour=now.behaviour, wording=now.wording, changes=changes.strip()
    )
    manifest = problem.root / MANIFEST_NAME
    # As bytes: reading it as text would change the ends of its lines.
    write_whole(manifest, with_version(manifest.read_bytes().decode(), version))
    tables = [toml_table("[[versions]]", to_plain(each)) for each in (*earlier, entry)]
    text = "\n".join(["# Written by `harness author release`.\n", *tables])
    write_whole(problem.root / VERSIONS_NAME, text)
    return entry


def with_version(manifest: str, version: str) -> str:
    """Return the text of a manifest with another version and no other change."""
    place = key_lines(manifest).get(("version",))
    lines = manifest.splitlines(keepends=True)
    count = 0
    if place is not None:
        line = lines[place - 1]
        lines[place - 1], count = _VALUE.subn(rf'\g<1>"{version}"', line, count=1)
    if not count:
        raise PackError(
            f'{MANIFEST_NAME} has no line like: version = "1.0.0"',
            "Write such a line at the top, and run the same command again.",
        )
    return "".join(lines)


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
    """Return whether the problem has a proof of just these files, of this or an earlier harness."""
    try:
        text = (problem.root / PROOF_NAME).read_text(encoding="utf-8")
        return bool(tomllib.loads(text).get("hash") == hash_of_files(problem))
    except (OSError, ValueError):
        return False


def write_proof(root: Path, proof: Proof) -> Path:
    """Write ``proof.toml`` of the problem in ``root``. Raises PackError when it cannot."""
    head = {name: getattr(proof, name) for name in ("slug", "version", "hash", "tool")}
    tables = ["# Written by `harness author prove`.\n" + toml_table("", head)]
    tables += [toml_table("[[levels]]", to_plain(level)) for level in proof.levels]
    if proof.mistakes:
        tables.append(toml_table("[mistakes]", proof.mistakes))
    if proof.naive:
        tables.append(toml_table("[naive]", proof.naive))
    path = root / PROOF_NAME
    write_whole(path, "\n".join(tables))
    return path


def read_proof(root: Path) -> Proof | None:
    """Read the proof of the problem in ``root``; None when there is none.

    Raises PackError when it cannot be used, such as one that harness 0.1 wrote.
    """
    return read_toml(root / PROOF_NAME, Proof, f"harness author prove {quoted(root)}")


def read_matrix(root: Path) -> Mapping[str, tuple[str, ...]]:
    """Return which cases fail each mistake, as it was proven; empty without a usable proof."""
    try:
        proof = read_proof(root)
    except PackError:
        return {}
    return proof.mistakes if proof else {}
