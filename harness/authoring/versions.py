"""``versions.toml`` of a problem: what each version changed, and a fingerprint of it.

::

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
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from harness.authoring.files import files_below, refuse_sealed, write_whole
from harness.catalog.content import MANIFEST_NAME
from harness.catalog.toml import key_lines
from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Problem, Snapshot
from harness.model.rules import without_citations
from harness.words import quoted

VERSIONS_NAME = "versions.toml"

_VERSION = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")
_VALUE = re.compile(r"^(\s*version\s*=\s*)(\"[^\"]*\"|'[^']*')")


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
class _File:
    versions: tuple[Entry, ...] = ()


def fingerprint(problem: Problem) -> Fingerprint:
    """Return the hashes of ``problem``.

    Raises RequestError for a problem that is sealed, PackError when a file cannot be read.
    """
    refuse_sealed(problem)
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
    try:
        behaviour = {
            f"level{level}/{suite}": without_citations(
                problem.suite_path(level, suite).read_bytes()
            )
            for level in levels
            for suite in Suite
        }
        wording = {f"level{n}": problem.statement_path(n).read_bytes() for n in levels}
        wording["editorial"] = problem.editorial_path.read_bytes()
    except OSError as error:
        again = f"harness author check {problem.slug}"
        raise PackError(f"Cannot read {error.filename}: {error.strerror}.", again) from None
    skeleton = files_below(problem.template)
    behaviour |= {f"template/{name}": content for name, content in skeleton.items()}
    return Fingerprint(behaviour=_hash(behaviour, decides), wording=_hash(wording, reads))


def _hash(files: dict[str, bytes], settings: object) -> str:
    plain = json.dumps(settings, sort_keys=True).encode()
    return Snapshot(files={**files, "settings": plain}).hash


def read_versions(root: Path) -> tuple[Entry, ...]:
    """Return the entries of the problem in ``root``, oldest first; none without a file.

    Raises PackError when the file is not valid.
    """
    path = root / VERSIONS_NAME
    try:
        entries = from_plain(_File, tomllib.loads(path.read_text(encoding="utf-8"))).versions
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        again = f"harness author check {root.name}"
        raise PackError(f"{path} is not valid: {error}", again) from None
    for entry in entries:
        if not _VERSION.match(entry.version):
            again = f"harness author check {root.name}"
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
    entries = read_versions(problem.root)
    wanted = numbers(version)
    again = f"harness author release {quoted(problem.root)} --version"
    if not changes.strip():
        raise RequestError("An entry must say what changed.", "Add: -m 'what changed'")
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
    write_whole(problem.root / VERSIONS_NAME, _rendered([*earlier, entry]))
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


def _rendered(entries: Sequence[Entry]) -> str:
    """Write the whole file. Texts of JSON without control characters are texts of TOML, too."""
    blocks = ["# Written by `harness author release`.\n"]
    for entry in entries:
        rows = [f"{name} = {_quoted(text)}\n" for name, text in to_plain(entry).items()]
        blocks.append("".join(["[[versions]]\n", *rows]))
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
