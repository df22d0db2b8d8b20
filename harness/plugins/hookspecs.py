"""The hooks that a plugin can implement: all extension points.

``docs/plugins.md`` describes each of them, and a test compares both. A plugin may leave out
arguments that it does not need. Each implementation is called on its own, so that the failure of
one plugin does not affect the others; for the same reason hook wrappers are not supported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

from harness.plugins.host import GROUP

if TYPE_CHECKING:
    import click

    from harness.model.attempt import AttemptState, Event, RecordedJudgement
    from harness.model.finding import Check
    from harness.model.judgement import Judgement
    from harness.model.problem import Problem
    from harness.model.score import Score

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def harness_backends() -> Mapping[str, Callable[[], Sequence[object]]]:
    """Contribute sandbox backends: name → factory. A name that is taken is refused."""
    raise NotImplementedError


@hookspec
def harness_packs() -> Sequence[Path]:
    """Contribute packs: folders that hold ``problems/`` and ``solutions_template/``."""
    raise NotImplementedError


@hookspec
def harness_commands() -> Sequence[click.Command]:
    """Contribute commands of ``harness``."""
    raise NotImplementedError


@hookspec
def harness_checks() -> Sequence[Check]:
    """Contribute checks of ``harness author check``. A name that is taken is refused."""
    raise NotImplementedError


@hookspec(firstresult=True)
def harness_score(
    problem: Problem, state: AttemptState, judgements: Sequence[RecordedJudgement]
) -> Score | None:
    """Decide what an attempt is worth. The first result not None counts."""
    raise NotImplementedError


@hookspec
def harness_attempt_event(event: Event) -> None:
    """Observe an event of an attempt, after it was recorded."""
    raise NotImplementedError


@hookspec
def harness_judged(state: AttemptState, judgement: Judgement) -> None:
    """Observe the judgement of a submission, after it was recorded."""
    raise NotImplementedError
