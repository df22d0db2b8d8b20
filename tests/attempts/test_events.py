from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.attempts.events import (
    Extended,
    Judged,
    Paused,
    Saved,
    parse_payload,
    read_records,
    write_record,
)
from harness.errors import StateError
from harness.model.judgement import Judgement, Suite, Verdict


def write_log(clock, payloads):
    records, previous_hash = [], ""
    for seq, payload in enumerate(payloads, start=1):
        records.append(write_record("abc234", seq, payload, clock.read(), previous_hash))
        previous_hash = records[-1].hash
    return records


def test_records_read_back_as_they_were_written(clock):
    payloads = [Paused(), Extended(minutes=15), Saved(snapshot="aa", why="undo")]
    events = read_records("abc234", write_log(clock, payloads))
    assert [parse_payload(event) for event in events] == payloads
    assert [event.seq for event in events] == [1, 2, 3]
    assert [event.kind for event in events] == ["paused", "extended", "saved"]
    assert {event.reading for event in events} == {clock.read()}
    assert events[0].previous_hash == ""
    assert events[2].previous_hash == events[1].hash


@given(why=st.text(st.characters(codec=None)))
def test_any_text_survives_even_undecodable_bytes_of_a_path(new_clock, why):
    records = write_log(new_clock(), [Saved(snapshot="aa", why=why)])
    assert records[0].data.isascii()
    assert parse_payload(read_records("abc234", records)[0]).why == why


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
    records = write_log(clock, [Paused(), Extended(minutes=15), Paused()])
    records[1] = records[1]._replace(**change)
    with pytest.raises(StateError, match="Event 2 of attempt abc234") as caught:
        read_records("abc234", records)
    assert "harness history" in caught.value.hint


def test_a_missing_event_is_found(clock):
    records = write_log(clock, [Paused(), Paused(), Paused()])
    with pytest.raises(StateError, match="Event 2 of attempt abc234"):
        read_records("abc234", [records[0], records[2]])


def test_two_exchanged_events_are_found(clock):
    records = write_log(clock, [Paused(), Extended(minutes=1)])
    with pytest.raises(StateError, match="Event 1 of attempt abc234"):
        read_records("abc234", reversed(records))


def test_an_unreadable_event_with_a_right_hash_is_found(clock):
    event = read_records("abc234", write_log(clock, [Extended(minutes=1)]))[0]
    with pytest.raises(StateError, match="unknown kind"):
        parse_payload(replace(event, kind="celebrated"))
    with pytest.raises(StateError, match="malformed"):
        parse_payload(replace(event, data={"minutes": "many"}))


def test_the_gist_of_a_judgement(judge):
    gist = Judged.of("aa", judge([1, 2], failing=[2], seconds=1.5), "bb")
    assert [(t.level, t.passed, t.total, t.accepted) for t in gist.levels] == [
        (1, 3, 3, True),
        (2, 2, 3, False),
    ]
    assert gist.verdict is Verdict.WRONG_ANSWER
    assert gist.seconds == 1.5
    assert gist.counts
    assert gist.accepts(1)
    assert not gist.accepts(2)


def test_a_judgement_without_a_case_accepts_nothing():
    gist = Judged.of("aa", Judgement(suite=Suite.HIDDEN, levels=(1,), outcomes=()), "bb")
    assert not gist.counts
    assert not gist.accepts(1)


def test_a_visible_judgement_accepts_nothing(judge):
    assert not Judged.of("aa", judge(suite=Suite.VISIBLE), "bb").accepts(1)
