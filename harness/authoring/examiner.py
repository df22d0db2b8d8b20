"""Judges many solutions of one problem: several at a time, and each only once.

A judgement follows from the suites of the levels asked for, the limits and names in the manifest,
the solution, the judge and the interpreter; it is kept in a folder under a hash of these, so that
examining again after a small change takes seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import harness
from harness.authoring.files import files_below, write_whole
from harness.errors import JudgeError
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

        Raises JudgeError when the judge itself failed at one, PackError when one cannot be kept.
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
        place = self._note_of(fact)
        return place is not None and place.exists()

    def note(self, fact: str) -> None:
        """Keep a fact that took long to find out; it names all that it depends on.

        Raises PackError when it cannot be kept.
        """
        place = self._note_of(fact)
        if place is not None:
            write_whole(place, "")

    def _note_of(self, fact: str) -> Path | None:
        about = json.dumps([self._judging, platform.python_version(), fact])
        name = hashlib.sha256(about.encode()).hexdigest()
        return self._kept / name[:2] / f"{name}.fact" if self._kept is not None else None

    def _one(self, request: Request, fresh: bool = False) -> Judgement:
        place = self._place(_hash_of_inputs(request), request)
        judgement = None if fresh else _read(place)
        if judgement is None:
            judgement = self._judge(request)
            if judgement.error:
                message = f"The judge failed at {request.problem.slug}: {judgement.error}"
                broken = judgement.broken_suite
                if broken is None:
                    raise JudgeError(message)
                raise JudgeError(message, suite=broken.file, line=broken.line)
            # Of an error of the judge nothing is kept: the next try may do better.
            if place is not None and judgement.verdict is not Verdict.JUDGE_ERROR:
                write_whole(place, json.dumps(to_plain(judgement)))
        self._done += 1
        self.on_progress(self._done, self._asked)
        return judgement

    def _judge(self, request: Request) -> Judgement:
        levels = tuple(range(1, request.problem.level_count + 1))
        with self._a_judge() as judge:
            # With all suites at once, so that the same child serves whatever is asked next.
            judge.prepare(*(replace(request, suite=suite, levels=levels) for suite in Suite))
            return judge.judge(request)

    @contextlib.contextmanager
    def _a_judge(self) -> Iterator[Judge]:
        judge = self._judges.get()
        try:
            yield judge
        finally:
            self._judges.put(judge)

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

    def _place(self, inputs: str, request: Request) -> Path | None:
        if self._kept is None:
            return None
        what = json.dumps(
            [
                self._judging,
                platform.python_version(),
                self._backend,
                inputs,
                request.snapshot.hash,
                request.levels,
                request.suite,
                request.select,
                request.seed,
                request.stop_at_timeout,
            ]
        )
        name = hashlib.sha256(what.encode()).hexdigest()
        return self._kept / name[:2] / f"{name}.json"


def _hash_of_inputs(request: Request) -> str:
    """Hash what decides a judgement besides the solution: suites, limits and declared names."""
    problem = request.problem
    manifest = problem.manifest
    files = {
        str(level): problem.suite_path(level, request.suite).read_bytes()
        for level in request.levels
    }
    symbols = [level.symbols for level in manifest.levels]
    settings = [manifest.module, manifest.limits.to_table(), to_plain(symbols)]
    files["settings"] = json.dumps(settings).encode()
    return Snapshot(files=files).hash


def _read(place: Path | None) -> Judgement | None:
    if place is None:
        return None
    try:
        return from_plain(Judgement, json.loads(place.read_bytes()))
    except (OSError, ValueError):
        return None  # not there, or of another time: judged again
