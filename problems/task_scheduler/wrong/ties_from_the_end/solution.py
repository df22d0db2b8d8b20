"""Tasks with priorities and dependencies, run one at a time."""

from dataclasses import dataclass, field


class CycleError(Exception):
    """A dependency would close a cycle; `path` holds the ids along it."""

    def __init__(self, path: list[str]) -> None:
        super().__init__(" needs ".join(path))
        self.path = path


@dataclass
class _Task:
    priority: int
    state: str = "ready"
    needs: set[str] = field(default_factory=set)


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

    def add_dependency(self, task_id: str, needs: str) -> bool:
        """Let a task wait for another; raise CycleError if they would wait for each other."""
        if task_id not in self._tasks or needs not in self._tasks:
            return False
        task = self._tasks[task_id]
        if task.state == "done" or needs in task.needs:
            return False
        path = self._path(needs, task_id)
        if path:
            raise CycleError([task_id, *path])
        task.needs.add(needs)
        return True

    def blockers(self, task_id: str) -> list[str] | None:
        """The ids of all tasks that must still be done before this one, sorted."""
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
        return sorted(ready, key=self._rank)  # stable: ties stay in the order of submission

    def _status(self, task_id: str) -> str:
        if self._unmet(task_id):
            return "blocked"
        return self._tasks[task_id].state

    def _rank(self, task_id: str) -> int:
        return -self._tasks[task_id].priority

    def _unmet(self, task_id: str) -> set[str]:
        return {need for need in self._tasks[task_id].needs if not self._is_met(need)}

    def _is_met(self, need: str) -> bool:
        return self._tasks[need].state == "done"

    def _path(self, start: str, goal: str) -> list[str]:
        """The ids along the shortest way of needs, searched from its end; empty if none."""
        paths = {goal: [goal]}
        queue = [goal]
        for task_id in queue:  # grows while it is read
            for waiting in sorted(self._tasks.keys() - paths.keys()):
                if task_id in self._tasks[waiting].needs:
                    paths[waiting] = [waiting, *paths[task_id]]
                    queue.append(waiting)
        return paths.get(start, [])
