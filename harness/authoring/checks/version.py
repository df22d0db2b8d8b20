"""A released version never changes; a change needs a new version and a changelog entry."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from harness.authoring.records import (
    VERSIONS_NAME,
    Fingerprint,
    fingerprint,
    least_next,
    numbers,
    read_versions,
)
from harness.authoring.subject import Subject
from harness.catalog.content import MANIFEST_NAME
from harness.catalog.toml import key_lines
from harness.model.finding import Check, Finding, Severity

_WHY_NEW = (
    "Two people who took the same version must have taken the same problem; otherwise neither "
    "their results nor its proofs can be compared."
)


def version(subject: Subject) -> Iterator[Finding]:
    """The manifest's version is the newest entry, and the problem has not changed since."""
    problem = subject.problem
    path = problem.root / VERSIONS_NAME
    manifest = problem.root / MANIFEST_NAME
    line = key_lines(manifest.read_text(encoding="utf-8")).get(("version",))
    entries = read_versions(problem.root)
    stated = problem.manifest.version
    command = f"harness author release {problem.slug} --version"
    if not entries or entries[-1].version != stated:
        newest = f"the newest is {entries[-1].version}" if entries else "there is none"
        yield Finding(
            message=f"Version {stated} has no entry at the end of {VERSIONS_NAME}: {newest}.",
            why="A candidate who takes a problem again wants to know what is different.",
            fix=f"{command} {stated} -m 'what changed'",
            path=manifest,
            line=line,
            # A problem without a released version may change freely.
            severity=Severity.ERROR if entries else Severity.WARNING,
        )
    elif entries[-1].fingerprint != (now := fingerprint(problem)):
        least = least_next(entries[-1], now)
        yield Finding(
            message=f"{_what(entries[-1].fingerprint, now)} changed since version {stated}.",
            why=_WHY_NEW,
            fix=f"{command} {least} -m 'what changed'  (if {stated} was never released: "
            f"{command} {stated} --amend -m 'what changed')",
            path=manifest,
            line=line,
        )
    for before, after in pairwise(entries):
        least = least_next(before, after.fingerprint)
        if numbers(after.version) < numbers(least):
            yield Finding(
                message=f"{after.version} follows {before.version}, but what it changed requires "
                f"at least {least}.",
                why="The number says whether a solution that passed before will pass again.",
                fix=f"number it {least}, here and in {MANIFEST_NAME}",
                path=path,
            )
    for entry in entries:
        if not entry.changes.strip():
            yield Finding(
                message=f"The entry of version {entry.version} does not say what changed.",
                why="A candidate who takes a problem again wants to know what is different.",
                fix="write a sentence into changes",
                path=path,
            )


def _what(before: Fingerprint, now: Fingerprint) -> str:
    if before.behaviour == now.behaviour:
        return "Only words (statements, editorial, titles, summaries or hints)"
    return "Behaviour (suites, skeleton, limits, symbols, minutes or points)"


CHECKS = (Check(name="version", title="every change has a version and an entry", run=version),)
