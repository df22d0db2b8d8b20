"""The submission around the attacks: each is a module of its own, imported in its own box."""

import importlib


class OddError(ValueError):
    """The exception that the manifest declares."""


def load(name):
    """Import one attack."""
    return importlib.import_module(f"attack_{name}")
