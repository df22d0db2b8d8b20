from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from harness.app.overview import standing
from harness.app.session import Session, find
from harness.app.work import submit
from harness.errors import RequestError


def test_from_a_folder_inside(session, begin):
    sitting = begin()
    found = find(session, None, sitting.workspace.root / "tests")
    assert found.state.id == sitting.state.id
    assert found.workspace == sitting.workspace


def test_by_id_from_anywhere(session, begin, tmp_path):
    sitting = begin()
    assert find(session, sitting.state.id, tmp_path).workspace == sitting.workspace


def test_an_unknown_id(session, begin, tmp_path):
    begin()
    with pytest.raises(RequestError, match="no attempt"):
        find(session, "zzzzzz", tmp_path)


def test_a_moved_workspace_is_recorded(session, begin, tmp_path):
    sitting = begin()
    sitting.workspace.root.rename(tmp_path / "elsewhere")
    found = find(session, None, tmp_path / "elsewhere")
    assert found.state.workspace == tmp_path / "elsewhere"
    assert find(session, sitting.state.id, tmp_path).workspace.root == tmp_path / "elsewhere"


def test_a_copy_is_no_move(session, begin, tmp_path):
    sitting = begin()
    shutil.copytree(sitting.workspace.root, tmp_path / "copy")
    found = find(session, None, tmp_path / "copy")
    assert found.state.workspace == sitting.workspace.root
    assert found.workspace.root == tmp_path / "copy"


def test_a_deleted_workspace_is_told_with_the_way_back(session, begin, tmp_path):
    sitting = begin()
    shutil.rmtree(sitting.workspace.root)
    found = find(session, sitting.state.id, tmp_path)
    assert found.workspace is None
    assert standing(session, found).unsubmitted == ()
    with pytest.raises(RequestError, match="is gone") as caught:
        submit(session, found)
    assert caught.value.hint == f"harness restore {sitting.state.id}"


def test_outside_the_newest_open_attempt_is_named(session, begin, tmp_path):
    begin()
    newest = begin()
    with pytest.raises(RequestError, match="not in a workspace") as caught:
        find(session, None, tmp_path)
    assert caught.value.hint == f"cd {newest.workspace.root}"


def test_outside_with_the_newest_workspace_deleted(session, begin, tmp_path):
    sitting = begin()
    shutil.rmtree(sitting.workspace.root)
    with pytest.raises(RequestError) as caught:
        find(session, None, tmp_path)
    assert caught.value.hint == f"harness restore {sitting.state.id}"


def test_a_damaged_workspace_is_not_taken_for_none(session, begin):
    sitting = begin()
    (sitting.workspace.root / ".harness" / "attempt.json").write_text("{")
    with pytest.raises(RequestError, match=r"attempt\.json") as caught:
        find(session, None, sitting.workspace.root / "tests")
    assert "restore" not in caught.value.hint


def test_outside_without_any_attempt(session, tmp_path):
    with pytest.raises(RequestError) as caught:
        find(session, None, tmp_path)
    assert "harness history" in caught.value.hint


def test_outside_with_a_record_that_cannot_be_read(session, settings, tmp_path):
    settings.home.mkdir()
    (settings.home / "attempts.db").write_text("no database, but long enough to be looked at")
    with pytest.raises(Exception, match=r"attempts\.db"):
        find(session, None, tmp_path)


def test_a_workspace_of_another_record_is_never_followed_by_itself(
    session, begin, settings, tmp_path
):
    sitting = begin()
    elsewhere = replace(settings, home=tmp_path / "other")
    with Session(elsewhere) as other, pytest.raises(RequestError) as caught:
        find(other, None, sitting.workspace.root)
    assert str(settings.home) in caught.value.message
    assert caught.value.hint == f"harness --home {settings.home} status"


def test_a_workspace_whose_attempt_is_not_recorded_here(session, begin):
    sitting = begin()
    pointer = sitting.workspace.root / ".harness" / "attempt.json"
    pointer.write_text(pointer.read_text().replace(sitting.state.id, "zzzzzz"))
    with pytest.raises(RequestError, match="no attempt 'zzzzzz'"):
        find(session, None, sitting.workspace.root)
