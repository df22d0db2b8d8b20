"""What was given out under a version stays as it was: a change needs another, and a word on it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from harness.authoring.subject import Subject
from harness.authoring.versions import (
    VERSIONS_NAME,
    Fingerprint,
    fingerprint,
    least_next,
    numbers,
    read_versions,
)
from harness.catalog.loading import MANIFEST_NAME
from harness.catalog.toml_lines import key_lines
from harness.model.finding import Check, Finding, Severity

_WHY_NEW = (
    "Two people who sat the same version must have sat the same problem; else their results, and "
    "the proofs of it, cannot be compared."
)


def version(subject: Subject) -> Iterator[Finding]:
    """The manifest's version is the newest entry, and the problem is still what that says."""
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
            why="A candidate who sits a problem again wants to know what is different.",
            fix=f"{command} {stated} -m 'what changed'",
            path=manifest,
            line=line,
            # A problem that was never given out may still change as it likes.
            severity=Severity.ERROR if entries else Severity.WARNING,
        )
    elif entries[-1].fingerprint != (now := fingerprint(problem)):
        least = least_next(entries[-1], now)
        yield Finding(
            message=f"{_what(entries[-1].fingerprint, now)} changed since version {stated}.",
            why=_WHY_NEW,
            fix=f"{command} {least} -m 'what changed'  (if nobody has {stated} yet: "
            f"{command} {stated} --amend -m 'what changed')",
            path=manifest,
            line=line,
        )
    for before, after in pairwise(entries):
        least = least_next(before, after.fingerprint)
        if numbers(after.version) < numbers(least):
            yield Finding(
                message=f"{after.version} follows {before.version}, but what it changed asks for "
                f"{least} at least.",
                why="The number tells whether who passed before can rely on passing again.",
                fix=f"number it {least}, here and in {MANIFEST_NAME}",
                path=path,
            )
    for entry in entries:
        if not entry.changes.strip():
            yield Finding(
                message=f"The entry of version {entry.version} does not say what changed.",
                why="A candidate who sits a problem again wants to know what is different.",
                fix="write a sentence into changes",
                path=path,
            )


def _what(before: Fingerprint, now: Fingerprint) -> str:
    if before.behaviour == now.behaviour:
        return "Only words (statements, editorial, titles, summaries or hints)"
    return "Behaviour (suites, skeleton, limits, symbols, minutes or points)"


CHECKS = (Check(name="version", title="what changed has a version and a word on it", run=version),)
"""For ``harness.authoring.checks.everything``."""
