from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.attempts.replay import replay
from harness.errors import StateError
from harness.model.attempt import End, Mode
from harness.model.judgement import Feedback, Suite, Verdict


def test_a_new_attempt_has_level_1_open_and_its_whole_time(clock, new_chronicle):
    state = new_chronicle(clock).state()
    assert state.id == "abc234"
    assert state.problem == "bounded_queue"
    assert state.problem_version == "1.2.3"
    assert state.problem_hash == "c0ffee"
    assert state.mode is Mode.PRACTICE
    assert state.feedback is Feedback.FULL
    assert state.seed == "7"
    assert state.workspace == Path("/work/queue")
    assert state.started_at == datetime.fromtimestamp(clock.wall, UTC)
    assert state.template_snapshot == "aa"
    assert state.level == 1
    assert [level.number for level in state.levels] == [1, 2, 3, 4]
    assert [level.opened_at_seconds for level in state.levels] == [0, None, None, None]
    assert state.spent_seconds == 0
    assert state.remaining_seconds == 5400
    assert state.is_open
    assert state.notices == ()


def test_replaying_changes_nothing_and_gives_the_same_again(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    clock.advance(90)
    assert chronicle.state() == chronicle.state()


def test_a_log_must_begin_with_its_creation(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    chronicle.add("paused")
    created, paused = chronicle.events
    without_levels = replace(created, data=created.data | {"levels": 0})
    for broken in ([], [paused], [without_levels]):
        with pytest.raises(StateError, match="does not begin with its creation"):
            replay(broken, clock())


# -- judging time


def test_judging_time_is_not_charged(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock)
    clock.advance(100)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(25)
    chronicle.judged(judge(seconds=20))
    clock.advance(7)
    assert chronicle.state().spent_seconds == 107


def test_judging_is_credited_at_most_what_the_judgement_says_and_ten_seconds(
    clock, new_chronicle, judge
):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(1000)
    chronicle.judged(judge(seconds=20))
    assert chronicle.state().spent_seconds == 970


def test_a_submission_that_was_never_judged_credits_nothing(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(30)
    state = chronicle.state()
    assert state.spent_seconds == 30
    assert state.pending_submission == "aa"


def test_judging_across_a_reboot_credits_nothing(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    clock.reboot(off_seconds=30)
    chronicle.judged(judge(seconds=30))
    assert chronicle.state().spent_seconds == 30


def test_runs_of_the_visible_suites_are_charged(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock)
    clock.advance(10)
    chronicle.tested(judge(suite=Suite.VISIBLE, seconds=10))
    assert chronicle.state().spent_seconds == 10


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), -5.0])
def test_a_judgement_with_a_nonsensical_length_credits_the_allowance_only(
    clock, new_chronicle, judge, nonsense
):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(60)
    chronicle.judged(judge(seconds=nonsense))
    assert chronicle.state().spent_seconds == 50


def test_a_failed_judge_costs_no_time_and_changes_nothing_else(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    before = chronicle.state()
    clock.advance(5)
    failed = judge(error="the box broke", seconds=0)
    chronicle.judged(failed)
    assert chronicle.state() == replace(before, judge_broken=True)
    clock.advance(4)
    chronicle.judged(judge())
    state = chronicle.state()
    assert state.spent_seconds == 0
    assert state.pending_submission is None
    assert state.levels[0].passed == 3


# -- a broken judge


def broken(judge):
    return judge(error="no box could be made", seconds=0)


def test_the_clock_stands_still_until_a_broken_judge_works_again(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock, Mode.EXAM, minutes=30)
    clock.advance(minutes=20)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(4)
    for _ in range(3):
        chronicle.judged(broken(judge))
        clock.advance(minutes=19)
        state = chronicle.state()
        assert (state.spent_seconds, state.judge_broken, state.end) == (1200, True, None)
    chronicle.judged(judge())
    clock.advance(minutes=1)
    state = chronicle.state()
    assert (state.spent_seconds, state.judge_broken) == (1260, False)
    assert state.notices == ("the judge was broken; the clock stood still for 57 min",)


@pytest.mark.parametrize(
    ("kind", "data", "goes_on"),
    [
        ("submitted", {"snapshot": "cc"}, True),
        ("saved", {"snapshot": "cc", "why": "reset"}, True),
        ("resumed", {}, True),
        ("moved", {"workspace": "/elsewhere"}, False),
        ("extended", {"minutes": 5}, False),
        ("paused", {}, False),
    ],
)
def test_the_clock_runs_when_the_person_goes_on(clock, new_chronicle, judge, kind, data, goes_on):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    chronicle.judged(broken(judge))
    clock.advance(100)
    chronicle.add(kind, **data)
    clock.advance(30)
    state = chronicle.state()
    assert state.judge_broken is not goes_on
    assert state.spent_seconds == (30 if goes_on else 0)


@pytest.mark.parametrize(("error", "spent"), [("", 30), ("no box could be made", 0)])
def test_a_visible_run_ends_the_waiting_if_it_worked(clock, new_chronicle, judge, error, spent):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    chronicle.judged(broken(judge))
    clock.advance(100)
    visible = judge(suite=Suite.VISIBLE, error=error)
    chronicle.tested(visible)
    clock.advance(30)
    assert chronicle.state().spent_seconds == spent


@pytest.mark.parametrize("mode", Mode)
def test_ten_minutes_of_judging_are_free_and_no_more(clock, new_chronicle, judge, mode):
    chronicle = new_chronicle(clock, mode, minutes=90)
    for number in range(7):  # of a solution that sleeps
        chronicle.add("submitted", snapshot="aa")
        clock.advance(100)
        chronicle.judged(judge(failing=[1], seconds=100))
        assert chronicle.state().spent_seconds == (100 if number == 6 else 0)
    clock.advance(20)
    state = chronicle.state()
    assert state.spent_seconds == 120
    assert state.notices == ("judging took 12 min; the clock stood still for the first 10 min",)


@pytest.mark.parametrize("mode", Mode)
def test_the_clock_waits_an_hour_for_broken_judges_and_not_longer(
    clock, new_chronicle, judge, mode
):
    chronicle = new_chronicle(clock, mode, minutes=90)
    for minutes in (40, 30, 10):  # broken three times, and mended after so long
        chronicle.add("submitted", snapshot="aa")
        chronicle.judged(broken(judge))
        clock.advance(minutes=minutes)
    state = chronicle.state()
    assert (state.spent_seconds, state.judge_broken) == (20 * 60, False)
    assert state.notices == (
        "the judge was broken; the clock stood still for 1 h 00 min (it waits no longer)",
    )
    clock.advance(minutes=70)
    assert chronicle.state().is_open is (mode is Mode.PRACTICE)


def test_a_case_on_which_the_judge_fails_does_not_stop_the_clock(clock, new_chronicle, judge):
    # A solution brings that about by breaking the protocol.
    judgement = judge()
    outcomes = (replace(judgement.outcomes[0], verdict=Verdict.JUDGE_ERROR),)
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    chronicle.judged(replace(judgement, outcomes=outcomes))
    assert chronicle.events[-1].data["verdict"] == Verdict.JUDGE_ERROR
    clock.advance(100)
    state = chronicle.state()
    assert (state.spent_seconds, state.judge_broken) == (100, False)


def test_what_completes_the_attempt_ends_it_when_it_was_submitted(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock, Mode.PRACTICE)
    started = clock.wall
    for level in (1, 2, 3):
        clock.advance(60.5)
        chronicle.add("submitted", snapshot="aa")
        clock.advance(20)
        chronicle.judged(judge(range(1, level + 1)))
        chronicle.add("level_unlocked", level=level + 1)
    clock.advance(60.5)
    chronicle.add("submitted", snapshot="aa")
    submitted = clock.wall
    clock.advance(40)
    chronicle.judged(judge([1, 2, 3, 4]))
    chronicle.add("finished", end=End.COMPLETED)
    clock.advance(1000)
    state = chronicle.state()
    assert state.ended_at == datetime.fromtimestamp(submitted, UTC)
    assert state.spent_seconds == state.levels[3].accepted_at_seconds
    assert 242 < state.spent_seconds < submitted - started


# -- pauses and the deadline


def test_a_pause_stops_the_clock(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    clock.advance(minutes=5)
    chronicle.add("paused")
    clock.advance(minutes=60)
    state = chronicle.state()
    assert (state.paused, state.pauses, state.spent_seconds) == (True, 1, 300)
    chronicle.add("resumed")
    clock.advance(minutes=1)
    state = chronicle.state()
    assert (state.paused, state.pauses, state.spent_seconds) == (False, 1, 360)


def test_an_exam_closes_by_itself_at_its_deadline(clock, new_chronicle):
    chronicle = new_chronicle(clock, Mode.EXAM, minutes=30)
    deadline = datetime.fromtimestamp(clock.wall + 1800, UTC)
    clock.advance(minutes=29)
    assert chronicle.state().is_open
    clock.advance(minutes=1)
    assert chronicle.state().end is End.EXPIRED
    clock.advance(minutes=1000)
    state = chronicle.state()
    assert state.end is End.EXPIRED
    assert state.ended_at == deadline
    assert state.remaining_seconds == 0


def test_setting_the_wall_clock_back_wins_no_time_in_an_exam(clock, new_chronicle):
    chronicle = new_chronicle(clock, Mode.EXAM, minutes=30)
    clock.advance(minutes=29)
    clock.set_wall(-3600)
    clock.advance(minutes=2)
    assert chronicle.state().end is End.EXPIRED


def test_practice_goes_on_after_the_deadline(clock, new_chronicle):
    chronicle = new_chronicle(clock, minutes=30)
    clock.advance(minutes=40)
    state = chronicle.state()
    assert state.is_open
    assert state.remaining_seconds == -600


def test_judging_in_the_last_moment_gives_the_time_back(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock, Mode.EXAM, minutes=30)
    clock.advance(1790)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(15)
    assert chronicle.state().end is End.EXPIRED
    chronicle.judged(judge(seconds=12))
    state = chronicle.state()
    assert state.is_open
    assert state.remaining_seconds == 10


def test_a_submission_before_the_deadline_counts_when_judged_long_after(
    clock, new_chronicle, judge
):
    chronicle = new_chronicle(clock, Mode.EXAM, minutes=30)
    clock.advance(1790)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(minutes=500)
    chronicle.judged(judge(seconds=2))
    state = chronicle.state()
    assert state.end is End.EXPIRED
    assert state.levels[0].accepted_at_seconds == 1790
    assert (state.levels[0].passed, state.levels[0].total) == (3, 3)


# -- levels


def test_a_level_keeps_count_of_its_runs_and_its_last_result(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock)
    visible = judge(suite=Suite.VISIBLE)
    for judgement in (judge(failing=[1]), judge()):
        clock.advance(60)
        chronicle.tested(visible)
        chronicle.add("submitted", snapshot="aa")
        chronicle.judged(judgement)
    clock.advance(5)
    chronicle.add("level_unlocked", level=2)
    chronicle.add("submitted", snapshot="cc")
    chronicle.judged(judge([1, 2], failing=[2]), "cc")
    state = chronicle.state()
    first, second = state.levels[:2]
    assert (first.submissions, first.test_runs, first.passed, first.total) == (2, 2, 3, 3)
    assert (first.opened_at_seconds, first.accepted_at_seconds) == (0, 120)
    assert (second.submissions, second.test_runs, second.passed, second.total) == (1, 0, 2, 3)
    assert (second.opened_at_seconds, second.accepted_at_seconds) == (125, None)
    assert state.level == 2
    assert state.submissions == 3
    assert state.last_submission == "cc"


@pytest.mark.parametrize("level", [0, 1, 3])
def test_only_the_next_level_can_open(clock, new_chronicle, judge, level):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    chronicle.judged(judge())
    chronicle.add("level_unlocked", level=level)
    with pytest.raises(StateError, match=f"Event 4 of attempt abc234 opens level {level}"):
        chronicle.state()


@pytest.mark.parametrize(
    "judgement",
    [
        {"failing": [1]},
        {"suite": Suite.VISIBLE},
        {"error": "the box broke"},
        {"levels": [2]},
    ],
)
def test_no_level_opens_without_an_accepted_judgement(clock, new_chronicle, judge, judgement):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    chronicle.judged(judge(**judgement))
    chronicle.add("level_unlocked", level=2)
    with pytest.raises(StateError, match="opens level 2 without reason"):
        chronicle.state()


def test_no_attempt_is_completed_without_its_last_level(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    chronicle.add("finished", end=End.COMPLETED)
    with pytest.raises(StateError, match="completes the attempt without reason"):
        chronicle.state()


def test_an_exam_reveals_nothing(clock, new_chronicle):
    chronicle = new_chronicle(clock, Mode.EXAM)
    chronicle.add("revealed", level=1)
    with pytest.raises(StateError, match="reveals level 1 without reason"):
        chronicle.state()


def test_an_attempt_ends_once(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    chronicle.add("finished", end=End.FINISHED)
    chronicle.add("finished", end=End.FINISHED)
    with pytest.raises(StateError, match="Event 3 of attempt abc234 ends an attempt that was over"):
        chronicle.state()


def test_only_what_was_submitted_can_be_judged(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    chronicle.judged(judge(), "bb")
    with pytest.raises(StateError, match="judges something that was not submitted"):
        chronicle.state()


def test_after_the_end_the_clock_stands_still(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    clock.advance(minutes=10)
    chronicle.add("finished", end=End.FINISHED)
    over = chronicle.state()
    clock.reboot(off_seconds=100_000)
    chronicle.add("moved", workspace="/elsewhere")
    later = chronicle.state()
    assert over.end is End.FINISHED
    assert over.spent_seconds == 600
    assert later == replace(over, workspace=Path("/elsewhere"))


def test_ending_a_paused_attempt_ends_the_pause(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    chronicle.add("paused")
    clock.advance(minutes=10)
    chronicle.add("finished", end=End.FINISHED)
    state = chronicle.state()
    assert (state.paused, state.spent_seconds) == (False, 0)


# -- notices


def test_ordinary_work_gives_no_notice(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    for _ in range(20):
        clock.advance(minutes=5)
        clock.set_wall(0.2)
        chronicle.add("saved", snapshot="aa", why="reset")
    assert chronicle.state().notices == ()


@pytest.mark.parametrize(
    ("name", "amount", "notice"),
    [
        (
            "set_wall",
            -3600,
            "the computer's clock was set back by 1 h 00 min; the attempt's clock did not follow",
        ),
        (
            "set_wall",
            90,
            "the computer's clock was set forward by 2 min; the attempt's clock did not follow",
        ),
        ("sleep", 720, "the computer slept for 12 min; the clock ran on"),
        ("reboot", 60, "the computer was restarted"),
    ],
)
def test_irregular_clocks_are_reported_once(clock, new_chronicle, name, amount, notice):
    chronicle = new_chronicle(clock)
    clock.advance(60)
    getattr(clock, name)(amount)
    assert chronicle.state().notices == (notice,)
    chronicle.add("saved", snapshot="aa", why="reset")
    clock.advance(60)
    assert chronicle.state().notices == (notice,)


def test_a_clock_set_back_during_a_reboot_is_reported(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    clock.reboot(off_seconds=0)
    clock.set_wall(-600)
    state = chronicle.state()
    assert state.spent_seconds == 0
    assert state.notices == (
        "the computer was restarted",
        "the computer's clock was set back by 10 min or more; "
        "the time that passed meanwhile is unknown and was not counted",
    )


def test_sleep_during_a_pause_is_not_worth_a_word(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    chronicle.add("paused")
    clock.sleep(7200)
    assert chronicle.state().notices == ()


def test_judging_that_was_stopped_is_not_charged_and_the_submission_stays(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    clock.advance(100)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(25)
    chronicle.add("cancelled", snapshot="aa", seconds=24.0)
    clock.advance(7)
    state = chronicle.state()
    assert state.spent_seconds == 107
    assert state.pending_submission == "aa"
    assert state.levels[0].total == 0


def test_after_a_stop_only_the_judging_itself_is_free(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(25)
    chronicle.add("cancelled", snapshot="aa", seconds=25.0)
    clock.advance(500)
    chronicle.judged(judge(seconds=20))
    state = chronicle.state()
    assert state.spent_seconds == 470
    assert state.pending_submission is None
    assert state.levels[0].accepted_at_seconds == 0


@pytest.mark.parametrize(
    ("judging", "suspended", "waited"), [(3, 600, 603), (3, 5, 8), (3, 0, 3), (3, 9000, 100)]
)
@pytest.mark.parametrize("is_stopped", [True, False])
def test_time_in_which_the_command_was_suspended_is_charged(
    clock, new_chronicle, judge, judging, suspended, waited, is_stopped
):
    chronicle = new_chronicle(clock)
    clock.advance(100)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(waited)
    if suspended:
        chronicle.add("suspended", seconds=float(suspended))
    if is_stopped:
        chronicle.add("cancelled", snapshot="aa", seconds=float(waited))
    else:
        chronicle.judged(judge(seconds=judging))
    state = chronicle.state()
    assert state.spent_seconds == 100 + min(suspended, waited)
    assert len(state.notices) == bool(suspended)
    assert all(
        "waited for its judgement; the clock ran on for" in notice for notice in state.notices
    )


def test_only_a_judging_can_be_suspended(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    chronicle.add("suspended", seconds=3.0)
    with pytest.raises(StateError, match="suspends what was not being judged"):
        chronicle.state()


def test_a_stop_that_claims_too_much_is_cut_to_what_passed(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    clock.advance(100)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(5)
    chronicle.add("cancelled", snapshot="aa", seconds=5000.0)
    assert chronicle.state().spent_seconds == 100


def test_an_exam_ends_in_time_after_a_stop_too(clock, new_chronicle):
    chronicle = new_chronicle(clock, Mode.EXAM)
    clock.advance(minutes=89)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(30)
    chronicle.add("cancelled", snapshot="aa", seconds=30.0)
    clock.advance(59)
    assert chronicle.state().is_open
    clock.advance(2)
    assert chronicle.state().end is End.EXPIRED


@pytest.mark.parametrize("snapshot", ["bb", ""])
def test_only_what_is_judged_can_be_stopped(clock, new_chronicle, snapshot):
    chronicle = new_chronicle(clock)
    chronicle.add("submitted", snapshot="aa")
    chronicle.add("cancelled", snapshot=snapshot, seconds=1.0)
    with pytest.raises(StateError, match="stops what was not being judged"):
        chronicle.state()


def test_hints_are_counted_by_level(clock, new_chronicle):
    chronicle = new_chronicle(clock)
    chronicle.add("hinted", level=1, number=1)
    chronicle.add("hinted", level=1, number=2)
    chronicle.add("revealed", level=1)
    chronicle.add("level_unlocked", level=2)
    chronicle.add("hinted", level=2, number=1)
    assert [level.hints for level in chronicle.state().levels] == [2, 1, 0, 0]


@pytest.mark.parametrize(("level", "number"), [(1, 2), (2, 1), (1, 0)])
def test_hints_come_in_order(clock, new_chronicle, level, number):
    chronicle = new_chronicle(clock)
    chronicle.add("hinted", level=level, number=number)
    with pytest.raises(StateError, match="shows a hint out of order"):
        chronicle.state()


def test_an_exam_has_no_hints(clock, new_chronicle):
    chronicle = new_chronicle(clock, Mode.EXAM)
    chronicle.add("hinted", level=1, number=1)
    with pytest.raises(StateError, match="shows a hint in an exam"):
        chronicle.state()
