"""Start an attempt."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from harness.app.locate import Sitting
from harness.attempts import new_attempt_id
from harness.catalog import pin
from harness.model.attempt import Mode
from harness.model.judgement import Feedback
from harness.workspace import Workspace, default_workspace_dir

if TYPE_CHECKING:
    from harness.app.session import Session


def start(
    session: Session,
    slug: str,
    *,
    directory: Path | None = None,
    minutes: int | None = None,
    mode: Mode | None = None,
    feedback: Feedback | None = None,
    editor: str | None = None,
) -> Sitting:
    """Start an attempt in a new workspace. Its clock runs from now on.

    ``directory`` is the workspace, by default a new folder below the settings' ``workspaces``;
    the other defaults are the settings', then the problem's.

    Raises RequestError when there is no such problem, or the folder cannot become a workspace,
    PackError when the problem is broken.
    """
    settings = session.settings
    problem = pin(session.catalog.problem(slug), settings.home)
    mode = mode or settings.mode
    usual = Feedback.NAMES if mode is Mode.EXAM else Feedback.FULL
    root = directory or default_workspace_dir(settings.workspaces, problem.slug)
    store = session.store  # opened first: without a record no folder is made
    attempt_id = new_attempt_id()
    workspace = Workspace.create(root, problem, attempt_id, settings.home)
    workspace.write_editor_settings(editor or settings.editor)
    with session.notifying_plugins(attempt_id, begins=True):
        state = store.create(
            problem,
            mode,
            feedback or settings.feedback or usual,
            minutes or settings.minutes or problem.manifest.minutes,
            workspace.root,
            secrets.token_hex(8),
            workspace.read(),
            attempt_id,
        )
    return Sitting(state, workspace)
