"""What 0.1.0 promised holds: its documents, its record of attempts, its packs and its plugins.

``v0_1_0`` was made by that version: ``record.sh`` with its command and the pack that lies there.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.attempts import AttemptStore
from tests.released.shape import lost, shape_of

HERE = Path(__file__).parent
RELEASED = HERE / "v0_1_0"
DOCUMENTS: dict[str, Any] = json.loads((RELEASED / "documents.json").read_text())
ANSWERS: dict[str, Any] = json.loads((RELEASED / "answers.json").read_text())
PACK = RELEASED / "pack"


class Command:
    """The command ``harness`` with a record of its own."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.environ = os.environ | {
            "HARNESS_HOME": str(folder / "record"),
            "HARNESS_WORKSPACES": str(folder / "ws"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NO_COLOR": "1",
            **environ,
        }

    def __call__(self, *arguments: str, cwd: Path | None = None) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "harness", *arguments],
            cwd=cwd or self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout

    def document(self, *arguments: str, cwd: Path | None = None) -> Any:
        return json.loads(self(*arguments, "--json", cwd=cwd)[1])


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which ``record.sh`` has used every command of today."""
    folder = tmp_path_factory.mktemp("recorded")
    command = folder / "harness"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m harness "$@"\n')
    command.chmod(0o755)
    subprocess.run(
        ["bash", str(HERE / "record.sh"), str(PACK), str(folder / "used")],
        env=os.environ | {"HARNESS": str(command), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )
    return folder / "used"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_has_what_it_had(recorded: Path, name: str) -> None:
    old = {place: kinds.split() for place, kinds in DOCUMENTS[name]["shape"].items()}
    document = json.loads((recorded / "documents" / f"{name}.json").read_text())
    assert lost(old, shape_of(document)) == []


def test_exit_codes_are_what_they_were(recorded: Path) -> None:
    lines = (recorded / "codes").read_text().split("\n")
    codes = {name: int(code) for name, code in (line.split() for line in lines if line)}
    expected = {name: DOCUMENTS[name]["code"] for name in codes if name in DOCUMENTS}
    assert codes == expected | {"backup": 0}


@pytest.fixture
def old_record(tmp_path: Path) -> Command:
    """The command with the attempts that 0.1.0 recorded."""
    shutil.copytree(RELEASED / "record", tmp_path / "record")
    return Command(tmp_path)


@pytest.mark.parametrize("name", ANSWERS)
def test_attempts_of_the_old_record_are_reported_as_before(old_record: Command, name: str) -> None:
    arguments = ANSWERS[name]["arguments"]
    document = old_record.document(*arguments)
    assert agreed(ANSWERS[name]["document"], document) == ANSWERS[name]["document"]


def agreed(old: Any, new: Any) -> Any:
    """Return ``new`` without the keys that ``old`` does not have."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: agreed(old[key], value) for key, value in new.items() if key in old}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [agreed(one, other) for one, other in zip(old, new, strict=True)]
    return new


def test_the_old_record_is_whole(old_record: Command) -> None:
    assert old_record("attempts", "verify")[0] == 0


def test_an_open_attempt_of_the_old_record_goes_on(old_record: Command) -> None:
    attempt = next(a for a in history(old_record) if not a["end"] and a["level"] == 2)
    code, _ = old_record("restore", attempt["attempt"], "--dir", "again")
    assert code == 0
    workspace = old_record.folder / "again"
    shutil.copy(PACK / "problems/juice_bar/reference/level2/solution.py", workspace)
    done = old_record.document("submit", cwd=workspace)
    assert done["judgement"]["accepted"]
    assert {a["attempt"]: a["end"] for a in history(old_record)}[attempt["attempt"]] == "completed"


def test_an_open_attempt_of_the_old_record_takes_hints_and_reports_them(
    old_record: Command,
) -> None:
    attempt = next(a for a in history(old_record) if not a["end"] and a["mode"] == "practice")
    before = old_record.document("report", attempt["attempt"])
    assert [level["hints"] for level in before["levels"]] == [0, 0]
    with AttemptStore.open(old_record.folder / "record") as store:
        store.hint(attempt["attempt"])
    after = old_record.document("report", attempt["attempt"])
    hints = [level["hints"] for level in after["levels"]]
    assert hints[attempt["level"] - 1] == 1
    assert sum(hints) == 1
    assert "(1 hint)" in old_record("report", attempt["attempt"])[1]
    assert old_record("attempts", "verify")[0] == 0
    assert agreed(before["levels"][0], after["levels"][0]).keys() == before["levels"][0].keys()


def test_a_submission_that_0_1_0_left_unjudged_is_judged(old_record: Command) -> None:
    attempt = next(a for a in history(old_record) if not a["end"] and a["level"] == 1)
    assert old_record("restore", attempt["attempt"], "--dir", "again")[0] == 0
    assert old_record.document("status", cwd=old_record.folder / "again")["pending_submission"]
    done = old_record.document("submit", cwd=old_record.folder / "again")
    assert done["resumed"]
    assert done["judgement"]["accepted"]


def history(command: Command) -> list[dict[str, Any]]:
    attempts: list[dict[str, Any]] = command.document("history")["attempts"]
    return attempts


@pytest.fixture
def with_plugin(tmp_path: Path) -> Command:
    """The command with a plugin that was written for 0.1.0."""
    return Command(
        tmp_path,
        PYTHONPATH=str(RELEASED / "site"),
        RELEASED_PLUGIN_LOG=str(tmp_path / "log.txt"),
        RELEASED_PLUGIN_PACK=str(PACK),
    )


def test_a_plugin_of_0_1_0_brings_packs_commands_backends_and_checks(with_plugin: Command) -> None:
    assert with_plugin("hello") == (0, "hello\n")
    assert "juice_bar" in [p["slug"] for p in with_plugin.document("list")["problems"]]
    document = with_plugin.document("author", "check", "juice_bar", "--only", "released")
    (result,) = document["results"]
    (finding,) = result["findings"]
    assert finding["message"] == "juice_bar: accepted, 6 at 2"
    assert finding["detail"] == "all_states, amounts_by_name, solution.py"
    assert "released-full" in with_plugin("author", "check", "--list")[1]
    code, _ = with_plugin("--backend", "nowhere", "author", "run", "juice_bar", "--solution", ".")
    assert code != 0


def test_a_plugin_of_0_1_0_scores_and_observes(with_plugin: Command) -> None:
    assert with_plugin("start", "juice_bar", "--no-watch", "--dir", "here")[0] == 0
    workspace = with_plugin.folder / "here"
    assert with_plugin("submit", cwd=workspace)[0] == 1
    assert with_plugin.document("status", cwd=workspace)["points"] == 7
    log = (with_plugin.folder / "log.txt").read_text().splitlines()
    assert [line for line in log if line.startswith("event")] == [
        *("event created", "event submitted", "event judged"),
    ]
    verdicts = [line for line in log if line.startswith("judged")]
    assert verdicts == ["judged juice_bar runtime_error level1::" + first_case()]


def first_case() -> str:
    suite = (PACK / "problems/juice_bar/level1/test_hidden.py").read_text()
    return suite.split("def ")[1].split("(")[0]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "harness.authoring.fuzz:" + n
            for n in ["Fuzz", "call", "code", "optional", "pool", "rising", "since"]
        ),
        *(
            "harness.testing:" + n
            for n in ("BoxClient", "Leftovers", "Raised", "SandboxConformance")
        ),
        *("harness.model.finding:" + n for n in ("Check", "Finding", "Ground", "Severity")),
        *("harness.plugins.hookspecs:" + n for n in ("hookimpl", "hookspec")),
        "harness.authoring.subject:Subject",
        "harness.reports.escaping:escape_untrusted",
    ],
)
def test_a_name_that_packs_and_plugins_import_is_still_there(name: str) -> None:
    module, attribute = name.split(":")
    assert hasattr(importlib.import_module(module), attribute)


def test_a_pack_of_0_1_0_is_checked_and_can_be_upgraded(tmp_path: Path) -> None:
    """Its format goes on; `author check` says how to have its mistakes as edits."""
    shutil.copytree(PACK, tmp_path / "pack")
    command = Command(tmp_path, HARNESS_PACKS=str(tmp_path / "pack"))
    code, said = command("author", "check", "juice_bar", "--fast")
    assert code == 0, said
