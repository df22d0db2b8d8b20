"""``harness author release`` and ``prove``: what is said of a version, and shown of it."""

from __future__ import annotations

import click

from harness.cli.invocation import Invocation, json_option, pass_invocation
from harness.errors import ExitCode


@click.command(
    "release",
    epilog="\b\nExample:\n  harness author release kv_store --version 1.1.0 "
    '-m "Level 2 says how ties are broken."',
)
@click.argument("slug")
@click.option("--version", required=True, help="Such as 1.1.0; it must rise.")
@click.option("-m", "--message", required=True, help="What changed, for who sat it before.")
@click.option("--amend", is_flag=True, help="Replace the newest entry: nobody has it yet.")
@json_option
@pass_invocation
def release_command(
    invocation: Invocation, slug: str, version: str, message: str, amend: bool
) -> ExitCode:
    """Give a problem a version, and write down what changed.

    Sets the version in problem.toml and adds an entry to versions.toml. Changed suites, skeleton,
    limits, symbols, minutes or points ask for 1.1.0 after 1.0.0; changed words for 1.0.1.
    """
    from harness.authoring.versions import VERSIONS_NAME, release
    from harness.cli.output import say, write_json

    problem = invocation.app.catalog.problem(slug)
    entry = release(problem, version, message, amend=amend)
    if invocation.as_json:
        write_json({"slug": problem.slug, "entry": entry})
    else:
        path = problem.root / VERSIONS_NAME
        say(invocation, f"{problem.slug} is version {entry.version} now; see {path}")
    return ExitCode.OK
