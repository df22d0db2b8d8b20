"""``harness author import``."""

from __future__ import annotations

from pathlib import Path

import click

from harness.authoring.examination import all_checks, choose, examine
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.cli.invocation import Invocation, command
from harness.cli.output import say, say_next, show, write_json
from harness.importing.exercise import import_exercise
from harness.reports.terminal.examination import render_examination


@command("import", "harness author import ~/exercises/bank --into my_pack")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--into",
    default=".",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the pack.  [default: the current folder]",
)
@click.option("--slug", default="", help="Name of the problem.  [default: the folder's name]")
def import_command(invocation: Invocation, path: Path, into: Path, slug: str) -> None:
    """Import a leveled exercise, tests and a solution, as a problem of a pack.

    Test code stays as it is, except for imports. Levels are inferred from names of files, classes
    and functions (level_2, Stage2, part_a). Anything that could not be mapped is reported at the
    end, with the findings of `harness author check`.
    """
    found = import_exercise(path, into, slug)
    problem, notes = found.problem, found.notes
    cache = invocation.settings.home / "cache"
    with Examiner(invocation.settings.backend, cache / "judgements", cache) as examiner:
        checks = choose(all_checks(invocation.plugins), [], full=False)
        results = examine(Subject(problem, examiner), checks)
    if invocation.as_json:
        write_json({"slug": problem.slug, "root": problem.root, "report": notes, "check": results})
        return
    for line in [*notes.done, "", "Left to do:", *(f"- {line}" for line in notes.left), ""]:
        say(invocation, line)
    show(invocation, render_examination(results, problem.root))
    say(invocation, f"\nWritten: {problem.root}, {problem.template} and {found.report_path}")
    say_next(invocation, f"HARNESS_PACKS={into} harness author check {problem.slug}")
