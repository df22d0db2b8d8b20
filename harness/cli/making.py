"""``harness author new``, ``preview`` and ``fuzz``: from nothing to a problem worth checking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.invocation import Invocation, json_option, pass_invocation
from harness.cli.naming import find_problem
from harness.errors import ExitCode, RequestError
from harness.words import count_text

if TYPE_CHECKING:
    from harness.model.problem import Problem


def level_of(problem: Problem, level: int | None, command: str) -> int:
    """Return ``level``, or the last one for None.

    Raises RequestError when the problem does not have it; ``command`` is what was typed, without
    the level.
    """
    last = problem.level_count
    if level is not None and not 1 <= level <= last:
        text = f"{problem.slug} has no level {level}. Its levels are 1 to {last}."
        raise RequestError(text, f"{command} --level {last}")
    return last if level is None else level


@click.command("new", epilog="\b\nExample:\n  harness author new bounded_queue --levels 3")
@click.argument("slug")
@click.option(
    "--levels",
    type=click.IntRange(1, 6),
    default=4,
    show_default=True,
    help="How many levels to write.",
)
@click.option(
    "--dir",
    "pack",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Write into this pack; it is created if needed.  [default: the current folder]",
)
@json_option
@pass_invocation
def new_command(invocation: Invocation, slug: str, levels: int, pack: Path) -> ExitCode:
    """Write a new problem: a small complete example that passes every check.

    Its files are written to problems/SLUG and solutions_template/SLUG. Replace them part by
    part, and run the checks after each part.
    """
    from harness.authoring.scaffold import scaffold
    from harness.cli.output import say, say_next, write_json

    if slug in invocation.session.catalog.slugs():
        raise RequestError(f"There is a problem '{slug}' already.", "harness list")
    files = scaffold(slug, levels, pack)
    root = pack / "problems" / slug
    if invocation.as_json:
        write_json({"problem": slug, "folder": root, "files": files})
        return ExitCode.OK
    say(invocation, f"Wrote a problem of {count_text(levels, 'level')} to {root}")
    say_next(
        invocation,
        f"harness author check {root}",
        f"harness author preview {root}",
        f'export HARNESS_PACKS="{pack.resolve()}"  (then harness list and harness start find it)',
    )
    return ExitCode.OK


@click.command("preview", epilog="\b\nExample:\n  harness author preview kv_store --level 2")
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
@click.option("--level", type=int, help="Show only this level.  [default: all]")
@json_option
@pass_invocation
def preview_command(invocation: Invocation, slug: str | None, level: int | None) -> ExitCode:
    """Show each level as a candidate gets it.

    That is the statement, the files that come into the workspace, the visible cases, the hints,
    and what can be won.
    """
    from harness.authoring.preview import preview
    from harness.cli.output import show, write_json
    from harness.reports.terminal.preview import render_preview

    found = find_problem(invocation, slug, "harness author preview")
    last = level_of(found, level, f"harness author preview {slug or found.root}")
    view = preview(found, range(1, last + 1) if level is None else (last,))
    if invocation.as_json:
        write_json(view)
    else:
        show(invocation, render_preview(view))
    return ExitCode.OK


@click.command("fuzz", epilog="\b\nExample:\n  harness author fuzz kv_store --against sorted_cells")
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
@click.option(
    "--against",
    multiple=True,
    metavar="NAME|PATH",
    help="Compare with an alternate, a known mistake, or the solution at PATH; repeatable.  "
    "[default: all alternates]",
)
@click.option(
    "--level",
    type=int,
    help="Compare at this level only, with its reference.  [default: each level in turn]",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Random seed for the generated calls."
)
@click.option(
    "--examples",
    type=click.IntRange(1, 1_000_000),
    default=400,
    show_default=True,
    help="How many scripts of calls to try; the levels share them.",
)
@json_option
@pass_invocation
def fuzz_command(
    invocation: Invocation,
    slug: str | None,
    against: tuple[str, ...],
    level: int | None,
    seed: int,
    examples: int,
) -> ExitCode:
    """Look for calls that the reference and another solution answer differently.

    fuzz.py in the problem's folder says what may be called. The calls of level 1 are tried first,
    then those of levels 1 and 2, and so on. The shortest script that was found is printed as a case
    that expects what the reference answers; the statement decides who is right. Needs hypothesis.
    """
    from harness.cli.fuzzing import Contest, require_hypothesis

    require_hypothesis()
    found = find_problem(invocation, slug, "harness author fuzz")
    level_of(found, level, f"harness author fuzz {slug or found.root}")
    match = Contest(invocation, found, examples, seed)
    return match.play(against, level)
