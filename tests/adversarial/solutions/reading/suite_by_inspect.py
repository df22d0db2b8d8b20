"""Asks inspect for the source of its callers.

safe = "Its callers are the box's own."
"""

import inspect


def attack(hints):
    text = "".join(frame.filename for frame in inspect.stack())
    assert "test_hidden" in text
    return "escaped"
