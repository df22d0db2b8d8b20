from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import RequestError
from harness.model.problem import Snapshot
from harness.workspace import (
    Workspace,
    default_workspace_dir,
    find_workspace,
    is_bare,
    require_editor,
)


def files_of(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def run_pytest(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in os.environ if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )


# -- laying out


def test_a_fresh_workspace_holds_the_skeleton_and_level_1_and_nothing_more(workspace):
    assert files_of(workspace.root) == {
        "solution.py",
        "helpers/__init__.py",
        "statements/level1.md",
        "tests/test_level1.py",
        "README.md",
        "pytest.ini",
        ".gitignore",
        ".harness/attempt.json",
    }
    assert "NotImplementedError" in (workspace.root / "solution.py").read_text()
    assert (workspace.root / "statements/level1.md").read_text() == "# Level 1\n"


def test_the_readme_says_what_to_type_in_about_ten_lines(workspace):
    lines = (workspace.root / "README.md").read_text().splitlines()
    assert lines[0] == "# Doubling"
    assert len([line for line in lines if line]) <= 10
    assert "`solution.py`" in lines[2]
    assert [line.split("  ")[2] for line in lines if line.startswith("    ")] == [
        "harness statement",
        "harness test",
        "harness submit",
        "harness watch",
        "harness status",
        "pytest",
        "harness finish",
        "harness report",
    ]


def test_an_empty_folder_may_become_a_workspace(tmp_path, problem, home):
    (tmp_path / "mine").mkdir()
    assert Workspace.create(tmp_path / "mine", problem, "abc234", home).root == tmp_path / "mine"


@pytest.mark.parametrize("name", ["notes.txt", ".hidden"])
def test_a_folder_with_anything_in_it_is_left_alone(tmp_path, problem, home, name):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("precious")
    with pytest.raises(RequestError, match="is not empty") as caught:
        Workspace.create(tmp_path / "mine", problem, "abc234", home)
    assert str(tmp_path / "mine") in caught.value.message
    assert caught.value.hint == f"harness start doubling --dir {tmp_path}/mine-2"
    assert files_of(tmp_path / "mine") == {name}


def test_a_file_cannot_become_a_workspace(tmp_path, problem, home):
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(RequestError, match="cannot be created: File exists"):
        Workspace.create(tmp_path / "mine", problem, "abc234", home)


def test_a_workspace_never_lies_in_another(workspace, problem, home):
    with pytest.raises(RequestError, match=f"inside the workspace {workspace.root}"):
        Workspace.create(workspace.root / "sub" / "sub", problem, "xyz789", home)


def test_a_file_of_the_skeleton_wins_over_one_of_ours(tmp_path, problem, home):
    files = {**problem.content.files, "template/README.md": b"from the author"}
    problem = replace(problem, content=Snapshot(files=files))
    root = Workspace.create(tmp_path / "mine", problem, "abc234", home).root
    assert (root / "README.md").read_text() == "from the author"


def test_the_first_free_name_is_taken(tmp_path):
    assert default_workspace_dir(tmp_path, "queue") == tmp_path / "queue"
    (tmp_path / "queue").mkdir()
    (tmp_path / "queue-2").symlink_to("nowhere")
    assert default_workspace_dir(tmp_path, "queue") == tmp_path / "queue-3"


# -- levels


def test_a_level_that_opens_brings_its_statement_and_its_visible_suite(workspace, problem):
    assert workspace.open_level(problem, 2) == ["statements/level2.md", "tests/test_level2.py"]
    assert (workspace.root / "statements/level2.md").read_text() == "# Level 2\n"
    assert "double(2)" in (workspace.root / "tests/test_level2.py").read_text()
    assert not any("SECRET" in path.read_text() for path in workspace.root.rglob("*.py"))


def test_opening_a_level_again_changes_nothing_and_brings_back_what_is_missing(
    workspace, problem, put
):
    put("tests/test_level1.py", "# my notes\n")
    assert workspace.open_level(problem, 1) == []
    (workspace.root / "statements/level1.md").unlink()
    assert workspace.open_level(problem, 1) == ["statements/level1.md"]
    assert (workspace.root / "tests/test_level1.py").read_text() == "# my notes\n"


def test_nothing_is_written_through_a_linked_folder(workspace, problem, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    for path in (workspace.root / "tests").iterdir():
        path.unlink()
    (workspace.root / "tests").rmdir()
    (workspace.root / "tests").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RequestError, match=r"test_level2\.py cannot be written"):
        workspace.open_level(problem, 2)
    assert list((tmp_path / "elsewhere").iterdir()) == []


# -- plain pytest


def test_plain_pytest_runs_the_opened_suites_and_own_tests(workspace, problem, put):
    put("solution.py", "def double(number):\n    return 2 * number\n")
    put(
        "test_mine.py",
        "from solution import double\n\ndef test_zero():\n    assert double(0) == 0\n",
    )
    put(
        "tests/test_own.py",
        "import solution\n\ndef test_it():\n    assert solution.double(3) == 6\n",
    )
    put("helpers/test_level1.py", "def test_same_name_elsewhere():\n    pass\n")
    workspace.open_level(problem, 2)
    for folder in (workspace.root, workspace.root / "tests"):
        done = run_pytest(folder)
        expected = "5 passed" if folder == workspace.root else "3 passed"
        assert expected in done.stdout, done.stdout + done.stderr
        assert done.returncode == 0


def test_plain_pytest_shows_values_of_a_failing_assertion(workspace, put):
    put("solution.py", "def double(number):\n    return number + 2\n")
    done = run_pytest(workspace.root)
    assert "assert 3 == (2 * 1)" in done.stdout
    assert done.returncode == 1


def test_plain_pytest_stops_at_a_breakpoint_in_the_solution(workspace, put):
    put("solution.py", "def double(number):\n    breakpoint()\n    return 2 * number\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=workspace.root,
        input="print('number is', number)\ncontinue\n",
        capture_output=True,
        text=True,
    )
    assert "number is 1" in done.stdout
    assert done.returncode == 0


def test_a_run_of_plain_pytest_leaves_the_snapshot_and_its_fingerprint_alone(workspace):
    before = workspace.read(), workspace.fingerprint()
    run_pytest(workspace.root)
    assert (workspace.read(), workspace.fingerprint()) == before


# -- finding


def test_a_workspace_is_found_from_anywhere_inside(workspace):
    for start in (workspace.root, workspace.root / "tests"):
        assert find_workspace(start) == workspace
    assert workspace.attempt_id == "abc234"


def test_a_workspace_is_found_through_a_link_and_after_a_move(workspace, tmp_path):
    moved = tmp_path / "moved"
    workspace.root.rename(moved)
    (tmp_path / "link").symlink_to(moved)
    assert find_workspace(tmp_path / "link").root == moved


def test_outside_of_any_workspace(tmp_path):
    with pytest.raises(RequestError, match="is not in a workspace") as caught:
        find_workspace(tmp_path)
    assert "harness history" in caught.value.hint


def test_a_folder_that_is_gone(tmp_path):
    with pytest.raises(RequestError, match="cannot be found: No such file"):
        find_workspace(tmp_path / "gone")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"attempt": "abc234"}',
        '{"attempt": "../../x", "home": "/h"}',
        '{"attempt": "abc234", "home": "/h", "module": "a.b"}',
        '{"attempt": "abc234", "home": "/h", "evil": 1}',
        '{"attempt": 7, "home": "/h", "module": "solution"}',
        "[" * 16_000,
        "\udcff",
        "x" * 100_000,
    ],
)
def test_a_broken_pointer_is_reported(workspace, content):
    pointer = workspace.root / ".harness" / "attempt.json"
    pointer.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(RequestError, match="does not say which attempt") as caught:
        find_workspace(workspace.root / "tests")
    assert str(pointer) in caught.value.message
    assert "harness history" in caught.value.hint


def test_a_pointer_that_is_no_file_is_reported(workspace, tmp_path):
    pointer = workspace.root / ".harness" / "attempt.json"
    pointer.rename(tmp_path / "real.json")
    pointer.symlink_to(tmp_path / "real.json")
    with pytest.raises(RequestError, match="does not say which attempt"):
        find_workspace(workspace.root)
    pointer.unlink()
    os.mkfifo(pointer)
    with pytest.raises(RequestError, match="not a regular file"):
        find_workspace(workspace.root)


def test_the_pointer_holds_the_attempt_and_the_home_and_nothing_else(workspace, home):
    pointer = json.loads((workspace.root / ".harness" / "attempt.json").read_text())
    assert pointer == {"attempt": "abc234", "home": str(home), "module": "solution"}


# -- restoring


def test_restoring_everything_keeps_extra_files(workspace, put):
    handed_out = workspace.read()
    put("solution.py", "broken")
    put("extra.py")
    (workspace.root / "helpers" / "__init__.py").unlink()
    (workspace.root / "helpers").rmdir()
    assert sorted(workspace.restore(handed_out)) == ["helpers/__init__.py", "solution.py"]
    assert "NotImplementedError" in (workspace.root / "solution.py").read_text()
    assert (workspace.root / "helpers" / "__init__.py").exists()
    assert (workspace.root / "extra.py").exists()


def test_restoring_replaces_a_link_instead_of_following_it(workspace, tmp_path):
    handed_out = workspace.read()
    (tmp_path / "precious").write_text("precious")
    (workspace.root / "solution.py").unlink()
    (workspace.root / "solution.py").symlink_to(tmp_path / "precious")
    workspace.restore(handed_out)
    assert (tmp_path / "precious").read_text() == "precious"
    assert not (workspace.root / "solution.py").is_symlink()
    assert workspace.read() == handed_out


def test_restoring_over_a_folder_is_refused_and_leaves_no_rubbish(workspace):
    handed_out = workspace.read()
    (workspace.root / "solution.py").unlink()
    (workspace.root / "solution.py").mkdir()
    before = set(workspace.root.iterdir())
    with pytest.raises(RequestError, match=r"solution\.py cannot be written: Is a directory"):
        workspace.restore(handed_out)
    assert set(workspace.root.iterdir()) == before


@pytest.mark.parametrize("name", ["../evil.py", "/tmp/evil.py", "a/../../evil.py", ""])
def test_a_snapshot_never_leads_out_of_the_workspace(workspace, name):
    with pytest.raises(RequestError, match="does not name a file inside the workspace"):
        workspace.restore(Snapshot(files={name: b""}))
    assert not (workspace.root.parent / "evil.py").exists()


# -- editors


@pytest.fixture
def create(tmp_path, problem, home) -> Callable[[str], Path]:
    """Create a workspace for an editor, and return its folder."""

    def create(editor: str) -> Path:
        root = tmp_path / "for an editor"
        return Workspace.create(root, problem, "abc234", home, editor=editor).root

    return create


def test_vscode_settings_switch_completion_and_assistants_off(create):
    root = create("vscode")
    settings = json.loads((root / ".vscode/settings.json").read_text())
    assert settings["editor.inlineSuggest.enabled"] is False
    assert set(settings["editor.quickSuggestions"].values()) == {"off"}
    assert settings["github.copilot.enable"]["python"] is False
    assert settings["chat.disableAIFeatures"] is True
    extensions = json.loads((root / ".vscode/extensions.json").read_text())
    assert "github.copilot" in extensions["unwantedRecommendations"]


def test_vim_settings(create):
    assert "set complete=\n" in (create("vim") / ".exrc").read_text()


def test_no_settings_for_no_editor(create, workspace):
    assert files_of(create("none")) == files_of(workspace.root)


def test_an_unknown_editor_is_refused():
    with pytest.raises(RequestError, match="'emacs': choose one of none, vim, vscode"):
        require_editor("emacs")


# -- interrupted


class StoppedError(Exception):
    pass


def leave(path: Path) -> None:
    """Leave a file as a killed command does, a minute ago."""
    path.touch()
    os.utime(path, (time.time() - 60,) * 2)


@pytest.fixture
def stop_at(monkeypatch) -> Callable[[int], None]:
    """End the writing of files before the n-th one gets its name."""
    replace_file = os.replace

    def stop_at(number: int) -> None:
        left = [number]

        def count(*arguments, **more):
            left[0] -= 1
            if left[0] == 0:
                monkeypatch.setattr(os, "replace", replace_file)
                raise StoppedError
            replace_file(*arguments, **more)

        monkeypatch.setattr(os, "replace", count)

    return stop_at


@pytest.mark.parametrize("number", range(2, 11))
def test_a_creation_that_was_interrupted_is_found_and_completed(
    tmp_path, problem, home, stop_at, number, workspace
):
    root = tmp_path / "mine"
    stop_at(number)
    with pytest.raises(StoppedError):
        Workspace.create(root, problem, "abc234", home, editor="vim")
    found = find_workspace(root)
    assert found.editor == "vim"
    leave(root / ".harness-0123456789abcdef.tmp")
    done = found.complete(problem, Snapshot(files={}), 1)
    assert done == find_workspace(root)
    assert done.editor == ""
    assert files_of(root) == files_of(workspace.root) | {".exrc"}


def test_completing_changes_no_file_that_is_there(tmp_path, problem, home, stop_at):
    stop_at(3)
    with pytest.raises(StoppedError):
        Workspace.create(tmp_path / "mine", problem, "abc234", home)
    solution = tmp_path / "mine" / "solution.py"
    solution.write_text("mine\n")
    find_workspace(tmp_path / "mine").complete(problem, Snapshot(files={}), 1)
    assert solution.read_text() == "mine\n"


def test_what_a_kill_left_in_a_folder_is_no_content(tmp_path, problem, home):
    (tmp_path / "mine" / ".harness").mkdir(parents=True)
    leave(tmp_path / "mine" / ".harness-0123456789abcdef.tmp")
    leave(tmp_path / "mine" / ".harness" / ".harness-0123456789abcdef.tmp")
    assert is_bare(tmp_path / "mine")
    root = Workspace.create(tmp_path / "mine", problem, "abc234", home).root
    assert not list(root.rglob("*.tmp"))
    assert not is_bare(root)


def test_a_workspace_that_cannot_be_written_is_reported(ordinary_user, problem):
    (ordinary_user.root / "statements" / "level1.md").unlink()
    (ordinary_user.root / "statements").chmod(0o500)
    with pytest.raises(RequestError, match=r"level1\.md cannot be written: Permission denied"):
        ordinary_user.complete(problem, Snapshot(files={}), 1)
