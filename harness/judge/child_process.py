"""Talks to the judge's child: gives it orders, takes its events."""

from __future__ import annotations

import contextlib
import json
import os
import select
import time
from collections.abc import Generator
from typing import Any

from harness.errors import JudgeError, JudgeStuckError
from harness.judge.order import Order
from harness.judge.processor import keep_off
from harness.judge.spawn import Child

START_SECONDS = 60.0
"""For the child to start and collect."""
_KEPT_LOG_BYTES = 4_000


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

    def events(self, seconds_per_case: float) -> Generator[dict[str, Any]]:
        """Yield what the child says, up to ``done`` or ``failed``.

        Raises :class:`JudgeStuckError` when it is silent for ``seconds_per_case``, and
        :class:`JudgeError` when it dies or talks nonsense.
        """
        patience = START_SECONDS
        with contextlib.ExitStack() as until_done:
            while True:
                event = self._next_event(time.monotonic() + patience)
                if "collected" in event:
                    patience = seconds_per_case
                    # What is drawn or imported meanwhile need not cost the cases their processor.
                    until_done.enter_context(keep_off(event.get("processor")))
                elif "done" in event or "failed" in event:
                    until_done.close()
                    yield event
                    return
                yield event

    def _next_event(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.child.events], [], [], left)[0]:
                raise JudgeStuckError(*self._failure("it stopped responding"))
            chunk = os.read(self.child.events, 1 << 16)
            if not chunk:
                raise JudgeError(*self._failure("it died"))
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            raise JudgeError(*self._failure("it sent what is no event"))
        return event

    def _failure(self, reason: str) -> tuple[str, str]:
        """Return message and hint."""
        log = os.pread(self.child.log, _KEPT_LOG_BYTES, 0).decode(errors="replace")
        last = log.strip().splitlines()[-1:]
        detail = f" ({last[0]})" if last else ""
        return f"the judge's process failed: {reason}{detail}", "harness doctor"
