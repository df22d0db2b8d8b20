"""Decide which task runs next."""


class TaskScheduler:
    """Keeps a list of tasks and decides which one runs next."""

    def submit(self, task_id: str, priority: int) -> bool:
        """Add a task; False if the id was submitted before."""
        raise NotImplementedError

    def run_next(self) -> str | None:
        """Run the ready task that comes first, and return its id; None if none is ready."""
        raise NotImplementedError

    def status(self, task_id: str) -> str | None:
        """Return "ready" or "done"; None for an unknown id."""
        raise NotImplementedError

    def ready(self) -> list[str]:
        """Return the ids of the ready tasks, in the order in which they would run."""
        raise NotImplementedError
