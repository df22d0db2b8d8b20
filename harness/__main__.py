"""Entry point of the ``harness`` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from harness.cli.main import cli

    cli()
