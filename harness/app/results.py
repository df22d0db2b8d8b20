"""What the use cases hand back: plain data for people and programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.model.frozen import frozen

if TYPE_CHECKING:
    from harness.model.attempt import AttemptState, Mode
    from harness.model.judgement import Feedback, Judgement
    from harness.model.problem import Problem
    from harness.model.score import Score
    from harness.workspace import Workspace


@frozen
class StartRequest:
    """What to start. None means: as the settings say."""

    slug: str
    directory: Path | None = None
    """The workspace; None for a new folder below the settings' ``workspaces``."""
    minutes: int | None = None
    mode: Mode | None = None
    feedback: Feedback | None = None
    editor: str | None = None


@frozen
class Sitting:
    """An attempt, and the workspace it was found by."""

    state: AttemptState
    workspace: Workspace | None
    """None when it was named by id and its workspace is gone."""


@frozen
class Started:
    """An attempt that has just begun."""

    sitting: Sitting
    problem: Problem
    statement: str
    """Markdown of level 1."""


@frozen
class Statement:
    """What a candidate reads of one level."""

    level: int
    title: str
    text: str
    """Markdown."""


@frozen
class Tested:
    """A run of the visible suites."""

    state: AttemptState
    problem: Problem
    judgement: Judgement


@frozen
class Submitted:
    """A submission, judged."""

    state: AttemptState
    problem: Problem
    judgement: Judgement
    score: Score
    opened: int | None = None
    """The level that this submission opened."""
    resumed: bool = False
    """Whether it was recorded earlier, and only the judging was made up for."""
    unchanged: bool = False
    """Whether these files are the very ones of the submission before."""
    unwritten: str = ""
    """Why the files of the level that was opened could not be written; empty when they were."""


@frozen
class Standing:
    """Where an attempt stands."""

    state: AttemptState
    problem: Problem
    score: Score
    unsubmitted: tuple[str, ...]
    """Files that differ from the last submission (from the skeleton, before the first one)."""
    tested: bool | None
    """Whether these very files passed the visible suites; None when nothing ran at this level."""


@frozen
class Rewritten:
    """Files that were put back."""

    names: tuple[str, ...]
    kept: str
    """Hash of the snapshot that was taken before."""


@frozen
class Revealed:
    """A level that was given up for its reference."""

    state: AttemptState
    problem: Problem
    level: int
    written: tuple[Path, ...]
    """Where the reference lies in the workspace."""


@frozen
class Past:
    """One attempt in the history."""

    state: AttemptState
    score: Score | None
    """None when its problem is no longer kept."""
