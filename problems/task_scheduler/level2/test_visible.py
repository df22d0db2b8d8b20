"""Level 2: examples."""

import pytest
from solution import CycleError, TaskScheduler


def scheduler_with(*task_ids):
    scheduler = TaskScheduler()
    for task_id in task_ids:
        scheduler.submit(task_id, 1)
    return scheduler


def test_blocked_until_the_need_is_done():
    """A task is blocked until the task it needs is done"""
    scheduler = scheduler_with("test", "build")
    assert scheduler.add_dependency("test", "build") is True
    assert scheduler.status("test") == "blocked"
    assert scheduler.run_next() == "build"
    assert scheduler.status("test") == "ready"
    assert scheduler.run_next() == "test"


def test_unknown_ids_are_refused():
    """A dependency with an unknown id is refused"""
    scheduler = scheduler_with("test")
    assert scheduler.add_dependency("test", "build") is False
    assert scheduler.add_dependency("build", "test") is False


def test_cycle_is_refused_with_its_path():
    """A dependency that closes a cycle is refused with the path"""
    scheduler = scheduler_with("deploy", "test", "build")
    scheduler.add_dependency("deploy", "test")
    scheduler.add_dependency("test", "build")
    with pytest.raises(CycleError) as caught:
        scheduler.add_dependency("build", "deploy")
    assert caught.value.path == ["build", "deploy", "test", "build"]


def test_blockers_are_direct_and_indirect():
    """The blockers of a task are all tasks that must be done before it"""
    scheduler = scheduler_with("deploy", "test", "build")
    scheduler.add_dependency("deploy", "test")
    scheduler.add_dependency("test", "build")
    assert scheduler.blockers("deploy") == ["build", "test"]
    assert scheduler.blockers("build") == []


def test_blocked_tasks_are_not_listed():
    """Blocked tasks are not among the ready ones"""
    scheduler = scheduler_with("deploy", "test", "build")
    scheduler.add_dependency("deploy", "test")
    assert scheduler.ready() == ["test", "build"]
