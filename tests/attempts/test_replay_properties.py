"""Whatever events come in whatever order: replaying is total, repeatable, and opens no level."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from harness.attempts.log import accepts, counts
from harness.attempts.replay import replay
from harness.errors import StateError
from harness.model.attempt import AttemptState, End, Mode, Reading
from harness.model.judgement import Suite, Verdict

LEVELS = 4
SNAPSHOTS = st.sampled_from(["aa", "bb"])
LEVEL_NUMBERS = st.integers(-1, LEVELS + 2)
SECONDS = st.floats(0, 1e6)


@st.composite
def judgings(draw, kind):
    accepted = draw(st.lists(st.booleans(), min_size=1, max_size=LEVELS + 1))
    first = draw(st.sampled_from([1, 1, 1, 2]))
    return kind, {
        "snapshot": draw(SNAPSHOTS),
        "suite": draw(st.sampled_from([Suite.HIDDEN, Suite.HIDDEN, Suite.VISIBLE])),
        "verdict": draw(st.sampled_from([Verdict.ACCEPTED, *Verdict])),
        "levels": [result(n, accepted=yes) for n, yes in enumerate(accepted, start=first)],
        "seconds": draw(SECONDS),
        "record": "cc",
        "broken": draw(st.booleans()),
    }


def result(level, *, accepted):
    return {"level": level, "passed": 3 if accepted else 1, "total": 3, "accepted": accepted}


def events_of(kind, **fields):
    return st.tuples(st.just(kind), st.fixed_dictionaries(fields))


SUBMITTED = ("submitted", {"snapshot": "aa"})
WHOLE = (
    "judged",
    {
        "snapshot": "aa",
        "suite": Suite.HIDDEN,
        "verdict": Verdict.ACCEPTED,
        "levels": [result(n, accepted=True) for n in range(1, 5)],
        "seconds": 1.0,
        "record": "cc",
        "broken": False,
    },
)


def climb(levels: int) -> list[tuple[str, dict]]:
    """Return the events that open so many levels as it should be."""
    return [
        each
        for level in range(2, levels + 2)
        for each in (SUBMITTED, WHOLE, ("level_unlocked", {"level": level}))
    ]


EVENTS = st.one_of(
    st.sampled_from([SUBMITTED, WHOLE, ("level_unlocked", {"level": 2})]),
    events_of("submitted", snapshot=SNAPSHOTS),
    judgings("judged"),
    judgings("tested"),
    events_of("level_unlocked", level=LEVEL_NUMBERS),
    events_of("paused"),
    events_of("resumed"),
    events_of("extended", minutes=st.integers(-10, 1000)),
    events_of("revealed", level=LEVEL_NUMBERS),
    events_of("hinted", level=LEVEL_NUMBERS, number=st.integers(-1, 3)),
    events_of("cancelled", snapshot=SNAPSHOTS, seconds=SECONDS),
    events_of("suspended", seconds=SECONDS),
    events_of("finished", end=st.sampled_from(End)),
    events_of("saved", snapshot=SNAPSHOTS, why=st.just("reset")),
    events_of("moved", workspace=st.just("/elsewhere")),
)
READINGS = st.builds(
    Reading,
    wall=st.one_of(st.floats(1.7e9, 1.9e9), st.floats(-1e15, 1e15)),
    boot_id=st.sampled_from(["one", "one", "two", ""]),
    boottime=st.floats(0, 1e9),
    monotonic=st.floats(0, 1e9),
)
LOGS = st.builds(
    lambda levels, wild, readings: list(zip([*climb(levels), *wild], readings, strict=False)),
    st.integers(0, 3),
    st.lists(EVENTS, max_size=12),
    st.lists(READINGS, min_size=21, max_size=21),
)


def chronicle_of(new_chronicle, log, mode, first):
    readings = iter([first, *(reading for _, reading in log)])
    chronicle = new_chronicle(lambda: next(readings), mode)
    for (kind, data), _ in log:
        chronicle.add(kind, **data)
    return chronicle


def replay_or_refuse(events, now) -> AttemptState | None:
    try:
        return replay(events, now).state
    except StateError as error:
        refusal = error
    assert "attempt" in refusal.message
    assert refusal.hint
    return None


def legal_beginning(events, now):
    """Return the events before the first one that cannot be."""
    for count in range(len(events), 0, -1):
        if replay_or_refuse(events[:count], now) is not None:
            return events[:count]
    raise AssertionError("even the creation was refused")


@settings(max_examples=150, deadline=None)
@given(log=LOGS, mode=st.sampled_from(Mode), first=READINGS, now=READINGS)
def test_replay_is_total_and_repeatable(new_chronicle, log, mode, first, now):
    chronicle = chronicle_of(new_chronicle, log, mode, first)
    state = replay_or_refuse(chronicle.events, now)
    event("refused" if state is None else f"level {state.level}")
    assert replay_or_refuse(list(chronicle.events), now) == state


@settings(max_examples=150, deadline=None)
@given(log=LOGS, mode=st.sampled_from(Mode), first=READINGS, now=READINGS)
def test_no_level_opens_without_an_accepted_judgement(new_chronicle, log, mode, first, now):
    events = legal_beginning(chronicle_of(new_chronicle, log, mode, first).events, now)
    state = replay(events, now).state
    hidden = [each.data for each in events if each.kind == "judged" and counts(each.data)]
    revealed = {each.data["level"] for each in events if each.kind == "revealed"}
    for level in range(1, state.level):
        earned = any(accepts(each, level) for each in hidden)
        assert earned or level in revealed
    if state.end is End.COMPLETED:
        assert any(accepts(each, LEVELS) for each in hidden)
    assert mode is Mode.PRACTICE or not revealed
    event(f"level {state.level}, {state.end}")


@settings(max_examples=100, deadline=None)
@given(log=LOGS, mode=st.sampled_from(Mode), first=READINGS, now=READINGS)
def test_times_are_in_order_and_an_exam_never_outlasts_its_minutes(
    new_chronicle, log, mode, first, now
):
    events = legal_beginning(chronicle_of(new_chronicle, log, mode, first).events, now)
    state = replay(events, now).state
    assert state.spent_seconds >= 0
    opened = [each.opened_at_seconds for each in state.levels if each.opened_at_seconds is not None]
    assert opened == sorted(opened)
    if mode is Mode.EXAM:
        assert state.allowed_seconds == state.minutes * 60
        assert state.remaining_seconds >= -1e-6


@settings(max_examples=100, deadline=None)
@given(log=LOGS, first=READINGS, now=READINGS, data=st.data())
def test_a_log_with_a_strange_event_is_refused_in_words(new_chronicle, log, first, now, data):
    events = chronicle_of(new_chronicle, log, Mode.PRACTICE, first).events
    number = data.draw(st.integers(0, len(events) - 1))
    strange = data.draw(
        st.sampled_from(
            [
                {"kind": "promoted"},
                {"data": {}, "kind": "submitted"},
                {"data": {"level": "2"}, "kind": "level_unlocked"},
                {"data": {"snapshot": 7, "x": None}, "kind": "submitted"},
            ]
        )
    )
    events[number] = replace(events[number], **strange)
    assert replay_or_refuse(events, now) is None


@settings(max_examples=100, deadline=None)
@given(log=LOGS, first=READINGS, now=READINGS)
def test_a_longer_log_never_takes_back_what_was_reached(new_chronicle, log, first, now):
    events = legal_beginning(chronicle_of(new_chronicle, log, Mode.PRACTICE, first).events, now)
    states = [replay(events[:count], now).state for count in range(1, len(events) + 1)]
    for before, after in pairwise(states):
        assert after.level >= before.level
        assert after.submissions >= before.submissions
        assert before.end is None or after.end is before.end
