"""All checks: ours first, then those of plugins."""

from __future__ import annotations

from harness.authoring.checks import (
    examples,
    feedback,
    files,
    matrix,
    mutation,
    statement,
    suspicious,
    wording,
)
from harness.errors import RequestError
from harness.model.finding import Check
from harness.plugins import PluginHost


def all_checks(plugins: PluginHost) -> list[Check]:
    """Return every check there is. Raises RequestError when a plugin's has the name of ours."""
    ours = [
        *files.CHECKS,
        *statement.CHECKS,
        *examples.CHECKS,
        *wording.CHECKS,
        *matrix.CHECKS,
        *feedback.CHECKS,
        *suspicious.CHECKS,
        *mutation.CHECKS,
    ]
    theirs = plugins.checks()
    taken = {check.name for check in ours} & {check.name for check in theirs}
    if taken:
        raise RequestError(
            f"A plugin brings a check '{min(taken)}', but there is one of that name already.",
            "harness doctor  (shows the plugins)",
        )
    return [*ours, *theirs]
