"""``waivers.toml`` of a problem: what the proofs may pass over, each with its reason.

::

    [[waived]]                     # a mutant that is no mistake: it behaves the same
    before = "if count < limit:"   # the changed line of the reference, indented or not
    after = "if count <= limit:"
    why = "count never equals limit here: the branch above has returned."

    [[kept]]                       # a hidden case that kills nothing, and is wanted all the same
    level = 2
    case = "test_large_numbers"
    why = "Documents the bound of the statement."
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.authoring.files import read_tables
from harness.model.frozen import frozen

WAIVERS_NAME = "waivers.toml"


@frozen(kw_only=True)
class WaivedMutant:
    """A mutant that cannot be told from the reference, at every level that has the line."""

    before: str
    after: str
    why: str


@frozen(kw_only=True)
class KeptCase:
    """A hidden case that stays although nothing proves its need."""

    level: int
    case: str
    """The name of the test function."""
    why: str


@frozen(kw_only=True)
class Waivers:
    """The whole file."""

    waived: tuple[WaivedMutant, ...] = ()
    kept: tuple[KeptCase, ...] = ()


def read_waivers(root: Path) -> Waivers:
    """Read the file of the problem in ``root``; one that is not there waives nothing.

    Raises PackError when it is not as it should be.
    """
    found = read_tables(root / WAIVERS_NAME, Waivers) or Waivers()
    stripped = (
        replace(waiver, before=waiver.before.strip(), after=waiver.after.strip())
        for waiver in found.waived
    )
    return replace(found, waived=tuple(stripped))
