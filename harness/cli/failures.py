"""Report an error in two lines, or one JSON document, and choose the exit code."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import click

import harness
from harness.cli.invocation import Invocation
from harness.errors import ExitCode, HarnessError
from harness.reports.escaping import escape_untrusted


def report_error(error: BaseException, invocation: Invocation) -> int:
    """Report ``error`` and return its exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else ExitCode.INTERNAL
    if isinstance(error, BrokenPipeError):
        return _output_closed()
    if isinstance(error, KeyboardInterrupt | click.Abort):
        click.echo("\nInterrupted. Everything submitted is recorded.", err=True)
        return ExitCode.INTERRUPTED
    if invocation.debug and not isinstance(error, click.ClickException):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, HarnessError):
        _report(type(error).__name__, error.message, error.hint, error.exit_code, invocation)
        return error.exit_code
    if isinstance(error, click.ClickException):
        _report("UsageError", *_usage(error), ExitCode.USAGE, invocation)
        return ExitCode.USAGE
    _report_internal_error(error, invocation)
    return ExitCode.INTERNAL


def error_payload(kind: str, message: str, hint: str, code: int) -> dict[str, Any]:
    """The JSON form of an error."""
    return {"error": {"kind": kind, "message": message, "hint": hint, "exit_code": int(code)}}


def _report(kind: str, message: str, hint: str, code: int, invocation: Invocation) -> None:
    if invocation.as_json:
        click.echo(json.dumps(error_payload(kind, message, hint, code)))
        return
    # A message may quote a pack, a file name or user input.
    click.echo(f"{_label('error:', 'red')} {escape_untrusted(message)}", err=True)
    if hint:
        click.echo(f"{_label('hint:', 'cyan')} {escape_untrusted(hint)}", err=True)


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


def _report_internal_error(error: BaseException, invocation: Invocation) -> None:
    what = " ".join(f"{type(error).__name__}: {error}".split())
    message = (
        f"Internal error in harness {harness.__version__}: {what}\n"
        "Everything submitted is recorded; nothing is lost."
    )
    hint = (
        "run it again as `harness --debug …`, and report its output with that of `harness doctor`"
    )
    _report("InternalError", message, hint, ExitCode.INTERNAL, invocation)


def _output_closed() -> int:
    """Stay quiet when the reader went away, as ``| head`` does, even at the final flush."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
    return ExitCode.INTERRUPTED
