from __future__ import annotations

import pytest

from harness.sandbox.choice import BackendReport


@pytest.fixture
def backends(monkeypatch):
    reports = [BackendReport("linux", "full", True, "", "CPython 3")]
    monkeypatch.setattr("harness.sandbox.choice.probe", lambda: reports)
    return reports


def test_plain_text(started, backends):
    assert started("doctor") == 0
    for text in ("Versions\n", "\n   harness ", "linux full  CPython 3", "Judged last: nothing"):
        assert text in started.out
    assert started.out.isprintable() or "\x1b" not in started.out
    assert started.out.endswith("Solutions can be judged here.\n")


def test_nothing_can_judge(shell, backends):
    backends[:] = [BackendReport("linux", "full", False, "no landlock\nand no namespaces")]
    assert shell("doctor") == 3
    assert " ! linux full  no landlock\n     and no namespaces\n" in shell.out
    assert shell.out.endswith("Nothing can judge here: see Sandboxes above.\n")


def test_json(shell, backends):
    document = shell.json("doctor")
    assert document["can_judge"] is True
    assert document["plugins"] == []


def test_options_are_told_as_settings(shell, backends, tmp_path):
    settings = {
        each["name"]: each["value"]
        for each in shell.json("--home", str(tmp_path / "h"), "doctor")["settings"]
    }
    assert settings["home"] == f"{tmp_path}/h  (HARNESS_HOME)"


def test_really_finds_a_sandbox(shell):
    assert shell("doctor") == 0
    assert "process" in shell.out
