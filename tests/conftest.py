"""When the tests that need a container engine (marker ``docker``) run.

``HARNESS_TEST_DOCKER=1``: always; where no engine can be used they fail. ``=0``: never. Otherwise
when an engine answers on this Linux machine. If they do not run, the summary says so.
The image is built on ``HARNESS_TEST_DOCKER_BASE``, else on the Dockerfile's own base.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from harness.errors import HarnessError, SandboxError
from harness.sandbox.engine import DEFAULT_BASE, build_image, find_socket, open_engine
from tests.printing import fault_of

collect_ignore = ["sample_pack", "released/v0_1_0"]
"""Their suites are for the judge."""
_REASON = pytest.StashKey[str]()
"""Why the tests of the docker backend are left out; empty when they are not."""


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_REASON] = _why_without_docker()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.stash[_REASON]:
        left_out = [item for item in items if item.get_closest_marker("docker")]
        items[:] = [item for item in items if not item.get_closest_marker("docker")]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.stash[_REASON]:
        terminalreporter.write_line(
            f"The docker backend was NOT tested: {config.stash[_REASON]}", yellow=True
        )


def _why_without_docker() -> str:
    wanted = os.environ.get("HARNESS_TEST_DOCKER", "")
    if wanted:
        return "HARNESS_TEST_DOCKER=0" if wanted == "0" else ""
    if sys.platform != "linux":
        return "it needs Linux"
    try:
        find_socket()
    except SandboxError as error:
        return f"{error.message}. Set HARNESS_TEST_DOCKER=1 to insist."
    return ""


@pytest.fixture(scope="session")
def docker_image() -> str:
    """The name of the backend's image, built for this session."""
    return build_image(os.environ.get("HARNESS_TEST_DOCKER_BASE") or DEFAULT_BASE)


@pytest.fixture
def engine(docker_image: str) -> Iterator[Any]:
    """The SDK's client of the engine, which has the image."""
    with open_engine() as api:
        yield api


@pytest.fixture(autouse=True)
def _printed_commands_can_be_pasted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check the commands of each error that a test raises."""
    texts: list[str] = []
    original = HarnessError.__init__

    def remember(self: HarnessError, message: str, hint: str = "") -> None:
        original(self, message, hint)
        texts.extend((message, hint))

    monkeypatch.setattr(HarnessError, "__init__", remember)
    yield
    faults = [fault for text in texts if (fault := fault_of(text))]
    assert faults == []
