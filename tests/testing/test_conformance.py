"""Every built-in backend, in every form that works for this user, passes the conformance suite."""

from __future__ import annotations

import os

import pytest

from harness.sandbox.backend import Backend
from harness.sandbox.choice import probe
from harness.sandbox.linux import LinuxBackend
from harness.sandbox.process import ProcessBackend
from harness.testing import SandboxConformance

REPORTS = {(report.name, report.tier): report for report in probe()}


def works(tier: str) -> bool:
    report = REPORTS.get(("linux", tier))
    return report is not None and report.available


if works("full"):

    class TestLinuxFull(SandboxConformance):
        def make_backend(self) -> Backend:
            return LinuxBackend("full")


if works("locked"):

    class TestLinuxLocked(SandboxConformance):
        def make_backend(self) -> Backend:
            return LinuxBackend("locked")


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
        return ProcessBackend()


def test_the_best_tier_works_in_ci():
    assert works("full") or os.environ.get("CI") != "true", REPORTS


def test_a_form_that_does_not_work_says_why():
    for report in REPORTS.values():
        assert report.available != bool(report.detail), report


def test_an_exemption_must_name_a_test():
    with pytest.raises(TypeError, match="no test 'test_something_else'"):
        type("TestWrong", (SandboxConformance,), {"exempt": frozenset({"test_something_else"})})
