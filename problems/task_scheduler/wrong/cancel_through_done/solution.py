"""Tasks with priorities, dependencies and due times, run one at a time."""

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
    every: int
    state: str = "ready"  # as far as the task itself is concerned; _status looks around
    needs: set[str] = field(default_factory=set)
    last_run: int = 0  # the number of its latest run among the runs of all tasks


class TaskScheduler:
    """Decides which task runs next."""

    def __init__(self) -> None:
        self._tasks: dict[str, _Task] = {}  # in the order of submission
        self._clock = 0
        self._numbers = count(1)

    def advance(self, now: int) -> bool:
        """Move the clock to `now` (seconds); False if that is in the past."""
        if now < self._clock:
            return False
        self._clock = now
        return True

    def submit(self, task_id: str, priority: int, delay: int = 0, every: int = 0) -> bool:
        """Add a task, due in `delay` seconds and then every `every`; False if the id is taken."""
        if task_id in self._tasks:
            return False
        self._tasks[task_id] = _Task(priority, self._clock + delay, every)
        return True

    def cancel(self, task_id: str) -> list[str]:
        """Cancel a task and all that need it; return the ids of those cancelled, sorted."""
        return sorted(self._cancel_all({task_id} & self._tasks.keys()))

    def add_dependency(self, task_id: str, needs: str) -> bool:
        """Let a task wait for another; raise CycleError if they would wait for each other."""
        if task_id not in self._tasks or needs not in self._tasks:
            return False
        task = self._tasks[task_id]
        if task.state != "ready" or self._tasks[needs].state == "cancelled" or needs in task.needs:
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
        """Run the first ready task and return its id; None if there is none."""
        order = self.ready()
        if not order:
            return None
        self._complete(self._tasks[order[0]])
        return order[0]

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
        return sorted(ready, key=self._rank)  # stable: ties stay in the order of submission

    def _status(self, task_id: str) -> str:
        task = self._tasks[task_id]
        if task.state == "ready" and task.due > self._clock:
            return "delayed"
        if self._unmet(task_id):
            return "blocked"
        return task.state

    def _rank(self, task_id: str) -> tuple[int, int]:
        task = self._tasks[task_id]
        return -task.priority, task.due

    def _complete(self, task: _Task) -> None:
        task.last_run = next(self._numbers)
        if task.every:
            self._skip_to_next_due(task)
        else:
            task.state = "done"

    def _skip_to_next_due(self, task: _Task) -> None:
        periods = (self._clock - task.due) // task.every + 1
        task.due += periods * task.every

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
            if self._tasks[task_id].state == "ready":
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
