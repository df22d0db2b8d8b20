"""All checks: ours first, then those of plugins."""

from __future__ import annotations

from harness.authoring.checks import matrix, mutation
from harness.model.finding import Check
from harness.plugins import PluginHost


def all_checks(plugins: PluginHost) -> list[Check]:
    """Return every check there is, each name once."""
    ours = [*matrix.CHECKS, *mutation.CHECKS]
    return [*ours, *plugins.checks(check.name for check in ours)]
