"""Edits: what applies, what does not fit, and finding the edits between two texts."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.authoring.mistakes import (
    Edit,
    EditError,
    Replacement,
    edits_between,
    mistake_row,
    read_mistakes,
)
from harness.model.problem import Snapshot

# Few different lines, so that most stand several times.
LINES = st.lists(st.sampled_from(["a = 1", "b = 2", "    c = 3", "", "if a:", "    d = 4"]))
TEXTS = st.builds(lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["", "\n"]))


def solution(text: str) -> Snapshot:
    return Snapshot(files={"solution.py": text.encode()})


def replaced(text: str, replacements: tuple[Replacement, ...]) -> str:
    """Apply them without asking whether the result is Python."""
    places = [(text.index(each.find), each) for each in replacements]
    assert all(text.rindex(each.find) == place for place, each in places)
    for place, each in sorted(places, key=lambda pair: pair[0], reverse=True):
        text = text[:place] + each.replace + text[place + len(each.find) :]
    return text


@given(TEXTS.filter(str.strip), TEXTS)
@example("a = 1\n", "")
@example("a = 1\na = 1\n", "a = 1\nb = 2\na = 1\n")
def test_edits_give_the_other_text(before, after):
    assert replaced(before, edits_between(solution(before), solution(after))) == after


@given(st.text(), st.text(min_size=1), st.text())
@example('it\'s "so"\\', "'''\n", "\r\n\t\x7f")
def test_rows_are_read_as_they_were(why, find, replace):
    texts = (why, find, replace)
    if any("\ud800" <= char <= "\udfff" for text in texts for char in text):
        return
    edit = Edit(
        level=2, name="odd", why=why, replacements=(Replacement("solution.py", find, replace),)
    )
    (row,) = tomllib.loads(mistake_row(edit, "solution"))["mistake"]
    assert (row.get("why", ""), row["find"], row["replace"]) == texts


def test_rows_with_several_edits_and_files(tmp_path):
    edit = Edit(
        level=1,
        name="two",
        why="Both.",
        breaks="A rule.",
        case="test_it",
        replacements=(Replacement("solution.py", "a", "b"), Replacement("other.py", "\nc", "d\n")),
    )
    (tmp_path / "mistakes.toml").write_text(mistake_row(edit, "solution"))
    found = read_mistakes(tmp_path, "solution", 1)
    assert found.errors == ()
    assert found.mistakes == (edit,)
    assert found.mistakes[0].line == 1


def test_several_edits_refer_to_the_original_text():
    edit = Edit(
        level=1,
        why="",
        replacements=(
            Replacement("solution.py", "a = 1", "b = 2"),
            Replacement("solution.py", "b = 2", "a = 1"),
        ),
    )
    assert edit.apply(solution("a = 1\nb = 2\n")) == solution("b = 2\na = 1\n")


def test_solutions_with_other_files_have_no_edits():
    other = Snapshot(files={"solution.py": b"", "helper.py": b""})
    with pytest.raises(EditError, match=r"helper\.py"):
        edits_between(solution("a = 1\n"), other)
    with pytest.raises(EditError, match="which is empty in the reference"):
        edits_between(solution(""), solution("a = 1\n"))
