"""Relational: the facts lie in an in-memory database, and the rules are views on them."""

import sqlite3

_SCHEMA = """
CREATE TABLE clock (now INTEGER);
INSERT INTO clock VALUES (0);
CREATE TABLE owner (name TEXT PRIMARY KEY, last_start INTEGER DEFAULT 0);
CREATE TABLE task (
    number INTEGER PRIMARY KEY,
    id TEXT UNIQUE,
    priority INTEGER,
    first_due INTEGER,
    due INTEGER,
    every INTEGER,
    owner TEXT,
    retries INTEGER,
    failures INTEGER DEFAULT 0,
    phase TEXT DEFAULT 'waiting',
    last_run INTEGER DEFAULT 0
);
CREATE TABLE link (task TEXT, need TEXT, PRIMARY KEY (task, need));

CREATE VIEW unmet AS
SELECT link.task, link.need
FROM link
JOIN task AS a ON a.id = link.task
JOIN task AS b ON b.id = link.need
WHERE a.phase = 'waiting'
  AND CASE WHEN b.every THEN b.last_run <= a.last_run ELSE b.phase <> 'done' END;

CREATE VIEW state AS
SELECT id, CASE
    WHEN phase <> 'waiting' THEN phase
    WHEN due > (SELECT now FROM clock) THEN 'delayed'
    WHEN id IN (SELECT task FROM unmet) THEN 'blocked'
    ELSE 'ready'
END AS status
FROM task;

CREATE VIEW line AS
SELECT task.id
FROM task
JOIN state ON state.id = task.id AND state.status = 'ready'
JOIN owner ON owner.name = task.owner
ORDER BY
    (SELECT COUNT(*) FROM task AS t WHERE t.owner = task.owner AND t.phase = 'running'),
    owner.last_start, task.priority DESC, task.due, task.number;
"""

_BLOCKERS = """
WITH RECURSIVE found(id) AS (
    SELECT need FROM unmet WHERE task = ?
    UNION
    SELECT need FROM unmet JOIN found ON task = found.id
)
SELECT id FROM found ORDER BY id
"""

_DOOMED = """
WITH RECURSIVE doomed(id) AS (
    SELECT id FROM task WHERE id IN (SELECT value FROM wanted) AND phase IN ('waiting', 'running')
    UNION
    SELECT task.id FROM doomed
    JOIN link ON link.need = doomed.id
    JOIN task ON task.id = link.task AND task.phase IN ('waiting', 'running')
)
SELECT id FROM doomed ORDER BY id
"""


class CycleError(Exception):
    """Refused dependency; `path` is the cycle that it would close."""

    def __init__(self, path: list[str]) -> None:
        super().__init__(path)
        self.path = path


class TaskScheduler:
    """Decides which task runs next."""

    def __init__(self, workers: int = 1, backoff: int = 1) -> None:
        self._workers = workers
        self._backoff = backoff
        self._tick = 0
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._db.executescript(_SCHEMA)

    def __del__(self) -> None:
        self._db.close()

    def advance(self, now: int) -> bool:
        """Move the clock forward."""
        return self._change("UPDATE clock SET now = ? WHERE now <= ?", now, now) == 1

    def submit(self, task_id, priority, delay=0, every=0, owner="", retries=0) -> bool:
        """Add a task; False if the id is taken."""
        due = self._value("SELECT now FROM clock") + delay
        self._change("INSERT OR IGNORE INTO owner (name) VALUES (?)", owner)
        columns = "id, priority, first_due, due, every, owner, retries"
        row = (task_id, priority, due, due, every, owner, retries)
        return (
            self._change(
                f"INSERT OR IGNORE INTO task ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *row
            )
            == 1
        )

    def add_dependency(self, task_id: str, needs: str) -> bool:
        """Let a task wait for another one."""
        phase = self._value("SELECT phase FROM task WHERE id = ?", task_id)
        need_phase = self._value("SELECT phase FROM task WHERE id = ?", needs)
        if phase != "waiting" or need_phase in (None, "cancelled", "failed"):
            return False
        if self._value("SELECT 1 FROM link WHERE task = ? AND need = ?", task_id, needs):
            return False
        path = self._path(needs, task_id)
        if path:
            raise CycleError([task_id, *path])
        self._change("INSERT INTO link VALUES (?, ?)", task_id, needs)
        return True

    def blockers(self, task_id: str) -> list[str] | None:
        """The ids of all tasks that must run before this one, sorted."""
        if self.status(task_id) is None:
            return None
        return self._column(_BLOCKERS, task_id)

    def cancel(self, task_id: str) -> list[str]:
        """Cancel a task and what needs it; return the ids, sorted."""
        return self._cancel("SELECT ? AS value", task_id)

    def run_next(self) -> str | None:
        """Start the first ready task and finish it at once."""
        task_id = self.start_next()
        self.finish(task_id)
        return task_id

    def start_next(self) -> str | None:
        """Start the first ready task on a free worker."""
        if self._value("SELECT COUNT(*) FROM task WHERE phase = 'running'") == self._workers:
            return None
        task_id = self._value("SELECT id FROM line")
        if task_id is not None:
            self._tick += 1
            self._change("UPDATE task SET phase = 'running' WHERE id = ?", task_id)
            self._change(
                "UPDATE owner SET last_start = ?"
                " WHERE name = (SELECT owner FROM task WHERE id = ?)",
                self._tick,
                task_id,
            )
        return task_id

    def finish(self, task_id: str | None) -> bool:
        """End a running task with success."""
        if self.status(task_id) != "running":
            return False
        self._tick += 1
        self._change("UPDATE task SET last_run = ? WHERE id = ?", self._tick, task_id)
        self._end_occurrence(task_id, "done")
        return True

    def fail(self, task_id: str) -> bool:
        """End a running task without success."""
        if self.status(task_id) != "running":
            return False
        retried = self._change(
            "UPDATE task SET phase = 'waiting', failures = failures + 1,"
            " due = (SELECT now FROM clock) + (? << failures) WHERE id = ? AND failures < retries",
            self._backoff,
            task_id,
        )
        if not retried:
            self._end_occurrence(task_id, "failed")
        if self.status(task_id) == "failed":
            self._cancel("SELECT task AS value FROM link WHERE need = ?", task_id)
        return True

    def status(self, task_id: str | None) -> str | None:
        """What a task is doing."""
        return self._value("SELECT status FROM state WHERE id = ?", task_id)

    def due(self, task_id: str) -> int | None:
        """The due time of a task that waits."""
        return self._value("SELECT due FROM task WHERE id = ? AND phase = 'waiting'", task_id)

    def ready(self) -> list[str]:
        """The ids of the ready tasks, in order."""
        return self._column("SELECT id FROM line")

    def _end_occurrence(self, task_id: str, outcome: str) -> None:
        self._change(
            "UPDATE task SET phase = ? WHERE id = ? AND every = 0",
            outcome,
            task_id,
        )
        self._change(
            "UPDATE task SET phase = 'waiting', failures = 0,"
            " due = first_due + ((SELECT now FROM clock) - first_due) / every * every + every"
            " WHERE id = ? AND every > 0",
            task_id,
        )

    def _cancel(self, wanted: str, argument: str) -> list[str]:
        doomed = self._column(_DOOMED.replace("SELECT value FROM wanted", wanted), argument)
        for task_id in doomed:
            self._change("UPDATE task SET phase = 'cancelled' WHERE id = ?", task_id)
        return doomed

    def _path(self, start: str, goal: str) -> list[str]:
        """Layer by layer from the start; each id remembers the first one that led to it."""
        came_from: dict[str, str | None] = {start: None}
        layer = [start]
        while layer and goal not in came_from:
            following = []
            for task_id in layer:
                for need in self._column(
                    "SELECT need FROM link WHERE task = ? ORDER BY 1", task_id
                ):
                    if need not in came_from:
                        came_from[need] = task_id
                        following.append(need)
            layer = following
        path = []
        step = goal if goal in came_from else None
        while step is not None:
            path.append(step)
            step = came_from[step]
        return path[::-1]

    def _change(self, sql: str, *arguments) -> int:
        return self._db.execute(sql, arguments).rowcount

    def _column(self, sql: str, *arguments) -> list:
        return [row[0] for row in self._db.execute(sql, arguments)]

    def _value(self, sql: str, *arguments):
        row = self._db.execute(sql, arguments).fetchone()
        return row[0] if row else None
