"""``harness author check``, ``run`` and ``schema``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from harness.authoring.examination import all_checks, choose
from harness.authoring.subject import Subject, solution_at
from harness.catalog.manifest_file import json_schema
from harness.cli.authoring import Report, examiner_of, selected, show_judgement
from harness.cli.invocation import Invocation, command
from harness.cli.naming import find_problem, find_problems, level_of
from harness.errors import ExitCode
from harness.judge.judge import require_expression
from harness.model.judgement import Suite


@command("check", "harness author check kv_store --full")
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
    checks = all_checks(invocation.plugins)
    report = Report(invocation, junit, strict=strict)
    if only_list:
        report.checks(checks)
        return ExitCode.OK
    chosen = choose(checks, names, full=full)
    problems = find_problems(invocation, slugs)
    with examiner_of(invocation, workers or 0) as examiner:
        return report.examine(problems, chosen, examiner)


@command("run", "harness author run kv_store --level 2 --solution mine/")
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
def run_command(
    invocation: Invocation,
    slug: str | None,
    level: int | None,
    solution: Path,
    visible: bool,
    select: str,
) -> ExitCode:
    """Judge a solution of a problem with full feedback, without an attempt."""
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


@command("schema", "harness author schema > problem.schema.json", as_json=False)
def schema_command(_invocation: Invocation) -> None:
    """Print the JSON Schema of problem.toml, for completion in editors."""
    click.echo(json.dumps(json_schema(), indent=2))
