from __future__ import annotations

import pytest

from harness.app import diagnosis
from harness.plugins.host import PluginProblem
from harness.sandbox.choice import BackendReport


@pytest.fixture(autouse=True)
def backends(monkeypatch):
    """What the probe of the sandboxes says."""
    reports = [BackendReport("linux", "full", True, "", "CPython 3")]
    monkeypatch.setattr("harness.sandbox.choice.probe", lambda: reports)
    return reports


@pytest.fixture
def environ(settings):
    return {"HARNESS_HOME": str(settings.home)}


def found(findings):
    return {each.name: each.value for each in findings}


def bad(findings):
    return [each.name for each in findings if not each.ok]


def test_all_is_well(app, begin, environ, pack):
    sitting = begin()
    app.submit(sitting)
    seen = app.diagnose(environ)
    assert seen.can_judge
    assert found(seen.versions)["python"].startswith("CPython 3.")
    assert found(seen.record) == {str(app.settings.home): "1 attempt, 1 open"}
    assert found(seen.packs) == {"test": f"{pack}: steps"}
    assert found(seen.backends) == {"linux full": "CPython 3"}
    assert found(seen.settings)["home"].endswith("(HARNESS_HOME)")
    assert seen.last_judged == f"fake full, CPython 3 (attempt {sitting.state.id})"
    assert bad([*seen.versions, *seen.settings, *seen.record, *seen.packs, *seen.backends]) == []


def test_no_backend(app, environ, backends):
    backends[:] = [BackendReport("linux", "full", False, "no landlock")]
    seen = app.diagnose(environ)
    assert not seen.can_judge
    assert found(seen.backends) == {"linux full": "no landlock"}


def test_a_broken_problem(app, environ, pack):
    (pack / "problems" / "steps" / "editorial.md").unlink()
    seen = app.diagnose(environ)
    assert bad(seen.packs) == ["test/steps"]
    assert "editorial.md" in found(seen.packs)["test/steps"]


def test_a_record_that_cannot_be_read(app, environ, settings):
    settings.home.mkdir()
    (settings.home / "attempts.db").write_text("no database, but long enough to be looked at")
    seen = app.diagnose(environ)
    assert bad(seen.record) == [str(settings.home)]
    assert seen.last_judged.startswith("unknown")


def test_a_plugin_that_failed(app, environ, plugins):
    plugins.problems.append(PluginProblem("shiny", "could not be loaded"))
    assert found(app.diagnose(environ).plugins) == {"shiny": "could not be loaded"}


def test_a_misspelt_variable(app, environ):
    seen = app.diagnose(environ | {"HARNESS_BACKENT": "linux"})
    (odd,) = [each.value for each in seen.settings if not each.ok]
    assert "HARNESS_BACKEND" in odd


def test_a_missing_package(app, environ, monkeypatch):
    monkeypatch.setattr(diagnosis, "_PACKAGES", ("surely-not-installed",))
    assert bad(app.diagnose(environ).versions) == ["surely-not-installed"]


def test_nothing_judged_yet(app, environ):
    assert app.diagnose(environ).last_judged == ""
