"""What people see, as pictures. After a change: RECORD_GOLDEN=1 pytest …, then read them aloud."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path

import pytest

from harness.errors import PackError
from harness.model.attempt import End, Mode
from harness.model.judgement import Cause, Feedback, Suite, Verdict
from harness.model.problem import BrokenProblem
from harness.model.score import LevelScore, Score
from harness.reports.attempt_report import attempt_report
from harness.reports.standings import default_score
from harness.reports.terminal.overview import render_history, render_problems, render_status
from harness.reports.terminal.report import render_report
from harness.reports.terminal.results import render_judgement

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def accepted(outcome):
    return [outcome(1, f"test_rule_{number}") for number in range(4)]


@pytest.fixture
def rejected(outcome, accepted):
    """A rejected submission with every kind of failure."""
    wrong = outcome(
        2,
        "test_a_scan_gives_the_keys_in_order",
        Verdict.WRONG_ANSWER,
        message="expected ['a', 'b'], got ['b', 'a']",
        cause=Cause.VALUES,
        expected="['a', 'b']",
        actual="['b', 'a']",
        calls=(
            "kv_store = KVStore()",
            "kv_store.set('b', '2') -> True",
            "kv_store.scan('', 10) -> ['b', 'a']",
            "kv_store.count() -> 2",
        ),
        output="looking\nkeys: ['b', 'a']\n",
    )
    space = outcome(
        2,
        "test_names_keep_their_white_space",
        Verdict.WRONG_ANSWER,
        message="the answer differs from what is expected",
        cause=Cause.VALUES,
        expected=f"{{'name': 'Ada  Lovelace ', 'notes': '{'x' * 90}'}}",
        actual=f"{{'name': 'Ada Lovelace', 'notes': '{'x' * 90}'}}",
        calls=tuple(f"kv_store.set_field('ada', 'f{n}', 'v') -> True" for n in range(20)),
        calls_omitted=7,
    )
    error = outcome(
        2,
        "test_a_prefix_that_no_key_begins_with_gives_an_empty_page_and_raises_nothing",
        Verdict.RUNTIME_ERROR,
        message="KeyError: 'zz'",
        where="solution.py:42 in scan",
        calls=("kv_store = KVStore()", "kv_store.scan('zz', 3)  raised KeyError: 'zz'"),
    )
    again = outcome(
        2,
        "test_an_empty_prefix",
        Verdict.RUNTIME_ERROR,
        message="KeyError: 'zz'",
        where="solution.py:42 in scan",
    )
    slow = outcome(
        2,
        "test_a_thousand_keys",
        Verdict.TIME_LIMIT,
        message="no answer within 4 s",
        calls=("kv_store.scan('', 1000)  … no answer",),
        output="\x1b[31mred\x1b[0m [bold]plain[/bold] :smile: \u202etxet",
    )
    return [*accepted, outcome(2, "test_fine"), wrong, space, error, again, slow]


@pytest.fixture
def pictures(
    problem, with_reference, state, judgement, record, snapshot, outcome, accepted, rejected
):
    def judged(*outcomes, feedback=Feedback.FULL, **more):
        return render_judgement(judgement(*outcomes, **more), feedback, problem)

    def status(**more):
        now = state(**more)
        return render_status(problem, now, default_score(problem, now))

    broken = BrokenProblem(
        "chess_clock", "core", PackError("/p/problem.toml:3: unknown key titel.")
    )
    over = state(id="abc234", mode=Mode.EXAM, end=End.EXPIRED, problem="task_scheduler")
    done = state(
        end=End.FINISHED,
        ended_at=state().started_at.replace(hour=15),
        template_snapshot="zero",
        last_submission="two",
        pauses=1,
        extensions=2,
        notices=("the computer slept for 12 min; the clock ran on",),
    )
    visible = judgement(*accepted, suite=Suite.VISIBLE)
    once_wrong = outcome(1, "test_rule_0", Verdict.WRONG_ANSWER)
    runs = [
        record(2, 1, 100.0, visible),
        record(3, 1, 130.0, visible),
        record(4, 1, 300.0, judgement(once_wrong, *accepted[1:]), "one"),
        record(6, 1, 480.0, judgement(*accepted), "one"),
        record(9, 2, 1200.0, judgement(*rejected), "two"),
    ]
    snapshots = {
        "zero": snapshot(solution="class KVStore: ...\n"),
        "one": snapshot(solution="class KVStore:\n    def get(self): ...\n"),
        "two": snapshot(
            solution="class KVStore:\n    def get(self): ...\n    def scan(self): ...\n"
        ),
    }
    reference = "class KVStore:\n    def get(self): ...\n    def scan(self):\n"
    syntax = {"message": "importing the solution failed with SyntaxError", "where": "solution.py:3"}
    return {
        "problems": render_problems([broken, problem]),
        "submit_rejected": judged(*rejected),
        "submit_calls": judged(*rejected[:6], feedback=Feedback.CALLS),
        "submit_names": judged(*rejected, feedback=Feedback.NAMES),
        "submit_none": judged(*rejected, feedback=Feedback.NONE),
        "submit_accepted": judged(*accepted, outcome(2)),
        "submit_import_error": judged(
            *(outcome(1, f"test_{n}", Verdict.IMPORT_ERROR, **syntax) for n in "abc")
        ),
        "submit_judge_error": judged(*accepted, error="no box could be made."),
        "test_accepted": judged(*accepted, outcome(2, "test_fine"), suite=Suite.VISIBLE),
        "test_rejected": judged(
            *rejected[:6],
            outcome(2, "test_last"),
            suite=Suite.VISIBLE,
            backend="process",
            tier="limits only",
            certified=False,
        ),
        "status_open": status(notices=("the computer slept for 12 min; the clock ran on",)),
        "status_over_time": status(spent_seconds=4000.0, pending_submission="x"),
        "status_paused": status(spent_seconds=3550.0, paused=True),
        "status_ended": status(end=End.FINISHED),
        "history": render_history([(state(), default_score(problem, over)), (over, None)]),
        "report": render_report(
            attempt_report(with_reference(solution=reference), done, runs, snapshots), UTC
        ),
    }


NAMES = sorted(path.stem for path in (Path(__file__).parent / "golden").glob("*.txt"))


def test_no_picture_is_forgotten(pictures):
    assert sorted(pictures) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_in_80_columns_without_colour(name, pictures, draw, matches_golden):
    text = draw(pictures[name])
    matches_golden(name, text)
    assert all(line == line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "report"])
def test_colour_adds_nothing_but_colour(name, pictures, draw):
    coloured = draw(pictures[name], terminal=True)
    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == draw(pictures[name])


@pytest.mark.parametrize("width", [40, 60, 100, 200])
@pytest.mark.parametrize("name", NAMES)
def test_lines_fit_any_width_and_never_get_too_long(name, width, pictures, draw):
    lines = draw(pictures[name], width).split("\n")
    assert max(len(line) for line in lines) <= min(width, 100)


@pytest.mark.parametrize("name", NAMES)
def test_a_terminal_that_knows_only_ascii(name, pictures, draw):
    text = draw(pictures[name], encoding="ascii")
    assert "\\u27" not in text
    assert text.strip()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_solution_reaches_the_terminal_raw(name, pictures, draw):
    text = draw(pictures[name])
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_markup_and_emoji_codes_are_shown_as_they_are(pictures, draw):
    text = draw(pictures["submit_rejected"], 100)
    assert r"\x1b[31mred\x1b[0m [bold]plain[/bold] :smile: \u202etxet" in text


def test_a_visible_run_never_claims_more_than_it_knows(pictures, draw):
    text = draw(pictures["test_accepted"])
    assert "visible 5/5 · hidden not run" in text
    assert "accepted" not in text


@pytest.mark.parametrize("width", [60, 66, 80])
def test_a_title_is_never_folded(pictures, draw, width):
    for title in ("Set and get", "Records and scans", "Expiry and backups"):
        assert title in draw(pictures["report"], width)
        assert title in draw(pictures["status_open"], width)


@pytest.mark.parametrize("width", range(48, 80, 4))
def test_nothing_of_a_report_with_a_bonus_is_cut_off(problem, state, draw, width):
    levels = [
        LevelScore(number=n, points=1200, max_points=2000, bonus=1000, max_bonus=1000)
        for n in (1, 2, 3)
    ]
    worth = Score(levels=tuple(levels), total=2200, max=3000, estimate=500)
    report = draw(render_report(attempt_report(problem, state(), [], {}, score=worth), UTC), width)
    assert "…" not in report
    for title in ("Set and get", "Records and scans", "Expiry and backups", "+ 1,000 bonus"):
        assert title in report


def test_thousands_are_written_alike_everywhere(problem, state, draw):
    own = LevelScore(number=1, points=1200, max_points=2000, bonus=1000, max_bonus=1000)
    worth = Score(levels=(own,), total=2200, max=3000, estimate=500)
    done = state(end=End.FINISHED)
    report = draw(render_report(attempt_report(problem, done, [], {}, score=worth), UTC))
    assert "1,200 + 1,000 bonus" in report
    assert report.count("2,200 of 3,000") == 2
    assert "2,200 of 3,000" in draw(render_status(problem, done, worth))
    assert "2,200" in draw(render_history([(done, worth)], UTC))


def test_the_report_ends_with_what_it_comes_to(pictures, draw):
    assert draw(pictures["report"]).split("\n")[-3:] == [
        "Score  279 of 700 · unofficial estimate 359 of 600",
        "Time   30:00 of 1:00:00 · finished",
        "",
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_reference_of_another_design_is_shown_whole(
    with_reference, state, snapshot, draw, terminal
):
    long = "x = " + " + ".join(["1"] * 60)
    done = state(end=End.FINISHED, last_submission="mine")
    mine = {"mine": snapshot(solution="pass\n")}
    report = attempt_report(with_reference(solution=f"{long}\n"), done, [], mine)
    text = draw(render_report(report, UTC), terminal=terminal)
    assert f"# solution.py\n{long}\n" in text
    assert "The reference of level 2; your code is too different for a diff" in text
