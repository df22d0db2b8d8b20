"""``harness author``: tools for problem authors."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli.citing import rules_command
from harness.cli.importing import import_command
from harness.cli.invocation import Invocation, json_option, pass_invocation
from harness.cli.making import (
    fuzz_command,
    level_of,
    new_command,
    preview_command,
)
from harness.cli.mistaking import mistake_command, upgrade_command
from harness.cli.naming import find_problem, find_problems
from harness.cli.packing import pack_command
from harness.cli.proving import prove_command, release_command
from harness.errors import ExitCode


@click.group(
    "author",
    invoke_without_command=True,
    epilog="\b\nExample:\n  harness author check kv_store",
)
@click.pass_context
def author_command(context: click.Context) -> None:
    """Write problems, check them and prove them good."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


author_command.add_command(import_command)
author_command.add_command(pack_command)
author_command.add_command(new_command)
author_command.add_command(preview_command)
author_command.add_command(fuzz_command)
author_command.add_command(rules_command)
author_command.add_command(mistake_command)
author_command.add_command(upgrade_command)


@author_command.command("check", epilog="\b\nExample:\n  harness author check kv_store --full")
@click.argument("slugs", nargs=-1, metavar="[SLUG|PATH]…")
@click.option("--full/--fast", default=False, help="Also run the checks that take minutes.")
@click.option(
    "--only", "names", multiple=True, metavar="CHECK", help="Run only this check; repeatable."
)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option("--list", "only_list", is_flag=True, help="List the checks without running them.")
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write JUnit XML to FILE.",
    metavar="FILE",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="How many solutions to judge at a time."
)
@json_option
@pass_invocation
def check_command(
    invocation: Invocation,
    slugs: tuple[str, ...],
    full: bool,
    names: tuple[str, ...],
    strict: bool,
    only_list: bool,
    junit: Path | None,
    workers: int | None,
) -> ExitCode:
    """Check problems.

    PATH is the folder of a problem, or of a pack to check all its problems. Without arguments,
    the pack around the current folder is checked; outside of any pack, every problem that
    `harness list` shows. Each finding says what is wrong, where, why it matters, and how to fix
    it. The exit code is 1 if a finding is an error, and 4 if a problem cannot be loaded.
    """
    from harness.authoring.checks.everything import all_checks
    from harness.authoring.examination import choose
    from harness.cli.authoring import Report, examiner_of

    checks = all_checks(invocation.plugins)
    report = Report(invocation, junit, strict=strict)
    if only_list:
        report.checks(checks)
        return ExitCode.OK
    chosen = choose(checks, names, full=full)
    problems = find_problems(invocation, slugs)
    with examiner_of(invocation, workers or 0) as examiner:
        return report.examine(problems, chosen, examiner)


@author_command.command(
    "run", epilog="\b\nExample:\n  harness author run kv_store --level 2 --solution mine/"
)
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
@click.option("--level", type=int, help="Judge levels 1 to this one.  [default: all]")
@click.option(
    "--solution",
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="Judge this folder, or the one file of a solution.",
)
@click.option("--visible", is_flag=True, help="Run the visible suites instead of the hidden ones.")
@click.option("-k", "select", default="", metavar="EXPR", help="Run only matching cases.")
@json_option
@pass_invocation
def run_command(
    invocation: Invocation,
    slug: str | None,
    level: int | None,
    solution: Path,
    visible: bool,
    select: str,
) -> ExitCode:
    """Judge a solution of a problem with full feedback, without an attempt."""
    from harness.authoring.subject import Subject, solution_at
    from harness.cli.authoring import examiner_of, selected, show_judgement
    from harness.judge.selection import require_expression
    from harness.model.judgement import Suite

    problem = find_problem(invocation, slug, "harness author run")
    command = f"harness author run {slug or problem.root} --solution {solution}"
    last = level_of(problem, level, command)
    require_expression(select, command)
    suite = Suite.VISIBLE if visible else Suite.HIDDEN
    files = solution_at(solution, problem.manifest.module)
    with examiner_of(invocation, 1) as examiner:
        subject = Subject(problem, examiner)
        levels = tuple(range(1, last + 1))
        judgement = subject.judge(subject.request(files, levels, suite, select=select))
    if select:
        judgement = selected(judgement, select, "level 1" if last == 1 else f"levels 1 to {last}")
    return show_judgement(invocation, problem, judgement)


@author_command.command(
    "schema", epilog="\b\nExample:\n  harness author schema > problem.schema.json"
)
def schema_command() -> None:
    """Print the JSON Schema of problem.toml, for completion in editors."""
    import json

    from harness.catalog.manifest_file import json_schema

    click.echo(json.dumps(json_schema(), indent=2))


author_command.add_command(release_command)
author_command.add_command(prove_command)
