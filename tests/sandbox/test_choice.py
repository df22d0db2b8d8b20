"""Which backend is taken, what is told when none works, and what happens off Linux."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import harness
from harness.errors import SandboxError, SandboxFault
from harness.sandbox import choice, zygote
from harness.sandbox.backend import Protection
from harness.sandbox.choice import HostBackend


class FakeSandbox:
    def __init__(self, refusal: str) -> None:
        self.refusal = refusal
        self.closed = False

    def protection(self) -> Protection:
        if self.refusal:
            raise SandboxError(self.refusal)
        return Protection("fake", "good", True, "CPython 3")

    def close(self) -> None:
        self.closed = True


class FakeBackend:
    name = "fake"

    def __init__(self, tier: str, refusal: str = "", late: str = "") -> None:
        self.tier = tier
        self.refusal = refusal
        self.sandbox = FakeSandbox(late)

    def start(self, protected: tuple[Path, ...]) -> FakeSandbox:
        if self.refusal:
            raise SandboxError(self.refusal)
        return self.sandbox


@pytest.fixture
def forms(monkeypatch):
    """Replaces the built-in backends by the given forms of one."""

    def use(*backends: FakeBackend) -> None:
        monkeypatch.setattr(choice, "BUILT_IN", {"fake": lambda: backends})

    return use


def test_the_first_form_that_stands_is_taken(forms):
    impossible, broken = FakeBackend("a", refusal="no kernel"), FakeBackend("b", late="escaped")
    good, unused = FakeBackend("c"), FakeBackend("d", refusal="must not be tried")
    forms(impossible, broken, good, unused)
    chosen = choice.ChosenSandbox("auto")
    sandbox, protection = chosen.settle()
    assert sandbox is good.sandbox
    assert protection.tier == "good"
    assert broken.sandbox.closed
    chosen.close()
    assert good.sandbox.closed


def test_when_nothing_works_every_reason_is_told(forms):
    forms(FakeBackend("a", refusal="no kernel"), FakeBackend("b", late="a box could fork"))
    chosen = choice.ChosenSandbox("auto")
    with pytest.raises(SandboxError, match="no kernel; a box could fork") as refused:
        chosen.settle()
    assert refused.value.hint == "harness doctor"


def test_a_backend_asked_for_by_name_is_never_replaced_by_another(monkeypatch):
    broken, other = FakeBackend("a", refusal="no kernel"), FakeBackend("b")
    known = {"fake": lambda: [broken], "other": lambda: [other]}
    monkeypatch.setattr(choice, "BUILT_IN", known)
    with pytest.raises(SandboxError, match="no kernel"):
        choice.ChosenSandbox("fake").settle()


def test_an_unknown_backend_names_the_known_ones():
    with pytest.raises(SandboxError, match="no backend 'linus', only auto, linux"):
        choice.ChosenSandbox("linus")


def test_our_own_files_are_protected():
    package = Path(harness.__file__).resolve().parent
    assert package in choice.protected_paths()


ELSEWHERE = """
import os, socket, sys
sys.platform = "darwin"
for name in ("memfd_create", "sched_setaffinity", "unshare", "setns", "getresuid", "pidfd_open"):
    if hasattr(os, name):
        delattr(os, name)
import harness.guest.zygote, harness.guest.lock, harness.sandbox.choice
from harness.errors import SandboxError
from harness.guest.unnamed_files import unnamed_file
from harness.sandbox.choice import HostBackend
assert not harness.guest.lock.LINUX
harness.guest.lock.die_with_parent(12345)
harness.guest.lock.adopt_orphans()
os.fstat(unnamed_file())
try:
    HostBackend("full").start(())
except SandboxError as error:
    print(error.message)
"""


def test_elsewhere_everything_imports_and_the_linux_backend_refuses():
    result = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(Path(harness.__file__).parent.parent)},
        check=False,
    )
    assert result.stdout.strip() == "the linux sandbox needs Linux", result.stderr


OTHER_PROCESSOR = """
import os
known = os.uname()
os.uname = lambda: os.uname_result((*known[:4], "riscv64"))
"""
NO_LANDLOCK = """
from _harness_guest import landlock
landlock.abi_version = lambda: 0
"""


@pytest.mark.parametrize(
    ("machine", "fault", "words"),
    [
        (OTHER_PROCESSOR, SandboxFault.UNKNOWN_PROCESSOR, "system calls of this processor"),
        (NO_LANDLOCK, SandboxFault.NO_LANDLOCK, "has no Landlock"),
    ],
)
def test_a_machine_without_one_of_the_locks_is_refused(monkeypatch, machine, fault, words):
    monkeypatch.setattr(zygote, "GUEST_BOOTSTRAP", zygote.GUEST_BOOTSTRAP + machine)
    with (
        contextlib.closing(HostBackend("locked").start(())) as sandbox,
        pytest.raises(SandboxError, match=words) as refused,
    ):
        sandbox.protection()
    assert refused.value.fault is fault
