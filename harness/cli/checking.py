"""``harness author check``, ``run``, ``prove`` and ``schema``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from harness.authoring.examination import all_checks, choose
from harness.authoring.files import hash_of_files, is_proven, write_proof
from harness.authoring.proving import prove
from harness.authoring.subject import Subject, solution_at
from harness.catalog.manifest_file import json_schema
from harness.cli.authoring import (
    examine_problems,
    examiner_of,
    find_problem,
    find_problems,
    level_of,
    pack_around,
)
from harness.cli.invocation import Invocation, command, here
from harness.cli.output import exit_code, say, say_next, show, write_json
from harness.errors import ExitCode, RequestError
from harness.judge.judge import require_expression
from harness.model.judgement import Feedback, Judgement, Suite
from harness.model.problem import Problem
from harness.reports.terminal.results import render_judgement
from harness.reports.withholding import judgement_document
from harness.words import quoted, typed_text


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
    if only_list:
        if invocation.as_json:
            rows = [{"name": c.name, "title": c.title, "full": c.full} for c in checks]
            write_json({"checks": rows})
        else:
            for each in checks:
                say(invocation, f"{each.name:<14} {each.title}{'  (--full)' * each.full}")
        return ExitCode.OK
    chosen = choose(checks, names, full=full)
    problems = find_problems(invocation, slugs)
    with examiner_of(invocation, workers or 0) as examiner:
        code = examine_problems(invocation, problems, chosen, examiner, strict=strict, junit=junit)
    unproven = [str(problem.root) for problem in problems if not is_proven(problem)]
    if full and not names and code is ExitCode.OK and unproven:
        say_next(invocation, f"harness author prove {typed_text(unproven)}")
    return code


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
    named = quoted(slug or problem.root)
    command = f"harness author run {named} --solution {quoted(solution)}"
    last = level_of(problem, level, command)
    require_expression(select, command)
    suite = Suite.VISIBLE if visible else Suite.HIDDEN
    files = solution_at(solution, problem.manifest.module)
    with examiner_of(invocation, 1) as examiner:
        subject = Subject(problem, examiner)
        levels = tuple(range(1, last + 1))
        judgement = subject.judge(
            subject.request(files, levels, suite, select=select, boxes="fresh")
        )
    if select:
        matching = tuple(each for each in judgement.levels if judgement.total(each))
        if not matching and not judgement.error:
            where = "level 1" if last == 1 else f"levels 1 to {last}"
            raise RequestError(
                f"No {suite} case of {where} matches '{select}'.",
                f"{command} --level {last}  # shows the names of all cases",
            )
        judgement = replace(judgement, levels=matching or judgement.levels)
    return _show_judgement(invocation, problem, judgement)


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
    code = ExitCode.OK
    with examiner_of(invocation, workers or 0) as examiner:
        for problem in problems:
            before = hash_of_files(problem)
            found = examine_problems(invocation, [problem], checks, examiner)
            if found is not ExitCode.OK:
                code = found
                continue
            proof = prove(Subject(problem, examiner))
            if proof.hash != before:
                raise RequestError(
                    f"{problem.slug} was changed while it was being checked.",
                    f"harness author prove {quoted(problem.root)}",
                )
            path = write_proof(problem.root, proof)
            say(invocation, f"\n{proof.slug} {proof.version} is proven; see {path}")
    return code


@command("schema", "harness author schema > problem.schema.json", as_json=False)
def schema_command(_invocation: Invocation) -> None:
    """Print the JSON Schema of problem.toml, for completion in editors."""
    click.echo(json.dumps(json_schema(), indent=2))


def _show_judgement(invocation: Invocation, problem: Problem, judgement: Judgement) -> ExitCode:
    """Show everything about a judgement: this is for the author."""
    if invocation.as_json:
        write_json(judgement_document(judgement, Feedback.FULL, problem))
    else:
        page = render_judgement(judgement, Feedback.FULL, problem, details=None, output_lines=None)
        show(invocation, page)
    return exit_code(judgement)
