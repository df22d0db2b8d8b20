"""The candidate's folder: creating it, reading a submission from it, restoring files.

May import plugins, model, settings and errors. Nothing in a workspace is trusted: all of it belongs
to the candidate.
"""

from __future__ import annotations

from harness.workspace.folder import (
    Workspace,
    default_workspace_dir,
    find_workspace,
    is_bare,
    prepare_folder,
    read_skeleton,
)
from harness.workspace.handout import list_level_files, name_level_files, require_editor
from harness.workspace.ingest import solution_files

__all__ = [
    "Workspace",
    "default_workspace_dir",
    "find_workspace",
    "is_bare",
    "list_level_files",
    "name_level_files",
    "prepare_folder",
    "read_skeleton",
    "require_editor",
    "solution_files",
]
