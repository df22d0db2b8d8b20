"""Level 3: what decides."""

import pytest
from solution import CycleError, TaskScheduler


def test_clock_starts_at_zero():
    """The clock starts at 0, and a task without delay is due at once

    Rule: The scheduler has a **clock** in whole seconds, which starts at 0 and which only `advance`
    moves.
    Rule: Sets the clock to `now` and returns `True`.
    Rule: The first due time is the clock at submission plus `delay`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    assert scheduler.due("a") == 0
    assert scheduler.status("a") == "ready"
    assert scheduler.advance(0) is True


def test_refused_time_changes_nothing():
    """A time before the clock is refused and the clock stays, the same time is accepted

    Rule: If `now` is earlier than the clock, returns `False` and changes nothing.
    Rule: `now` may equal the clock.
    """
    scheduler = TaskScheduler()
    scheduler.advance(10)
    assert scheduler.advance(9) is False
    scheduler.submit("a", 1, delay=5)
    assert scheduler.due("a") == 15
    assert scheduler.advance(10) is True


def test_ready_exactly_when_due():
    """A task is delayed until the second before its due time

    Rule: A task has a **due time** and may not run while the clock is earlier than that.
    Rule: `status` returns `"cancelled"`, or `"delayed"` for a task whose due time is later than the
    clock.
    Rule: The first due time is the clock at submission plus `delay`.
    """
    scheduler = TaskScheduler()
    scheduler.advance(100)
    scheduler.submit("a", 1, delay=20)
    scheduler.advance(119)
    assert scheduler.status("a") == "delayed"
    assert scheduler.ready() == []
    assert scheduler.run_next() is None
    scheduler.advance(120)
    assert scheduler.ready() == ["a"]


def test_delayed_is_passed_over():
    """A delayed task is passed over, however urgent it is

    Rule: `ready` and `run_next` pass over delayed and cancelled tasks.
    """
    scheduler = TaskScheduler()
    scheduler.submit("urgent", 9, delay=1)
    scheduler.submit("plain", 1)
    assert scheduler.run_next() == "plain"
    assert scheduler.run_next() is None


def test_due_time_breaks_ties():
    """Of equal priorities the earlier due time comes first, then the earlier submission

    Rule: larger priority first, then earlier due time, then earlier submission.
    """
    scheduler = TaskScheduler()
    for task_id, delay in [("a", 30), ("b", 10), ("c", 20), ("d", 10)]:
        scheduler.submit(task_id, 1, delay=delay)
    scheduler.submit("e", 2, delay=40)
    scheduler.advance(50)
    assert scheduler.ready() == ["e", "b", "d", "c", "a"]


def test_recurring_first_due_time():
    """The due times of a recurring task are counted from its first one

    Rule: The first due time is the clock at submission plus `delay`.
    Rule: With `every` greater than 0 the task is **recurring**: its due times are the first one,
    and then one more each `every` seconds, for ever.
    """
    scheduler = TaskScheduler()
    scheduler.advance(7)
    scheduler.submit("a", 1, delay=4, every=10)
    assert scheduler.due("a") == 11
    scheduler.advance(11)
    assert scheduler.run_next() == "a"
    assert scheduler.due("a") == 21


def test_late_run_does_not_shift_the_due_times():
    """A late run does not shift the later due times

    Rule: With `every` greater than 0 the task is **recurring**: its due times are the first one,
    and then one more each `every` seconds, for ever.
    Rule: when a recurring task runs, its next due time becomes the first of its due times that is
    later than the clock.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, every=10)
    dues = []
    for now in [3, 17, 29]:
        scheduler.advance(now)
        scheduler.run_next()
        dues.append(scheduler.due("a"))
    assert dues == [10, 20, 30]


def test_run_at_a_later_due_time():
    """A late run exactly at a due time serves that due time as well

    Rule: when a recurring task runs, its next due time becomes the first of its due times that is
    later than the clock.
    Rule: Due times that were missed are not made up for.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, delay=10, every=10)
    scheduler.advance(30)
    assert scheduler.run_next() == "a"
    assert scheduler.due("a") == 40
    assert scheduler.run_next() is None


def test_late_task_keeps_its_due_time():
    """A late recurring task keeps the due time it missed, also in the order

    Rule: Until it runs, its due time stays what it was, however late it is.
    Rule: larger priority first, then earlier due time, then earlier submission.
    """
    scheduler = TaskScheduler()
    scheduler.submit("once", 1, delay=12)
    scheduler.submit("again", 1, delay=10, every=10)
    scheduler.advance(35)
    assert scheduler.due("again") == 10
    assert scheduler.ready() == ["again", "once"]


def test_recurring_is_never_done():
    """A recurring task is delayed, then ready, but never done

    Rule: A recurring task is never `"done"`.
    Rule: `status` returns `"cancelled"`, or `"delayed"` for a task whose due time is later than the
    clock.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, every=1)
    for now in [0, 1, 2]:
        scheduler.advance(now)
        assert scheduler.run_next() == "a"
        assert scheduler.status("a") == "delayed"


def test_advance_runs_nothing():
    """Moving the clock runs nothing

    Rule (advance): It runs nothing.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, delay=5)
    scheduler.submit("b", 1)
    scheduler.advance(10)
    assert scheduler.status("a") == "ready"
    assert scheduler.status("b") == "ready"


def test_due_of_what_is_over():
    """There is no due time for a task that is done, cancelled or unknown

    Rule: If the task is done or cancelled, or the id was never submitted, returns `None`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 2)
    scheduler.submit("b", 1, delay=3)
    scheduler.run_next()
    scheduler.cancel("b")
    assert scheduler.due("a") is None
    assert scheduler.due("b") is None
    assert scheduler.due("c") is None


def test_delayed_and_blocked():
    """A task that is delayed and blocked is delayed first, then blocked

    Rule: A task that is delayed and also blocked is `"delayed"`.
    Rule: `blockers` goes by unmet needs, and does not look at due times.
    Rule: Returns the due time of a task, be it past or still to come, blocked or not.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, delay=5)
    scheduler.submit("b", 1, delay=9)
    scheduler.submit("c", 1, delay=20)
    scheduler.add_dependency("a", "b")
    scheduler.add_dependency("b", "c")
    assert scheduler.status("a") == "delayed"
    assert scheduler.blockers("a") == ["b", "c"]
    scheduler.advance(9)
    assert scheduler.status("a") == "blocked"
    assert scheduler.due("a") == 5
    assert scheduler.ready() == []


def test_any_run_of_a_recurring_need():
    """A task that has not run yet needs any one run of a recurring task

    Rule: If *a* is recurring, that need is met when *a* has run since the last run of *b*.
    Rule: A task is blocked while it has an unmet need, unless it is done.
    Rule: If *b* has not run yet, any run of *a* counts.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, every=10)
    scheduler.submit("b", 1)
    scheduler.add_dependency("b", "a")
    assert scheduler.status("b") == "blocked"
    scheduler.run_next()
    scheduler.submit("c", 1)
    scheduler.add_dependency("c", "a")
    assert scheduler.ready() == ["b", "c"]


def test_new_run_for_each_run():
    """After its run a recurring task waits for a new run of the one it needs

    Rule: If *a* is recurring, that need is met when *a* has run since the last run of *b*.
    Rule: So *b* runs again only after *a* has run again.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, every=100)
    scheduler.submit("b", 1, every=10)
    scheduler.add_dependency("b", "a")
    assert [scheduler.run_next() for _ in range(2)] == ["a", "b"]
    assert scheduler.blockers("b") == ["a"]
    scheduler.advance(50)
    assert scheduler.status("b") == "blocked"
    assert scheduler.run_next() is None
    scheduler.advance(100)
    assert [scheduler.run_next() for _ in range(2)] == ["a", "b"]


def test_runs_do_not_add_up():
    """Several runs of the need allow one run, not several

    Rule: If *a* is recurring, that need is met when *a* has run since the last run of *b*.
    Rule: So *b* runs again only after *a* has run again.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 9, every=10)
    scheduler.submit("b", 1, delay=25, every=1)
    scheduler.add_dependency("b", "a")
    for now in [0, 10, 20]:
        scheduler.advance(now)
        scheduler.run_next()
    scheduler.advance(25)
    assert scheduler.run_next() == "b"
    scheduler.advance(26)
    assert scheduler.status("b") == "blocked"


def test_one_run_serves_all():
    """One run of a recurring task serves every task that needs it

    Rule: If *a* is recurring, that need is met when *a* has run since the last run of *b*.
    Rule: If *b* has not run yet, any run of *a* counts.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 9, every=10)
    for task_id in ["b", "c"]:
        scheduler.submit(task_id, 1, every=10)
        scheduler.add_dependency(task_id, "a")
    assert [scheduler.run_next() for _ in range(4)] == ["a", "b", "c", None]


def test_since_goes_by_the_order_of_runs():
    """Which run came later is decided by the order of the runs, not by the clock

    Rule: If *a* is recurring, that need is met when *a* has run since the last run of *b*.
    Rule: "Since" goes by the order of the runs, not by the clock.
    """
    scheduler = TaskScheduler()
    scheduler.submit("early", 3, every=10)
    scheduler.submit("need", 2, every=10)
    scheduler.submit("late", 1, every=10)
    assert [scheduler.run_next() for _ in range(3)] == ["early", "need", "late"]
    scheduler.add_dependency("early", "need")
    scheduler.add_dependency("late", "need")
    assert scheduler.blockers("early") == []
    assert scheduler.blockers("late") == ["need"]
    scheduler.advance(10)
    assert scheduler.ready() == ["early", "need"]


def test_need_that_runs_once_stays_met():
    """A recurring task waits only once for a task that runs once

    Rule: If *b* needs a task *a* that runs once, that need is met when *a* is done, and stays met.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 1, every=10)
    scheduler.add_dependency("b", "a")
    assert [scheduler.run_next() for _ in range(2)] == ["a", "b"]
    scheduler.advance(10)
    assert scheduler.run_next() == "b"


def test_done_task_is_not_blocked_again():
    """A done task stays done when the recurring task it needed comes back

    Rule: With `every` 0 the task runs once.
    Rule: If nothing holds the task up, or it is done, returns `[]`.
    Rule: A task is blocked while it has an unmet need, unless it is done.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, every=10)
    scheduler.submit("b", 1)
    scheduler.add_dependency("b", "a")
    scheduler.run_next()
    scheduler.run_next()
    scheduler.advance(10)
    assert scheduler.status("b") == "done"
    assert scheduler.blockers("b") == []


def test_cancel_ready_delayed_blocked():
    """Ready, delayed and blocked tasks can be cancelled and never run

    Rule: Cancels a task, whether it is ready, delayed or blocked.
    Rule: It is `"cancelled"` for good, and its id stays taken.
    Rule: `ready` and `run_next` pass over delayed and cancelled tasks.
    Rule: For a cancelled task it returns `[]`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("ready", 1)
    scheduler.submit("delayed", 1, delay=5, every=5)
    scheduler.submit("blocked", 1)
    scheduler.submit("need", 1)
    scheduler.add_dependency("blocked", "need")
    assert scheduler.cancel("blocked") == ["blocked"]
    assert scheduler.cancel("delayed") == ["delayed"]
    assert scheduler.cancel("ready") == ["ready"]
    assert scheduler.status("delayed") == "cancelled"
    scheduler.advance(20)
    assert scheduler.ready() == ["need"]
    assert scheduler.status("delayed") == "cancelled"
    assert scheduler.blockers("blocked") == []


def test_cancel_reaches_indirect_needs():
    """Cancelling reaches tasks that need it indirectly, each once, sorted

    Rule: All tasks that need it are cancelled too, even if what they need has already run; then all
    tasks that need those, and so on.
    Rule: Returns the ids that this call cancelled, sorted as Python sorts strings.
    """
    scheduler = TaskScheduler()
    for task_id in ["d", "c", "b", "a", "x"]:
        scheduler.submit(task_id, 1)
    for task_id, needs in [("c", "d"), ("b", "d"), ("a", "b"), ("a", "c"), ("d", "x")]:
        scheduler.add_dependency(task_id, needs)
    assert scheduler.cancel("d") == ["a", "b", "c", "d"]
    assert scheduler.status("a") == "cancelled"
    assert scheduler.ready() == ["x"]


def test_cancel_reaches_met_needs():
    """Cancelling a recurring task reaches tasks for which it has run already

    Rule: All tasks that need it are cancelled too, even if what they need has already run; then all
    tasks that need those, and so on.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, every=10)
    scheduler.submit("b", 1, delay=5)
    scheduler.add_dependency("b", "a")
    scheduler.run_next()
    assert scheduler.cancel("a") == ["a", "b"]
    scheduler.advance(50)
    assert scheduler.run_next() is None


def test_done_task_stops_a_cancellation():
    """A done task stays done, and what needs it is not cancelled

    Rule: A task that is done stays done and passes nothing on.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 3, every=10)
    scheduler.submit("b", 2)
    scheduler.submit("c", 1)
    scheduler.add_dependency("b", "a")
    scheduler.add_dependency("c", "b")
    scheduler.run_next()
    scheduler.run_next()
    assert scheduler.cancel("a") == ["a"]
    assert scheduler.status("b") == "done"
    assert scheduler.run_next() == "c"


def test_nothing_to_cancel():
    """Cancelling a done, cancelled or unknown task gives an empty list

    Rule: If the task is done or cancelled, or the id was never submitted, returns `[]` and changes
    nothing.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 2)
    scheduler.submit("b", 1)
    scheduler.run_next()
    scheduler.cancel("b")
    assert scheduler.cancel("a") == []
    assert scheduler.cancel("b") == []
    assert scheduler.cancel("c") == []
    assert scheduler.status("a") == "done"


def test_cancelled_id_stays_taken():
    """The id of a cancelled task is refused

    Rule: It is `"cancelled"` for good, and its id stays taken.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.cancel("a")
    assert scheduler.submit("a", 1) is False
    assert scheduler.status("a") == "cancelled"


def test_no_dependency_with_a_cancelled_task():
    """A dependency with a cancelled task is refused, without an error even if it closes a cycle

    Rule: `add_dependency`: rule 2 also returns `False` if `task_id` or `needs` is cancelled.
    Rule: Says that task `task_id` needs task `needs`; the first rule that applies decides:
    Rule: A call that returns `False` or raises changes nothing.
    """
    scheduler = TaskScheduler()
    for task_id in ["a", "b", "c"]:
        scheduler.submit(task_id, 1)
    scheduler.add_dependency("b", "a")
    scheduler.cancel("b")
    assert scheduler.add_dependency("a", "b") is False
    assert scheduler.add_dependency("b", "c") is False
    assert scheduler.add_dependency("b", "b") is False
    assert scheduler.status("a") == "ready"


def test_cycle_through_a_done_task():
    """A cycle through a done task is refused as well

    Rule: All dependencies count for cycles, even of done or cancelled tasks.
    Rule: The dependency would close a cycle: raises `CycleError`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 2, every=10)
    scheduler.submit("b", 1)
    scheduler.add_dependency("b", "a")
    scheduler.run_next()
    scheduler.run_next()
    with pytest.raises(CycleError) as caught:
        scheduler.add_dependency("a", "b")
    assert caught.value.path == ["a", "b", "a"]


def test_cycle_through_a_cancelled_task():
    """A cycle through a cancelled task is refused as well

    Rule: All dependencies count for cycles, even of done or cancelled tasks.
    Rule: A task that is done stays done and passes nothing on.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 3, every=10)
    scheduler.submit("b", 2, every=10)
    scheduler.submit("c", 1)
    scheduler.add_dependency("b", "a")
    scheduler.add_dependency("c", "b")
    assert [scheduler.run_next() for _ in range(3)] == ["a", "b", "c"]
    assert scheduler.cancel("b") == ["b"]
    with pytest.raises(CycleError) as caught:
        scheduler.add_dependency("a", "c")
    assert caught.value.path == ["a", "c", "b", "a"]
