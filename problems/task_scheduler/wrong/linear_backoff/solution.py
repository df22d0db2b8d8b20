"""Tasks with priorities, dependencies, due times and owners, run by a few workers."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count


class CycleError(Exception):
    """A dependency would close a cycle; `path` holds the ids along it."""

    def __init__(self, path: list[str]) -> None:
        super().__init__(" needs ".join(path))
        self.path = path


@dataclass
class _Task:
    priority: int
    due: int
    first_due: int
    every: int
    owner: str
    retries: int
    state: str = "ready"  # as far as the task itself is concerned; _status looks around
    needs: set[str] = field(default_factory=set)
    last_run: int = 0  # the number of its latest run among the runs of all tasks
    failures: int = 0  # in a row


class TaskScheduler:
    """Decides which task runs next."""

    def __init__(self, workers: int = 1, backoff: int = 1) -> None:
        self._workers = workers
        self._backoff = backoff
        self._tasks: dict[str, _Task] = {}  # in the order of submission
        self._clock = 0
        self._numbers = count(1)
        self._last_start: Counter[str] = Counter()  # owner -> number of the latest start

    def advance(self, now: int) -> bool:
        """Move the clock to `now` (seconds); False if that is in the past."""
        if now < self._clock:
            return False
        self._clock = now
        return True

    def submit(
        self,
        task_id: str,
        priority: int,
        delay: int = 0,
        every: int = 0,
        owner: str = "",
        retries: int = 0,
    ) -> bool:
        """Add a task, due in `delay` seconds and then every `every`; False if the id is taken."""
        if task_id in self._tasks:
            return False
        due = self._clock + delay
        self._tasks[task_id] = _Task(priority, due, due, every, owner, retries)
        return True

    def cancel(self, task_id: str) -> list[str]:
        """Cancel a task and all that need it; return the ids of those cancelled, sorted."""
        return sorted(self._cancel_all({task_id} & self._tasks.keys()))

    def add_dependency(self, task_id: str, needs: str) -> bool:
        """Let a task wait for another; raise CycleError if they would wait for each other."""
        if task_id not in self._tasks or needs not in self._tasks:
            return False
        task = self._tasks[task_id]
        if task.state != "ready" or needs in task.needs:
            return False
        if self._tasks[needs].state in ("cancelled", "failed"):
            return False
        path = self._path(needs, task_id)
        if path:
            raise CycleError([task_id, *path])
        task.needs.add(needs)
        return True

    def blockers(self, task_id: str) -> list[str] | None:
        """The ids of all tasks that must still run before this one, sorted."""
        if task_id not in self._tasks:
            return None
        found: set[str] = set()
        todo = [task_id]
        while todo:
            unmet = self._unmet(todo.pop()) - found
            found |= unmet
            todo += unmet
        return sorted(found)

    def run_next(self) -> str | None:
        """Start the first ready task and finish it at once; None if none could start."""
        task_id = self.start_next()
        if task_id is not None:
            self.finish(task_id)
        return task_id

    def start_next(self) -> str | None:
        """Give the first ready task to a free worker and return its id; None if that fails."""
        order = self.ready()
        if not order or self._busy().total() >= self._workers:
            return None
        task = self._tasks[order[0]]
        task.state = "running"
        self._last_start[task.owner] = next(self._numbers)
        return order[0]

    def finish(self, task_id: str) -> bool:
        """End a running task with success; False if it is not running."""
        if self.status(task_id) != "running":
            return False
        task = self._tasks[task_id]
        task.last_run = next(self._numbers)
        self._close(task, "done")
        return True

    def fail(self, task_id: str) -> bool:
        """End a running task without success: retry it later or give up; False if not running."""
        if self.status(task_id) != "running":
            return False
        task = self._tasks[task_id]
        if task.failures < task.retries:
            task.state = "ready"
            task.due = self._clock + self._backoff * (task.failures + 1)
            task.failures += 1
        else:
            self._close(task, "failed")
        if task.state == "failed":
            self._cancel_all(self._dependents(task_id))
        return True

    def status(self, task_id: str) -> str | None:
        """The state of a task; None if the id is unknown."""
        if task_id not in self._tasks:
            return None
        return self._status(task_id)

    def due(self, task_id: str) -> int | None:
        """The time from which a task may run; None if it is over or the id is unknown."""
        if task_id not in self._tasks or self._tasks[task_id].state != "ready":
            return None
        return self._tasks[task_id].due

    def ready(self) -> list[str]:
        """The ids of the ready tasks, first to run first."""
        ready = [task_id for task_id in self._tasks if self._status(task_id) == "ready"]
        busy = self._busy()
        return sorted(ready, key=lambda task_id: self._rank(task_id, busy))  # stable

    def _status(self, task_id: str) -> str:
        task = self._tasks[task_id]
        if task.state == "ready" and task.due > self._clock:
            return "delayed"
        if self._unmet(task_id):
            return "blocked"
        return task.state

    def _rank(self, task_id: str, busy: Counter[str]) -> tuple[int, int, int, int]:
        task = self._tasks[task_id]
        return busy[task.owner], self._last_start[task.owner], -task.priority, task.due

    def _busy(self) -> Counter[str]:
        """The number of running tasks of each owner."""
        return Counter(task.owner for task in self._tasks.values() if task.state == "running")

    def _close(self, task: _Task, outcome: str) -> None:
        """End this occurrence of a task: wait for the next one, or end the task for good."""
        if not task.every:
            task.state = outcome
            return
        periods = (self._clock - task.first_due) // task.every + 1
        task.due = task.first_due + periods * task.every
        task.failures = 0
        task.state = "ready"

    def _unmet(self, task_id: str) -> set[str]:
        task = self._tasks[task_id]
        if task.state != "ready":
            return set()
        return {need for need in task.needs if not self._is_met(task, self._tasks[need])}

    def _is_met(self, task: _Task, need: _Task) -> bool:
        if need.every:
            return need.last_run > task.last_run
        return need.state == "done"

    def _cancel_all(self, task_ids: set[str]) -> set[str]:
        """Cancel the tasks and all that need them, unless over; return the ids cancelled."""
        cancelled: set[str] = set()
        todo = list(task_ids)
        while todo:
            task_id = todo.pop()
            if self._tasks[task_id].state in ("ready", "running"):
                self._tasks[task_id].state = "cancelled"
                cancelled.add(task_id)
                todo += self._dependents(task_id)
        return cancelled

    def _dependents(self, task_id: str) -> set[str]:
        return {other for other, task in self._tasks.items() if task_id in task.needs}

    def _path(self, start: str, goal: str) -> list[str]:
        """The ids along the shortest way of needs, smallest ids first; empty if there is none."""
        paths = {start: [start]}
        queue = [start]
        for task_id in queue:  # grows while it is read
            for need in sorted(self._tasks[task_id].needs - paths.keys()):
                paths[need] = [*paths[task_id], need]
                queue.append(need)
        return paths.get(goal, [])
