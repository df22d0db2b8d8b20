"""For ``fuzz.py`` in a problem's folder: says how a solution may be called, in a few lines.

``harness author fuzz`` then looks for calls to which two solutions answer differently, and shows
the shortest. Needs hypothesis, which ``pip install 'progressive-harness[author]'`` brings;
``docs/authoring.md`` has an example.
"""

from __future__ import annotations

from harness.authoring.fuzz.model import Fuzz, call, code, optional, pool, rising, since

__all__ = ["Fuzz", "call", "code", "optional", "pool", "rising", "since"]
