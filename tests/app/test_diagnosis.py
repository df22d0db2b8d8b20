from __future__ import annotations

from dataclasses import replace

import pytest

from harness.app import diagnosis
from harness.app.diagnosis import diagnose
from harness.app.probe import ActOutcome, BackendProbe
from harness.app.work import submit
from harness.guest.acts import ALLOWED
from harness.guest.landlock import abi_version
from harness.plugins.host import PluginProblem

NO_FULL = BackendProbe("linux", "full", False, False, problem="unshare: Operation not permitted")


@pytest.fixture(autouse=True)
def backends(monkeypatch):
    """What the probes of the sandboxes show."""
    probes = [BackendProbe("linux", "full", True, True, "CPython 3")]
    monkeypatch.setattr("harness.app.diagnosis.probe_backends", lambda known, suite, home: probes)
    return probes


@pytest.fixture
def environ(settings):
    return {"HARNESS_HOME": str(settings.home)}


def found(findings):
    return {each.name: each.value for each in findings}


def bad(findings):
    return [each.name for each in findings if not each.ok]


def test_all_is_well(session, begin, environ, pack):
    sitting = begin()
    submit(session, sitting)
    seen = diagnose(session, environ)
    assert seen.can_judge
    assert found(seen.versions)["python"].startswith("CPython 3.")
    assert found(seen.versions)["Landlock"].startswith(f"ABI {abi_version()}")
    assert found(seen.record) == {str(session.settings.home): "1 attempt, 1 open"}
    assert found(seen.packs) == {"test": f"{pack}: steps"}
    assert [(each.name, each.judges) for each in seen.backends] == [("linux (full)", True)]
    assert found(seen.settings)["home"].endswith("(HARNESS_HOME)")
    assert seen.last_judged == f"fake (full), CPython 3 (attempt {sitting.state.id})"
    assert bad([*seen.versions, *seen.settings, *seen.record, *seen.packs]) == []


def test_where_the_settings_file_lies_is_told_before_there_is_one(session, environ, settings):
    path = settings.home / "config.toml"
    assert found(diagnose(session, environ).settings)["config.toml"] == f"{path}  (not there)"
    path.parent.mkdir(exist_ok=True)
    path.write_text('colour = "never"\n')
    seen = found(diagnose(session, environ).settings)
    assert seen["config.toml"] == f"{path}  (read)"
    assert seen["colour"] == f"never  ({path})"


def test_no_backend(session, environ, backends):
    backends[:] = [NO_FULL]
    seen = diagnose(session, environ)
    assert not seen.can_judge
    assert not any(each.judges for each in seen.backends)


def test_advice_is_for_what_is_better_than_what_works(session, environ, backends):
    locked = BackendProbe("linux", "locked", True, True, "CPython 3")
    backends[:] = [NO_FULL, locked, replace(NO_FULL, backend="other", hint="Switch it on")]
    full, _, other = diagnose(session, environ).backends
    assert full.matters
    assert full.advice
    assert not other.matters
    assert not other.advice


def test_the_backend_of_the_settings_judges(session, environ, backends, monkeypatch):
    backends.append(BackendProbe("process", "none", True, False, "CPython 3"))
    monkeypatch.setattr(session, "settings", replace(session.settings, backend="process"))
    linux, process = diagnose(session, environ).backends
    assert (linux.judges, process.judges) == (False, True)


def test_a_hole_means_that_nothing_can_judge(session, environ, backends):
    hole = ActOutcome("read_file", ALLOWED, is_leak=True)
    backends[:] = [replace(backends[0], outcomes=(hole,))]
    assert not diagnose(session, environ).can_judge


def test_the_acts_are_aimed_at_a_suite_and_at_the_record(session, environ, pack, monkeypatch):
    aimed = []
    monkeypatch.setattr(
        "harness.app.diagnosis.probe_backends", lambda known, *aims: aimed.append(aims) or []
    )
    diagnose(session, environ)
    suite = pack / "problems" / "steps" / "level1" / "test_hidden.py"
    assert aimed == [(suite, session.settings.home)]


def test_a_broken_problem(session, environ, pack):
    (pack / "problems" / "steps" / "editorial.md").unlink()
    seen = diagnose(session, environ)
    assert bad(seen.packs) == ["test/steps"]
    assert "editorial.md" in found(seen.packs)["test/steps"]


def test_a_record_that_cannot_be_read(session, environ, settings):
    settings.home.mkdir()
    (settings.home / "attempts.db").write_text("no database, but long enough to be looked at")
    seen = diagnose(session, environ)
    assert bad(seen.record) == [str(settings.home)]
    assert seen.last_judged.startswith("unknown")


def test_a_plugin_that_failed(session, environ, plugins):
    plugins.problems.append(PluginProblem("shiny", "could not be loaded"))
    assert found(diagnose(session, environ).plugins) == {"shiny": "could not be loaded"}


def test_a_misspelt_variable(session, environ):
    seen = diagnose(session, environ | {"HARNESS_BACKENT": "linux"})
    (odd,) = [each.value for each in seen.settings if not each.ok]
    assert "HARNESS_BACKEND" in odd


def test_a_missing_package(session, environ, monkeypatch):
    monkeypatch.setattr(diagnosis, "_PACKAGES", ("surely-not-installed",))
    assert bad(diagnose(session, environ).versions) == ["surely-not-installed"]


def test_nothing_judged_yet(session, environ):
    assert diagnose(session, environ).last_judged == ""


@pytest.mark.parametrize(
    ("abi", "words"),
    [(0, "none"), (1, "ABI 1  (newer kernels have up to 10)"), (10, "ABI 10"), (12, "ABI 12")],
)
def test_the_abi_of_landlock_is_told(monkeypatch, abi, words):
    monkeypatch.setattr(diagnosis, "abi_version", lambda: abi)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    assert diagnosis._landlock() == (diagnosis.Fact("Landlock", words),)
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert diagnosis._landlock() == ()
