from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

import pytest

from harness.app.probe import SHOWN_ACTS, ActOutcome, BackendProbe
from harness.bench.measures import MEASURES
from harness.guest.acts import ALLOWED, DENIED, UNTRIED
from harness.sandbox.engine import image_name

NAMES = [act.name for act in SHOWN_ACTS]
NO_NAMESPACES = "the linux sandbox cannot start: unshare: Operation not permitted"


def trial(backend="linux", tier="full", allowed=(), leaks=(), *, certified=True, untried=()):
    """A backend that works."""
    outcomes = tuple(
        ActOutcome(
            name,
            UNTRIED if name in untried else ALLOWED if name in (*allowed, *leaks) else DENIED,
            is_leak=name in leaks,
        )
        for name in NAMES
    )
    return BackendProbe(backend, tier, True, certified, "CPython 3", outcomes=outcomes)


def broken(backend="linux", tier="full", problem=NO_NAMESPACES):
    """A backend that does not work."""
    return BackendProbe(backend, tier, False, False, problem=problem)


LOCKED = trial(tier="locked", allowed=("see_file", "see_process"))
PROCESS = trial("process", "none", NAMES, certified=False)


@pytest.fixture
def backends(monkeypatch):
    """What the probes of the sandboxes show."""
    probes = [trial(), LOCKED, PROCESS]
    monkeypatch.setattr("harness.app.diagnosis.probe_backends", lambda known, suite, home: probes)
    return probes


def test_plain_text(started, backends):
    assert started("doctor") == 0
    for text in (
        "Versions\n",
        "\n   harness ",
        "   linux (full)             judges here  (CPython 3)\n",
        "   linux (locked)           works  (CPython 3)\n",
        "   process (no protection)  works, but catches accidents only",
        "Judged last: nothing",
    ):
        assert text in started.out
    assert "\x1b" not in started.out
    assert started.out.endswith(f": linux (full) denied all {len(NAMES)} acts.\n")


def cells(out, text):
    """What the table says of one act."""
    (line,) = [line for line in out.splitlines() if line.startswith(f"     {text}  ")]
    return [cell.strip() for cell in line[5 + len(text) :].split("  ") if cell.strip()]


def conclusion(out):
    """The last paragraph, as one line."""
    return " ".join(out.rpartition("\n\n")[2].split())


def test_the_table_has_a_column_for_each_backend_that_works(shell, backends):
    backends.insert(0, broken("docker", ""))
    assert shell("doctor") == 0
    assert re.search(
        r"A solution in a box can …\s+linux\s+linux\s+process\n\s+full\s+locked\n", shell.out
    )
    assert cells(shell.out, "read a file of yours") == ["denied", "denied", "allowed"]
    assert cells(shell.out, "see that a file exists") == ["denied", "allowed", "allowed"]
    for act in SHOWN_ACTS:
        assert len(cells(shell.out, act.text)) == 3


def test_a_wide_window_shows_what_each_act_would_mean(shell, backends, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert shell("doctor") == 0
    for act in SHOWN_ACTS:
        assert cells(shell.out, act.text)[-1] == act.meaning
    assert "gives it:" not in shell.out


def test_a_narrow_window_shows_it_for_what_the_judging_backend_allows(shell, backends):
    backends[:] = [LOCKED, PROCESS]
    assert shell("doctor") == 0
    assert shell.out.count("gives it:") == 2
    assert "gives it: names, sizes and times; never what is in a file\n" in shell.out
    assert conclusion(shell.out).endswith(
        f"denied {len(NAMES) - 2} of {len(NAMES)} acts, but what its tier is known to let through: "
        "see that a file exists, see other processes."
    )


def test_lines_fit_into_the_window(shell, backends, monkeypatch):
    backends[:] = [broken(problem=NO_NAMESPACES + " by policy" * 30), LOCKED, PROCESS]
    for columns in (80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        shell("doctor")
        sandboxes = shell.out.partition("Sandboxes\n")[2].splitlines()
        assert max(map(len, sandboxes)) <= columns


def test_what_does_not_work_is_no_error_when_something_better_does(shell, backends):
    reason = "the linux sandbox cannot start: only root can read the folder of the interpreter"
    backends[:] = [trial(), broken(tier="locked", problem=reason), PROCESS]
    assert shell("doctor") == 0
    assert " - linux (locked)           not needed: the linux sandbox" in shell.out
    assert " ! " not in shell.out
    assert "Errno" not in shell.out


def test_a_better_tier_that_does_not_work_comes_with_the_way_to_it(shell, backends, monkeypatch):
    monkeypatch.setattr("harness.app.diagnosis.advise", lambda probe: "Type: make it work")
    backends[:] = [broken(), LOCKED, PROCESS]
    assert shell("doctor") == 0
    start = " ! linux (full)             the linux sandbox cannot start: unshare"
    assert start in shell.out
    assert "\n       Type: make it work\n" in shell.out


def test_only_the_process_backend(shell, backends):
    backends[:] = [broken(), broken(tier="locked"), PROCESS]
    assert shell("doctor") == 0
    assert "process none" not in shell.out
    assert conclusion(shell.out) == (
        "Solutions can be judged here by process (no protection): good enough for your own code, "
        f"not for code that you do not trust. A box could do {len(NAMES)} of the {len(NAMES)} acts "
        "above."
    )


def test_nothing_can_judge(shell, backends):
    backends[:] = [broken(problem="no landlock\nand no namespaces")]
    assert shell("doctor") == 3
    assert " ! linux (full)  no landlock\n" in shell.out
    assert shell.out.endswith("Nothing can judge here: see Sandboxes above.\n")


def test_a_hole_is_an_error(shell, backends):
    backends[:] = [trial(leaks=("read_suite",)), PROCESS]
    assert shell("doctor") == 3
    assert cells(shell.out, "read a hidden suite") == ["ALLOWED", "allowed"]
    assert " ! linux (full)" in shell.out
    assert conclusion(shell.out).startswith(
        "Do not trust linux (full): a box could read a hidden suite. Please report"
    )


def test_a_backend_asked_for_must_work_itself(shell, backends):
    backends[:] = [broken(), PROCESS]
    assert shell("--backend", "linux", "doctor") == 3
    assert shell("--backend", "process", "doctor") == 0


def test_a_requested_backend_is_reported_as_missing_though_others_work(shell, backends):
    problem = "the docker sandbox cannot start: the image was not built yet"
    backends[1:2] = [broken("docker", "container", problem)]
    assert shell("--backend", "docker", "doctor") == 3
    assert " ! docker (container)       the docker sandbox cannot start: the image was" in shell.out
    assert shell("doctor") == 0
    assert " - docker (container)       not needed: the docker sandbox" in shell.out


def test_an_act_without_meaning_here_is_neither_allowed_nor_denied(shell, backends):
    backends[:] = [trial(untried=("other_abi",))]
    assert shell("doctor") == 0
    assert cells(shell.out, "call as another ABI") == ["-"]
    assert conclusion(shell.out).endswith(
        f"denied {len(NAMES) - 1} of {len(NAMES)} acts; 1 could not be tried."
    )


def test_what_a_backend_says_cannot_control_the_terminal(shell, backends):
    backends[:] = [broken(problem="\x1b[2Jgone"), PROCESS]
    shell("doctor")
    assert "\\x1b[2Jgone" in shell.out


def test_colour_only_when_asked_for(shell, backends):
    shell.monkeypatch.setenv("HARNESS_COLOUR", "always")
    assert shell("doctor") == 0
    coloured = shell.out
    shell.monkeypatch.setenv("HARNESS_COLOUR", "never")
    assert shell("doctor") == 0
    assert "\x1b[32mdenied" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured).replace("always  (", "never  (")
    assert [line.rstrip() for line in plain.splitlines()] == shell.out.splitlines()


def test_json(shell, backends):
    document = shell.json("doctor")
    assert document["can_judge"] is True
    assert document["plugins"] == []
    assert [act["name"] for act in document["acts"]] == NAMES
    assert {"group", "text", "meaning", "known_in"} <= set(document["acts"][0])
    full = document["backends"][0]
    assert (full["name"], full["judges"], full["advice"]) == ("linux (full)", True, "")
    assert full["trial"]["tier"] == "full"
    assert full["trial"]["outcomes"][0] == {
        "act": "read_file",
        "answer": "denied",
        "reason": "",
        "is_leak": False,
    }


def test_options_are_reported_as_settings(shell, backends, tmp_path):
    settings = {
        each["name"]: each["value"]
        for each in shell.json("--home", str(tmp_path / "h"), "doctor")["settings"]
    }
    assert settings["home"] == f"{tmp_path}/h  (HARNESS_HOME)"


def test_really_tries_the_acts(shell):
    """On whatever this machine has: certified backends deny, and what is left is taken away."""
    done = subprocess.run(
        [sys.executable, "-m", "harness", "doctor", "--json"],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b'"process (no protection)"' in done.stdout


def test_alone_it_shows_what_there_is(shell):
    assert shell("sandbox") == 0
    assert "build" in shell.out


@pytest.mark.docker
def test_build_and_try(shell):
    base = os.environ.get("HARNESS_TEST_DOCKER_BASE") or "python:3.13-slim"
    document = shell.json("sandbox", "build", "--base", base)
    assert document["image"] == image_name()
    assert document["base"] == base
    assert document["protection"]["certified"] is True
    assert document["protection"]["interpreter"].startswith("CPython 3.")


@pytest.mark.docker
def test_what_judges_afterwards_is_said(shell, docker_image):
    base = os.environ.get("HARNESS_TEST_DOCKER_BASE") or "python:3.13-slim"
    assert shell("sandbox", "build", "--base", base) == 0
    assert f"Built: {docker_image} (CPython 3." in shell.out
    assert "harness --backend docker submit" in shell.out


@pytest.mark.docker
def test_a_base_that_cannot_be_had(shell):
    assert shell("sandbox", "build", "--base", "localhost:1/no-such-image") == 3
    assert "the image could not be built on localhost:1/no-such-image: " in shell.err
    assert "harness sandbox build --base IMAGE" in shell.err


def test_without_an_engine(shell, monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing")
    assert shell("sandbox", "build") == 3
    assert f"no container engine runs at {tmp_path}/nothing" in shell.err
    assert "systemctl start docker" in shell.err


@pytest.mark.parametrize("name", ["submit-bare", "watch-bare", "call", "box", "memory-box"])
def test_a_measure_is_taken(shell, tmp_path, monkeypatch, name):
    """CI takes all of them, apart from the tests."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # others look for what is left in /tmp
    (row,) = shell.json("bench", "--runs", "1", name)
    assert (row["name"], row["unit"]) == (name, MEASURES[name].unit)
    assert row["figure"] > 0
    assert (row["processor"] is not None) == (name == "submit-bare")


def test_a_line_for_each(shell, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert shell("bench", "--runs", "1", "help", "unittest") == 0
    lines = shell.out.splitlines()
    assert lines[0].startswith("harness --help ")
    assert " × (target: at most 1.2), " in lines[0]
    assert lines[0].endswith(" × of processor time  of python -c 'import click'")
    assert lines[1].startswith("the 30 cases in unittest ")


def test_a_backend_that_is_not_here_is_not_measured(shell, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing")
    assert shell.json("bench", "--runs", "1", "docker", "help")[0]["name"] == "help"
    assert "docker: not measured. no container engine runs at " in shell.err


def test_unknown_names_are_refused(shell):
    assert shell("bench", "sumbit") == 2
    assert "choose from submit" in shell.err
