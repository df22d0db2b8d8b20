"""The candidate's folder: laying it out, reading a submission from it, putting files back.

May import plugins, model, settings and errors. Everything in a workspace is the candidate's, and
nothing in it is trusted.
"""

from __future__ import annotations

from harness.workspace.folder import Workspace, default_workspace_dir, find_workspace
from harness.workspace.handout import name_level_files
from harness.workspace.ingest import solution_files

__all__ = [
    "Workspace",
    "default_workspace_dir",
    "find_workspace",
    "name_level_files",
    "solution_files",
]
