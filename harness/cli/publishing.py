"""``harness author release``, ``pack``, ``import`` and ``upgrade``."""

from __future__ import annotations

from pathlib import Path

import click

from harness.authoring.examination import all_checks, choose, examine
from harness.authoring.examiner import Examiner
from harness.authoring.files import VERSIONS_NAME, release
from harness.authoring.packing import build_pack
from harness.authoring.subject import Subject
from harness.authoring.upgrade import upgrade
from harness.cli.authoring import find_problem, pack_around
from harness.cli.invocation import Invocation, command, here
from harness.cli.output import say, say_next, show, write_json
from harness.errors import ExitCode, RequestError
from harness.importing.exercise import Imported, import_all, import_exercise
from harness.reports.terminal.authoring import render_examination
from harness.words import count_text, quoted


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


@command("pack", "harness author pack my_pack --sealed")
@click.argument(
    "pack", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option(
    "--sealed", is_flag=True, help="Hide suites, references and statements in one compressed file."
)
@click.option(
    "--into",
    default="dist",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the wheel into this folder.",
)
@click.option("--name", default="", help="Name of the distribution.  [default: the folder's name]")
@click.option("--version", default="", help="[default: the highest of the problems]")
def pack_command(
    invocation: Invocation, pack: Path | None, sealed: bool, into: Path, name: str, version: str
) -> None:
    """Build a wheel of PACK, a folder with problems/ and solutions_template/.

    Without PACK, the pack around the current folder is meant.

    After `pip install`, its problems appear in `harness list`. With --sealed, each problem
    lies compressed in one file: against spoilers by a search or an assistant, not as security.
    """
    around = pack_around(here())
    folder = pack or (around.path if around else Path())
    built = build_pack(folder, into, sealed=sealed, name=name, version=version)
    if invocation.as_json:
        write_json(built)
        return
    say(invocation, f"Built {built.wheel}: {count_text(len(built.problems), 'problem')}.")
    if built.unproven:
        say(invocation, f"Not proven, only packed: {', '.join(built.unproven)}.")
        say(invocation, f"  harness author prove {quoted(folder)}")
    say_next(invocation, f"python -m pip install {quoted(built.wheel)}", "harness list")


@command("import", "harness author import ~/exercises/bank --into my_pack")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--into",
    default=".",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the pack.  [default: the current folder]",
)
@click.option("--slug", default="", help="Name of the problem.  [default: the folder's name]")
@click.option(
    "--solution",
    type=click.Path(path_type=Path),
    help="File or folder of the reference; of several exercises, imports the one that it is of.",
)
@click.option(
    "--level", default="", help="What names the level of a case, such as 'group' or 'ex_(\\d+)'."
)
@click.option(
    "--all", "every", is_flag=True, help="Import each exercise of PATH as a problem of its own."
)
def import_command(
    invocation: Invocation,
    path: Path,
    into: Path,
    slug: str,
    solution: Path | None,
    level: str,
    every: bool,
) -> ExitCode:
    """Import a leveled exercise, tests and a solution, as a problem of a pack.

    Test code stays as it is, except for imports and marks of graders. Levels are inferred from
    names of files, classes and functions (level_2, Stage2, part_a) and from numbers in marks. The
    references are judged: what fails and what could not be mapped is reported at the end, with the
    findings of `harness author check`. The exit code is 1 if no reference passes any case, with
    --all of any exercise.
    """
    if every and (slug or solution):
        raise RequestError(
            "--all imports each exercise by its own name: it goes with neither --slug nor "
            "--solution.",
            f"harness author import {quoted(path)} --all",
        )
    cache = invocation.settings.home / "cache"
    with Examiner(invocation.settings.backend, cache / "judgements", cache) as examiner:
        if every:
            all_found = import_all(path, into, level=level, judge=examiner.judge)
            documents = [_report_import(invocation, *each, examiner) for each in all_found]
        else:
            found = import_exercise(
                path, into, slug, solution=solution, level=level, judge=examiner.judge
            )
            documents = [_report_import(invocation, found.problem.slug, found, examiner)]
    if invocation.as_json:
        write_json(documents if every else documents[0])
    passed = all(document.get("passed") for document in documents)
    return ExitCode.OK if passed else ExitCode.NOT_ACCEPTED


def _report_import(
    invocation: Invocation, slug: str, found: Imported | RequestError, examiner: Examiner
) -> dict[str, object]:
    """Check an imported problem and show what came of it; return that as a document."""
    if isinstance(found, RequestError):
        if not invocation.as_json:
            say(invocation, f"{slug} was not imported: {found.message}")
            say_next(invocation, found.hint)
        return {"slug": slug, "error": found.message, "hint": found.hint}
    problem, notes = found.problem, found.notes
    checks = choose(all_checks(invocation.plugins), [], full=False)
    results = examine(Subject(problem, examiner), checks)
    if not invocation.as_json:
        for line in [*notes.done, "", "Left to do:", *(f"- {line}" for line in notes.left), ""]:
            say(invocation, line)
        show(invocation, render_examination(results, problem.root))
        say(invocation, f"\nWritten: {problem.root}, {problem.template} and {found.report_path}")
        if not found.passed:
            say(invocation, "No reference passes a single case: see the report.")
        say_next(invocation, f"harness author check {quoted(problem.root)}")
    return {
        "slug": problem.slug,
        "root": problem.root,
        "passed": found.passed,
        "report": notes,
        "check": results,
    }


@command("upgrade", "harness author upgrade problems/bounded_queue")
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
def upgrade_command(invocation: Invocation, slug: str | None) -> ExitCode:
    """Turn wrong/ and waivers.toml of harness 0.1 into mistakes.toml.

    The new file is written first. The old ones are removed only when every known-wrong solution
    comes out of it byte for byte.
    """
    problem = find_problem(invocation, slug, "harness author upgrade")
    done = upgrade(problem)
    if invocation.as_json:
        write_json(done)
        return ExitCode.OK
    counts = [
        count_text(done.mistakes, "mistake"),
        count_text(done.equivalents, "equivalent mutant"),
        count_text(done.kept, "kept case"),
    ]
    say(invocation, f"Wrote {done.path}: {', '.join(counts)}.")
    if done.unmatched:
        waivers = count_text(done.unmatched, "waiver")
        say(invocation, f"{waivers} matched no mutant; see the comments at the end of the file.")
    say_next(invocation, f"harness author check {quoted(problem.root)}")
    return ExitCode.OK
