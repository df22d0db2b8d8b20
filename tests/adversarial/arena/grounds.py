"""A plugin that offers one form of the linux backend alone, so that the judge can be told of it."""

from collections.abc import Callable, Sequence

from harness.plugins.hookspecs import hookimpl
from harness.sandbox.linux import LinuxBackend


@hookimpl
def harness_backends() -> dict[str, Callable[[], Sequence[LinuxBackend]]]:
    """Name each form."""
    return {
        "linux-full": lambda: [LinuxBackend("full")],
        "linux-locked": lambda: [LinuxBackend("locked")],
    }
