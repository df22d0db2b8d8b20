from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.attempts.log import (
    COLUMNS,
    Kind,
    accepts,
    counts,
    read_rows,
    require_valid,
    summarise,
    write_row,
)
from harness.errors import StateError
from harness.model.judgement import Judgement, Suite, Verdict

PAUSED = (Kind.PAUSED, {})
EXTENDED = (Kind.EXTENDED, {"minutes": 15})


def write_log(clock, *events):
    rows, previous_hash = [], ""
    for seq, (kind, data) in enumerate(events, start=1):
        rows.append(write_row("abc234", seq, kind, data, clock(), previous_hash))
        previous_hash = rows[-1][-1]
    return rows


def test_events_read_back_as_they_were_written(clock):
    written = [PAUSED, EXTENDED, (Kind.SAVED, {"snapshot": "aa", "why": "undo"})]
    events = read_rows("abc234", write_log(clock, *written))
    assert [(event.kind, event.data) for event in events] == written
    assert [event.seq for event in events] == [1, 2, 3]
    assert {event.reading for event in events} == {clock()}
    assert events[0].previous_hash == ""
    assert events[2].previous_hash == events[1].hash


@given(why=st.text(st.characters(codec=None)))
def test_any_text_survives_even_undecodable_bytes_of_a_path(new_clock, why):
    rows = write_log(new_clock(), (Kind.SAVED, {"snapshot": "aa", "why": why}))
    assert rows[0][4].isascii()
    assert read_rows("abc234", rows)[0].data["why"] == why


@pytest.mark.parametrize(
    "change",
    [
        {"data": '{"minutes":999}'},
        {"kind": "resumed"},
        {"reading": '{"boot_id":"","boottime":0,"monotonic":0,"wall":0}'},
        {"previous_hash": "0" * 64},
        {"hash": "0" * 64},
        {"seq": 7},
        {"attempt": "xyz789"},
    ],
)
def test_a_changed_event_is_found(clock, change):
    rows = write_log(clock, PAUSED, EXTENDED, PAUSED)
    rows[1] = tuple((dict(zip(COLUMNS, rows[1], strict=True)) | change).values())
    with pytest.raises(StateError, match="Event 2 of attempt abc234") as caught:
        read_rows("abc234", rows)
    assert "harness history" in caught.value.hint


def test_a_missing_event_is_found(clock):
    rows = write_log(clock, PAUSED, PAUSED, PAUSED)
    with pytest.raises(StateError, match="Event 2 of attempt abc234"):
        read_rows("abc234", [rows[0], rows[2]])


def test_two_exchanged_events_are_found(clock):
    rows = write_log(clock, PAUSED, EXTENDED)
    with pytest.raises(StateError, match="Event 1 of attempt abc234"):
        read_rows("abc234", reversed(rows))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "celebrated"}, "unknown kind"),
        ({"data": {"minutes": "many"}}, "malformed"),
        ({"data": {"minutes": True}}, "malformed"),
        ({"data": {}}, "malformed"),
        ({"data": {"minutes": 1, "seconds": 1}}, "malformed"),
        ({"data": [1]}, "malformed"),
        ({"kind": "finished", "data": {"end": "tired"}}, "malformed"),
    ],
)
def test_an_unreadable_event_with_a_right_hash_is_found(clock, change, says):
    event = read_rows("abc234", write_log(clock, EXTENDED))[0]
    require_valid(event)
    with pytest.raises(StateError, match=says):
        require_valid(replace(event, **change))


def test_a_malformed_result_of_a_level_is_found(clock, judge):
    summary = summarise(judge(), "aa", "bb")
    event = read_rows("abc234", write_log(clock, (Kind.JUDGED, summary)))[0]
    require_valid(event)
    for levels in (1, [1], [event.data["levels"][0] | {"passed": "all"}]):
        with pytest.raises(StateError, match="malformed"):
            require_valid(replace(event, data=event.data | {"levels": levels}))


def test_the_summary_of_a_judgement(judge):
    summary = summarise(judge([1, 2], failing=[2], seconds=1.5), "aa", "bb")
    assert summary["levels"] == [
        {"level": 1, "passed": 3, "total": 3, "accepted": True},
        {"level": 2, "passed": 2, "total": 3, "accepted": False},
    ]
    assert summary["verdict"] is Verdict.WRONG_ANSWER
    assert summary["seconds"] == 1.5
    assert counts(summary)
    assert accepts(summary, 1)
    assert not accepts(summary, 2)


def test_a_judgement_without_a_case_accepts_nothing():
    summary = summarise(Judgement(suite=Suite.HIDDEN, levels=(1,), outcomes=()), "aa", "bb")
    assert not counts(summary)
    assert not accepts(summary, 1)


def test_a_visible_judgement_accepts_nothing(judge):
    assert not accepts(summarise(judge(suite=Suite.VISIBLE), "aa", "bb"), 1)
