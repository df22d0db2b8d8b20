"""One thread for slow tasks, so that keys and clock stay alive meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Literal

from harness.model.frozen import frozen

Task = Literal[
    "prepare",
    "test",
    "submit",
    "statement",
    "levels",
    "reset",
    "pause",
    "resume",
    "refresh",
]


@frozen
class Message:
    """What a task reports to the loop."""

    task: Task
    value: object
    """The task's result, the exception it raised, or its progress."""
    done: bool
    """Whether the task is over."""


class TaskThread:
    """Runs tasks one after the other.

    It is one thread for the whole watch, because the judge's child is bound to the thread that
    started it.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._tasks: SimpleQueue[tuple[Task, Callable[[], object]] | None] = SimpleQueue()
        self._messages: SimpleQueue[Message] = SimpleQueue()
        self._wake = wake
        self._thread = Thread(target=self._run, name="watch-tasks", daemon=True)
        self._thread.start()

    def post(self, task: Task, work: Callable[[], object]) -> None:
        """Do ``work`` when everything posted before is done."""
        self._tasks.put((task, work))

    def report(self, task: Task, value: object) -> None:
        """Report the progress of a running task. Called from inside it."""
        self._send(Message(task, value, done=False))

    def messages(self) -> list[Message]:
        """Return the messages since the last call."""
        taken = []
        while True:
            try:
                taken.append(self._messages.get_nowait())
            except Empty:
                return taken

    def stop(self, seconds: float) -> None:
        """Let the running task end, for ``seconds`` at most."""
        self._tasks.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while (entry := self._tasks.get()) is not None:
            task, work = entry
            try:
                value = work()
            except Exception as error:  # the loop decides what each one means
                value = error
            self._send(Message(task, value, done=True))

    def _send(self, message: Message) -> None:
        self._messages.put(message)
        self._wake()
