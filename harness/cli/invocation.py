"""One call of the command line, and the options that several commands share.

Nothing heavy is imported here: the session is made when a command first needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from harness.cli.surroundings import can_redraw, wrapped
from harness.errors import ExitCode, HarnessError, RequestError
from harness.plugins import PluginHost, load_plugins
from harness.reports.escaping import escape_untrusted
from harness.words import did_you_mean

if TYPE_CHECKING:
    from harness.app.session import Session, Sitting
    from harness.judge.spawn import Child
    from harness.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])
SessionFactory = Callable[["Invocation"], "Session"]


def make_session(invocation: Invocation) -> Session:
    """Make the real session."""
    from harness.app.session import Session

    return Session(invocation.settings, invocation.plugins, prepared=invocation.prepared)


@dataclass
class Invocation:
    """The global options, and the session behind them."""

    prepared: Child | None = None
    """The judge's child that was started before anything heavy was imported."""
    arguments: list[str] = field(default_factory=list)
    """What was typed after ``harness``."""
    factory: SessionFactory = field(default=make_session)
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
    def colour(self) -> str:
        """The setting ``colour``; as far as it can be read when the settings are invalid."""
        from harness.settings import read_colour

        return read_colour(self.environ)

    @cached_property
    def plugins(self) -> PluginHost:
        """The plugins of this installation."""
        return load_plugins()

    @cached_property
    def session(self) -> Session:
        """Settings, problems, record and judge; made at first use."""
        return self.factory(self)

    def sitting(self) -> Sitting:
        """The attempt this command is about: ``--attempt``, else the one of the current folder.

        Raises RequestError when there is none, or its workspace is gone.
        """
        from harness.app.session import find

        return find(self.session, self.attempt, here())

    def close(self) -> None:
        """Close the database and the judge if they were used; warn about bad plugins."""
        if "session" in self.__dict__:
            self.session.close()
        elif self.prepared is not None:
            self.prepared.close()
        if "plugins" in self.__dict__:
            for problem in self.plugins.problems:
                click.echo(f"warning: {escape_untrusted(str(problem))}", err=True)


pass_invocation = click.make_pass_decorator(Invocation)


def command(
    name: str,
    example: str,
    *,
    group: click.Group | None = None,
    as_json: bool = True,
    attempt: bool = False,
    verbose: bool = False,
) -> Callable[[Callable[..., ExitCode | None]], click.Command]:
    """Make a command of a function whose first parameter is the ``Invocation``.

    ``example`` ends its help page. ``as_json`` adds ``--json``, ``attempt`` adds ``--attempt ID``,
    ``verbose`` adds ``--verbose``; the function finds them in the invocation.
    """

    def decorate(function: Callable[..., ExitCode | None]) -> click.Command:
        epilog = f"\b\nExample:\n  {example}"
        made = click.command(name, epilog=epilog)(pass_invocation(function))
        if verbose:
            made.params.append(click.Option(["--verbose", "-v"], **_VERBOSE))
        if attempt:
            made.params.append(click.Option(["--attempt"], **_ATTEMPT))
        if as_json:
            made.params.append(click.Option(["--json"], **_JSON))
        if group is not None:
            group.add_command(made)
        return made

    return decorate


def command_group(
    name: str, summary: str, example: str, kind: type[click.Group] = click.Group, **more: Any
) -> click.Group:
    """Return a group of commands, which shows its help when it is called alone."""

    def show_help(context: click.Context) -> None:
        if context.invoked_subcommand is None:
            click.echo(context.get_help())

    return kind(
        name,
        callback=click.pass_context(show_help),
        invoke_without_command=True,
        help=summary,
        epilog=f"\b\nExample:\n  {example}",
        **more,
    )


def remembered(name: str) -> dict[str, Any]:
    """Return what makes the value of an option an attribute of the invocation."""

    def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        setattr(context.ensure_object(Invocation), name, value)

    return {"expose_value": False, "callback": callback}


_JSON: Final[dict[str, Any]] = {
    "is_flag": True,
    "is_eager": True,  # errors in other options are reported as JSON, too
    **remembered("as_json"),
    "help": "Print one JSON document on standard output and nothing else.",
}
_ATTEMPT: Final[dict[str, Any]] = {
    "metavar": "ID",
    **remembered("attempt"),
    "help": "Use this attempt instead of the one in the current folder.",
}
_VERBOSE: Final[dict[str, Any]] = {
    "is_flag": True,
    **remembered("verbose"),
    "help": "Show every failing case in full, with all captured output.",
}


class Choice(click.Choice[str]):
    """One of some words; a wrong one is answered with the likeliest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return ``value`` if it is one of the choices."""
        if value not in self.choices:
            choices = ", ".join(map(str, self.choices))
            meant = did_you_mean(str(value), self.choices)
            self.fail(f"{value!r} is not one of: {choices}.{meant}", param, ctx)
        return str(value)


def yes_option(command: Function) -> Function:
    """Add ``--yes``."""
    return click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation.")(command)


def confirm(invocation: Invocation, question: str, again: str, *, yes: bool) -> None:
    """Return if the user agrees: now to ``question``, or beforehand by ``yes``.

    ``again`` is the command to type where there is no terminal to ask in.
    Raises RequestError there, click.exceptions.Exit when the user refuses.
    """
    if yes:
        return
    if invocation.as_json or not in_terminal():
        raise RequestError(f"{question} There is no terminal to ask in; confirm with --yes.", again)
    if not click.confirm(wrapped(question, err=True), err=True):
        click.echo("Nothing was changed.", err=True)
        raise click.exceptions.Exit(ExitCode.INTERRUPTED)


def here() -> Path:
    """Return the current folder.

    Raises RequestError when it was deleted.
    """
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise RequestError(
            "The current folder was deleted.",
            "cd && harness history  # lists your attempts; harness restore ID brings one back",
        ) from None


def in_terminal() -> bool:
    """Whether standard input and output are both a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def has_screen() -> bool:
    """Whether they are one in which the cursor can be moved."""
    return in_terminal() and can_redraw(sys.stdout)


def complete_problem(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the names of problems."""
    try:
        names = ctx.ensure_object(Invocation).session.catalog.slugs()
    except HarnessError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def complete_attempt(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the ids of attempts."""
    try:
        ids = [state.id for state in ctx.ensure_object(Invocation).session.store.all()]
    except HarnessError:
        return []
    return [each for each in ids if each.startswith(incomplete)]


def complete_level(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the levels that are open."""
    try:
        state = ctx.ensure_object(Invocation).sitting().state
    except HarnessError:
        return []
    last = state.level if state.is_open else len(state.levels)
    return [str(n) for n in range(1, last + 1) if str(n).startswith(incomplete)]


def complete_file(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the files that can be reset, as typed in the current folder."""
    from harness.app.restoring import resettable

    invocation = ctx.ensure_object(Invocation)
    try:
        sitting = invocation.sitting()
        names = resettable(invocation.session, sitting).files
        root = sitting.workspace.root if sitting.workspace else here()
        paths = [os.path.relpath(root / name, here()) for name in names]
    except HarnessError:
        return []
    return sorted(path for path in paths if path.startswith(incomplete))
