"""The acts, really tried: on what this machine has, and on sandboxes that misbehave."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import harness
import harness.sandbox.zygote as client_module
from harness.app.trials import ACTS, Answer, Bait, solution, try_backends
from harness.errors import SandboxError
from harness.guest import landlock
from harness.sandbox.choice import BUILT_IN
from harness.sandbox.linux import LinuxBackend
from harness.sandbox.process import ProcessBackend
from harness.testing import Leftovers

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
def bait(tmp_path):
    return Bait(SUITE, tmp_path)


@pytest.fixture
def guest(tmp_path, monkeypatch):
    """A copy of the guest, used in place of the real one."""
    folder = tmp_path / "guest"
    shutil.copytree(client_module.GUEST_FOLDER, folder)
    monkeypatch.setattr(client_module, "GUEST_FOLDER", folder)
    return folder


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def answers(trial):
    return {each.act: each.answer for each in trial.outcomes}


def test_every_act_in_every_backend(bait):
    before = Leftovers()
    trials = try_backends(BUILT_IN, bait)
    assert before.found(but=frozenset({"object"})) == []
    working = {trial.tier: trial for trial in trials if trial.works}
    assert "none" in working
    if landlock.abi_version():
        assert {"full", "locked"} & set(working), [trial.problem for trial in trials]
    for trial in working.values():
        assert [each.act for each in trial.outcomes] == [act.name for act in ACTS]
        assert trial.leaks == ()
        assert trial.interpreter
    for tier, trial in working.items():
        allowed = {name for name, answer in answers(trial).items() if answer is Answer.ALLOWED}
        if tier == "none":
            assert allowed >= ALLOWED_WITHOUT_A_SANDBOX
            assert not allowed & KEPT_BY_EVERY_TIER
        else:
            assert allowed == {act.name for act in ACTS if tier in act.known_in}


def test_each_act_is_a_function_of_the_solution():
    for act in ACTS:
        assert callable(getattr(solution, act.name)), act.name
    assert len({act.name for act in ACTS}) == len({act.text for act in ACTS}) == len(ACTS)


def test_what_the_table_shows_is_short_enough():
    for act in ACTS:
        assert len(act.text) <= 28, act.text
        assert len(act.meaning) <= 54, act.meaning


class Form:
    """A backend whose sandboxes run a changed copy of the trial's own solution."""

    name = "changed"
    tier = "locked"

    def __init__(self, start):
        self._start = start

    def start(self, protected):
        return self._start(protected)


def try_one(start, bait):
    (trial,) = try_backends({"changed": lambda: (Form(start),)}, bait)
    return trial


def test_a_backend_that_cannot_start(bait):
    def start(protected):
        raise SandboxError("no engine answers", "Start the engine")

    trial = try_one(start, bait)
    assert (trial.works, trial.problem, trial.hint) == (
        False,
        "no engine answers",
        "Start the engine",
    )


def test_a_backend_with_a_mistake_of_its_own(bait):
    trial = try_one(lambda protected: 1 / 0, bait)
    assert not trial.works
    assert trial.problem == "the changed sandbox failed by a mistake of its own: ZeroDivisionError"


class Certified:
    """A sandbox that claims more than it does."""

    def __init__(self, sandbox):
        self._sandbox = sandbox

    def protection(self):
        return replace(self._sandbox.protection(), tier="full", certified=True)

    def __getattr__(self, name):
        return getattr(self._sandbox, name)


def test_a_sandbox_that_claims_too_much_leaks(bait):
    trial = try_one(lambda protected: Certified(ProcessBackend().start(protected)), bait)
    assert trial.certified
    assert set(trial.leaks) >= ALLOWED_WITHOUT_A_SANDBOX


@pytest.mark.parametrize(
    ("body", "answer", "reason"),
    [
        ("import os; os._exit(0)", Answer.DENIED, "the box was ended"),
        ("while True: pass", Answer.UNTRIED, "no answer"),
        ("return 'odd', 'word'", Answer.UNTRIED, "the trial itself failed (ValueError)"),
        ("return 3", Answer.UNTRIED, "the trial itself failed (TypeError)"),
        ("raise KeyError", Answer.UNTRIED, "the trial itself failed (KeyError)"),
    ],
)
def test_a_box_that_gives_no_clear_answer(bait, monkeypatch, body, answer, reason):
    text = f"def leave_notes():\n    pass\n\n\ndef attempt(name, facts):\n    {body}\n"
    monkeypatch.setattr("harness.app.trials.trial.ACTS", ACTS[:1])
    monkeypatch.setattr("harness.app.trials.trial._ACT_SECONDS", 1.0)
    monkeypatch.setattr("harness.app.trials.trial._solution_text", lambda: text)
    trial = try_one(ProcessBackend().start, bait)
    (outcome,) = trial.outcomes
    assert outcome.answer is answer
    assert outcome.reason.startswith(reason)


def test_an_error_number_is_told_in_words(guest, bait):
    """A person reads "Permission denied", never "[Errno 13]"."""
    begin = "def _lock_sandbox(policy: dict[str, Any]) -> Guard:\n"
    failing = "    raise PermissionError(13, 'Permission denied', '/proc/self/uid_map')\n"
    change(guest / "zygote.py", begin, begin + failing)
    (trial,) = try_backends({"process": lambda: (ProcessBackend(),)}, bait)
    assert trial.problem == (
        "the process sandbox cannot start: /proc/self/uid_map: Permission denied"
    )


def test_the_bait_is_taken_away(bait, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    try_backends({"process": lambda: (ProcessBackend(),)}, bait)
    assert os.listdir(tmp_path) == []


def test_a_hole_in_a_real_lock_is_found(guest, bait):
    """Even one that the self-test at start-up does not look for."""
    old = '"umask": (95, 166),'
    change(guest / "syscalls.py", old, f'{old} "msgget": (68, 186), "msgctl": (71, 187),')
    forms = [LinuxBackend("full"), LinuxBackend("locked")]
    trials = [trial for trial in try_backends({"linux": lambda: forms}, bait) if trial.works]
    assert trials or not landlock.abi_version()
    for trial in trials:
        assert trial.leaks == ("make_queue",)
