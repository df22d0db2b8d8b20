"""Level 4: what decides."""

from solution import TaskScheduler


def start(scheduler, count):
    """The answers to this many calls of start_next."""
    return [scheduler.start_next() for _ in range(count)]


def test_nothing_to_start():
    """Without a ready task nothing is started

    Rule: If all workers are busy or no task is ready, returns `None`.
    """
    scheduler = TaskScheduler(workers=2)
    assert scheduler.start_next() is None
    scheduler.submit("a", 1, delay=5)
    assert scheduler.start_next() is None
    assert scheduler.status("a") == "delayed"


def test_as_many_as_there_are_workers():
    """As many tasks run at the same time as there are workers

    Rule: At most `workers` tasks run at the same time.
    Rule: Starts the ready task that comes first in the order, and returns its id.
    Rule: If all workers are busy or no task is ready, returns `None`.
    Rule: The running task has succeeded, and its worker is free.
    """
    scheduler = TaskScheduler(workers=3)
    for task_id in ["a", "b", "c", "d", "e"]:
        scheduler.submit(task_id, 1)
    assert start(scheduler, 4) == ["a", "b", "c", None]
    scheduler.finish("b")
    assert start(scheduler, 2) == ["d", None]


def test_running_is_not_ready():
    """A running task is running: not ready, not due, not held up

    Rule: The task is `"running"`, and a worker is busy with it.
    Rule: For such a task `due` returns `None` and `blockers` returns `[]`.
    """
    scheduler = TaskScheduler(workers=2)
    scheduler.submit("a", 1)
    scheduler.start_next()
    assert scheduler.status("a") == "running"
    assert scheduler.ready() == []
    assert scheduler.due("a") is None
    assert scheduler.blockers("a") == []
    assert scheduler.start_next() is None


def test_need_is_met_at_the_finish():
    """A task is blocked while the task it needs is running

    Rule: It is done or gets its next due time, and every need for it is met.
    Rule (finish): Returns `True`.
    Rule: A task is blocked while it has an unmet need, unless it is done.
    """
    scheduler = TaskScheduler(workers=2)
    scheduler.submit("a", 1)
    scheduler.submit("b", 1)
    scheduler.add_dependency("b", "a")
    scheduler.start_next()
    assert scheduler.status("b") == "blocked"
    assert scheduler.blockers("b") == ["a"]
    assert scheduler.start_next() is None
    assert scheduler.finish("a") is True
    assert scheduler.status("a") == "done"
    assert scheduler.start_next() == "b"


def test_only_running_tasks_end():
    """Only a running task can finish or fail

    Rule (finish): If no task with this id is running, returns `False` and changes nothing.
    Rule (fail): If no task with this id is running, returns `False` and changes nothing.
    """
    scheduler = TaskScheduler()
    scheduler.submit("done", 2)
    scheduler.submit("ready", 1)
    scheduler.run_next()
    for task_id in ["done", "ready", "unknown"]:
        assert scheduler.finish(task_id) is False
        assert scheduler.fail(task_id) is False
    assert scheduler.status("done") == "done"
    assert scheduler.status("ready") == "ready"


def test_run_next_starts_and_finishes():
    """Running the next task needs a free worker and leaves it free

    Rule: `run_next` does `start_next` and, if that gave a task, `finish` on it.
    Rule: So it returns `None` when all workers are busy, and what it runs counts as started.
    """
    scheduler = TaskScheduler()
    for task_id in ["a", "b", "c"]:
        scheduler.submit(task_id, 1)
    assert scheduler.run_next() == "a"
    assert scheduler.status("a") == "done"
    assert scheduler.start_next() == "b"
    assert scheduler.run_next() is None
    assert scheduler.status("c") == "ready"
    scheduler.finish("b")
    assert scheduler.run_next() == "c"


def test_run_next_beside_a_running_task():
    """With a second worker free, tasks are run while another one is running

    Rule: `run_next` does `start_next` and, if that gave a task, `finish` on it.
    Rule: At most `workers` tasks run at the same time.
    """
    scheduler = TaskScheduler(workers=2)
    for task_id in ["a", "b", "c"]:
        scheduler.submit(task_id, 1)
    scheduler.start_next()
    assert [scheduler.run_next() for _ in range(3)] == ["b", "c", None]
    assert scheduler.status("a") == "running"


def test_listing_ignores_workers():
    """The ready tasks are listed also when the only worker is busy

    Rule: `ready` lists the ready tasks in the order as it stands at the call, which a start may
    change.
    Rule: It does not look at free workers.
    """
    scheduler = TaskScheduler()
    for task_id in ["a", "b", "c"]:
        scheduler.submit(task_id, 1)
    assert start(scheduler, 2) == ["a", None]
    assert scheduler.ready() == ["b", "c"]


def test_backoff_doubles():
    """Each failure in a row doubles the back-off, counted from the failure

    Rule: The failures of a task in a row are counted.
    Rule: If *k* is at most `retries`, the task is tried again: its due time becomes the clock plus
    `backoff * 2 ** (k - 1)`.
    """
    scheduler = TaskScheduler(backoff=3)
    scheduler.submit("a", 1, retries=3)
    waits = []
    for now in [10, 20, 30]:
        scheduler.advance(now)
        scheduler.start_next()
        scheduler.advance(now + 1)
        scheduler.fail("a")
        waits.append(scheduler.due("a") - now - 1)
    assert waits == [3, 6, 12]


def test_default_backoff():
    """The back-off is one second if nothing else is said

    Rule: TaskScheduler(workers: int = 1, backoff: int = 1)
    Rule: If *k* is at most `retries`, the task is tried again: its due time becomes the clock plus
    `backoff * 2 ** (k - 1)`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, retries=1)
    scheduler.start_next()
    scheduler.fail("a")
    assert scheduler.due("a") == 1
    assert scheduler.ready() == []
    scheduler.advance(1)
    assert scheduler.start_next() == "a"


def test_as_many_retries_as_allowed():
    """A task is tried again as often as allowed, then it is failed for good

    Rule: If *k* is at most `retries`, the task is tried again: its due time becomes the clock plus
    `backoff * 2 ** (k - 1)`.
    Rule: Otherwise the scheduler gives up.
    Rule: A task that runs once is `"failed"` for good, and all tasks that need it are cancelled as
    by `cancel`.
    Rule: The task belongs to `owner` and may be tried again `retries` times.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, retries=2)
    seen = []
    for now in [0, 10, 20]:
        scheduler.advance(now)
        scheduler.start_next()
        scheduler.fail("a")
        seen.append(scheduler.status("a"))
    assert seen == ["delayed", "delayed", "failed"]
    scheduler.advance(100)
    assert scheduler.start_next() is None


def test_failed_task_is_over():
    """A failed task has no due time and no blockers, and its id stays taken

    Rule: A task that runs once is `"failed"` for good, and all tasks that need it are cancelled as
    by `cancel`.
    Rule: The running task has failed, and its worker is free.
    Rule (fail): Returns `True`.
    Rule: `status` also returns `"running"` and `"failed"`.
    Rule: For such a task `due` returns `None` and `blockers` returns `[]`.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1)
    scheduler.submit("b", 1)
    scheduler.start_next()
    assert scheduler.fail("a") is True
    assert scheduler.status("a") == "failed"
    assert scheduler.due("a") is None
    assert scheduler.blockers("a") == []
    assert scheduler.submit("a", 1) is False
    assert scheduler.start_next() == "b"


def test_giving_up_cancels_what_needs_it():
    """Giving up cancels all tasks that need the failed one, a retry cancels none

    Rule: Otherwise the scheduler gives up.
    Rule: A task that runs once is `"failed"` for good, and all tasks that need it are cancelled as
    by `cancel`.
    """
    scheduler = TaskScheduler()
    for task_id in ["a", "b", "c"]:
        scheduler.submit(task_id, 1, retries=1)
    scheduler.add_dependency("b", "a")
    scheduler.add_dependency("c", "b")
    scheduler.start_next()
    scheduler.fail("a")
    assert scheduler.status("c") == "blocked"
    scheduler.advance(1)
    scheduler.start_next()
    scheduler.fail("a")
    assert scheduler.status("a") == "failed"
    assert scheduler.status("b") == "cancelled"
    assert scheduler.status("c") == "cancelled"


def test_retry_then_success():
    """A task that succeeds at a retry is done, and needs of it are met

    Rule: It is done or gets its next due time, and every need for it is met.
    Rule: This is not a run, so it meets no need for the task.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 2, retries=1)
    scheduler.submit("b", 1)
    scheduler.add_dependency("b", "a")
    scheduler.start_next()
    scheduler.fail("a")
    assert scheduler.status("b") == "blocked"
    scheduler.advance(1)
    assert [scheduler.run_next() for _ in range(2)] == ["a", "b"]


def test_recurring_gives_up_one_time():
    """A recurring task that gives up waits for its next due time and cancels nothing

    Rule: Otherwise the scheduler gives up.
    Rule: A recurring task gets the due time it would get if it had run now.
    Rule: This is not a run, so it meets no need for the task.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, delay=10, every=10)
    scheduler.submit("b", 1)
    scheduler.add_dependency("b", "a")
    scheduler.advance(10)
    scheduler.start_next()
    scheduler.advance(34)
    assert scheduler.fail("a") is True
    assert scheduler.status("a") == "delayed"
    assert scheduler.due("a") == 40
    assert scheduler.status("b") == "blocked"


def test_success_resets_the_count():
    """After a success the failures of a recurring task are counted from the start

    Rule: The count starts again at 0 when the task finishes or the scheduler gives up.
    """
    scheduler = TaskScheduler(backoff=4)
    scheduler.submit("a", 1, every=100, retries=1)
    scheduler.start_next()
    scheduler.fail("a")
    scheduler.advance(4)
    scheduler.run_next()
    scheduler.advance(100)
    scheduler.start_next()
    scheduler.fail("a")
    assert scheduler.due("a") == 104


def test_giving_up_resets_the_count():
    """After giving up the failures of a recurring task are counted from the start

    Rule: The count starts again at 0 when the task finishes or the scheduler gives up.
    Rule: If *k* is at most `retries`, the task is tried again: its due time becomes the clock plus
    `backoff * 2 ** (k - 1)`.
    """
    scheduler = TaskScheduler(backoff=4)
    scheduler.submit("a", 1, every=100, retries=1)
    dues = []
    for now in [0, 4, 100, 104]:
        scheduler.advance(now)
        scheduler.start_next()
        scheduler.fail("a")
        dues.append(scheduler.due("a"))
    assert dues == [4, 100, 104, 200]


def test_retry_does_not_shift_the_due_times():
    """A retry does not shift the later due times

    Rule: A retry does not shift the due times of a recurring task: they are still counted from its
    first due time at submission.
    """
    scheduler = TaskScheduler(backoff=5)
    scheduler.submit("a", 1, delay=10, every=10, retries=1)
    scheduler.advance(12)
    scheduler.start_next()
    scheduler.fail("a")
    assert scheduler.due("a") == 17
    scheduler.advance(17)
    scheduler.run_next()
    assert scheduler.due("a") == 20


def test_retry_beyond_the_next_due_time():
    """A retry may lie beyond later due times, which are then missed

    Rule: If *k* is at most `retries`, the task is tried again: its due time becomes the clock plus
    `backoff * 2 ** (k - 1)`.
    Rule: A retry does not shift the due times of a recurring task: they are still counted from its
    first due time at submission.
    Rule: when a recurring task runs, its next due time becomes the first of its due times that is
    later than the clock.
    """
    scheduler = TaskScheduler(backoff=25)
    scheduler.submit("a", 1, every=10, retries=1)
    scheduler.start_next()
    scheduler.fail("a")
    scheduler.advance(20)
    assert scheduler.status("a") == "delayed"
    assert scheduler.due("a") == 25
    scheduler.advance(25)
    scheduler.run_next()
    assert scheduler.due("a") == 30


def test_finish_decides_the_next_due_time():
    """The next due time goes by the finish, not by the start

    Rule: It is done or gets its next due time, and every need for it is met.
    Rule: when a recurring task runs, its next due time becomes the first of its due times that is
    later than the clock.
    Rule: The task has now *run* in the sense of level 3, at this point in the order of runs and at
    this clock.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 1, delay=10, every=10)
    scheduler.advance(12)
    scheduler.start_next()
    scheduler.advance(40)
    scheduler.finish("a")
    assert scheduler.due("a") == 50


def test_failure_does_not_use_up_a_need():
    """A failed attempt is no run: its needs stay met for the retry

    Rule: This is not a run, so it meets no need for the task.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 2, every=100)
    scheduler.submit("b", 1, every=100, retries=1)
    scheduler.add_dependency("b", "a")
    scheduler.run_next()
    scheduler.start_next()
    scheduler.fail("b")
    scheduler.advance(1)
    assert scheduler.start_next() == "b"


def test_runs_are_ordered_by_their_finish():
    """A run of the need counts if it finishes after the task that needs it

    Rule: It is done or gets its next due time, and every need for it is met.
    Rule: A run of *a* that ends while *b* is running comes before the run of *b*.
    Rule: The task has now *run* in the sense of level 3, at this point in the order of runs and at
    this clock.
    """
    scheduler = TaskScheduler(workers=3)
    scheduler.submit("need", 9, every=10)
    scheduler.submit("early", 2, every=10)
    scheduler.submit("late", 1, every=10)
    scheduler.add_dependency("early", "need")
    scheduler.add_dependency("late", "need")
    scheduler.run_next()
    assert start(scheduler, 2) == ["early", "late"]
    scheduler.advance(10)
    scheduler.start_next()
    for task_id in ["early", "need", "late"]:
        scheduler.finish(task_id)
    assert scheduler.blockers("early") == []
    assert scheduler.blockers("late") == ["need"]


def test_running_tasks_count_before_last_service():
    """An owner with fewer running tasks comes first even if served more recently

    Rule: **The order of tasks** now begins with the owner, and the first difference decides:
    Rule: the task whose owner has fewer running tasks;
    Rule: The task belongs to `owner` and may be tried again `retries` times.
    """
    scheduler = TaskScheduler(workers=3)
    for task_id, priority in [("a1", 9), ("a2", 9), ("b1", 1), ("b2", 1)]:
        scheduler.submit(task_id, priority, owner=task_id[0])
    assert start(scheduler, 2) == ["a1", "b1"]
    scheduler.finish("b1")
    assert start(scheduler, 2) == ["b2", "a2"]


def test_longest_unserved_owner_first():
    """Of idle owners the one served longest ago comes first, however often it was served

    Rule: the task whose owner last had a task started longer ago; owners who never had one come
    first.
    """
    scheduler = TaskScheduler()
    for task_id in ["a1", "a2"]:
        scheduler.submit(task_id, 1, owner="a")
    assert [scheduler.run_next() for _ in range(2)] == ["a1", "a2"]
    for task_id, priority in [("b1", 1), ("b2", 9), ("a3", 1)]:
        scheduler.submit(task_id, priority, owner=task_id[0])
    assert [scheduler.run_next() for _ in range(3)] == ["b2", "a3", "b1"]


def test_service_goes_by_the_start():
    """Service counts from the start of a task, not from its end

    Rule: the task whose owner last had a task started longer ago; owners who never had one come
    first.
    Rule: This goes by the order of the starts, not by the clock;
    """
    scheduler = TaskScheduler(workers=2)
    for task_id, priority in [("b1", 9), ("b2", 9), ("a1", 1), ("a2", 1)]:
        scheduler.submit(task_id, priority, owner=task_id[0])
    assert start(scheduler, 2) == ["b1", "a1"]
    scheduler.finish("a1")
    scheduler.finish("b1")
    assert scheduler.ready() == ["b2", "a2"]


def test_failed_start_counts_as_service():
    """A start counts as service also if the task fails

    Rule: the task whose owner last had a task started longer ago; owners who never had one come
    first.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a1", 9, owner="a")
    scheduler.submit("a2", 9, owner="a")
    scheduler.submit("b1", 1)
    assert scheduler.start_next() == "a1"
    scheduler.fail("a1")
    assert scheduler.ready() == ["b1", "a2"]


def test_same_rank_of_owners():
    """Owners that were never served compete by priority, due time and submission

    Rule: the task whose owner last had a task started longer ago; owners who never had one come
    first.
    Rule: as before: larger priority, earlier due time, earlier submission.
    """
    scheduler = TaskScheduler()
    scheduler.submit("z", 2, owner="ann")
    scheduler.submit("y", 2, owner="bob")
    scheduler.submit("x", 2, owner="ann")
    scheduler.submit("w", 3, owner="bob")
    assert scheduler.ready() == ["w", "z", "y", "x"]


def test_default_owner():
    """A task without an owner belongs to the owner whose name is empty

    Rule: submit(task_id: str, priority: int, delay: int = 0, every: int = 0, owner: str = "",
    retries: int = 0) -> bool
    Rule: the task whose owner has fewer running tasks;
    """
    scheduler = TaskScheduler(workers=2)
    scheduler.submit("a", 9)
    scheduler.submit("b", 9, owner="")
    scheduler.submit("c", 1, owner="ann")
    assert start(scheduler, 2) == ["a", "c"]


def test_cancel_frees_the_worker():
    """Cancelling a running task frees its worker, and it can no longer finish or fail

    Rule: `cancel` also cancels running tasks, given or reached through needs; their workers are
    free at once.
    Rule (finish): If no task with this id is running, returns `False` and changes nothing.
    Rule (fail): If no task with this id is running, returns `False` and changes nothing.
    """
    scheduler = TaskScheduler()
    scheduler.submit("a", 2)
    scheduler.submit("b", 1)
    scheduler.start_next()
    assert scheduler.cancel("a") == ["a"]
    assert scheduler.finish("a") is False
    assert scheduler.fail("a") is False
    assert scheduler.status("a") == "cancelled"
    assert scheduler.start_next() == "b"


def test_cancel_reaches_running_tasks():
    """Cancelling reaches running tasks through needs, and spares failed ones

    Rule: `cancel` also cancels running tasks, given or reached through needs; their workers are
    free at once.
    Rule: It treats a failed task like a done one.
    """
    scheduler = TaskScheduler()
    scheduler.submit("need", 9, every=10)
    scheduler.submit("bad", 5)
    scheduler.submit("good", 4)
    scheduler.submit("next", 1)
    scheduler.add_dependency("bad", "need")
    scheduler.add_dependency("good", "need")
    scheduler.run_next()
    scheduler.start_next()
    scheduler.fail("bad")
    assert scheduler.start_next() == "good"
    assert scheduler.cancel("bad") == []
    assert scheduler.cancel("need") == ["good", "need"]
    assert scheduler.status("bad") == "failed"
    assert scheduler.start_next() == "next"


def test_dependencies_with_running_and_failed_tasks():
    """A running or failed task gets no needs, a running task can be needed, a failed one not

    Rule: `add_dependency`, rule 2: `task_id` is done, running, failed or cancelled, or `needs` is
    failed or cancelled: returns `False`.
    Rule: Otherwise the dependency is added: returns `True`.
    """
    scheduler = TaskScheduler(workers=2)
    for task_id in ["bad", "busy", "a"]:
        scheduler.submit(task_id, 1)
    start(scheduler, 2)
    scheduler.fail("bad")
    assert scheduler.add_dependency("busy", "a") is False
    assert scheduler.add_dependency("bad", "a") is False
    assert scheduler.add_dependency("a", "bad") is False
    assert scheduler.add_dependency("busy", "busy") is False
    assert scheduler.add_dependency("a", "busy") is True
    assert scheduler.status("a") == "blocked"
