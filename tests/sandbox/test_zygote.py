"""The client of the zygote, and that a sandbox with any one layer missing is refused."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import harness.sandbox.zygote as client_module
from harness.errors import SandboxError, SandboxFault
from harness.model.limits import Limits
from harness.sandbox.backend import Sandbox
from harness.sandbox.choice import HostBackend, protected_paths
from harness.testing import Leftovers

LIMITS = Limits(cpu_seconds=2, memory_bytes=128 << 20, output_bytes=64 << 10)

SABOTAGE = [
    ("box.py", "guard.lock.close_on()", "pass", "make the system call"),
    (
        "box.py zygote.py",
        "landlock.restrict_self(",
        "(lambda ruleset: None)(",
        "list a folder of yours: /",
    ),
    ("box.py", "lock.close_from(STREAM_FD + 1)", "pass", "use files left open"),
    ("box.py", "lock.set_limits(", "(lambda *_: None)(", "go without a limit: RLIMIT_AS"),
    ("box.py", "lock.set_box_limits(", "(lambda **_: None)(", "open a thousand files"),
    (
        "zygote.py",
        "lock.set_standing_limits(",
        "(lambda: None)(",
        "go without a limit: RLIMIT_CORE",
    ),
    (
        "zygote.py",
        'if policy["lock"]:\n        hello',
        "if False:\n        hello",
        "skip the self-test",
    ),
    (
        "selftest.py",
        "succeeded = [trial",
        "succeeded = [][1] or [trial",
        "fail to answer the self-test",
    ),
]
FAILURES = [
    ("lock.py", 'libc.system_call(_CAPSET[os.uname().machine], "capset"', "capset"),
    ("lock.py", 'libc.control_process(_PR_SET_DUMPABLE, 0, "PR_SET_DUMPABLE"', "PR_SET_DUMPABLE"),
    ("lock.py", 'libc.control_process(_PR_SET_NO_NEW_PRIVS, 1, "PR_SET_NO_NEW_PRIVS"', "NO_NEW"),
    ("landlock.py", 'libc.system_call(_RESTRICT_SELF, "Landlock"', "Landlock"),
    ("layout.py", "def readable_paths() -> list[str]:", "no layout"),
]


@pytest.fixture
def guest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the guest, used in place of the real one."""
    folder = tmp_path / "guest"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(client_module.GUEST_FOLDER, folder, ignore=ignored)
    monkeypatch.setattr(client_module, "GUEST_FOLDER", folder)
    return folder


@pytest.fixture(autouse=True)
def no_trace() -> Iterator[None]:
    """Remove what the self-test creates where it succeeds: its own filter keeps it from that."""
    before = set(Path("/tmp").glob("escape-*"))
    yield
    for path in set(Path("/tmp").glob("escape-*")) - before:
        with contextlib.suppress(OSError):  # another run's, and gone or another user's
            path.unlink()


def change(guest: Path, files: str, old: str, new: str) -> None:
    for file in files.split():
        text = (guest / file).read_text()
        assert old in text
        (guest / file).write_text(text.replace(old, new))


def refused(tier: str) -> SandboxError:
    with contextlib.closing(HostBackend(tier).start(protected_paths())) as sandbox:
        with pytest.raises(SandboxError) as raised:
            sandbox.protection()
        return raised.value


def refusal(tier: str) -> str:
    return refused(tier).message


@pytest.mark.parametrize(("file", "old", "new", "told"), SABOTAGE)
def test_a_missing_layer_is_noticed_by_the_self_test(linux_tiers, guest, file, old, new, told):
    change(guest, file, old, new)
    for tier in linux_tiers:
        error = refused(tier)
        assert error.fault is SandboxFault.FAILED_SELF_TEST
        assert "failed its self-test" in error.message
        assert told in error.message, tier


def test_a_root_that_shows_too_much_is_noticed_by_the_self_test(linux_tiers, guest):
    """Landlock keeps it from being read, so nothing but the self-test would tell."""
    more = '[*readable, *policy["protected"]]'
    change(guest, "zygote.py", "build_root(readable, masked)", f"build_root({more}, masked)")
    for tier in set(linux_tiers) & {"full"}:
        assert "could see that a file exists: /" in refusal(tier)


def test_numbers_of_the_machines_processes_are_noticed_by_the_self_test(linux_tiers, guest):
    change(guest, "namespaces.py", "_NEW_UTS | _NEW_IPC | _NEW_PID", "_NEW_UTS | _NEW_IPC")
    change(
        guest,
        "zygote.py",
        "parent = OUTSIDE\n        lock.die_with_parent(parent)",
        "parent = os.getppid()",
    )
    for tier in set(linux_tiers) & {"full"}:
        assert "see its parent process" in refusal(tier)


@pytest.mark.parametrize(("file", "old", "told"), FAILURES)
def test_a_lock_that_cannot_be_put_on_is_an_error(linux_tiers, guest, file, old, told):
    failing = f'raise OSError(1, "{told}")'
    change(
        guest,
        file,
        old,
        f"{old}\n    {failing}"
        if old.startswith("def")
        else f"(lambda *_: (_ for _ in ()).throw(OSError(1, '{told}')))(0",
    )
    for tier in linux_tiers:
        assert told in refusal(tier), tier


def test_staying_root_is_noticed(linux_tiers, guest):
    change(guest, "zygote.py", "os.setresuid(uid, uid, uid)", "pass")
    change(guest, "zygote.py", "lock.drop_capabilities()", "pass")
    for tier in linux_tiers if os.getuid() == 0 else []:
        assert "act as root" in refusal(tier)


def test_a_zygote_that_breaks_is_told_with_its_last_words(guest):
    (guest / "zygote.py").write_text("raise SystemExit('nothing works')\n")
    sandbox = HostBackend("none").start(())
    with pytest.raises(SandboxError, match=r"the process sandbox broke: .*nothing works"):
        sandbox.protection()
    sandbox.close()


def test_an_interpreter_that_is_gone_is_an_error_of_ours(monkeypatch):
    before = Leftovers()
    for executable in ("/nonexistent/python", "", None):
        monkeypatch.setattr(sys, "executable", executable)
        with pytest.raises(SandboxError, match="cannot start"):
            HostBackend("none").start(())
    assert before.found(but=frozenset({"object"})) == []


def test_descriptors_of_a_box_are_not_inherited_by_other_programs():
    sandbox: Sandbox = HostBackend("none").start(())
    sandbox.load({"solution.py": ""}, "solution", LIMITS)
    box = sandbox.open_box()
    assert not os.get_inheritable(box.stream.fileno())
    assert not os.get_inheritable(box.output_fd)
    sandbox.discard_box(box)
    sandbox.close()


def test_a_stopped_zygote_does_not_stop_us_from_closing():
    before = Leftovers()
    sandbox = HostBackend("none").start(())
    sandbox.protection()
    os.kill(sandbox._zygote.pid, signal.SIGSTOP)
    sandbox.close()
    assert before.found(but=frozenset({"object"})) == []


def test_ignored_signals_do_not_reach_the_box():
    old = signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    try:
        sandbox = HostBackend("none").start(())
        sandbox.load(
            {"solution.py": "while True: pass\n"},
            "solution",
            Limits(cpu_seconds=0),
        )
    finally:
        signal.signal(signal.SIGXCPU, old)
    status = Path(f"/proc/{sandbox._zygote.pid}/status").read_text()
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn"))
    assert not int(ignored.split()[1], 16) & 1 << (signal.SIGXCPU - 1)
    sandbox.close()
