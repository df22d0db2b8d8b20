"""How a scheduler is called when two solutions are compared, see `harness author fuzz`."""

from hypothesis.strategies import integers

from harness.authoring.fuzz import Fuzz, call, optional, pool, rising, since

TASK = pool("a", "b", "c", "d")
WORKERS = since(4, optional(integers(1, 3)))
BACKOFF = since(4, optional(integers(1, 3)))

SUBMIT = call(
    "scheduler.submit",
    TASK,
    integers(-1, 1),
    delay=since(3, optional(integers(0, 4))),
    every=since(3, optional(integers(0, 4))),
    owner=since(4, optional(pool("ann", "bob"))),
    retries=since(4, optional(integers(0, 2))),
)

fuzz = Fuzz(
    begin=[call("scheduler = TaskScheduler", workers=WORKERS, backoff=BACKOFF)],
    calls=[
        # What stands here more often is called more often: without tasks there is little to see.
        SUBMIT,
        SUBMIT,
        SUBMIT,
        call("scheduler.run_next"),
        call("scheduler.status", TASK),
        call("scheduler.ready"),
        since(
            2,
            call("scheduler.add_dependency", TASK, TASK),
            call("scheduler.add_dependency", TASK, TASK),
            call("scheduler.blockers", TASK),
        ),
        since(
            3,
            call("scheduler.advance", rising(integers(0, 3))),
            call("scheduler.advance", integers(0, 9)),
            call("scheduler.due", TASK),
            call("scheduler.cancel", TASK),
        ),
        since(
            4,
            call("scheduler.start_next"),
            call("scheduler.finish", TASK),
            call("scheduler.fail", TASK),
        ),
    ],
    attributes={"CycleError": ["path"]},
)
