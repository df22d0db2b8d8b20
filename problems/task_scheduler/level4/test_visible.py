"""Level 4: examples."""

from solution import TaskScheduler


def test_one_worker_one_task():
    """A busy worker takes no second task"""
    scheduler = TaskScheduler()
    scheduler.submit("a", 2)
    scheduler.submit("b", 1)
    assert scheduler.start_next() == "a"
    assert scheduler.status("a") == "running"
    assert scheduler.start_next() is None
    assert scheduler.finish("a") is True
    assert scheduler.start_next() == "b"


def test_failed_task_is_tried_again():
    """A task with a retry left is due again after the back-off"""
    scheduler = TaskScheduler(backoff=5)
    scheduler.submit("a", 1, retries=1)
    scheduler.advance(100)
    scheduler.start_next()
    assert scheduler.fail("a") is True
    assert scheduler.status("a") == "delayed"
    assert scheduler.due("a") == 105


def test_failed_for_good():
    """A task without retries fails for good, and tasks that need it are cancelled"""
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 1)
    scheduler.add_dependency("b", "a")
    scheduler.start_next()
    scheduler.fail("a")
    assert scheduler.status("a") == "failed"
    assert scheduler.status("b") == "cancelled"


def test_owners_take_turns():
    """Owners take turns, each with the task that is first among its own"""
    scheduler = TaskScheduler()
    scheduler.submit("a1", 5, owner="ann")
    scheduler.submit("a2", 6, owner="ann")
    scheduler.submit("b1", 1, owner="bob")
    assert [scheduler.run_next() for _ in range(3)] == ["a2", "b1", "a1"]


def test_fewer_running_tasks_first():
    """The owner with fewer running tasks comes first"""
    scheduler = TaskScheduler(workers=3)
    scheduler.submit("a1", 9, owner="ann")
    scheduler.submit("a2", 9, owner="ann")
    scheduler.submit("b1", 1, owner="bob")
    scheduler.submit("b2", 1, owner="bob")
    assert [scheduler.start_next() for _ in range(2)] == ["a1", "b1"]
    scheduler.finish("b1")
    assert scheduler.ready() == ["b2", "a2"]


def test_run_next_needs_a_worker():
    """Without a free worker nothing is run"""
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 1)
    scheduler.start_next()
    assert scheduler.run_next() is None
    assert scheduler.status("b") == "ready"
