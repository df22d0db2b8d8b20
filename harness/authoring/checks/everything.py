"""All checks: ours first, then those of plugins."""

from __future__ import annotations

from harness.authoring.checks import (
    cases,
    cheats,
    determinism,
    examples,
    feedback,
    files,
    mistakes,
    mutation,
    outside,
    rules,
    solutions,
    statement,
    suites,
    suspicious,
    version,
    wording,
)
from harness.errors import RequestError
from harness.model.finding import Check
from harness.plugins import PluginHost


def all_checks(plugins: PluginHost) -> list[Check]:
    """Return all checks. Raises RequestError when a plugin brings one with a name that is taken."""
    ours = [
        *files.CHECKS,
        *version.CHECKS,
        *suites.CHECKS,
        *cases.CHECKS,
        *statement.CHECKS,
        *rules.CHECKS,
        *examples.CHECKS,
        *wording.CHECKS,
        *outside.CHECKS,
        *solutions.CHECKS,
        *mistakes.CHECKS,
        *feedback.CHECKS,
        *cheats.CHECKS,
        *suspicious.CHECKS,
        *mutation.CHECKS,
        *determinism.CHECKS,
    ]
    theirs = plugins.checks()
    taken = {check.name for check in ours} & {check.name for check in theirs}
    if taken:
        raise RequestError(
            f"A plugin brings a check '{min(taken)}', but there is one of that name already.",
            "harness doctor  (shows the plugins)",
        )
    return [*ours, *theirs]
