"""``harness author release`` and ``prove``: versions of a problem, and proofs of them."""

from __future__ import annotations

import click

from harness.authoring.examination import all_checks
from harness.authoring.proving import prove
from harness.authoring.records import VERSIONS_NAME, hash_of_files, release, write_proof
from harness.authoring.subject import Subject
from harness.cli.authoring import Report, examiner_of
from harness.cli.invocation import Invocation, command, here
from harness.cli.naming import find_problem, find_problems, pack_around
from harness.cli.output import say, write_json
from harness.errors import ExitCode, RequestError


@command(
    "release",
    "harness author release kv_store --version 1.1.0 -m 'Level 2 says how ties are broken.'",
)
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
@click.option("--version", required=True, help="The new version, such as 1.1.0.")
@click.option("-m", "--message", required=True, help="What changed since the last version.")
@click.option("--amend", is_flag=True, help="Replace the newest entry, if it is not published yet.")
def release_command(
    invocation: Invocation, slug: str | None, version: str, message: str, amend: bool
) -> ExitCode:
    """Give a problem a new version, and record what changed.

    Sets the version in problem.toml and adds an entry to versions.toml. After 1.0.0, a change of
    suites, skeleton, limits, symbols, minutes or points needs 1.1.0; a change of words 1.0.1.
    """
    problem = find_problem(invocation, slug, "harness author release")
    entry = release(problem, version, message, amend=amend)
    if invocation.as_json:
        write_json({"slug": problem.slug, "entry": entry})
    else:
        path = problem.root / VERSIONS_NAME
        say(invocation, f"{problem.slug} is now version {entry.version}; see {path}")
    return ExitCode.OK


@command("prove", "harness author prove kv_store", as_json=False)
@click.argument("slugs", nargs=-1, metavar="[SLUG|PATH]…")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="How many solutions to judge at a time."
)
def prove_command(invocation: Invocation, slugs: tuple[str, ...], workers: int | None) -> ExitCode:
    """Run every check, and write proof.toml if all pass. Takes minutes.

    proof.toml holds the figures of each level (cases, mutants, how many were noticed, the
    slowest case), the cases that fail each known mistake, and a hash of the files. Problems are
    named as for `harness author check`; without a name the current folder must lie in a pack.
    """
    if not slugs and pack_around(here()) is None:
        # Not all that are installed: proofs are written into their folders.
        raise RequestError(
            "Which problems? The current folder lies in no pack.", "harness author prove SLUG"
        )
    problems = find_problems(invocation, slugs)
    checks = all_checks(invocation.plugins)
    report = Report(invocation, None)
    code = ExitCode.OK
    with examiner_of(invocation, workers or 0) as examiner:
        for problem in problems:
            before = hash_of_files(problem)
            found = report.examine([problem], checks, examiner)
            if found is ExitCode.OK:
                _write_down(invocation, Subject(problem, examiner), before)
            else:
                code = found
    return code


def _write_down(invocation: Invocation, subject: Subject, before: str) -> None:
    proof = prove(subject)
    if proof.hash != before:
        raise RequestError(
            f"{subject.problem.slug} was changed while it was being checked.",
            f"harness author prove {subject.problem.root}",
        )
    path = write_proof(subject.problem.root, proof)
    say(invocation, f"\n{proof.slug} {proof.version} is proven; see {path}")
