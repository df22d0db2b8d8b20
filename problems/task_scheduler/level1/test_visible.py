"""Level 1: examples."""

from solution import TaskScheduler


def test_runs_the_larger_priority_first():
    """The task with the larger priority runs first"""
    scheduler = TaskScheduler()
    scheduler.submit("mail", 1)
    scheduler.submit("backup", 5)
    assert scheduler.run_next() == "backup"
    assert scheduler.run_next() == "mail"


def test_equal_priorities_run_as_submitted():
    """Tasks of equal priority run in the order of submission"""
    scheduler = TaskScheduler()
    scheduler.submit("second", 3)
    scheduler.submit("first", 3)
    assert scheduler.run_next() == "second"
    assert scheduler.run_next() == "first"


def test_submit_answers():
    """A new id is accepted and a known one refused"""
    scheduler = TaskScheduler()
    assert scheduler.submit("mail", 1) is True
    assert scheduler.submit("mail", 2) is False


def test_status_follows_the_run():
    """A task is ready, then done"""
    scheduler = TaskScheduler()
    scheduler.submit("mail", 1)
    assert scheduler.status("mail") == "ready"
    scheduler.run_next()
    assert scheduler.status("mail") == "done"


def test_ready_lists_in_order():
    """The ready tasks are listed in the order in which they would run"""
    scheduler = TaskScheduler()
    scheduler.submit("low", 1)
    scheduler.submit("high", 3)
    scheduler.submit("middle", 2)
    assert scheduler.ready() == ["high", "middle", "low"]
