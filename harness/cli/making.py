"""``harness author new`` and ``preview``."""

from __future__ import annotations

from pathlib import Path

import click

from harness.authoring.preview import preview
from harness.authoring.scaffold import scaffold
from harness.cli.invocation import Invocation, command
from harness.cli.naming import find_problem, level_of
from harness.cli.output import say, say_next, show, write_json
from harness.errors import ExitCode, RequestError
from harness.reports.terminal.preview import render_preview
from harness.words import count_text


@command("new", "harness author new bounded_queue --levels 3")
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
def new_command(invocation: Invocation, slug: str, levels: int, pack: Path) -> ExitCode:
    """Write a new problem: a small complete example that passes every check.

    Its files are written to problems/SLUG and solutions_template/SLUG. Replace them part by
    part, and run the checks after each part.
    """
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


@command("preview", "harness author preview kv_store --level 2")
@click.argument("slug", metavar="[SLUG|PATH]", required=False)
@click.option("--level", type=int, help="Show only this level.  [default: all]")
def preview_command(invocation: Invocation, slug: str | None, level: int | None) -> ExitCode:
    """Show each level as a candidate gets it.

    That is the statement, the files that come into the workspace, the visible cases, the hints,
    and what can be won.
    """
    found = find_problem(invocation, slug, "harness author preview")
    last = level_of(found, level, f"harness author preview {slug or found.root}")
    view = preview(found, range(1, last + 1) if level is None else (last,))
    if invocation.as_json:
        write_json(view)
    else:
        show(invocation, render_preview(view))
    return ExitCode.OK
