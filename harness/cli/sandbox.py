"""``harness sandbox``: set up a backend before its first use."""

from __future__ import annotations

import contextlib

import click

from harness.cli.invocation import Invocation, command
from harness.cli.output import say, say_next, write_json
from harness.sandbox.choice import ChosenSandbox
from harness.sandbox.image import DEFAULT_BASE, build_image


@click.group("sandbox", invoke_without_command=True, epilog="\b\nExample:\n  harness sandbox build")
@click.pass_context
def sandbox_command(context: click.Context) -> None:
    """Set up the docker backend."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@command("build", "harness sandbox build --base python:3.12-slim", group=sandbox_command)
@click.option("--base", metavar="IMAGE", help="Base image (else python:3.13-slim).")
def build_command(invocation: Invocation, base: str | None) -> None:
    """Build the docker backend's image and test it.

    Solutions then run in containers of this image. Docker or Podman must be running. Build again
    after each update of harness.
    """
    image = build_image(base or DEFAULT_BASE, lambda line: click.echo(line, err=True))
    with contextlib.closing(ChosenSandbox("docker")) as chosen:
        _, protection = chosen.settle()
    if invocation.as_json:
        write_json({"image": image, "base": base or DEFAULT_BASE, "protection": protection})
    say(invocation, f"Built: {image} ({protection.interpreter}). Its boxes passed the self-test.")
    say_next(invocation, "harness --backend docker submit")
