"""Tasks with priorities, run one at a time."""

from dataclasses import dataclass


@dataclass
class _Task:
    priority: int
    state: str = "ready"


class TaskScheduler:
    """Decides which task runs next."""

    def __init__(self) -> None:
        self._tasks: dict[str, _Task] = {}  # in the order of submission

    def submit(self, task_id: str, priority: int) -> bool:
        """Add a task; False if the id is taken."""
        if task_id in self._tasks:
            return False
        self._tasks[task_id] = _Task(priority)
        return True

    def run_next(self) -> str | None:
        """Run the first ready task and return its id; None if there is none."""
        order = self.ready()
        if not order:
            return None
        self._tasks[order[0]].state = "done"
        return order[0]

    def status(self, task_id: str) -> str | None:
        """The state of a task; None if the id is unknown."""
        if task_id not in self._tasks:
            return None
        return self._status(task_id)

    def ready(self) -> list[str]:
        """The ids of the ready tasks, first to run first."""
        ready = [task_id for task_id in self._tasks if self._status(task_id) == "ready"]
        return sorted(ready, key=self._rank)[::-1]

    def _status(self, task_id: str) -> str:
        return self._tasks[task_id].state

    def _rank(self, task_id: str) -> int:
        return self._tasks[task_id].priority
