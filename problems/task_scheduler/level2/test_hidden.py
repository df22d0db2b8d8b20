"""Level 2: what decides."""

import pytest
from solution import CycleError, TaskScheduler


def scheduler_with(*task_ids):
    """A scheduler with these tasks, all of priority 1."""
    scheduler = TaskScheduler()
    for task_id in task_ids:
        scheduler.submit(task_id, 1)
    return scheduler


def link(scheduler, *pairs):
    """Add dependencies written as "task>need"."""
    for pair in pairs:
        scheduler.add_dependency(*pair.split(">"))


def cycle(scheduler, task_id, needs):
    """The path of the cycle that this dependency is refused for."""
    with pytest.raises(CycleError) as caught:
        scheduler.add_dependency(task_id, needs)
    return caught.value.path


def test_unknown_ids_stay_unknown():
    """A refused dependency does not make its unknown id known

    Rule: One of the two ids was never submitted: returns `False`.
    Rule: A call that returns `False` or raises changes nothing.
    """
    scheduler = scheduler_with("a")
    assert scheduler.add_dependency("a", "ghost") is False
    assert scheduler.add_dependency("ghost", "a") is False
    assert scheduler.status("ghost") is None
    assert scheduler.submit("ghost", 1) is True
    assert scheduler.status("a") == "ready"


def test_two_unknown_ids_are_refused():
    """An unknown task that would need itself is refused, not a cycle

    Rule: Says that task `task_id` needs task `needs`; the first rule that applies decides:
    Rule: One of the two ids was never submitted: returns `False`.
    """
    scheduler = scheduler_with("a")
    assert scheduler.add_dependency("ghost", "ghost") is False


def test_urgent_but_blocked():
    """A blocked task is passed over, however urgent it is

    Rule: `ready` and `run_next` pass over blocked tasks.
    """
    scheduler = TaskScheduler()
    scheduler.submit("urgent", 9)
    scheduler.submit("plain", 1)
    scheduler.submit("needed", 0)
    scheduler.add_dependency("urgent", "needed")
    assert [scheduler.run_next() for _ in range(4)] == ["plain", "needed", "urgent", None]


def test_all_needs_must_be_done():
    """A task with several needs waits for the last of them

    Rule: `status` returns `"blocked"` for a task that needs at least one task that is not done.
    Rule: A blocked task becomes ready when the last task it needs is done.
    """
    scheduler = scheduler_with("a", "b", "c")
    link(scheduler, "a>b", "a>c")
    scheduler.run_next()
    assert scheduler.status("b") == "done"
    assert scheduler.status("a") == "blocked"
    scheduler.run_next()
    assert scheduler.status("a") == "ready"


def test_one_task_holds_up_several():
    """When a task is done, all tasks that waited only for it are ready

    Rule: A blocked task becomes ready when the last task it needs is done.
    """
    scheduler = scheduler_with("a", "b", "c", "d")
    link(scheduler, "a>d", "b>d", "c>d")
    assert scheduler.ready() == ["d"]
    scheduler.run_next()
    assert scheduler.ready() == ["a", "b", "c"]


def test_released_task_keeps_its_place():
    """A task that is no longer blocked stands where it was submitted

    Rule: The order of the ready tasks is the same as before: by priority, then by submission.
    Rule: It does not matter when a task became ready.
    """
    scheduler = scheduler_with("a", "b", "c")
    scheduler.submit("first", 2)
    link(scheduler, "b>first")
    assert scheduler.ready() == ["first", "a", "c"]
    scheduler.run_next()
    assert scheduler.ready() == ["a", "b", "c"]


def test_released_by_priority_first():
    """A released task of larger priority runs before those that were ready all along

    Rule: The order of the ready tasks is the same as before: by priority, then by submission.
    Rule: It does not matter when a task became ready.
    """
    scheduler = scheduler_with("a", "b")
    scheduler.submit("urgent", 5)
    link(scheduler, "urgent>a")
    assert [scheduler.run_next() for _ in range(3)] == ["a", "urgent", "b"]


def test_ready_task_becomes_blocked():
    """A ready task becomes blocked when a need is added

    Rule: A ready task becomes blocked when such a dependency is added.
    """
    scheduler = scheduler_with("a", "b")
    assert scheduler.status("a") == "ready"
    scheduler.add_dependency("a", "b")
    assert scheduler.status("a") == "blocked"
    assert scheduler.status("b") == "ready"
    assert scheduler.ready() == ["b"]


def test_released_task_is_blocked_again():
    """A task whose needs are done is blocked again by a new need

    Rule: `status` returns `"blocked"` for a task that needs at least one task that is not done.
    Rule: A ready task becomes blocked when such a dependency is added.
    """
    scheduler = scheduler_with("c", "a", "b")
    link(scheduler, "a>c")
    scheduler.run_next()
    assert scheduler.add_dependency("a", "b") is True
    assert scheduler.status("a") == "blocked"
    assert scheduler.blockers("a") == ["b"]


def test_need_that_is_done_holds_nothing_up():
    """A need that is done already is accepted and holds nothing up

    Rule: The task `needs` may be done already; it then holds nothing up.
    """
    scheduler = scheduler_with("a", "b")
    scheduler.run_next()
    assert scheduler.add_dependency("b", "a") is True
    assert scheduler.status("b") == "ready"
    assert scheduler.run_next() == "b"


def test_done_task_gets_no_needs():
    """A done task gets no more needs and stays done

    Rule: `task_id` is done: returns `False`.
    Rule: A call that returns `False` or raises changes nothing.
    Rule: If nothing holds the task up, or it is done, returns `[]`.
    """
    scheduler = scheduler_with("a", "b")
    scheduler.run_next()
    assert scheduler.add_dependency("a", "b") is False
    assert scheduler.status("a") == "done"
    assert scheduler.blockers("a") == []


def test_done_comes_before_the_cycle():
    """A need of a done task is refused without an error even if it would close a cycle

    Rule: Says that task `task_id` needs task `needs`; the first rule that applies decides:
    Rule: `task_id` is done: returns `False`.
    """
    scheduler = scheduler_with("a", "b")
    link(scheduler, "b>a")
    scheduler.run_next()
    assert scheduler.add_dependency("a", "b") is False
    assert scheduler.add_dependency("a", "a") is False


def test_same_dependency_twice():
    """The same dependency is accepted once

    Rule: This dependency was added before: returns `False`.
    """
    scheduler = scheduler_with("a", "b")
    assert scheduler.add_dependency("a", "b") is True
    assert scheduler.add_dependency("a", "b") is False
    scheduler.run_next()
    assert scheduler.status("a") == "ready"


def test_same_dependency_after_the_need_is_done():
    """The same dependency is refused also after the need is done

    Rule: This dependency was added before: returns `False`.
    """
    scheduler = scheduler_with("a", "b")
    link(scheduler, "a>b")
    scheduler.run_next()
    assert scheduler.add_dependency("a", "b") is False
    assert scheduler.status("a") == "ready"


def test_task_that_needs_itself():
    """A task cannot need itself

    Rule: The dependency would close a cycle: raises `CycleError`.
    Rule: The exception has an attribute `path`, set in any way you like: a list of ids, the cycle.
    Rule: A task that would need itself gives `[task_id, task_id]`.
    Rule: A call that returns `False` or raises changes nothing.
    """
    scheduler = scheduler_with("a")
    assert cycle(scheduler, "a", "a") == ["a", "a"]
    assert scheduler.status("a") == "ready"


def test_cycle_of_two():
    """Two tasks cannot need each other

    Rule: The dependency would close a cycle: raises `CycleError`.
    Rule: It begins with `task_id` and `needs`, each task in it needs the one after it, and it ends
    with `task_id` again.
    Rule: Your own exception class, derived from `Exception`.
    """
    scheduler = scheduler_with("a", "b")
    link(scheduler, "a>b")
    assert cycle(scheduler, "b", "a") == ["b", "a", "b"]


def test_refused_cycle_changes_nothing():
    """After a refused cycle all is as before, and it is refused again

    Rule: A call that returns `False` or raises changes nothing.
    Rule: It begins with `task_id` and `needs`, each task in it needs the one after it, and it ends
    with `task_id` again.
    """
    scheduler = scheduler_with("a", "b", "c")
    link(scheduler, "a>b", "b>c")
    assert cycle(scheduler, "c", "a") == ["c", "a", "b", "c"]
    assert scheduler.blockers("c") == []
    assert cycle(scheduler, "c", "a") == ["c", "a", "b", "c"]
    assert [scheduler.run_next() for _ in range(3)] == ["c", "b", "a"]


def test_shortest_cycle():
    """Of several cycles the shortest is reported, even if its ids are larger

    Rule: Of several such cycles, `path` is the shortest.
    """
    scheduler = scheduler_with("t", "a", "b", "c", "z")
    link(scheduler, "a>b", "b>c", "c>t", "a>z", "z>t")
    assert cycle(scheduler, "t", "a") == ["t", "a", "z", "t"]


def test_smallest_of_the_shortest_cycles():
    """Of equally short cycles the smallest is reported, whatever was added first

    Rule: Of several shortest ones, it is the smallest as Python compares lists.
    """
    scheduler = scheduler_with("t", "m", "a", "z")
    link(scheduler, "m>z", "m>a", "z>t", "a>t")
    assert cycle(scheduler, "t", "m") == ["t", "m", "a", "t"]


def test_smallest_cycle_by_its_first_difference():
    """Equally short cycles are compared from the front

    Rule: Of several shortest ones, it is the smallest as Python compares lists.
    """
    scheduler = scheduler_with("t", "m", "p", "q", "y", "z")
    link(scheduler, "m>q", "m>p", "q>y", "p>z", "y>t", "z>t")
    assert cycle(scheduler, "t", "m") == ["t", "m", "p", "z", "t"]


def test_diamond_is_no_cycle():
    """Two ways to the same need are no cycle

    Rule: Otherwise the dependency is added: returns `True`.
    """
    scheduler = scheduler_with("a", "b", "c", "d")
    link(scheduler, "a>b", "a>c", "b>d")
    assert scheduler.add_dependency("c", "d") is True
    assert scheduler.add_dependency("a", "d") is True
    assert [scheduler.run_next() for _ in range(4)] == ["d", "b", "c", "a"]


def test_blockers_once_and_sorted():
    """Each blocker is listed once, sorted by id

    Rule: These are the tasks it needs that are not done, the tasks those need that are not done,
    and so on.
    Rule: Each id appears once, and the list is sorted as Python sorts strings.
    Rule: Returns the ids of all tasks that must still be done before this one may run.
    """
    scheduler = scheduler_with("d", "c", "b", "a", "Z")
    link(scheduler, "a>c", "a>b", "b>d", "c>d", "d>Z")
    assert scheduler.blockers("a") == ["Z", "b", "c", "d"]


def test_blockers_shrink():
    """Done tasks are no blockers any more

    Rule: These are the tasks it needs that are not done, the tasks those need that are not done,
    and so on.
    Rule: If nothing holds the task up, or it is done, returns `[]`.
    Rule: Returns the ids of all tasks that must still be done before this one may run.
    """
    scheduler = scheduler_with("a", "b", "c")
    link(scheduler, "a>b", "b>c", "a>c")
    assert scheduler.blockers("a") == ["b", "c"]
    scheduler.run_next()
    assert scheduler.blockers("a") == ["b"]
    scheduler.run_next()
    assert scheduler.blockers("a") == []


def test_blockers_of_unknown():
    """An unknown id has no list of blockers

    Rule (blockers): If the id was never submitted, returns `None`.
    """
    assert scheduler_with("a").blockers("b") is None


def test_blockers_do_not_include_those_who_wait():
    """Tasks that wait for a task are not its blockers

    Rule: These are the tasks it needs that are not done, the tasks those need that are not done,
    and so on.
    Rule: Returns the ids of all tasks that must still be done before this one may run.
    """
    scheduler = scheduler_with("a", "b", "c")
    link(scheduler, "a>b", "b>c")
    assert scheduler.blockers("b") == ["c"]


def test_blocked_id_is_taken():
    """The id of a blocked task is refused, and the task stays blocked

    Rule: If the id was submitted before, returns `False` and changes nothing.
    """
    scheduler = scheduler_with("a", "b")
    link(scheduler, "a>b")
    assert scheduler.submit("a", 9) is False
    assert scheduler.status("a") == "blocked"
    assert scheduler.blockers("a") == ["b"]
