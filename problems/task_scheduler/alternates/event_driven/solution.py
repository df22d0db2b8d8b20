"""Event-driven: every change pushes its consequences, so that queries only read.

Each owner has a sorted line of ready tasks, each task knows which of its needs are open, and a heap
of timers says whose due time comes next. Nothing is derived by looking at all tasks.
"""

from bisect import insort
from collections import deque
from heapq import heappop, heappush, merge
from itertools import groupby


class CycleError(Exception):
    """Refused dependency; `path` is the cycle that it would close."""

    def __init__(self, path: list[str]) -> None:
        super().__init__(f"cycle: {path}")
        self.path = path


class _Owner:
    def __init__(self) -> None:
        self.line: list[tuple] = []  # (-priority, due, number, id) of the ready tasks, sorted
        self.running = 0
        self.last_start = 0

    def rank(self) -> tuple[int, int]:
        return self.running, self.last_start


class _Task:
    def __init__(self, number, task_id, priority, due, every, owner, retries) -> None:
        self.number = number
        self.id = task_id
        self.priority = priority
        self.first_due = self.due = due
        self.every = every
        self.owner = owner
        self.retries = retries
        self.failures = 0
        self.phase = "waiting"  # or "running", "done", "failed", "cancelled"
        self.needs: set[_Task] = set()
        self.open_needs: set[_Task] = set()
        self.needed_by: set[_Task] = set()
        self.last_run = 0
        self.place: tuple | None = None  # its entry in the owner's line


class TaskScheduler:
    """Decides which task runs next."""

    def __init__(self, workers: int = 1, backoff: int = 1) -> None:
        self._free = workers
        self._backoff = backoff
        self._now = 0
        self._tick = 0
        self._tasks: dict[str, _Task] = {}
        self._owners: dict[str, _Owner] = {}
        self._timers: list[tuple[int, int, _Task]] = []

    # --- changes -------------------------------------------------------------------------------

    def submit(self, task_id, priority, delay=0, every=0, owner="", retries=0) -> bool:
        """Add a task; False if the id is taken."""
        if task_id in self._tasks:
            return False
        line = self._owners.setdefault(owner, _Owner())
        due = self._now + delay
        task = _Task(len(self._tasks), task_id, priority, due, every, line, retries)
        self._tasks[task_id] = task
        self._wait_until(task, due)
        return True

    def add_dependency(self, task_id: str, needs: str) -> bool:
        """Let a task wait for another one."""
        task, need = self._tasks.get(task_id), self._tasks.get(needs)
        if task is None or need is None or task.phase != "waiting" or need in task.needs:
            return False
        if need.phase in ("cancelled", "failed"):
            return False
        path = _shortest_path(need, task)
        if path:
            raise CycleError([task_id, *path])
        task.needs.add(need)
        need.needed_by.add(task)
        ran_since = need.last_run > task.last_run if need.every else need.phase == "done"
        if not ran_since:
            task.open_needs.add(need)
            self._place(task)
        return True

    def advance(self, now: int) -> bool:
        """Move the clock and wake the tasks whose due time has come."""
        if now < self._now:
            return False
        self._now = now
        while self._timers and self._timers[0][0] <= now:
            self._place(heappop(self._timers)[2])
        return True

    def cancel(self, task_id: str) -> list[str]:
        """Cancel a task and what needs it; return the ids, sorted."""
        task = self._tasks.get(task_id)
        return sorted(self._cancel(task)) if task else []

    def start_next(self) -> str | None:
        """Start the first ready task on a free worker."""
        order = self.ready()
        if not order or not self._free:
            return None
        task = self._tasks[order[0]]
        self._tick += 1
        self._free -= 1
        task.owner.running += 1
        task.owner.last_start = self._tick
        self._enter(task, "running")
        return task.id

    def finish(self, task_id: str) -> bool:
        """End a running task with success."""
        task = self._release(task_id)
        if task is None:
            return False
        self._tick += 1
        task.last_run = self._tick
        task.open_needs = {need for need in task.needs if need.every}
        self._end_occurrence(task, "done")
        for other in task.needed_by:
            other.open_needs.discard(task)
            self._place(other)
        return True

    def fail(self, task_id: str) -> bool:
        """End a running task without success."""
        task = self._release(task_id)
        if task is None:
            return False
        if task.failures == task.retries:
            self._end_occurrence(task, "failed")
        else:
            pause = self._backoff << task.failures
            task.failures += 1
            self._enter(task, "waiting")
            self._wait_until(task, self._now + pause)
        return True

    def run_next(self) -> str | None:
        """Start the first ready task and finish it at once."""
        task_id = self.start_next()
        if task_id is None:
            return None
        self.finish(task_id)
        return task_id

    # --- questions -----------------------------------------------------------------------------

    def ready(self) -> list[str]:
        """The ids of the ready tasks, in order."""
        owners = sorted((owner for owner in self._owners.values() if owner.line), key=_Owner.rank)
        order = []
        for _, equals in groupby(owners, key=_Owner.rank):
            order += [entry[-1] for entry in merge(*(owner.line for owner in equals))]
        return order

    def status(self, task_id: str) -> str | None:
        """What a task is doing."""
        task = self._tasks.get(task_id)
        if task is None:
            return None
        if task.phase != "waiting":
            return task.phase
        if self._now < task.due:
            return "delayed"
        return "ready" if task.place else "blocked"

    def due(self, task_id: str) -> int | None:
        """The due time of a task that waits."""
        task = self._tasks.get(task_id)
        return task.due if task and task.phase == "waiting" else None

    def blockers(self, task_id: str) -> list[str] | None:
        """The ids of all tasks that must run before this one, sorted."""
        if task_id not in self._tasks:
            return None
        found: set[_Task] = set()

        def visit(task: _Task) -> None:
            if task.phase == "waiting":
                for need in task.open_needs - found:
                    found.add(need)
                    visit(need)

        visit(self._tasks[task_id])
        return sorted(task.id for task in found)

    # --- consequences --------------------------------------------------------------------------

    def _wait_until(self, task: _Task, due: int) -> None:
        task.due = due
        if due > self._now:
            heappush(self._timers, (due, task.number, task))
        self._place(task)

    def _place(self, task: _Task) -> None:
        """Put the task into its owner's line, or take it out, as its state demands."""
        if task.place:
            task.owner.line.remove(task.place)
            task.place = None
        if task.phase == "waiting" and task.due <= self._now and not task.open_needs:
            task.place = (-task.priority, task.due, task.number, task.id)
            insort(task.owner.line, task.place)

    def _enter(self, task: _Task, phase: str) -> None:
        task.phase = phase
        self._place(task)

    def _release(self, task_id: str) -> _Task | None:
        """Take a running task from its worker."""
        task = self._tasks.get(task_id)
        if task is None or task.phase != "running":
            return None
        self._free += 1
        task.owner.running -= 1
        return task

    def _end_occurrence(self, task: _Task, outcome: str) -> None:
        if task.every:
            task.failures = 0
            late = (self._now - task.first_due) % task.every
            self._enter(task, "waiting")
            self._wait_until(task, self._now - late + task.every)
            return
        self._enter(task, outcome)
        if outcome == "failed":
            for other in task.needed_by:
                self._cancel(other)

    def _cancel(self, task: _Task) -> list[str]:
        if task.phase == "running":
            self._release(task.id)
        elif task.phase != "waiting":
            return []
        self._enter(task, "cancelled")
        cancelled = [task.id]
        for other in task.needed_by:
            cancelled += self._cancel(other)
        return cancelled


def _shortest_path(start: _Task, goal: _Task) -> list[str]:
    """Measure the distance of all tasks to the goal, then walk down by the smallest ids."""
    distance = {goal: 0}
    queue = deque([goal])
    while queue:
        task = queue.popleft()
        for other in task.needed_by:
            if other not in distance:
                distance[other] = distance[task] + 1
                queue.append(other)
    if start not in distance:
        return []
    path = [start]
    while path[-1] is not goal:
        nearer = distance[path[-1]] - 1
        path.append(
            min((t for t in path[-1].needs if distance.get(t) == nearer), key=lambda t: t.id)
        )
    return [task.id for task in path]
