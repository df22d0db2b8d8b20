"""A plugin that offers one form of the linux backend alone, so that the judge can be told of it."""

from collections.abc import Callable, Sequence

from harness.plugins.hookspecs import hookimpl
from harness.sandbox.choice import HostBackend


@hookimpl
def harness_backends() -> dict[str, Callable[[], Sequence[HostBackend]]]:
    """Name each form."""
    return {
        "linux-full": lambda: [HostBackend("full")],
        "linux-locked": lambda: [HostBackend("locked")],
    }
