"""The top of the command line: global options, and the one place where errors become exit codes."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

import harness
from harness.cli.commands import SECTIONS, CommandTable
from harness.cli.invocation import Invocation, remembered
from harness.cli.surroundings import (
    INTERRUPTED,
    WANTED_LIMIT,
    OutputError,
    can_redraw,
    is_styled,
    wrapped,
)
from harness.errors import ExitCode, HarnessError, ResourceError
from harness.reports.escaping import escape_untrusted
from harness.words import did_you_mean, typed_text

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
@click.option(
    "--debug", is_flag=True, **remembered("debug"), help="Show the traceback of an error."
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the record of attempts (else $HARNESS_HOME).",
    **remembered("home"),
)
@click.option(
    "--backend",
    metavar="NAME",
    help="Sandbox to judge in: auto, linux, docker or process.",
    **remembered("backend"),
)
@click.version_option(harness.__version__, prog_name="harness")
@click.pass_context
def cli(context: click.Context) -> None:
    """Rehearse leveled, timed coding screens against hidden tests."""
    if context.invoked_subcommand is None:
        assert isinstance(context.command, CommandTable)
        click.echo(f"{context.command.help}\n")
        click.echo(context.command.overview(context))
        click.echo("Begin with:     harness start kv_store")
        click.echo("All commands:   harness -h")
        click.echo("One command:    harness COMMAND -h")


def run(
    prepared: Child | None = None, invocation: Invocation | None = None, *, enough: bool = True
) -> NoReturn:
    """Run the command line of this process and leave with its exit code.

    ``prepared`` is the judge's child when that was started early; ``invocation`` replaces the
    application behind the commands; ``enough``: whether enough files may be opened. Raises
    SystemExit, always.
    """
    arguments, invocation = sys.argv[1:], invocation or Invocation()
    invocation.prepared = prepared
    if not enough:
        invocation.as_json = "--json" in arguments
        sys.exit(report_error(_too_few_descriptors(), invocation))
    sys.exit(call_command(arguments, invocation))


def call_command(arguments: list[str], invocation: Invocation) -> int:
    """Run one command and return its exit code. Every error is reported once, here."""
    invocation.arguments = arguments
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
        click.echo(INTERRUPTED, err=True)
        return ExitCode.INTERRUPTED
    if invocation.debug and not isinstance(error, click.ClickException):
        import traceback

        traceback.print_exception(error)
    output_lost = isinstance(error, OutputError)
    if not isinstance(error, HarnessError):
        error = _system_error(error) or error
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
        again = typed_text(invocation.arguments)
        hint = f"harness --debug {again}  # report its output with that of: harness doctor"
    if invocation.as_json and not output_lost:
        try:
            click.echo(json.dumps(error_payload(kind, message, hint, code)))
        except OutputError as lost:
            return report_error(lost, invocation)
        return code
    # A message may quote a pack, a file name or user input.
    # The label is wrapped with it, and coloured afterwards.
    whole = wrapped(f"error: {escape_untrusted(message)}", err=True)
    _print_labelled(invocation, "error:", "red", whole[len("error: ") :])
    if hint:
        _print_labelled(invocation, "hint:", "cyan", hint)
    return code


def error_payload(kind: str, message: str, hint: str, code: int) -> dict[str, Any]:
    """The JSON form of an error."""
    return {"error": {"kind": kind, "message": message, "hint": hint, "exit_code": int(code)}}


def _print_labelled(invocation: Invocation, label: str, colour: str, text: str) -> None:
    styled = is_styled(invocation.colour, terminal=can_redraw(sys.stderr))
    if styled:
        label = click.style(label, fg=colour, bold=True)
    click.echo(f"{label} {escape_untrusted(text)}", err=True, color=styled)


def _system_error(error: BaseException) -> ResourceError | None:
    """Return what to say when a refusal of the system's is behind ``error``, else None."""
    for each in _chain(error):
        if isinstance(each, OutputError):
            return _unwritable_output(each)
        if isinstance(each, OSError) and each.errno in (errno.EMFILE, errno.ENFILE):
            return _too_few_descriptors()
        if isinstance(each, OSError) and each.errno in (errno.ENOSPC, errno.EDQUOT):
            return ResourceError("No space is left on the disk.", "df -h")
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield ``error`` and those that led to it."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__


def _too_few_descriptors() -> ResourceError:
    return ResourceError(
        "The limit of open files is too low here.",
        f"ulimit -n {WANTED_LIMIT}  # in a shell that may raise it",
    )


def _unwritable_output(error: OutputError) -> ResourceError:
    reasons = {
        errno.EBADF: "it is not open for writing",
        errno.ENOSPC: "no space is left on the device",
    }
    why = reasons.get(error.errno or 0, error.strerror)
    return ResourceError(
        f"Standard output cannot be written: {why}. What the command recorded stays recorded.",
        "df -h",
    )


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
    if isinstance(error, click.NoSuchOption):
        known = [name for each in context.command.params for name in each.opts]
        options = [name for name in known if name.startswith("--")]
        meant = did_you_mean(error.option_name, options, "--")
        return f"No such option '{error.option_name}'.{meant}", f"{context.command_path} -h"
    return error.format_message(), f"{context.command_path} -h"
