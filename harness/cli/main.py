"""The top of the command line: global options, and the one place where errors become exit codes."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

import harness
from harness.cli.commands import SECTIONS, CommandTable
from harness.cli.failures import report_error
from harness.cli.invocation import Invocation

if TYPE_CHECKING:
    from harness.judge.spawn import Child

EPILOG = """\b
Example:
  harness start kv_store

\b
Inside a workspace every command finds its attempt.
harness COMMAND -h explains one command.

\b
Exit codes:
  0  accepted, or done          3  judge, sandbox or record failed
  1  not accepted               4  broken problem pack
  2  usage                    130  interrupted
"""


@click.group(
    cls=CommandTable,
    sections=SECTIONS,
    plugins=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="COMMAND …",
    invoke_without_command=True,
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the record of attempts (else $HARNESS_HOME).",
)
@click.option(
    "--backend",
    metavar="NAME",
    help="Sandbox to judge in: auto, linux, docker or process.",
)
@click.version_option(harness.__version__, prog_name="harness")
@click.pass_context
def cli(context: click.Context, debug: bool, home: Path | None, backend: str | None) -> None:
    """Rehearse leveled, timed coding screens against hidden tests."""
    invocation = context.ensure_object(Invocation)
    invocation.debug = debug
    invocation.home = home
    invocation.backend = backend
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def run(prepared: Child | None = None, invocation: Invocation | None = None) -> NoReturn:
    """Run the command line of this process and leave with its exit code.

    ``prepared`` is the judge's child when that was started early; ``invocation`` replaces the
    application behind the commands. Raises SystemExit, always.
    """
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal cannot show must not end a command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    invocation = invocation or Invocation()
    invocation.prepared = prepared
    sys.exit(call_command(sys.argv[1:], invocation))


def call_command(arguments: list[str], invocation: Invocation) -> int:
    """Run one command and return its exit code. Every error is reported once, here."""
    try:
        try:
            result = cli.main(arguments, "harness", standalone_mode=False, obj=invocation)
            sys.stdout.flush()
            return int(result or 0)
        finally:
            invocation.close()
    except BaseException as error:
        # An error in the options may come before `--json` was read.
        invocation.as_json = invocation.as_json or "--json" in arguments
        return report_error(error, invocation)
