"""Level 3: examples."""

from solution import TaskScheduler


def test_delayed_task():
    """A delayed task is ready when its due time comes"""
    scheduler = TaskScheduler()
    scheduler.submit("mail", 1, delay=10)
    assert scheduler.status("mail") == "delayed"
    assert scheduler.run_next() is None
    scheduler.advance(10)
    assert scheduler.status("mail") == "ready"
    assert scheduler.run_next() == "mail"


def test_recurring_task_comes_back():
    """A recurring task is delayed until its next due time"""
    scheduler = TaskScheduler()
    scheduler.submit("poll", 1, every=60)
    assert scheduler.run_next() == "poll"
    assert scheduler.status("poll") == "delayed"
    assert scheduler.due("poll") == 60
    scheduler.advance(60)
    assert scheduler.run_next() == "poll"


def test_missed_times_are_not_made_up_for():
    """A recurring task that is late runs once, then waits for its next due time"""
    scheduler = TaskScheduler()
    scheduler.submit("poll", 1, delay=10, every=10)
    scheduler.advance(35)
    assert scheduler.run_next() == "poll"
    assert scheduler.run_next() is None
    assert scheduler.due("poll") == 40


def test_a_run_of_the_need_before_each_run():
    """A recurring task that needs another one waits for a new run of it each time"""
    scheduler = TaskScheduler()
    scheduler.submit("load", 1, every=10)
    scheduler.submit("report", 5, every=10)
    scheduler.add_dependency("report", "load")
    assert [scheduler.run_next() for _ in range(3)] == ["load", "report", None]
    scheduler.advance(10)
    assert scheduler.status("report") == "blocked"
    assert [scheduler.run_next() for _ in range(3)] == ["load", "report", None]


def test_cancel_reaches_those_that_need_it():
    """Cancelling a task cancels the tasks that need it"""
    scheduler = TaskScheduler()
    for task_id in ["build", "test", "mail"]:
        scheduler.submit(task_id, 1)
    scheduler.add_dependency("test", "build")
    assert scheduler.cancel("build") == ["build", "test"]
    assert scheduler.status("test") == "cancelled"
    assert scheduler.run_next() == "mail"
    assert scheduler.run_next() is None


def test_the_clock_does_not_go_back():
    """The clock refuses an earlier time"""
    scheduler = TaskScheduler()
    assert scheduler.advance(10) is True
    assert scheduler.advance(5) is False
