"""One call of the command line, and the options that several commands share.

Nothing heavy is imported here: the application is made when a command first needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from harness.errors import ExitCode, RequestError

if TYPE_CHECKING:
    from harness.app import App, Sitting
    from harness.judge.worker import Worker
    from harness.plugins import PluginHost
    from harness.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])
AppFactory = Callable[["Invocation"], "App"]


def make_app(invocation: Invocation) -> App:
    """Make the real application."""
    from harness.app import App

    return App(invocation.settings, prepared=invocation.prepared, plugins=invocation.plugins)


@dataclass
class Invocation:
    """The global options, and the application behind them."""

    prepared: Worker | None = None
    """The judge's child that was started before anything heavy was imported."""
    factory: AppFactory = field(default=make_app)
    debug: bool = False
    home: Path | None = None
    backend: str | None = None
    as_json: bool = False
    attempt: str | None = None
    verbose: bool = False

    @property
    def environ(self) -> dict[str, str]:
        """The environment, with the global options on top."""
        environ = dict(os.environ)
        if self.home is not None:
            environ["HARNESS_HOME"] = str(self.home.absolute())
        if self.backend is not None:
            environ["HARNESS_BACKEND"] = self.backend
        return environ

    @cached_property
    def settings(self) -> Settings:
        """The layered settings; the command line lies on top.

        Raises RequestError when the configuration file or the environment is invalid.
        """
        from harness.settings import load_settings

        return load_settings(self.environ)

    @cached_property
    def plugins(self) -> PluginHost:
        """The plugins of this installation."""
        from harness.plugins import load_plugins

        return load_plugins()

    @cached_property
    def app(self) -> App:
        """The application, made at first use."""
        return self.factory(self)

    def sitting(self) -> Sitting:
        """The attempt this command is about: ``--attempt``, else the one of the current folder.

        Raises RequestError when there is none, or its workspace is gone.
        """
        return self.app.find(self.attempt, here())

    def close(self) -> None:
        """Close the database and the judge if they were used; warn about bad plugins."""
        if "app" in self.__dict__:
            self.app.close()
        elif self.prepared is not None:
            self.prepared.close()
        if "plugins" in self.__dict__:
            for problem in self.plugins.problems:
                from harness.reports.escaping import escape_untrusted

                click.echo(f"warning: {escape_untrusted(str(problem))}", err=True)


pass_invocation = click.make_pass_decorator(Invocation)


def here() -> Path:
    """The current folder.

    Raises RequestError when it was deleted.
    """
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise RequestError(
            "The current folder was deleted.",
            "cd, then: harness history  (lists your attempts; harness restore ID brings one back)",
        ) from None


def in_terminal() -> bool:
    """Whether standard input and output are both a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        setattr(context.ensure_object(Invocation), name, value)

    return callback


def json_option(command: Function) -> Function:
    """Add ``--json``. Eager, so that errors in other options are reported as JSON, too."""
    return click.option(
        "--json",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_remember("as_json"),
        help="Print one JSON document on standard output and nothing else.",
    )(command)


def attempt_option(command: Function) -> Function:
    """Add ``--attempt ID``."""
    return click.option(
        "--attempt",
        metavar="ID",
        expose_value=False,
        callback=_remember("attempt"),
        help="Use this attempt instead of the one in the current folder.",
    )(command)


def verbose_option(command: Function) -> Function:
    """Add ``--verbose``."""
    return click.option(
        "--verbose",
        "-v",
        is_flag=True,
        expose_value=False,
        callback=_remember("verbose"),
        help="Show every failing case in full, with all captured output.",
    )(command)


def yes_option(command: Function) -> Function:
    """Add ``--yes``."""
    return click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation.")(command)


def confirm(invocation: Invocation, question: str, again: str, *, yes: bool) -> None:
    """Go on only when the person agrees: to the ``question``, or beforehand by ``yes``.

    ``again`` is what to type where nobody can be asked.
    Raises RequestError when nobody can be asked, click.exceptions.Exit when the person said no.
    """
    if yes:
        return
    if invocation.as_json or not in_terminal():
        raise RequestError(f"{question} There is no terminal to ask in; confirm with --yes.", again)
    if not click.confirm(question, err=True):
        click.echo("Nothing was changed.", err=True)
        raise click.exceptions.Exit(ExitCode.INTERRUPTED)
