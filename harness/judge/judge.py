"""The judge: a request in, a judgement out, whatever the solution does."""

from __future__ import annotations

import contextlib
import json
import os
import select
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.errors import CancelledError, JudgeError, RequestError, SandboxError
from harness.judge.order import Order
from harness.judge.recovery import judge_cases
from harness.judge.spawn import Child
from harness.model.judgement import SILENT, Judgement, Observer
from harness.model.problem import Request

GRACE_SECONDS = 15.0
"""What a case may take beyond its limit, its import included, before the child counts as stuck."""
START_SECONDS = 60.0
"""For the child to start and collect."""
_KEPT_LOG_BYTES = 4_000


class Stop:
    """Ends a running judgement from another thread. Close it in the end."""

    def __init__(self) -> None:
        self._signal, self._writable = os.pipe()
        os.set_blocking(self._signal, False)
        os.set_blocking(self._writable, False)

    def set(self) -> None:
        """End the judgement that runs, or else the next one."""
        with contextlib.suppress(BlockingIOError):  # a full pipe is a signal, too
            os.write(self._writable, b"!")

    def clear(self) -> None:
        """Let the next judgement run."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._signal, 1 << 16)

    def fileno(self) -> int:
        """Return the descriptor that is readable while this is set."""
        return self._signal

    def close(self) -> None:
        """Let go of both descriptors."""
        os.close(self._signal)
        os.close(self._writable)


class Judge:
    """Judges one request after another, each in a fresh child process. Close it in the end.

    ``cache``: folder for compiled suites. ``prepared``: a child that was already started.
    ``reuse``: keep a child for the next request. Its sandbox and boxes are as fresh as ever, but
    what a suite itself remembers stays: for authors, who judge many solutions of one problem.
    """

    def __init__(
        self,
        backend: str = "auto",
        cache: Path | None = None,
        prepared: Child | None = None,
        *,
        reuse: bool = False,
    ) -> None:
        self._backend = backend
        self._cache = cache
        self._prepared = JudgeProcess(prepared) if prepared is not None else None
        self._ending: Child | None = None
        """The child that was used last. Freeing its memory takes it a few milliseconds."""
        self._reuse = reuse

    def prepare(self, *requests: Request) -> None:
        """Start the next child ahead of its use; the next :meth:`judge` takes it.

        ``requests``: those that may come, all of one problem. Their suites are collected ahead,
        too; their snapshots do not matter.
        """
        orders = [self._order(request) for request in requests]
        expected = None
        if orders:
            suites = dict.fromkeys(suite for order in orders for suite in order.suites)
            expected = replace(orders[0], files=None, suites=tuple(suites))
        announced = self._prepared.announced if self._prepared is not None else None
        if expected is not None and announced is not None and announced.covers(expected):
            return
        process = self._process_for(expected)
        if expected is not None:
            process.send(expected)
        self._prepared = process

    def close(self) -> None:
        """End a prepared child that was not used, and wait for the end of the one before."""
        if self._prepared is not None:
            self._prepared.child.close()
        if self._ending is not None:
            self._ending.close()
        self._prepared = self._ending = None

    def judge(
        self, request: Request, observer: Observer = SILENT, stop: Stop | None = None
    ) -> Judgement:
        """Judge ``request``; never raises for what a solution does.

        ``observer`` follows it. What fails is tried again, and then with the reference: if that
        fails, too, it is reported in ``error``. Raises CancelledError as soon as ``stop`` is set;
        all boxes are killed then.
        """

        def run_child(asked: Request, judged: tuple[str, ...]) -> Generator[dict[str, Any]]:
            return self._run_child(self._order(asked), judged, stop)

        return judge_cases(request, run_child, observer)

    def _order(self, request: Request) -> Order:
        problem, suite = request.problem, request.suite
        return Order(
            backend=self._backend,
            cache=str(self._cache or ""),
            root=str(problem.root),
            module=problem.manifest.module,
            symbols=vars(problem.manifest.symbols),
            limits=problem.manifest.limits,
            select=request.select,
            seed=request.seed,
            suites=tuple((n, str(problem.suite_path(n, suite))) for n in request.levels),
            # As Python reads a file: without the byte order mark that some editors write.
            files={name: data.decode("utf-8-sig") for name, data in request.snapshot.files.items()},
            stop_at_timeout=request.stop_at_timeout,
            any_backend=request.any_backend,
            only=request.only,
            switch_seconds=request.switch_seconds,
            boxes=request.boxes,
            tells_changes=self._reuse,
        )

    def _run_child(
        self, order: Order, judged: tuple[str, ...], stop: Stop | None
    ) -> Generator[dict[str, Any]]:
        process = self._process_for(order)
        is_done = False
        try:
            process.send(replace(order, judged=judged))
            patience = order.limits.wall_seconds + GRACE_SECONDS
            with contextlib.closing(process.events(patience, stop)) as events:
                for event in events:
                    is_done = "done" in event and not event["crowded"]
                    yield event
        finally:
            if self._reuse and is_done:
                self._prepared = process
            else:
                self._retire(process.child)

    def _retire(self, child: Child) -> None:
        """End a child; the verdict need not wait for that."""
        child.end()
        if self._ending is not None:
            self._ending.close()
        self._ending = child

    def _process_for(self, order: Order | None) -> JudgeProcess:
        """Take the prepared child, or a new one if that was prepared for something else."""
        process, self._prepared = self._prepared, None
        if process is None:
            return JudgeProcess(_start_child(self._backend))
        if order is None or process.announced is None or process.announced.covers(order):
            return process
        process.child.close()
        return JudgeProcess(_start_child(self._backend))


def _start_child(backend: str) -> Child:
    try:
        return Child(backend)
    except PermissionError as error:
        raise SandboxError(
            f"The judge cannot be started: {error.filename}: {error.strerror}."
        ) from error


class JudgeProcess:
    """A child that carries out one order after another."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.announced: Order | None = None
        """What it has collected, or is collecting."""
        self._buffer = b""

    def send(self, order: Order) -> None:
        """Send ``order``, which an earlier one must cover."""
        self.announced = self.announced or order
        line = order.to_line()
        with contextlib.suppress(BrokenPipeError):  # the events, or their end, say why
            while line:
                line = line[os.write(self.child.orders, line) :]

    def events(
        self, seconds_per_case: float, stop: Stop | None = None
    ) -> Generator[dict[str, Any]]:
        """Yield what the child says, up to ``done`` or ``failed``.

        Raises :class:`JudgeError` when it dies, sends nonsense, or is silent for
        ``seconds_per_case``, and :class:`CancelledError` when ``stop`` is set.
        """
        patience = START_SECONDS
        with contextlib.ExitStack() as until_done:
            while True:
                event = self._next_event(time.monotonic() + patience, stop)
                if "collected" in event:
                    patience = seconds_per_case
                    # What is drawn or imported meanwhile need not cost the cases their processor.
                    until_done.enter_context(keep_off(event.get("processor")))
                elif "done" in event or "failed" in event:
                    until_done.close()
                    yield event
                    return
                yield event

    def _next_event(self, deadline: float, stop: Stop | None) -> dict[str, Any]:
        watched = [self.child.events, *([stop.fileno()] if stop else [])]
        while b"\n" not in self._buffer:
            left = max(0.0, deadline - time.monotonic())
            ready = select.select(watched, [], [], left)[0]
            if stop is not None and stop.fileno() in ready:
                raise CancelledError("The run was stopped. It has no verdict.")
            if not ready:
                raise self._failure("it stopped responding", stuck=True)
            chunk = os.read(self.child.events, 1 << 16)
            if not chunk:
                raise self._failure("it died")
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            raise self._failure("it sent something that is not an event")
        return event

    def _failure(self, reason: str, *, stuck: bool = False) -> JudgeError:
        log = os.pread(self.child.log, _KEPT_LOG_BYTES, 0).decode(errors="replace")
        last = log.strip().splitlines()[-1:]
        detail = f" ({last[0]})" if last else ""
        text = f"the judge's process failed: {reason}{detail}"
        return JudgeError(text, "harness doctor", stuck=stuck)


@contextlib.contextmanager
def keep_off(processor: int | None) -> Iterator[None]:
    """Leave ``processor`` to the judge, as far as the calling thread is concerned."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    others = allowed - {processor}
    if not others or others == allowed:
        yield
        return
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, others)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, allowed)


def require_expression(select: str, command: str) -> None:
    """Check ``select``, which ``command`` was given. Imports pytest if there is anything.

    Raises RequestError when pytest cannot read it.
    """
    if not select:
        return
    from _pytest.mark.expression import Expression

    try:
        Expression.compile(select).evaluate(_match)
    except Exception as error:  # its class is another one in each version of pytest
        reason = getattr(error, "msg", None) or str(error)
        raise RequestError(
            f"pytest cannot read -k '{select}': {reason}.", f"{command} -k 'one or another'"
        ) from None


def _match(name: str, /, **arguments: object) -> bool:
    if arguments:
        raise SyntaxError("names take no arguments here")
    return False
