"""Level 1: what decides."""

import random

from solution import TaskScheduler


def test_empty_scheduler_runs_nothing():
    """A scheduler without tasks has nothing to run

    Rule: `TaskScheduler()` makes a scheduler without tasks.
    Rule: If no task is ready, returns `None`.
    """
    assert TaskScheduler().run_next() is None


def test_empty_scheduler_lists_nothing():
    """A scheduler without tasks lists no ready task

    Rule: `TaskScheduler()` makes a scheduler without tasks.
    Rule: If no task is ready, returns `[]`.
    """
    assert TaskScheduler().ready() == []


def test_submit_accepts_a_new_id():
    """Submitting a new id gives True

    Rule: Adds a task, which is then `"ready"`, and returns `True`.
    """
    scheduler = TaskScheduler()
    assert scheduler.submit("a", 0) is True
    assert scheduler.submit("b", 0) is True


def test_submit_refuses_a_waiting_id():
    """Submitting the id of a ready task gives False

    Rule: If the id was submitted before, returns `False` and changes nothing.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    assert scheduler.submit("a", 1) is False
    assert scheduler.ready() == ["a"]


def test_refused_submission_keeps_the_priority():
    """A refused submission does not change the priority

    Rule: If the id was submitted before, returns `False` and changes nothing.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 2)
    scheduler.submit("a", 3)
    assert scheduler.ready() == ["b", "a"]


def test_refused_submission_keeps_the_place():
    """A refused submission does not change the place among equals

    Rule: If the id was submitted before, returns `False` and changes nothing.
    Rule: Of tasks with equal priority, the one submitted earlier comes first.
    """
    scheduler = TaskScheduler()
    for task_id in ["a", "b", "c", "a"]:
        scheduler.submit(task_id, 4)
    assert scheduler.ready() == ["a", "b", "c"]


def test_done_id_stays_taken():
    """The id of a done task is refused, and the task stays done

    Rule: If the id was submitted before, returns `False` and changes nothing.
    Rule: This also holds when that task is done.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.run_next()
    assert scheduler.submit("a", 1) is False
    assert scheduler.status("a") == "done"
    assert scheduler.run_next() is None


def test_unknown_status():
    """The status of an unknown id is None

    Rule (status): If the id was never submitted, returns `None`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    assert scheduler.status("b") is None


def test_asking_does_not_take_the_id():
    """An id that was only asked about is still free

    Rule: A call that only asks, as of `status` or `ready`, changes nothing.
    Rule: Adds a task, which is then `"ready"`, and returns `True`.
    """
    scheduler = TaskScheduler()
    scheduler.status("a")
    assert scheduler.submit("a", 1) is True


def test_only_the_chosen_task_is_done():
    """Running one task leaves the others ready

    Rule: Runs the ready task that comes first in the order, and returns its id.
    Rule: The task is `"done"` when the call returns.
    Rule: Returns `"ready"` or `"done"`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 2)
    scheduler.run_next()
    assert scheduler.status("b") == "done"
    assert scheduler.status("a") == "ready"


def test_negative_priorities():
    """Zero comes before negative priorities, and those are ordered too

    Rule: the task with the larger priority comes first.
    """
    scheduler = TaskScheduler()
    for task_id, priority in [("a", -5), ("b", 0), ("c", -1_000_000), ("d", -1)]:
        scheduler.submit(task_id, priority)
    assert scheduler.ready() == ["b", "d", "a", "c"]


def test_ties_ignore_the_id():
    """Among equal priorities the ids themselves do not matter

    Rule: Of tasks with equal priority, the one submitted earlier comes first.
    """
    scheduler = TaskScheduler()
    for task_id in ["z", "m", "a", "q"]:
        scheduler.submit(task_id, 7)
    assert [scheduler.run_next() for _ in range(4)] == ["z", "m", "a", "q"]


def test_listing_runs_nothing():
    """Listing the ready tasks twice gives the same list and runs nothing

    Rule: A call that only asks, as of `status` or `ready`, changes nothing.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 2)
    assert scheduler.ready() == ["b", "a"]
    assert scheduler.ready() == ["b", "a"]
    assert scheduler.run_next() == "b"


def test_done_tasks_are_not_listed():
    """A done task is no longer listed

    Rule: The task is `"done"` when the call returns.
    Rule: Returns the ids of all ready tasks, in the order above.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 2)
    scheduler.run_next()
    assert scheduler.ready() == ["a"]


def test_late_urgent_task_overtakes():
    """A more urgent task that comes later runs before those that wait

    Rule: the task with the larger priority comes first.
    Rule: Runs the ready task that comes first in the order, and returns its id.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 2)
    scheduler.submit("b", 2)
    assert scheduler.run_next() == "a"
    scheduler.submit("c", 3)
    assert scheduler.run_next() == "c"
    assert scheduler.run_next() == "b"


def test_every_task_runs_once():
    """Each task runs once, then there is nothing left

    Rule: The task is `"done"` when the call returns.
    Rule: If no task is ready, returns `None`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 1)
    assert [scheduler.run_next() for _ in range(4)] == ["a", "b", None, None]


def test_new_task_after_running_dry():
    """A task submitted after all others are done runs next

    Rule: Runs the ready task that comes first in the order, and returns its id.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 5)
    scheduler.run_next()
    assert scheduler.run_next() is None
    scheduler.submit("b", 1)
    assert scheduler.run_next() == "b"


def test_ids_are_compared_exactly():
    """Ids that differ in case or in blanks are different tasks

    Rule: Ids are compared exactly: `"A"` and `"a"` are two ids.
    """
    scheduler = TaskScheduler()
    assert [scheduler.submit(task_id, 1) for task_id in ["a", "A", " a", "a "]] == [True] * 4
    scheduler.run_next()
    assert scheduler.status("a") == "done"
    assert scheduler.ready() == ["A", " a", "a "]


def test_schedulers_are_independent():
    """Two schedulers know nothing of each other

    Rule: Two schedulers share nothing.
    """
    one = TaskScheduler()
    other = TaskScheduler()
    one.submit("a", 1)
    assert other.status("a") is None
    assert other.submit("a", 2) is True
    other.run_next()
    assert one.status("a") == "ready"


def test_many_tasks_in_order():
    """Many tasks of few priorities run by priority, then by submission

    Rule: the task with the larger priority comes first.
    Rule: Of tasks with equal priority, the one submitted earlier comes first.
    """
    rng = random.Random(11)
    tasks = [(f"t{rng.randrange(1000)}-{number}", rng.randrange(3)) for number in range(15)]
    scheduler = TaskScheduler()
    for task_id, priority in tasks:
        scheduler.submit(task_id, priority)
    expected = [task_id for level in (2, 1, 0) for task_id, p in tasks if p == level]
    assert [scheduler.run_next() for _ in tasks] == expected
