"""Every built-in backend, in every form that works for this user, passes the conformance suite."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from harness.sandbox.backend import Backend
from harness.sandbox.choice import HostBackend
from harness.sandbox.docker import OWNER_LABEL, DockerBackend, Owner
from harness.testing import SandboxConformance
from tests.tiers import refusal

GONE_SECONDS = 10.0


if not refusal("full"):

    class TestLinuxFull(SandboxConformance):
        def make_backend(self) -> Backend:
            return HostBackend("full")


if not refusal("locked"):

    class TestLinuxLocked(SandboxConformance):
        def make_backend(self) -> Backend:
            return HostBackend("locked")


@pytest.mark.docker
class TestDocker(SandboxConformance):
    @pytest.fixture(autouse=True)
    def nothing_left(self, engine: Any) -> Iterator[None]:
        """After each test, no container of this process is there, neither running nor ended."""
        yield
        label = f"{OWNER_LABEL}={Owner.myself().to_text()}"
        deadline = time.monotonic() + GONE_SECONDS
        while left := engine.containers(all=True, filters={"label": label}):
            assert time.monotonic() < deadline, left
            time.sleep(0.05)

    def make_backend(self) -> Backend:
        return DockerBackend()


class TestProcess(SandboxConformance):
    exempt = frozenset(
        {
            "test_files_cannot_be_read",
            "test_folders_cannot_be_listed",
            "test_files_cannot_be_created",
            "test_the_network_is_closed",
            "test_local_sockets_are_closed",
            "test_no_process_can_be_started",
            "test_no_other_process_can_be_signalled",
        }
    )

    def make_backend(self) -> Backend:
        return HostBackend("none")


def test_the_best_tier_works_in_ci():
    assert os.environ.get("CI") != "true" or refusal("full") == ""


def test_an_exemption_must_name_a_test():
    with pytest.raises(TypeError, match="no test 'test_something_else'"):
        type("TestWrong", (SandboxConformance,), {"exempt": frozenset({"test_something_else"})})
