"""Layers, sources and errors of the settings."""

from __future__ import annotations

import os
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from harness.errors import RequestError
from harness.model.attempt import Mode
from harness.model.judgement import Feedback
from harness.settings import (
    SETTINGS,
    Settings,
    describe_settings,
    load_settings,
    suspicious_variables,
    variable_of,
)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def write(home, text):
    (home / "config.toml").write_text(text, encoding="utf-8")
    return {"HARNESS_HOME": str(home)}


def refusal(environ):
    with pytest.raises(RequestError) as caught:
        load_settings(environ)
    return caught.value


def test_defaults(home):
    settings = load_settings({"HARNESS_HOME": str(home)})
    assert settings == Settings(home=home, workspaces=Path.home() / "harness")


def test_without_a_variable_home_is_the_folder_of_the_platform():
    assert load_settings({}).home.name == "harness"
    assert load_settings({}).home.is_absolute()


def test_the_file_beats_defaults_and_variables_beat_the_file(home):
    environ = write(home, 'mode = "exam"\nminutes = 60\nfeedback = "none"\n')
    settings = load_settings(environ | {"HARNESS_MINUTES": "45"})
    assert (settings.mode, settings.minutes, settings.feedback) == (Mode.EXAM, 45, Feedback.NONE)


def test_an_empty_variable_counts_as_not_set(home):
    environ = write(home, 'editor = "vim"')
    assert load_settings(environ | {"HARNESS_EDITOR": ""}).editor == "vim"


def test_packs_from_a_variable_are_separated_as_in_path(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    packs = os.pathsep.join([str(tmp_path / "a"), "", "b"])
    settings = load_settings({"HARNESS_HOME": str(home), "HARNESS_PACKS": packs})
    assert settings.packs == (tmp_path / "a", tmp_path / "b")


def test_paths_in_the_file_count_from_its_folder(home, tmp_path):
    settings = load_settings(write(home, 'packs = ["../mine", "~/x"]\nworkspaces = "work"'))
    assert settings.packs == (tmp_path / "mine", Path.home() / "x")
    assert settings.workspaces == home / "work"


def test_every_unknown_key_is_named_with_the_file_and_the_nearest(home):
    error = refusal(write(home, 'bakend = "linux"\nzzz = 1\nhome = "/x"\n'))
    lines = error.message.splitlines()
    config = home / "config.toml"
    assert lines[0] == f"{config}: 'bakend' is not a setting. Did you mean 'backend'?"
    assert lines[1].startswith(f"{config}: 'zzz' is not a setting. The settings are: workspaces,")
    assert "Set the variable HARNESS_HOME instead." in lines[2]
    assert error.hint == f"${{EDITOR:-vi}} {shlex.quote(str(config))}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('mode = "exm"', "mode is 'exm'; it must be exam or practice."),
        ("minutes = 0", "minutes is 0; it must be a whole number from 1 to 600."),
        ("minutes = true", "minutes is True; it must be a whole number from 1 to 600."),
        ('packs = "one"', "packs is 'one'; it must be a list of folders."),
        ('colour = "blue"', "colour is 'blue'; it must be auto, always or never."),
        ('backend = "No Such"', "backend is 'No Such'; it must be one word"),
    ],
)
def test_a_bad_value_in_the_file_says_what_it_must_be(home, text, words):
    error = refusal(write(home, text))
    assert f"{home / 'config.toml'}: {words}" in error.message
    assert error.hint == f"${{EDITOR:-vi}} {shlex.quote(str(home / 'config.toml'))}"


def test_all_bad_variables_are_reported_at_once(home):
    environ = {"HARNESS_HOME": str(home), "HARNESS_MINUTES": "soon", "HARNESS_FEEDBACK": "some"}
    error = refusal(environ)
    assert error.hint == "unset HARNESS_FEEDBACK HARNESS_MINUTES"
    assert error.message.splitlines() == [
        "HARNESS_FEEDBACK is 'some'; it must be full, calls, names or none.",
        "HARNESS_MINUTES is 'soon'; it must be a whole number from 1 to 600.",
    ]


def test_broken_toml_names_the_place(home):
    error = refusal(write(home, "minutes = 1\nmode = \n"))
    assert "is not valid TOML" in error.message
    assert "line 2, column 8" in error.message


def test_a_file_that_is_not_utf8(home):
    (home / "config.toml").write_bytes(b'mode = "\xff"')
    assert "is not UTF-8 text (byte 8)" in refusal({"HARNESS_HOME": str(home)}).message


def test_a_config_that_cannot_be_read(home):
    (home / "config.toml").mkdir()
    assert "Cannot read" in refusal({"HARNESS_HOME": str(home)}).message


def test_descriptions_give_value_and_source(home):
    environ = write(home, 'mode = "exam"') | {"HARNESS_BACKEND": "process"}
    lines = {name: found for name, *found in describe_settings(environ)}
    assert set(lines) == {field.name for field in fields(Settings)}
    assert lines["mode"] == ["exam", str(home / "config.toml")]
    assert lines["backend"] == ["process", "HARNESS_BACKEND"]
    assert lines["minutes"] == ["not set", "default"]
    assert lines["home"] == [str(home), "HARNESS_HOME"]


def test_the_table_in_the_documents_is_the_one_in_the_code():
    page = Path(__file__).parents[1] / "docs" / "commands.md"
    rows = [
        f"| `{name}` | `{variable_of(name)}` | {row.default} | {row.meaning} | {row.accepts} |"
        for name, row in SETTINGS.items()
    ]
    head = "| setting | variable | default | meaning | value |\n|---|---|---|---|---|\n"
    assert head + "\n".join(rows) + "\n" in page.read_text(encoding="utf-8")


def test_a_relative_path_needs_the_current_folder_only_where_there_is_one(
    home, tmp_path, monkeypatch
):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert load_settings({"HARNESS_HOME": str(home)}).home == home


def test_a_number_too_long_for_python_is_refused_like_any_other(home):
    error = refusal({"HARNESS_HOME": str(home), "HARNESS_MINUTES": "9" * 5000})
    assert error.message.endswith("it must be a whole number from 1 to 600.")


def test_only_variables_that_look_like_ours_are_suspicious():
    environ = {"HARNESS_COLOR": "never", "HARNESS_API_KEY": "x", "HARNESS_MODE": "exam", "PATH": ""}
    assert suspicious_variables(environ) == [
        "HARNESS_COLOR has no effect. Did you mean HARNESS_COLOUR?"
    ]
