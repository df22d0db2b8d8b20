"""The top of the command line: global options, and the one place where errors become exit codes."""

from __future__ import annotations

import json
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

import harness
from harness.cli.commands import SECTIONS, CommandTable
from harness.cli.invocation import Invocation
from harness.errors import ExitCode, HarnessError
from harness.reports.escaping import escape_untrusted

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


def report_error(error: BaseException, invocation: Invocation) -> int:
    """Report ``error`` and return its exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else ExitCode.INTERNAL
    if isinstance(error, BrokenPipeError):
        # The reader went away, as ``| head`` does: stay quiet, even at the final flush.
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)
        return ExitCode.INTERRUPTED
    if isinstance(error, KeyboardInterrupt | click.Abort):
        click.echo("\nInterrupted. Everything submitted is recorded.", err=True)
        return ExitCode.INTERRUPTED
    if invocation.debug and not isinstance(error, click.ClickException):
        import traceback

        traceback.print_exception(error)
    kind, code = type(error).__name__, ExitCode.INTERNAL
    if isinstance(error, HarnessError):
        message, hint, code = error.message, error.hint, error.exit_code
    elif isinstance(error, click.ClickException):
        kind, code = "UsageError", ExitCode.USAGE
        message, hint = _usage(error)
    else:
        what = " ".join(f"{kind}: {error}".split())
        kind = "InternalError"
        message = (
            f"Internal error in harness {harness.__version__}: {what}\n"
            "Everything submitted is recorded; nothing is lost."
        )
        hint = (
            "run it again as `harness --debug …`, and report its output with that of "
            "`harness doctor`"
        )
    if invocation.as_json:
        click.echo(json.dumps(error_payload(kind, message, hint, code)))
        return code
    # A message may quote a pack, a file name or user input.
    click.echo(f"{_label('error:', 'red')} {escape_untrusted(message)}", err=True)
    if hint:
        click.echo(f"{_label('hint:', 'cyan')} {escape_untrusted(hint)}", err=True)
    return code


def error_payload(kind: str, message: str, hint: str, code: int) -> dict[str, Any]:
    """The JSON form of an error."""
    return {"error": {"kind": kind, "message": message, "hint": hint, "exit_code": int(code)}}


def _label(word: str, colour: str) -> str:
    coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    return click.style(word, fg=colour, bold=True) if coloured else word


def _usage(error: click.ClickException) -> tuple[str, str]:
    """Return the message and the hint for a command that was typed wrongly."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return error.format_message(), "harness -h"
    if isinstance(error, click.NoSuchOption) and context.parent is not None:
        root = context.find_root()
        if any(error.option_name in each.opts for each in root.command.params):
            command = context.command_path.removeprefix(f"{root.command_path} ")
            return (
                f"{error.option_name} goes before the command.",
                f"{root.command_path} {error.option_name} … {command}",
            )
    return error.format_message(), f"{context.command_path} -h"
