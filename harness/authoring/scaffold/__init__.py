"""``harness author new``: writes a small complete problem, to be replaced part by part.

The parts lie in ``example/``, a folder per level. Code there is a part of a file: the class of
level 1, and the methods that each later level adds to it.
"""

from __future__ import annotations

from harness.authoring.scaffold.scaffold import MAX_LEVELS, scaffold

__all__ = ["MAX_LEVELS", "scaffold"]
