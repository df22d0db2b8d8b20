"""``harness author pack``."""

from __future__ import annotations

from pathlib import Path

import click

from harness.authoring.packing import build_pack
from harness.cli.invocation import Invocation, command, here
from harness.cli.naming import pack_around
from harness.cli.output import say, say_next, write_json
from harness.words import quoted


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
    count = len(built.problems)
    say(invocation, f"Built {built.wheel}: {count} problem{'s' * (count != 1)}.")
    if built.unproven:
        say(invocation, f"Not checked, only packed: {', '.join(built.unproven)}.")
        say(invocation, f"  harness author check {quoted(folder)} --full")
    say_next(invocation, f"python -m pip install {built.wheel}", "harness list")
