"""Judges many solutions of one problem: several at a time, and each only once.

A judgement follows from the suites of the levels asked for, the limits and names in the manifest,
the solution, the judge and the interpreter; it is kept in a folder under a hash of these, so that
examining again after a small change takes seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import harness
from harness.authoring.files import files_below, write_whole
from harness.errors import JudgeError, PackError
from harness.judge.judge import Judge
from harness.model.judgement import Judgement, Suite, Verdict
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Request, Snapshot

_JUDGING = ("guest", "judge", "model", "sandbox")
"""The rooms of this package whose code decides a judgement."""


OnProgress = Callable[[int, int], None]
"""Gets how many judgements are done and how many were asked for so far."""


class Examiner:
    """A pool of judges. Close it, or use it in a ``with`` statement.

    ``kept``: folder for judgements; None for nowhere. ``workers``: how many judge at a time.
    """

    def __init__(
        self,
        backend: str = "auto",
        kept: Path | None = None,
        cache: Path | None = None,
        workers: int = 0,
    ) -> None:
        self._backend = backend
        self._kept = kept
        self._cache = cache
        self._workers = workers or os.cpu_count() or 1
        self._judges: queue.SimpleQueue[Judge] = queue.SimpleQueue()
        for _ in range(self._workers):
            self._judges.put(Judge(backend, cache, reuse=True))
        self._pool = ThreadPoolExecutor(self._workers)
        self.on_progress: OnProgress = lambda done, asked: None
        self._done = self._asked = 0

    def __enter__(self) -> Examiner:
        """Return the examiner itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the examiner."""
        self.close()

    def close(self) -> None:
        """Cancel waiting requests, and end all children."""
        self._pool.shutdown(cancel_futures=True)
        while not self._judges.empty():
            self._judges.get().close()

    def judge_all(self, requests: Sequence[Request]) -> list[Judgement]:
        """Return the judgements of ``requests``, in their order.

        Raises JudgeError when the judge itself failed at one.
        """
        self._asked += len(requests)
        self.on_progress(self._done, self._asked)
        return list(self._pool.map(self._one, requests))

    def judge(self, request: Request, *, fresh: bool = False) -> Judgement:
        """Return one judgement; ``fresh``: judge even if it is known. Raises as ``judge_all``."""
        self._asked += 1
        self.on_progress(self._done, self._asked)
        return self._pool.submit(self._one, request, fresh).result()

    def knows(self, fact: str) -> bool:
        """Tell whether ``fact`` was noted before, in this examination or an earlier one."""
        place = self._place("fact", fact)
        return place is not None and os.path.exists(place)

    def note(self, fact: str) -> None:
        """Keep a fact that took long to find out; it names all that it depends on."""
        _keep(self._place("fact", fact), "")

    def _one(self, request: Request, fresh: bool = False) -> Judgement:
        place = self._place("json", _inputs(request))
        judgement = None if fresh or place is None else _read(place)
        if judgement is None:
            judgement = self._judge(request)
            if judgement.error:
                message = f"The judge failed at {request.problem.slug}: {judgement.error}"
                broken = judgement.broken_suite
                if broken is None:
                    raise JudgeError(message)
                raise JudgeError(message, suite=broken.file, line=broken.line)
            # Of an error of the judge nothing is kept: the next try may do better.
            if judgement.verdict is not Verdict.JUDGE_ERROR:
                _keep(place, json.dumps(to_plain(judgement)))
        self._done += 1
        self.on_progress(self._done, self._asked)
        return judgement

    def _judge(self, request: Request) -> Judgement:
        levels = tuple(range(1, request.problem.level_count + 1))
        judge = self._judges.get()
        try:
            # With all suites at once, so that the same child serves whatever is asked next.
            judge.prepare(*(replace(request, suite=suite, levels=levels) for suite in Suite))
            return judge.judge(request)
        finally:
            self._judges.put(judge)

    def _place(self, kind: str, about: object) -> Path | None:
        """Return the file for what is known ``about`` something; None when nothing is kept."""
        if self._kept is None:
            return None
        what = json.dumps([self._judging, platform.python_version(), self._backend, about])
        name = hashlib.sha256(what.encode()).hexdigest()
        return self._kept / name[:2] / f"{name}.{kind}"

    @cached_property
    def _judging(self) -> str:
        """Hash of the code that judges."""
        package = Path(harness.__file__).parent
        code = {
            f"{room}/{name}": data
            for room in _JUDGING
            for name, data in files_below(package / room).items()
        }
        code["pytest"] = version("pytest").encode()
        return Snapshot(files=code).hash


def _inputs(request: Request) -> list[object]:
    """Return what decides a judgement, besides the judge."""
    problem = request.problem
    manifest = problem.manifest
    suites = {
        str(level): problem.suite_path(level, request.suite).read_bytes()
        for level in request.levels
    }
    return [
        Snapshot(files=suites).hash,
        manifest.module,
        manifest.limits.to_table(),
        to_plain([level.symbols for level in manifest.levels]),
        request.snapshot.hash,
        request.levels,
        request.suite,
        request.select,
        request.seed,
        request.stop_at_timeout,
    ]


def _keep(place: Path | None, text: str) -> None:
    """Write what saves time later. Judging goes on where that is not possible."""
    if place is not None:
        with suppress(PackError):
            write_whole(place, text)


def _read(place: Path) -> Judgement | None:
    try:
        return from_plain(Judgement, json.loads(place.read_bytes()))
    except (OSError, ValueError):
        return None  # not there, or of another time: judged again
