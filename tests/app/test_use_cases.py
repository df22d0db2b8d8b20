from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest

from harness.app.overview import export, history, report, standing
from harness.app.session import Session
from harness.app.work import (
    cost_of_reveal,
    finish,
    hint,
    last_submission,
    level_statement,
    reveal,
    run_tests,
    start,
    submit,
)
from harness.errors import CancelledError, PackError, RequestError, StateError
from harness.model.attempt import End, Mode
from harness.model.judgement import Feedback, Observer, Suite, Verdict
from harness.model.score import Score
from harness.plugins.hookspecs import hookimpl


def attempt_seconds(session, sitting):
    return session.store.state(sitting.state.id).spent_seconds


class TestStart:
    def test_makes_a_workspace_and_an_attempt(self, session, begin, settings):
        sitting = begin()
        assert sitting.workspace.root == settings.workspaces / "steps"
        assert (sitting.workspace.root / "solution.py").read_text() == "REACHED = 0\n"
        assert (sitting.workspace.root / "statements" / "level1.md").exists()
        assert session.store.state(sitting.state.id).workspace == sitting.workspace.root
        assert sitting.state.minutes == 30

    def test_hands_out_the_statement(self, session):
        assert level_statement(session, start(session, "steps")).text.startswith("# Level 1")

    def test_a_second_attempt_gets_its_own_folder(self, begin):
        assert begin().workspace.root.name == "steps"
        assert begin().workspace.root.name == "steps-2"

    def test_into_a_given_folder(self, begin, tmp_path):
        assert begin(directory=tmp_path / "here").workspace.root == tmp_path / "here"

    @pytest.mark.parametrize(
        ("mode", "feedback"), [(Mode.PRACTICE, Feedback.FULL), (Mode.EXAM, Feedback.NAMES)]
    )
    def test_feedback_follows_the_mode(self, begin, mode, feedback):
        assert begin(mode=mode).state.feedback is feedback

    def test_what_is_asked_for_wins(self, begin):
        state = begin(mode=Mode.EXAM, feedback=Feedback.CALLS, minutes=7).state
        assert (state.feedback, state.minutes) == (Feedback.CALLS, 7)

    def test_settings_win_over_the_problem(self, session, begin):
        session.settings = replace(
            session.settings, minutes=12, mode=Mode.EXAM, feedback=Feedback.NONE, editor="vim"
        )
        sitting = begin()
        state = sitting.state
        assert (state.minutes, state.mode, state.feedback) == (12, Mode.EXAM, Feedback.NONE)
        assert (sitting.workspace.root / ".exrc").exists()

    def test_seeds_differ(self, begin):
        assert begin().state.seed != begin().state.seed

    def test_survives_a_change_of_the_pack(self, session, begin, pack):
        sitting = begin()
        (pack / "problems" / "steps" / "level1" / "statement.md").write_text("changed\n")
        assert level_statement(session, sitting).text.startswith("# Level 1")

    def test_a_record_that_cannot_be_opened_leaves_no_folder(self, session, settings):
        settings.home.mkdir()
        (settings.home / "attempts.db").write_text("no database, but long enough to be looked at")
        with pytest.raises(StateError):
            start(session, "steps")
        assert not settings.workspaces.exists()

    def test_a_broken_problem(self, session, pack):
        (pack / "problems" / "steps" / "editorial.md").unlink()
        with pytest.raises(PackError, match=r"editorial\.md"):
            start(session, "steps")


class TestLazy:
    def test_listing_opens_no_database(self, session, settings):
        assert [problem.slug for problem in session.catalog.problems()] == ["steps"]
        assert not settings.home.exists()

    def test_closing_an_unused_session_opens_nothing(self, settings):
        Session(settings).close()
        assert not settings.home.exists()

    def test_closing_ends_an_early_child_that_was_not_needed(self, settings):
        class Child:
            closed = False

            def close(self):
                self.closed = True

        child = Child()
        Session(settings, prepared=child).close()
        assert child.closed


class TestStatement:
    def test_of_a_closed_level(self, session, begin):
        with pytest.raises(RequestError, match="Level 2 is not open yet") as caught:
            level_statement(session, begin(), 2)
        assert "harness submit" in caught.value.hint

    def test_of_a_level_that_does_not_exist(self, session, begin):
        with pytest.raises(RequestError, match="no level 3"):
            level_statement(session, begin(), 3)

    def test_after_the_end_all_can_be_read(self, session, begin):
        sitting = begin()
        finish(session, sitting)
        assert level_statement(session, sitting, 2).title == "The second step"

    def test_writes_a_level_again_that_is_missing(self, session, begin, solve):
        sitting = begin()
        solve(sitting, 1)
        submit(session, sitting)
        suite = sitting.workspace.root / "tests" / "test_level2.py"
        suite.unlink()
        level_statement(session, sitting)
        assert suite.exists()


class TestTest:
    def test_runs_the_visible_suites_and_is_recorded(self, session, begin, judge):
        sitting = begin()
        result = run_tests(session, sitting)
        assert judge.requests[0].suite is Suite.VISIBLE
        assert judge.requests[0].levels == (1,)
        assert judge.requests[0].seed == sitting.state.seed
        assert result.judgement.verdict is Verdict.WRONG_ANSWER
        assert result.state.levels[0].test_runs == 1

    def test_a_run_that_is_not_the_persons_leaves_no_trace(self, session, begin):
        sitting = begin()
        assert run_tests(session, sitting, recorded=False).state.levels[0].test_runs == 0
        assert session.store.judgements(sitting.state.id) == []

    def test_own_tests_stay_outside_the_box(self, session, begin, judge):
        sitting = begin()
        (sitting.workspace.root / "test_mine.py").write_text("")
        run_tests(session, sitting)
        assert set(judge.requests[0].snapshot.files) == {"solution.py", "helper.py"}

    def test_only_some_cases(self, session, begin):
        assert len(run_tests(session, begin(), "walk").judgement.outcomes) == 1

    def test_a_selection_without_cases_is_no_run(self, session, begin):
        sitting = begin()
        with pytest.raises(RequestError, match="No visible case matches 'swim'"):
            run_tests(session, sitting, "swim")
        assert session.store.state(sitting.state.id).levels[0].test_runs == 0

    def test_is_not_begun_while_paused(self, session, begin, judge):
        sitting = begin()
        session.store.pause(sitting.state.id)
        with pytest.raises(RequestError, match="paused"):
            run_tests(session, sitting)
        assert judge.requests == []

    def test_progress(self, session, begin):
        class Seen(Observer):
            def cases_collected(self, cases):
                collected.extend(cases)

            def case_done(self, outcome):
                done.append(outcome.case)

        collected, done = [], []
        run_tests(session, begin(), "", Seen())
        assert collected == ["level1::test_walk", "level1::test_stop"]
        assert done == collected


class TestSubmit:
    def test_is_recorded_before_it_is_judged(self, session, begin, judge):
        sitting = begin()
        pending = []
        judge.before = lambda: pending.append(
            session.store.state(sitting.state.id).pending_submission
        )
        submit(session, sitting)
        assert pending == [sitting.workspace.read().hash]
        assert session.store.state(sitting.state.id).pending_submission is None

    def test_an_accepted_level_opens_the_next(self, session, begin, solve):
        sitting = begin()
        solve(sitting, 1)
        result = submit(session, sitting)
        assert result.opened == 2
        assert result.state.level == 2
        assert (sitting.workspace.root / "statements" / "level2.md").exists()
        assert (sitting.workspace.root / "tests" / "test_level2.py").exists()

    def test_a_wrong_answer_opens_nothing(self, session, begin):
        sitting = begin()
        result = submit(session, sitting)
        assert result.opened is None
        assert not (sitting.workspace.root / "statements" / "level2.md").exists()

    def test_the_last_level_completes(self, session, begin, solve):
        sitting = begin()
        solve(sitting, 2)
        submit(session, sitting)
        result = submit(session, sitting)
        assert result.state.end is End.COMPLETED
        assert result.opened is None

    def test_judging_time_is_not_charged(self, session, begin, judge, clock):
        sitting = begin()

        def slow():
            clock.now += 5

        judge.before = slow
        submit(session, sitting)
        assert attempt_seconds(session, sitting) == pytest.approx(0)

    def test_a_killed_judge_is_made_up_for(self, session, begin, solve, judge):
        sitting = begin()
        solve(sitting, 1)

        def kill():
            raise KeyboardInterrupt

        judge.before = kill
        with pytest.raises(KeyboardInterrupt):
            submit(session, sitting)
        assert session.store.state(sitting.state.id).pending_submission is not None
        judge.before = lambda: None
        result = submit(session, sitting)
        assert result.resumed
        assert result.opened == 2
        assert result.state.submissions == 1

    @pytest.mark.parametrize("ends", [submit, finish])
    def test_the_time_before_it_is_judged_at_last_is_charged(
        self, session, begin, judge, clock, ends
    ):
        sitting = begin()

        def kill():
            raise MemoryError

        judge.before = kill
        with pytest.raises(MemoryError):
            submit(session, sitting)
        judge.before = lambda: None
        clock.now += 9
        ends(session, sitting)
        state = session.store.state(sitting.state.id)
        assert state.spent_seconds == 9
        assert any("waited for its judgement" in notice for notice in state.notices)

    def test_changed_files_are_a_new_submission(self, session, begin, solve, judge):
        sitting = begin()
        judge.error = "broken"
        submit(session, sitting)
        judge.error = ""
        solve(sitting, 1)
        result = submit(session, sitting)
        assert not result.resumed
        assert result.state.submissions == 2

    def test_judged_before_only_as_long_as_nothing_changed(self, session, begin, solve, judge):
        sitting = begin()
        assert last_submission(session, sitting) is None
        submit(session, sitting)
        before = last_submission(session, sitting)
        assert before.judgement.verdict is Verdict.WRONG_ANSWER
        assert before.unchanged
        run_tests(session, sitting)
        assert last_submission(session, sitting).judgement == before.judgement
        solve(sitting, 1)
        assert last_submission(session, sitting) is None
        submit(session, sitting)
        assert (
            last_submission(session, sitting) is None
        )  # level 2 is open now: there is more to judge
        submit(session, sitting)
        assert last_submission(session, sitting).judgement.levels == (1, 2)
        judge.error = "broken"
        submit(session, sitting)
        assert last_submission(session, sitting) is None

    def test_a_failed_judge_changes_nothing(self, session, begin, solve, judge):
        sitting = begin()
        solve(sitting, 1)
        judge.error = "broken"
        result = submit(session, sitting)
        assert result.judgement.verdict is Verdict.JUDGE_ERROR
        assert result.state.level == 1
        assert result.state.pending_submission is not None

    def test_an_exam_that_ended_while_judging_was_cut_off_still_counts(
        self, session, begin, solve, judge, clock
    ):
        sitting = begin(mode=Mode.EXAM)
        solve(sitting, 1)

        def kill():
            raise KeyboardInterrupt

        judge.before = kill
        with pytest.raises(KeyboardInterrupt):
            submit(session, sitting)
        judge.before = lambda: None
        clock.now += 31 * 60
        solve(sitting, 0)
        result = submit(session, sitting)
        assert result.resumed
        assert result.state.end is End.EXPIRED
        assert result.state.levels[0].passed == 2

    def test_a_judge_that_was_broken_past_the_deadline_costs_no_time(
        self, session, begin, solve, judge, clock
    ):
        sitting = begin(mode=Mode.EXAM)
        solve(sitting, 1)
        judge.error = "broken"
        submit(session, sitting)
        judge.error = ""
        clock.now += 31 * 60
        result = submit(session, sitting)
        assert result.opened == 2
        assert result.state.spent_seconds == 0

    def test_after_the_deadline_of_an_exam(self, session, begin, clock, judge):
        sitting = begin(mode=Mode.EXAM)
        clock.now += 30 * 60
        with pytest.raises(RequestError, match="Time is up"):
            submit(session, sitting)
        assert judge.requests == []

    def test_two_at_once(self, session, begin):
        sitting = begin()
        with (
            session.store.judging(sitting.state.id),
            pytest.raises(RequestError, match="right now"),
        ):
            submit(session, sitting)

    def test_finish_waits_for_no_other_judge_and_sees_what_that_one_found(
        self, session, begin, solve, judge, monkeypatch
    ):
        sitting = begin()
        solve(sitting, 1)
        session.store.submit(sitting.state.id, sitting.workspace.read())
        with (
            session.store.judging(sitting.state.id),
            pytest.raises(RequestError, match="right now"),
        ):
            finish(session, sitting)
        judging = session.store.judging

        @contextmanager
        def another_was_faster(attempt):
            monkeypatch.setattr(session.store, "judging", judging)
            submit(session, sitting)
            with judging(attempt):
                yield

        monkeypatch.setattr(session.store, "judging", another_was_faster)
        assert finish(session, sitting).end is End.FINISHED
        assert len(judge.requests) == 1

    def test_an_unfit_workspace_is_not_recorded(self, session, begin):
        sitting = begin()
        (sitting.workspace.root / "random.py").write_text("")
        with pytest.raises(RequestError, match=r"random\.py hides"):
            submit(session, sitting)
        assert session.store.state(sitting.state.id).submissions == 0


class TestStops:
    """The judge is stopped: no verdict, nothing lost, and a clock that says so."""

    def test_a_test_run_leaves_no_trace_but_its_time(self, session, begin, judge, clock):
        sitting = begin()

        def stop():
            clock.now += 7
            raise CancelledError("stopped")

        judge.before = stop
        with pytest.raises(CancelledError):
            run_tests(session, sitting)
        state = session.store.state(sitting.state.id)
        assert state.levels[0].test_runs == 0
        assert state.spent_seconds == 7
        assert session.store.judgements(state.id) == []

    @pytest.mark.parametrize("error", [CancelledError("stopped"), KeyboardInterrupt()])
    def test_a_submission_waits_for_its_verdict_and_costs_no_time(
        self, session, begin, solve, judge, clock, error
    ):
        sitting = begin()
        solve(sitting, 1)

        def stop():
            clock.now += 7
            raise error

        judge.before = stop
        with pytest.raises(type(error)):
            submit(session, sitting)
        kinds = [event.kind for event in session.store.events(sitting.state.id)]
        assert kinds == ["created", "submitted", "cancelled"]
        state = session.store.state(sitting.state.id)
        assert state.pending_submission is not None
        assert state.spent_seconds <= 7  # what the machine measured, and the allowance
        assert session.store.judgements(state.id) == []
        judge.before = lambda: None
        again = submit(session, sitting)
        assert again.resumed
        assert again.opened == 2
        assert again.state.submissions == 1


class TestHints:
    def test_each_is_recorded_once(self, session, begin):
        sitting = begin()
        first = hint(session, sitting)
        assert (first.texts, first.first, first.total) == (("Lift a foot.",), 1, 1)
        assert first.state.levels[0].hints == 1
        again = hint(session, sitting)
        assert again.texts == ("Lift a foot.",)
        assert again.state.levels[0].hints == 1
        kinds = [event.kind for event in session.store.events(sitting.state.id)]
        assert kinds == ["created", "hinted"]

    def test_a_level_without_hints_records_nothing(self, session, begin, solve):
        sitting = begin()
        solve(sitting, 1)
        submit(session, sitting)
        assert hint(session, sitting).total == 0
        assert session.store.events(sitting.state.id)[-1].kind == "level_unlocked"

    def test_none_in_an_exam(self, session, begin):
        with pytest.raises(RequestError, match="has no hints"):
            hint(session, begin(mode=Mode.EXAM))


class TestUnsubmitted:
    def test_only_what_passes_and_was_not_submitted(self, session, begin, solve):
        sitting = begin()
        assert not run_tests(session, sitting).unsubmitted
        solve(sitting, 1)
        assert run_tests(session, sitting).unsubmitted
        assert not run_tests(session, sitting, "walk").unsubmitted
        submit(session, sitting)
        solve(sitting, 2)
        assert run_tests(session, sitting).unsubmitted

    def test_the_same_files_count_anew_at_another_level(self, session, begin, solve):
        sitting = begin()
        solve(sitting, 2)
        submit(session, sitting)
        assert run_tests(session, sitting).unsubmitted
        submit(session, sitting)


class TestReveal:
    def test_its_cost_is_known_before(self, session, begin, solve):
        sitting = begin()
        cost = cost_of_reveal(session, sitting)
        assert (cost.level, cost.points, cost.most, cost.ends) == (1, 0, 150, False)
        reveal(session, sitting)
        cost = cost_of_reveal(session, sitting)
        assert (cost.level, cost.points, cost.most, cost.ends) == (2, 0, 200, True)
        assert reveal(session, sitting)[0].end is End.FINISHED


class TestPlugins:
    def test_observers_are_told(self, session, begin, solve, plugins):
        told = []

        class Observer:
            @hookimpl
            def harness_attempt_event(self, event):
                told.append(event.kind)

            @hookimpl
            def harness_judged(self, judgement):
                told.append(judgement.verdict)

        plugins.register(Observer(), "observer")
        sitting = begin()
        solve(sitting, 1)
        submit(session, sitting)
        session.store.pause(sitting.state.id)
        assert told == [
            "created",
            "submitted",
            "judged",
            "level_unlocked",
            Verdict.ACCEPTED,
            "paused",
        ]

    def test_a_plugin_decides_the_score(self, session, begin, plugins):
        class Generous:
            @hookimpl
            def harness_score(self):
                return Score(levels=(), total=7, max=7, estimate=600)

        sitting = begin()
        problem = session.problem(sitting.state)
        assert session.score(problem, sitting.state).total == 0
        plugins.register(Generous(), "generous")
        assert session.score(problem, sitting.state).total == 7
        assert report(session, sitting.state.id).score.total == 7


class TestLooking:
    def test_standing_names_what_is_not_submitted(self, session, begin, solve):
        sitting = begin()
        assert standing(session, sitting).unsubmitted == ()
        solve(sitting, 1)
        (sitting.workspace.root / "more.py").write_text("")
        assert standing(session, sitting).unsubmitted == ("more.py", "solution.py")
        submit(session, sitting)
        assert standing(session, sitting).unsubmitted == ()

    def test_standing_of_a_workspace_that_cannot_be_read(self, session, begin):
        sitting = begin()
        (sitting.workspace.root / "solution.py").unlink()
        assert standing(session, sitting).unsubmitted == ()

    def test_report_keeps_the_debrief_until_the_end(self, session, begin, solve):
        sitting = begin()
        solve(sitting, 1)
        submit(session, sitting)
        assert report(session, sitting.state.id).editorial is None
        finish(session, sitting)
        found = report(session, sitting.state.id)
        assert found.editorial.startswith("# Why")
        assert "REACHED = 2" in found.reference
        assert found.score.total == 150

    def test_history_is_newest_first_and_survives_a_lost_problem(self, session, begin, settings):
        first, second = begin(), begin()
        assert [state.id for state, _ in history(session)[0]] == [second.state.id, first.state.id]
        assert history(session)[0][0][1].max == 350
        (settings.home / "pinned").rename(settings.home / "lost")
        assert [score for _, score in history(session)[0]] == [None, None]

    def test_history_loads_a_problem_once(self, session, begin, monkeypatch):
        for _ in range(3):
            begin()
        loaded = []
        load = type(session).problem
        monkeypatch.setattr(
            type(session), "problem", lambda *args: loaded.append(args) or load(*args)
        )
        assert len(history(session)[0]) == 3
        assert len(loaded) == 1


class TestEnd:
    def test_reveal_writes_the_reference_where_it_is_not_submitted(self, session, begin):
        sitting = begin()
        state, written = reveal(session, sitting)
        assert state.level == 2
        assert [path.read_text() for path in written] == ["REACHED = 1\n"]
        assert set(sitting.workspace.read().files) == {"solution.py", "helper.py"}
        assert (sitting.workspace.root / "statements" / "level2.md").exists()

    def test_reveal_is_refused_before_it_is_asked_for_in_an_exam(self, session, begin):
        with pytest.raises(RequestError):
            reveal(session, begin(mode=Mode.EXAM))

    def test_finish_judges_what_was_submitted_first(self, session, begin, solve, judge):
        sitting = begin()
        solve(sitting, 1)
        judge.error = "broken"
        submit(session, sitting)
        judge.error = ""
        state = finish(session, sitting)
        assert state.end is End.FINISHED
        assert state.levels[0].passed == 2

    @pytest.mark.parametrize("level", [1, 2])
    def test_finish_ends_also_what_is_to_be_judged_later(self, session, begin, solve, judge, level):
        sitting = begin()
        solve(sitting, level)
        judge.error = "broken"
        submit(session, sitting)
        state = finish(session, sitting)
        assert state.end is End.FINISHED
        assert state.pending_submission == state.last_submission
        judge.error = ""
        result = submit(session, sitting)
        assert result.resumed
        assert result.opened is None
        assert result.state.end is End.FINISHED
        assert result.state.pending_submission is None
        assert result.score.total == 150

    def test_the_last_level_accepted_after_the_end(self, session, begin, solve, judge):
        sitting = begin()
        solve(sitting, 2)
        submit(session, sitting)
        judge.error = "broken"
        submit(session, sitting)
        finish(session, sitting)
        judge.error = ""
        result = submit(session, sitting)
        assert result.state.end is End.FINISHED
        assert result.score.total == result.score.max

    def test_finish_that_turns_out_to_complete(self, session, begin, solve, judge):
        sitting = begin()
        solve(sitting, 2)
        submit(session, sitting)
        judge.error = "broken"
        submit(session, sitting)
        judge.error = ""
        assert finish(session, sitting).end is End.COMPLETED

    def test_finish_twice(self, session, begin):
        sitting = begin()
        finish(session, sitting)
        with pytest.raises(RequestError, match="is over"):
            finish(session, sitting)

    def test_export_waits_while_it_would_tell_too_much(self, session, begin):
        sitting = begin(feedback=Feedback.NAMES)
        with pytest.raises(RequestError, match="feedback"):
            export(session, sitting.state.id)
        finish(session, sitting)
        assert export(session, sitting.state.id)["attempt"] == sitting.state.id

    def test_export_in_practice(self, session, begin):
        assert len(export(session, begin().state.id)["events"]) == 1

    def test_backup(self, session, begin, tmp_path):
        begin()
        session.store.backup(tmp_path / "copy.db")
        assert (tmp_path / "copy.db").read_bytes().startswith(b"SQLite")


class TestClock:
    def test_pause_resume_extend(self, session, begin, clock):
        sitting = begin()
        assert session.store.pause(sitting.state.id).paused
        clock.now += 600
        state = session.store.resume(sitting.state.id)
        assert not state.paused
        assert state.spent_seconds == pytest.approx(0)
        assert session.store.extend(sitting.state.id, 5).allowed_seconds == 35 * 60


def test_the_judge_is_made_when_it_is_needed(settings):
    with Session(settings) as session:
        assert type(session.judge).__name__ == "Judge"
        assert not settings.home.exists()
