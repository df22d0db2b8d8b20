"""The problem without a planted defect passes: what the other tests find, they have planted."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "check",
    [
        *("files", "statement", "examples", "wording", "suspicious", "twins", "feedback"),
        *("references", "steps", "skeleton", "alternates", "known-wrong", "needed"),
    ],
)
def test_nothing_is_found(purse, check):
    assert purse.findings(check) == []
