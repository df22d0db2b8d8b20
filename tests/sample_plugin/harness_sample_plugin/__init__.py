"""A plugin that implements every hook of harness once."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from harness.model.attempt import AttemptState, Event
from harness.model.judgement import Judgement
from harness.model.problem import Problem
from harness.model.score import Score
from harness.plugins.hookspecs import hookimpl


@hookimpl
def harness_backends() -> dict[str, Callable[[], Sequence[object]]]:
    """Offer a backend that works on no machine."""
    return {"sample": lambda: ()}


@hookimpl
def harness_packs() -> list[Path]:
    """Bring a pack that lies beside this file."""
    return [Path(__file__).parent / "pack"]


@hookimpl
def harness_commands() -> list[click.Command]:
    """Add ``harness sample``."""
    return [click.Command("sample", callback=lambda: click.echo("hello"), help="Say hello.")]


@hookimpl
def harness_score(problem: Problem, state: AttemptState) -> Score | None:
    """Decide only about the problem that this plugin brings."""
    if problem.slug != "sample_problem":
        return None
    return Score(levels=(), total=state.submissions, max=1, estimate=200)


@hookimpl
def harness_attempt_event(event: Event) -> None:
    """Write the kind of each event to a log."""
    _log(event.kind)


@hookimpl
def harness_judged(state: AttemptState, judgement: Judgement) -> None:
    """Write each verdict to a log."""
    _log(f"{state.problem}: {judgement.verdict}")


def _log(line: str) -> None:
    with open(os.environ["SAMPLE_PLUGIN_LOG"], "a", encoding="utf-8") as handle:
        handle.write(line + "\n")
