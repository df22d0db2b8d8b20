from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.attempts import AttemptStore, new_attempt_id, require_open
from harness.errors import RequestError, StateError
from harness.model.attempt import End, Mode
from harness.model.judgement import Feedback, Suite
from harness.model.problem import Snapshot


def kinds(store, attempt):
    return [event.kind for event in store.events(attempt)]


def submit(store, attempt, snapshot, judgement):
    store.submit(attempt, snapshot)
    return store.judged(attempt, snapshot.hash, judgement)


# -- beginning


def test_an_attempt_begins_and_is_found_again_by_another_process(home, store, clock, problem, snap):
    state = store.create(
        problem, Mode.EXAM, Feedback.NAMES, 75, Path("/work/queue"), "7", snap("skeleton")
    )
    assert state.problem == "bounded_queue"
    assert state.problem_version == "1.2.3"
    assert state.problem_hash == problem.content_hash
    assert state.minutes == 75
    assert len(state.levels) == 4
    with AttemptStore.open(home, clock) as other:
        assert other.state(state.id) == state
        assert other.snapshot(state.template_snapshot).files == {"solution.py": b"skeleton"}


def test_an_attempt_can_get_a_name_made_before(store, problem, snap):
    arguments = (problem, Mode.EXAM, Feedback.NAMES, 75, Path("/w"), "7", snap("x"))
    assert store.create(*arguments, attempt_id="abc234").id == "abc234"
    with pytest.raises(RequestError, match="abc234"):
        store.create(*arguments, attempt_id="abc234")
    assert len(store.all()) == 1


@pytest.mark.parametrize(
    "name", ["abc23", "abc2345", "abc23o", "ABC234", "../abc", "abc23\n", "abc234\n", "\ud800"]
)
def test_a_malformed_id_is_refused(store, problem, snap, name):
    with pytest.raises(RequestError, match="cannot be the id"):
        store.create(
            problem, Mode.EXAM, Feedback.NAMES, 75, Path("/w"), "7", snap("x"), attempt_id=name
        )


def test_ids_have_six_characters_that_are_hard_to_misread():
    seen = {new_attempt_id() for _ in range(300)}
    assert len(seen) == 300
    assert {len(name) for name in seen} == {6}
    assert not set("01oli") & set("".join(seen))


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_impossible_lengths_are_refused(begin, minutes):
    with pytest.raises(RequestError, match=f"{minutes} minutes are not possible"):
        begin(minutes=minutes)


def test_a_workspace_with_an_undecodable_name_is_kept(store, problem, snap):
    workspace = Path("/work/caf\udce9")
    state = store.create(problem, Mode.EXAM, Feedback.NAMES, 75, workspace, "7", snap("x"))
    assert store.state(state.id).workspace == workspace


def test_all_attempts_newest_first(store, clock, begin):
    first = begin()
    clock.set_wall(-100_000)
    second = begin()
    assert [state.id for state in store.all()] == [second, first]
    assert store.all_and_damaged()[1] == []


def test_an_unknown_attempt_names_the_nearest(store, problem, snap):
    store.create(
        problem, Mode.EXAM, Feedback.NAMES, 75, Path("/w"), "7", snap("x"), attempt_id="abc234"
    )
    with pytest.raises(RequestError, match=r"There is no attempt 'abc235'\. Did you mean abc234\?"):
        store.state("abc235")
    for name in ("", "../../etc", "\ud800"):
        with pytest.raises(RequestError, match="There is no attempt"):
            store.judgements(name)


# -- submitting


def test_a_submission_is_recorded_before_it_is_judged(store, begin, snap):
    attempt = begin()
    state = store.submit(attempt, snap("mine"))
    assert state.pending_submission == state.last_submission == snap("mine").hash
    assert state.levels[0].submissions == 1
    assert store.snapshot(snap("mine").hash) == snap("mine")


def test_an_accepted_submission_opens_the_next_level(store, begin, snap, judge):
    attempt = begin()
    state = submit(store, attempt, snap("mine"), judge([1]))
    assert (state.level, state.end, state.pending_submission) == (2, None, None)
    assert kinds(store, attempt) == ["created", "submitted", "judged", "level_unlocked"]


def test_all_levels_accepted_complete_the_attempt(store, clock, begin, snap, judge):
    attempt = begin(Mode.EXAM)
    for level in (1, 2, 3, 4):
        clock.advance(minutes=10)
        state = submit(store, attempt, snap(f"level {level}"), judge(range(1, level + 1)))
    assert state.end is End.COMPLETED
    assert [level.accepted_at_seconds for level in state.levels] == [600, 1200, 1800, 2400]
    assert kinds(store, attempt)[-2:] == ["judged", "finished"]
    with pytest.raises(RequestError, match="is over: every level was accepted"):
        store.submit(attempt, snap("more"))


@pytest.mark.parametrize(
    "judgement",
    [
        {"levels": [1, 2], "failing": [1]},
        {"levels": [1, 2], "failing": [2]},
        {"levels": [2]},
        {"levels": [1]},
        {"levels": [1, 2], "suite": Suite.VISIBLE},
    ],
)
def test_the_next_level_needs_every_level_so_far(store, begin, snap, judge, judgement):
    attempt = begin()
    submit(store, attempt, snap("one"), judge([1]))
    state = submit(store, attempt, snap("two"), judge(**judgement))
    assert state.level == 2
    assert state.is_open


def test_a_failed_judge_is_recorded_and_may_try_again(store, begin, snap, judge):
    attempt = begin()
    state = submit(store, attempt, snap("mine"), judge(error="the box broke"))
    assert (state.level, state.pending_submission) == (1, snap("mine").hash)
    assert store.judgements(attempt)[0].judgement.error == "the box broke"
    state = store.judged(attempt, snap("mine").hash, judge())
    assert (state.level, state.pending_submission, state.submissions) == (2, None, 1)


def test_a_judgement_of_something_else_is_refused(store, begin, snap, judge):
    attempt = begin()
    with pytest.raises(StateError, match="not the submission that waits"):
        store.judged(attempt, snap("mine").hash, judge())
    store.submit(attempt, snap("mine"))
    store.submit(attempt, snap("newer"))
    with pytest.raises(StateError, match="not the submission that waits"):
        store.judged(attempt, snap("mine").hash, judge())
    store.judged(attempt, snap("newer").hash, judge())
    with pytest.raises(StateError, match="not the submission that waits"):
        store.judged(attempt, snap("newer").hash, judge())
    assert kinds(store, attempt)[1:] == ["submitted", "submitted", "judged", "level_unlocked"]


def test_judgements_come_back_whole(store, clock, begin, snap, judge):
    attempt = begin()
    clock.advance(30)
    visible = judge(suite=Suite.VISIBLE, output="caf\u00e9 \ud800 \x1b[31m")
    store.tested(attempt, snap("one"), visible)
    clock.advance(30)
    store.submit(attempt, snap("two"))
    clock.advance(5)
    store.judged(attempt, snap("two").hash, judge([1]))
    tested, judged = store.judgements(attempt)
    assert tested.judgement == visible
    assert (tested.seq, tested.level, tested.at_seconds) == (2, 1, 30)
    assert tested.snapshot == snap("one").hash
    assert judged.judgement == judge([1])
    assert (judged.seq, judged.level, judged.at_seconds) == (4, 1, 60)
    assert judged.snapshot == snap("two").hash
    assert store.state(attempt).levels[0].test_runs == 1


# -- the exam's rules


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (lambda store, attempt: store.pause(attempt), "cannot be paused"),
        (lambda store, attempt: store.extend(attempt, 10), "cannot be extended"),
        (lambda store, attempt: store.reveal(attempt), "shows no reference before its end"),
        (lambda store, attempt: store.hint(attempt), "has no hints"),
    ],
)
def test_an_exam_has_no_way_around(store, clock, begin, request_, why):
    attempt = begin(Mode.EXAM)
    clock.advance(minutes=56)
    with pytest.raises(RequestError, match=f"Attempt {attempt} is an exam: it {why}") as caught:
        request_(store, attempt)
    assert "(34:00 left)" in caught.value.message
    assert caught.value.hint.endswith("harness start bounded_queue --mode practice")
    assert kinds(store, attempt) == ["created"]


def test_after_the_deadline_only_reading_is_possible(store, clock, begin, snap, judge):
    attempt = begin(Mode.EXAM)
    clock.advance(minutes=91)
    for request in (
        lambda: store.submit(attempt, snap("late")),
        lambda: store.tested(attempt, snap("late"), judge(suite=Suite.VISIBLE)),
        lambda: store.pause(attempt),
        lambda: store.resume(attempt),
        lambda: store.extend(attempt, 10),
        lambda: store.reveal(attempt),
        lambda: store.hint(attempt),
        lambda: store.finish(attempt),
        lambda: store.saved(attempt, snap("late"), "reset"),
    ):
        with pytest.raises(RequestError, match=f"Time is up: the 90 minutes of attempt {attempt}"):
            request()
    assert kinds(store, attempt) == ["created", "finished"]
    assert store.judgements(attempt) == []
    assert store.state(attempt).end is End.EXPIRED


def test_the_first_look_after_the_deadline_records_the_end(store, clock, begin):
    attempt = begin(Mode.EXAM)
    clock.advance(minutes=90)
    state = store.state(attempt)
    assert kinds(store, attempt) == ["created", "finished"]
    clock.reboot(off_seconds=1_000_000)
    assert store.state(attempt) == state
    assert (state.ended_at - state.started_at).total_seconds() == 5400


def test_the_end_is_not_recorded_while_a_submission_may_still_win_time_back(
    store, clock, begin, snap, judge
):
    attempt = begin(Mode.EXAM)
    clock.advance(5390)
    store.submit(attempt, snap("last second"))
    clock.advance(15)
    assert store.state(attempt).end is End.EXPIRED
    with pytest.raises(RequestError, match="Time is up"):
        store.submit(attempt, snap("too late"))
    state = store.judged(attempt, snap("last second").hash, judge(seconds=14))
    assert (state.level, state.end, state.remaining_seconds) == (2, None, 10)


def test_a_submission_in_time_counts_though_judged_too_late(store, clock, begin, snap, judge):
    attempt = begin(Mode.EXAM)
    clock.advance(5390)
    store.submit(attempt, snap("last second"))
    clock.advance(minutes=600)
    state = store.judged(attempt, snap("last second").hash, judge())
    assert state.end is End.EXPIRED
    assert state.level == 1
    assert state.levels[0].accepted_at_seconds == 5390
    assert kinds(store, attempt) == ["created", "submitted", "judged", "finished"]


def test_a_last_level_in_time_completes_though_judged_too_late(store, clock, begin, snap, judge):
    attempt = begin(Mode.EXAM)
    for level in (1, 2, 3):
        submit(store, attempt, snap(f"{level}"), judge(range(1, level + 1)))
    clock.advance(5390)
    store.submit(attempt, snap("4"))
    clock.advance(minutes=600)
    state = store.judged(attempt, snap("4").hash, judge([1, 2, 3, 4]))
    assert state.end is End.COMPLETED
    assert state.remaining_seconds >= 0


# -- practice


def test_pause_and_resume(store, clock, begin, snap, judge):
    attempt = begin()
    clock.advance(60)
    assert store.pause(attempt).paused
    clock.advance(minutes=60)
    for request in (
        lambda: store.submit(attempt, snap("x")),
        lambda: store.tested(attempt, snap("x"), judge(suite=Suite.VISIBLE)),
        lambda: store.reveal(attempt),
        lambda: store.pause(attempt),
    ):
        with pytest.raises(RequestError, match="paused") as caught:
            request()
        assert caught.value.hint == "harness resume"
    state = store.resume(attempt)
    assert (state.paused, state.spent_seconds) == (False, 60)
    with pytest.raises(RequestError, match="is not paused"):
        store.resume(attempt)


def test_extensions_are_counted(store, begin):
    attempt = begin()
    store.extend(attempt, 10)
    state = store.extend(attempt, 20)
    assert (state.allowed_seconds, state.extensions, state.minutes) == (7200, 2, 90)
    with pytest.raises(RequestError, match="0 minutes are not possible"):
        store.extend(attempt, 0)


def test_practice_goes_on_after_its_time(store, clock, begin, snap, judge):
    attempt = begin()
    clock.advance(minutes=100)
    state = submit(store, attempt, snap("late"), judge())
    assert (state.level, state.remaining_seconds) == (2, -600)


def test_revealing_gives_the_level_up_and_opens_the_next(store, clock, begin, snap, judge):
    attempt = begin()
    clock.advance(300)
    state = store.reveal(attempt)
    assert state.level == 2
    assert state.levels[0].revealed
    assert state.levels[0].accepted_at_seconds is None
    assert state.levels[1].opened_at_seconds == 300
    state = submit(store, attempt, snap("half"), judge([1, 2], failing=[1]))
    assert state.level == 2
    state = submit(store, attempt, snap("whole"), judge([1, 2]))
    assert state.level == 3
    assert state.levels[0].accepted_at_seconds is None
    assert state.levels[1].accepted_at_seconds == 300


def test_revealing_the_last_level_ends_the_attempt(store, begin):
    attempt = begin()
    for _ in range(4):
        state = store.reveal(attempt)
    assert state.end is End.FINISHED
    assert all(level.revealed for level in state.levels)


def test_revealing_while_a_submission_is_judged(store, begin, snap, judge):
    attempt = begin()
    store.submit(attempt, snap("mine"))
    store.reveal(attempt)
    state = store.judged(attempt, snap("mine").hash, judge([1]))
    assert state.level == 2
    assert state.levels[0].revealed
    assert state.levels[0].accepted_at_seconds is None


def test_finishing_while_a_submission_is_judged_loses_nothing(store, begin, snap, judge):
    attempt = begin()
    store.submit(attempt, snap("mine"))
    store.finish(attempt)
    state = store.judged(attempt, snap("mine").hash, judge([1]))
    assert (state.end, state.level) == (End.FINISHED, 1)
    assert state.levels[0].passed == 3
    with pytest.raises(RequestError, match="is over: it was finished"):
        store.finish(attempt)


def test_saved_snapshots_are_no_submissions(store, begin, snap):
    attempt = begin()
    assert store.saved(attempt, snap("precious"), "reset") == snap("precious").hash
    assert store.snapshot(snap("precious").hash) == snap("precious")
    assert store.state(attempt).submissions == 0
    assert store.events(attempt)[-1].data == {"snapshot": snap("precious").hash, "why": "reset"}


def test_a_workspace_may_move_even_after_the_end(store, begin):
    attempt = begin()
    store.finish(attempt)
    assert store.moved(attempt, Path("/elsewhere")).workspace == Path("/elsewhere")
    store.moved(attempt, Path("/elsewhere"))
    assert kinds(store, attempt) == ["created", "finished", "moved"]


# -- taking it out


def test_an_export_is_plain_json_with_whole_judgements(store, begin, snap, judge):
    attempt = begin()
    submit(store, attempt, snap("mine"), judge())
    exported = json.loads(json.dumps(store.export(attempt)))
    assert [event["kind"] for event in exported["events"]] == kinds(store, attempt)
    assert len(exported["events"][2]["judgement"]["outcomes"]) == 3
    assert "judgement" not in exported["events"][1]
    assert exported["events"][2]["previous_hash"] == exported["events"][1]["hash"]


def test_a_backup_is_a_whole_home(store, clock, begin, snap, judge, tmp_path):
    attempt = begin()
    state = submit(store, attempt, snap("mine"), judge())
    (tmp_path / "restored").mkdir()
    store.backup(tmp_path / "restored" / "attempts.db")
    with AttemptStore.open(tmp_path / "restored", clock) as restored:
        assert restored.state(attempt) == state
        assert restored.snapshot(snap("mine").hash) == snap("mine")
    with pytest.raises(RequestError, match="never overwrites"):
        store.backup(tmp_path / "restored" / "attempts.db")
    with pytest.raises(StateError, match="nowhere"):
        store.backup(tmp_path / "nowhere" / "attempts.db")


def test_equal_content_is_stored_once(store, begin, snap):
    attempt = begin()
    for _ in range(3):
        store.submit(attempt, snap("same"))
    with store._database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM blobs").fetchone() == (2,)


def test_an_empty_snapshot_and_an_empty_file_are_kept(store, begin, snap):
    attempt = begin()
    empty = Snapshot(files={})
    for snapshot in (empty, snap("")):
        store.submit(attempt, snapshot)
        assert store.snapshot(snapshot.hash) == snapshot


def test_it_works_with_the_clock_of_the_machine(home, problem, snap):
    with AttemptStore.open(home) as store:
        state = store.create(
            problem, Mode.EXAM, Feedback.FULL, 90, Path("/w"), "7", snap("skeleton")
        )
        assert 0 <= store.state(state.id).spent_seconds < 5


# -- observing


def test_each_recorded_event_is_reported_once_it_is_durable(home, clock, problem, snap):
    seen = []

    def observe(event):
        with AttemptStore.open(home, clock) as other:
            assert other.events(event.attempt)[-1].seq >= event.seq
        seen.append(event.kind)

    with AttemptStore.open(home, clock, observe) as store:
        arguments = (problem, Mode.EXAM, Feedback.NAMES, 1, Path("/w"), "7", snap("x"))
        attempt = store.create(*arguments).id
        with pytest.raises(RequestError):
            store.pause(attempt)
        store.moved(attempt, Path("/elsewhere"))
        clock.advance(61)
        store.state(attempt)
        store.state(attempt)
    assert seen == ["created", "moved", "finished"]


@pytest.mark.parametrize(("minutes", "words"), [(1, "the 1 minute of"), (2, "the 2 minutes of")])
def test_time_that_is_up_is_counted_in_words(store, clock, begin, minutes, words):
    attempt = begin(Mode.EXAM, minutes=minutes)
    clock.advance(minutes=minutes)
    with pytest.raises(RequestError, match=words):
        require_open(store.state(attempt))


def test_stopped_judging_is_recorded_while_it_is_pending(store, clock, begin, snap, judge):
    attempt = begin()
    submitted = store.submit(attempt, snap("one"))
    clock.advance(5)
    assert store.cancelled(attempt, submitted.pending_submission, 5.0).spent_seconds == 0
    store.judged(attempt, submitted.pending_submission, judge())
    store.cancelled(attempt, submitted.pending_submission, 5.0)
    assert kinds(store, attempt) == [
        "created",
        "submitted",
        "cancelled",
        "judged",
        "level_unlocked",
    ]


# -- long records


def test_reading_all_attempts_asks_the_record_a_few_times_for_each(store, begin):
    """Not for the ids of all others each time."""

    def read_all() -> list[str]:
        asked: list[str] = []
        with store._database.reading() as connection:
            connection.set_trace_callback(asked.append)
        assert store.all()
        with store._database.reading() as connection:
            connection.set_trace_callback(None)
        return asked

    begin()
    few = read_all()
    for _ in range(9):
        begin()
    many = read_all()
    assert sum("ORDER BY number" in each for each in many) == 1
    assert len(many) - len(few) <= 9 * 3
