"""One thread that does the slow work, so that keys and clock stay alive meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

from harness.model.frozen import frozen


@frozen
class Message:
    """What the worker tells the loop."""

    task: str
    """Which task it belongs to."""
    value: object
    """The task's result, the exception it raised, or a word on its progress."""
    done: bool
    """Whether the task is over."""


class Worker:
    """Runs tasks one after the other in a thread of its own.

    It is one thread for the whole session, because the judge's child is bound to the thread that
    started it.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._tasks: SimpleQueue[tuple[str, Callable[[], object]] | None] = SimpleQueue()
        self._messages: SimpleQueue[Message] = SimpleQueue()
        self._wake = wake
        self._thread = Thread(target=self._work, name="watch-worker", daemon=True)
        self._thread.start()

    def post(self, task: str, work: Callable[[], object]) -> None:
        """Do ``work`` when everything posted before is done."""
        self._tasks.put((task, work))

    def tell(self, task: str, value: object) -> None:
        """From inside a task: how far it is."""
        self._say(Message(task, value, done=False))

    def messages(self) -> list[Message]:
        """Take what has been told since the last call."""
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

    def _work(self) -> None:
        while (entry := self._tasks.get()) is not None:
            task, work = entry
            try:
                value = work()
            except Exception as error:  # the loop decides what each one means
                value = error
            self._say(Message(task, value, done=True))

    def _say(self, message: Message) -> None:
        self._messages.put(message)
        self._wake()
