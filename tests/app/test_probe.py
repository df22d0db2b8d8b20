"""The acts, really tried: on what this machine has, and on sandboxes that misbehave."""

from __future__ import annotations

import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest

import harness
import harness.app.probe as probe_module
import harness.sandbox.zygote as client_module
from harness.app.probe import SHOWN_ACTS, probe_backends
from harness.errors import SandboxError
from harness.guest import landlock
from harness.guest.acts import ACTS, ALLOWED, DENIED, UNTRIED
from harness.sandbox.choice import BUILT_IN, HostBackend
from harness.testing import Leftovers
from tests.editing import replace_in

SUITE = next(Path(harness.__file__).parents[1].glob("problems/*/level1/test_hidden.py"))
# Without a sandbox these are still denied: limits, own descriptors, own environment, own process.
KEPT_BY_EVERY_TIER = {
    "take_memory",
    "take_time",
    "print_much",
    "open_files",
    "use_descriptors",
    "read_variables",
    "meet_last_case",
}
ALLOWED_WITHOUT_A_SANDBOX = {
    "read_file",
    "list_folder",
    "see_file",
    "change_file",
    "change_rights",
    "create_file",
    "connect",
    "send_datagram",
    "talk_locally",
    "start_process",
    "run_program",
    "read_suite",
    "read_record",
    "signal_judge",
}


@pytest.fixture
def guest(tmp_path, monkeypatch):
    """A copy of the guest, used in place of the real one."""
    folder = tmp_path / "guest"
    shutil.copytree(client_module.GUEST_FOLDER, folder)
    monkeypatch.setattr(client_module, "GUEST_FOLDER", folder)
    return folder


def answers(probe):
    return {each.act: each.answer for each in probe.outcomes}


def test_every_act_in_every_backend(tmp_path):
    before = Leftovers()
    probes = probe_backends(BUILT_IN, SUITE, tmp_path)
    assert before.found(but=frozenset({"object"})) == []
    working = {probe.tier: probe for probe in probes if probe.works}
    assert "none" in working
    if landlock.abi_version():
        assert {"full", "locked"} & set(working), [probe.problem for probe in probes]
    for probe in working.values():
        assert [each.act for each in probe.outcomes] == [act.name for act in SHOWN_ACTS]
        assert probe.leaks == ()
        assert probe.interpreter
    for tier, probe in working.items():
        allowed = {name for name, answer in answers(probe).items() if answer == ALLOWED}
        if tier == "none":
            assert allowed >= ALLOWED_WITHOUT_A_SANDBOX
            assert not allowed & KEPT_BY_EVERY_TIER
        else:
            assert allowed == {act.name for act in SHOWN_ACTS if tier in act.known_in}


def test_every_act_has_a_name_and_a_text_of_its_own():
    assert len({act.name for act in ACTS}) == len({act.text for act in ACTS}) == len(ACTS)


def test_what_the_table_shows_is_short_enough():
    for act in SHOWN_ACTS:
        assert len(act.text) <= 28, act.text
        assert len(act.meaning) <= 54, act.meaning


class Form:
    """A backend whose sandboxes are started by a test."""

    name = "changed"
    tier = "locked"

    def __init__(self, start):
        self._start = start

    def start(self, protected):
        return self._start(protected)


def probe_one(start, tmp_path):
    (probe,) = probe_backends({"changed": lambda: (Form(start),)}, SUITE, tmp_path)
    return probe


def test_a_backend_that_cannot_start(tmp_path):
    def start(protected):
        raise SandboxError("no engine answers", "Start the engine")

    probe = probe_one(start, tmp_path)
    assert (probe.works, probe.problem, probe.hint) == (
        False,
        "no engine answers",
        "Start the engine",
    )


def test_a_backend_with_an_internal_error(tmp_path):
    probe = probe_one(lambda protected: 1 / 0, tmp_path)
    assert not probe.works
    assert probe.problem == "internal error in the changed sandbox: ZeroDivisionError"


class Certified:
    """A sandbox that claims more than it does."""

    def __init__(self, sandbox):
        self._sandbox = sandbox

    def protection(self):
        return replace(self._sandbox.protection(), tier="full", certified=True)

    def __getattr__(self, name):
        return getattr(self._sandbox, name)


def test_a_sandbox_that_claims_too_much_leaks(tmp_path):
    probe = probe_one(lambda protected: Certified(HostBackend("none").start(protected)), tmp_path)
    assert probe.certified
    assert set(probe.leaks) >= ALLOWED_WITHOUT_A_SANDBOX


@pytest.mark.parametrize(
    ("body", "answer", "reason"),
    [
        ("import os; os._exit(0)", DENIED, "the box was ended"),
        ("while True: pass", UNTRIED, "no answer"),
        ("return 'odd', 'word'", UNTRIED, "the attempt itself failed (ValueError)"),
        ("return 3", UNTRIED, "the attempt itself failed (TypeError)"),
        ("raise KeyError", UNTRIED, "the attempt itself failed (KeyError)"),
    ],
)
def test_a_box_that_gives_no_clear_answer(tmp_path, monkeypatch, body, answer, reason):
    text = f"def leave_notes():\n    pass\n\n\ndef attempt(name, *aims):\n    {body}\n"
    monkeypatch.setattr("harness.app.probe.SHOWN_ACTS", SHOWN_ACTS[:1])
    monkeypatch.setattr("harness.app.probe._ACT_SECONDS", 1.0)
    monkeypatch.setattr("harness.app.probe._TEXT", text)
    probe = probe_one(HostBackend("none").start, tmp_path)
    (outcome,) = probe.outcomes
    assert outcome.answer == answer
    assert outcome.reason.startswith(reason)


def test_an_error_number_is_shown_in_words(guest, tmp_path):
    """A person reads "Permission denied", never "[Errno 13]"."""
    begin = "def _lock_sandbox(policy: dict[str, Any]) -> Guard:\n"
    failing = "    raise PermissionError(13, 'Permission denied', '/proc/self/uid_map')\n"
    replace_in(guest / "zygote.py", begin, begin + failing)
    (probe,) = probe_backends({"process": lambda: (HostBackend("none"),)}, SUITE, tmp_path)
    assert probe.problem == (
        "the process sandbox cannot start: /proc/self/uid_map: Permission denied"
    )


def test_what_was_put_out_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    probe_backends({"process": lambda: (HostBackend("none"),)}, SUITE, tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_hole_in_a_real_lock_is_found(guest, tmp_path):
    """Even one that the self-test at start-up does not look for."""
    old = '"umask": (95, 166),'
    replace_in(guest / "syscalls.py", old, f'{old} "msgget": (68, 186), "msgctl": (71, 187),')
    forms = [HostBackend("full"), HostBackend("locked")]
    probes = probe_backends({"linux": lambda: forms}, SUITE, tmp_path)
    probes = [probe for probe in probes if probe.works]
    assert probes or not landlock.abi_version()
    for probe in probes:
        assert probe.leaks == ("make_queue",)


def test_a_folder_for_temporary_files_with_a_long_path(tmp_path, monkeypatch):
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with probe_module._targets(tmp_path, tmp_path) as targets:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(targets["socket"])
        assert Path(targets["file"]).is_file()
    assert not Path(targets["folder"]).exists()
