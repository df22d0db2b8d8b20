"""A plugin as it could be written for harness 0.1.0: every hook, and all that its docs name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import click

from harness.authoring.subject import Subject
from harness.model.attempt import AttemptState, Event, RecordedJudgement
from harness.model.finding import Check, Finding, Ground, Severity
from harness.model.judgement import Judgement
from harness.model.problem import Problem
from harness.model.score import Score
from harness.plugins.hookspecs import hookimpl
from harness.reports.escaping import escape_untrusted


def _log(line: str) -> None:
    with open(os.environ["RELEASED_PLUGIN_LOG"], "a", encoding="utf-8") as handle:
        handle.write(line + "\n")


@hookimpl
def harness_backends() -> Mapping[str, Callable[[], Sequence[object]]]:
    return {"nowhere": lambda: ()}


@hookimpl
def harness_packs() -> list[Path]:
    return [Path(os.environ["RELEASED_PLUGIN_PACK"])]


@hookimpl
def harness_commands() -> list[click.Command]:
    return [click.Command("hello", callback=lambda: click.echo("hello"), help="Say hello.")]


def _judged(subject: Subject) -> Iterable[Finding]:
    """Judge the last reference, and find what was seen."""
    last = subject.levels[-1]
    judgement = subject.judge(subject.hidden(subject.references[last]))
    yield Finding(
        message=f"{subject.problem.slug}: {judgement.verdict}, {judgement.passed(last)} at {last}",
        why="A check of a plugin can judge.",
        fix="Nothing to do.",
        path=subject.problem.root / "problem.toml",
        line=1,
        level=last,
        severity=Severity.NOTE,
        detail=", ".join(sorted([*subject.alternates, *subject.skeleton.files])),
    )


@hookimpl
def harness_checks() -> list[Check]:
    return [
        Check(name="released", title="it was judged", run=_judged, needs=(Ground.REFERENCES,)),
        Check(name="released-full", title="nothing", run=lambda subject: (), full=True),
    ]


@hookimpl
def harness_score(
    problem: Problem, state: AttemptState, judgements: Sequence[RecordedJudgement]
) -> Score | None:
    _log(f"score {problem.slug} {state.level} {len(judgements)}")
    return Score(levels=(), total=7, max=9, estimate=200)


@hookimpl
def harness_attempt_event(event: Event) -> None:
    _log(f"event {event.kind}")


@hookimpl
def harness_judged(state: AttemptState, judgement: Judgement) -> None:
    first = judgement.of_level(1)[0]
    _log(escape_untrusted(f"judged {state.problem} {judgement.verdict} {first.case}"))
