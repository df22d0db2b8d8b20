"""Judges many solutions of one problem: several at a time, and each only once.

What comes of a case follows from its suite, the limits and names in the manifest, the solution, the
judge and the interpreter; it is kept in a folder under a hash of these, so that examining again
after a small change takes seconds. Nothing is kept of a judgement in which a case has changed what
its suite keeps between cases.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import queue
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import harness
from harness.authoring.files import files_below
from harness.authoring.keeping import (
    KeptCases,
    SeparateCase,
    is_stopped,
    keep_text,
    separate_cases,
    with_rules,
)
from harness.errors import JudgeError
from harness.judge.judge import Judge
from harness.model.judgement import Judgement, Observer, Suite, Verdict
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Request, Snapshot

_JUDGING = ("guest", "judge", "model", "sandbox")
"""The rooms of this package whose code decides a judgement."""


class Seen(Observer):
    """What is known of a run besides its judgement."""

    def __init__(self) -> None:
        self.collected: Sequence[str] = ()
        self.changes: dict[str, Sequence[str]] = {}
        """Case → names of what it leaves changed in its suite."""

    def cases_collected(self, cases: Sequence[str]) -> None:
        """Keep the ids of the cases; those of a second try are the same."""
        self.collected = cases

    def state_changed(self, case: str, names: Sequence[str]) -> None:
        """Keep what a case has changed."""
        self.changes[case] = names


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

    def judge_all(self, requests: Sequence[Request], *, fresh: bool = False) -> list[Judgement]:
        """Return the judgements of ``requests``, in their order; ``fresh``: as ``judge`` has it.

        Raises JudgeError when the judge itself failed at one.
        """
        self._asked += len(requests)
        self.on_progress(self._done, self._asked)
        return list(self._pool.map(lambda request: self._one(request, fresh), requests))

    def judge(self, request: Request, *, fresh: bool = False) -> Judgement:
        """Return one judgement; ``fresh``: judge even if it is known. Raises as ``judge_all``."""
        self._asked += 1
        self.on_progress(self._done, self._asked)
        return self._pool.submit(self._one, request, fresh).result()

    def changes(self, request: Request) -> Mapping[str, Sequence[str]]:
        """Judge anew; return each case that leaves its suite changed, with the names of what.

        Raises as ``judge_all``.
        """
        asked = replace(request, boxes="fresh")
        return self._pool.submit(self._judge, asked).result()[1].changes

    def knows(self, fact: str) -> bool:
        """Return whether ``fact`` was noted before, in this examination or an earlier one."""
        place = self._place("fact", fact)
        return place is not None and os.path.exists(place)

    def note(self, fact: str) -> None:
        """Keep a fact that took long to find out; it names all that it depends on."""
        keep_text(self._place("fact", fact), "")

    def _one(self, request: Request, fresh: bool = False) -> Judgement:
        if fresh:
            request = replace(request, boxes="fresh")
        whole = request.select or request.only or request.switch_seconds
        cases = None if whole or self._kept is None else separate_cases(request)
        if cases is None:
            judgement = self._judge_whole(request, fresh)
        else:
            judgement = self._judge_cases(request, cases, fresh)
        self._done += 1
        self.on_progress(self._done, self._asked)
        return judgement

    def _judge_whole(self, request: Request, fresh: bool) -> Judgement:
        place = None if request.switch_seconds else self._place("json", _inputs(request))
        judgement = None if fresh or place is None else _read(place)
        if judgement is None:
            judgement, seen = self._judge(request)
            if _can_be_kept(judgement, seen):
                keep_text(place, json.dumps(to_plain(judgement)))
        return judgement

    def _judge_cases(
        self, request: Request, cases: Sequence[SeparateCase], fresh: bool
    ) -> Judgement:
        """Judge the cases that are not known, and put the judgement together."""
        places = {level: self._place("cases", _inputs(request, level)) for level in request.levels}
        kept = KeptCases({level: place for level, place in places.items() if place is not None})
        known = {} if fresh else kept.known(cases, stopped=request.stop_at_timeout)
        wanted = _up_to_a_stop(cases, known) if request.stop_at_timeout else cases
        missing = [case for case in wanted if case not in known]
        if missing or not cases:
            only = tuple(case.function for case in missing) if known else ()
            judged, seen = self._judge(replace(request, only=only))
            own = {case: case.part_of(judged) for case in missing}
            # Nothing has come of those behind one that was too slow.
            own = {case: own[case] for case in own if own[case].outcomes or not is_stopped(judged)}
            known |= own
            if _can_be_kept(judged, seen):
                kept.keep(cases, own, seen.collected)
        else:
            judged = known[cases[0]]
        if request.stop_at_timeout:
            wanted = _up_to_a_stop(wanted, known)
        outcomes = (
            outcome
            for case in wanted
            if case in known
            for outcome in with_rules(request.problem, case, known[case]).outcomes
        )
        return replace(judged, levels=request.levels, outcomes=tuple(outcomes))

    def _judge(self, request: Request) -> tuple[Judgement, Seen]:
        """Judge what is not known. Raises JudgeError when the judge itself fails."""
        levels = tuple(range(1, request.problem.level_count + 1))
        judge = self._judges.get()
        seen = Seen()
        try:
            # With all suites at once, so that the same child serves whatever is asked next.
            judge.prepare(
                *(replace(request, suite=suite, levels=levels, only=()) for suite in Suite)
            )
            judgement = judge.judge(request, seen)
            if seen.changes:
                judge.close()  # the next judgement begins with suites as they are written
        finally:
            self._judges.put(judge)
        if judgement.error:
            message = f"The judge failed at {request.problem.slug}: {judgement.error}"
            broken = judgement.broken_suite
            if broken is None:
                raise JudgeError(message)
            raise JudgeError(message, suite=broken.file, line=broken.line)
        return judgement, seen

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


def _up_to_a_stop(
    cases: Sequence[SeparateCase], known: Mapping[SeparateCase, Judgement]
) -> Sequence[SeparateCase]:
    """Return the cases up to the first that is known to be too slow."""
    stops = (number for number, c in enumerate(cases, 1) if c in known and is_stopped(known[c]))
    return cases[: next(stops, len(cases))]


def _can_be_kept(judgement: Judgement, seen: Seen) -> bool:
    # Of an error of the judge nothing is kept: the next try may do better.
    # What was tried again depends on the reference, too.
    is_certain = judgement.verdict is not Verdict.JUDGE_ERROR and not judgement.retried_after
    return is_certain and not seen.changes


def _inputs(request: Request, level: int | None = None) -> list[object]:
    """Return what decides a judgement, besides the judge.

    ``level``: without what decides each case of this level by itself.
    """
    problem = request.problem
    manifest = problem.manifest
    for_all = [
        manifest.module,
        manifest.limits.to_table(),
        to_plain([level.symbols for level in manifest.levels]),
        request.snapshot.hash,
        request.suite,
        request.seed,
        request.boxes,
    ]
    if level is not None:
        return [*for_all, level]
    texts = {
        f"{kind} {each}": path.read_bytes()
        for each in range(1, max(request.levels) + 1)
        for kind, path in (
            ("statement", problem.statement_path(each)),
            ("suite", problem.suite_path(each, request.suite)),
        )
    }
    asked = [request.levels, request.select, request.only, request.stop_at_timeout]
    return [*for_all, Snapshot(files=texts).hash, *asked]


def _read(place: Path) -> Judgement | None:
    try:
        return from_plain(Judgement, json.loads(place.read_bytes()))
    except (OSError, ValueError):
        return None  # not there, or of another time: judged again
