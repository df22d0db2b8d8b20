"""The judge: a job in, a judgement out, whatever the solution does."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.errors import JudgeError, JudgeStuckError, SandboxError
from harness.judge.order import Order, Plan, SuiteFile
from harness.judge.worker import Worker
from harness.model.job import Job
from harness.model.judgement import BrokenSuite, CaseOutcome, Judgement
from harness.model.observer import SILENT, Observer
from harness.model.plain import from_plain
from harness.model.verdict import Verdict

GRACE_SECONDS = 15.0
"""What a case may take beyond its limit, its import included, before the child counts as stuck."""
MOST_STUCK_CASES = 3
"""So many may hold a child for good; each costs its time and a new child."""
MOST_DEATHS = 2 * MOST_STUCK_CASES
"""So many children may die after the first; a case that two of them died in is given up."""
DIED = "the judge's process died in this case, and so did another one"
STUCK = "the case was still busy with an answer long after its time was over"

_CASE_FUNCTION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w*)[ \t]*\(", re.MULTILINE)


class Judge:
    """Judges one job after another, each in a fresh child process. To be closed in the end.

    ``cache``: folder for compiled suites. ``prepared``: a child that was already started.
    ``reuse``: keep a child for the next job. Its sandbox and boxes are as fresh as ever, but what
    a suite itself remembers stays: for authors, who judge many solutions of one problem.
    """

    def __init__(
        self,
        backend: str = "auto",
        cache: Path | None = None,
        prepared: Worker | None = None,
        *,
        reuse: bool = False,
    ) -> None:
        self._backend = backend
        self._cache = cache
        self._prepared = prepared
        self._ending: Worker | None = None
        """The child that was used last. Its memory takes a few milliseconds to be given back."""
        self._reuse = reuse

    def prepare(self, *jobs: Job) -> None:
        """Start the next child ahead of its use; the next :meth:`judge` takes it.

        ``jobs``: those that may come, all of one problem. Their suites are collected ahead, too;
        their snapshots do not matter.
        """
        plan = plan_of(jobs, self._backend, self._cache) if jobs else None
        if plan and self._prepared and self._prepared.planned:
            if self._prepared.planned.covers(plan):
                return
            self.close()
        if self._prepared is None:
            self._prepared = Worker(self._backend)
        if plan:
            self._prepared.plan(plan)

    def close(self) -> None:
        """End a prepared child that was not used, and see the end of the one before."""
        for worker in (self._prepared, self._ending):
            if worker is not None:
                worker.close()
        self._prepared = self._ending = None

    def judge(self, job: Job, observer: Observer = SILENT) -> Judgement:
        """Judge ``job``; a failure of the judge's own is retried once, then told in ``error``.

        ``observer`` follows it; after a retry everything is reported anew.
        """
        begun = time.monotonic()
        record = self._judge_once(job, observer)
        judgement = record.judgement()
        failure = judgement.error or _judge_error(judgement)
        if not failure:
            return judgement
        retried = self._judge_once(job, observer, record.open_case).judgement()
        # All of it: whoever waited for a judge that failed must not be charged for it.
        return replace(retried, retried_after=failure, seconds=time.monotonic() - begun)

    def _judge_once(self, job: Job, observer: Observer, died_in: str = "") -> _Record:
        """Judge all cases; ``died_in`` is the one that an earlier child died in."""
        record = _Record(job, observer, died_in)
        plan = plan_of((job,), self._backend, self._cache)
        try:
            order = order_of(job)
            while True:
                try:
                    self._follow(plan, order, record)
                    if not record.note_death():
                        break
                except JudgeStuckError:
                    # What no interruption reaches, such as one long step of C code: the case has
                    # had its time, and the others are judged by another child.
                    if not record.note_stuck_case():
                        raise
                except JudgeError:
                    # An answer that crashes the interpreter in the suite's hands must not cost the
                    # others their verdicts.
                    if not record.note_death():
                        raise
                order = replace(order, judged=record.judged)
        except (JudgeError, SandboxError) as error:
            record.error = error.message
        return record

    def _follow(self, plan: Plan, order: Order, record: _Record) -> None:
        worker = self._worker_for(plan)
        try:
            patience = plan.limits.wall_seconds + GRACE_SECONDS
            with contextlib.closing(worker.events(plan, order, patience)) as events:
                for event in events:
                    record.take(event)
        finally:
            if self._reuse and record.done:
                self._prepared = worker
            else:
                self._retire(worker)

    def _retire(self, worker: Worker) -> None:
        """End a child; the verdict need not wait for that."""
        worker.end()
        if self._ending is not None:
            self._ending.close()
        self._ending = worker

    def _worker_for(self, plan: Plan) -> Worker:
        """Return the prepared child, or a new one if that was prepared for something else."""
        prepared = self._prepared
        if prepared is not None and prepared.planned and not prepared.planned.covers(plan):
            self.close()
        self.prepare()
        worker, self._prepared = self._prepared, None
        assert worker is not None
        return worker


def _judge_error(judgement: Judgement) -> str:
    """Return what the first case that the judge failed at says; empty when there is none."""
    failed = (o for o in judgement.outcomes if o.verdict is Verdict.JUDGE_ERROR)
    return next((f"{o.case}: {o.message}" for o in failed), "")


class _Record:
    """Gathers a child's events, and checks that no case is missing."""

    def __init__(self, job: Job, observer: Observer, died_in: str) -> None:
        self._job = job
        self._died_in = died_in
        self._deaths = 0
        self._observer = observer
        self._expected: list[str] | None = None
        self._outcomes: dict[str, CaseOutcome] = {}
        self._protection: dict[str, Any] = {}
        self._seconds = 0.0
        self._stuck = 0
        self.error = ""
        self._broken_suite: BrokenSuite | None = None
        self.done = False

    def take(self, event: dict[str, Any]) -> None:
        if "protection" in event:
            self._protection = event["protection"]
        elif "collected" in event:
            if self._stuck or self._deaths:
                return  # what another child has told before still holds
            self._expected = event["collected"]
            self._observer.cases_collected(event["collected"])
        elif "outcome" in event:
            self._add(from_plain(CaseOutcome, event["outcome"]))
        elif "failed" in event:
            hint = f" (hint: {event['hint']})" if event.get("hint") else ""
            detail = f"\n{event['detail']}" if "detail" in event else ""
            self.error = event["failed"] + hint + detail
            if "suite" in event:
                self._broken_suite = from_plain(BrokenSuite, event["suite"])
        elif "done" in event:
            self._seconds += event["seconds"]
            self.done = True

    @property
    def judged(self) -> list[str]:
        """The cases that have their outcomes."""
        return list(self._outcomes)

    @property
    def open_case(self) -> str:
        """The first case that has no outcome; empty when there is none, or none is known."""
        return next((case for case in self._expected or () if case not in self._outcomes), "")

    def note_stuck_case(self) -> bool:
        """Give the case that holds the child its outcome; False when it is not to be known."""
        case = self.open_case
        if not case or self._stuck >= MOST_STUCK_CASES:
            return False
        self._stuck += 1
        self._give_up(case, Verdict.TIME_LIMIT, STUCK)
        return True

    def note_death(self) -> bool:
        """Tell whether another child shall go on after this one, which is not done, has ended.

        Only where an earlier one died before: the first death is told as the judge's failure. A
        case that two died in gets its outcome.
        """
        case = self.open_case
        if self.done or not self._died_in or not case or self._deaths >= MOST_DEATHS:
            return False
        self._deaths += 1
        if case == self._died_in:
            self._give_up(case, Verdict.JUDGE_ERROR, DIED)
        self._died_in = case
        self.error = ""
        return True

    def _give_up(self, case: str, verdict: Verdict, message: str) -> None:
        level, _, name = case.partition("::")
        self._add(
            CaseOutcome(
                case=case,
                level=int(level.removeprefix("level")),
                title=name.rpartition("::")[2].removeprefix("test_").replace("_", " "),
                verdict=verdict,
                seconds=self._job.problem.manifest.limits.wall_seconds,
                message=message,
            )
        )

    def _add(self, outcome: CaseOutcome) -> None:
        if outcome.case in self._outcomes:
            raise JudgeError(f"the case {outcome.case} was judged twice")
        self._outcomes[outcome.case] = outcome
        self._observer.case_done(outcome)

    def judgement(self) -> Judgement:
        return Judgement(
            suite=self._job.suite,
            levels=self._job.levels,
            outcomes=tuple(self._outcomes.values()),
            backend=self._protection.get("backend", ""),
            tier=self._protection.get("tier", ""),
            certified=self._protection.get("certified", False),
            interpreter=self._protection.get("interpreter", ""),
            seconds=self._seconds,
            error=self.error or self._missing(),
            broken_suite=self._broken_suite,
        )

    def _missing(self) -> str:
        if self._expected is None:
            return "the judge's process told of no cases"
        too_slow = any(o.verdict is Verdict.TIME_LIMIT for o in self._outcomes.values())
        if self._job.stop_at_timeout and too_slow:
            return ""
        missing = [case for case in self._expected if case not in self._outcomes]
        if missing:
            return f"no outcome for {missing[0]}"
        if self._job.select:
            return ""
        if not self._expected:
            return "the suites hold no cases"
        for level in self._job.levels:
            for function in _case_functions(self._job, level):
                if not any(_is_of(case, level, function) for case in self._outcomes):
                    return f"level{level}::{function} was not run"
        return ""


def _case_functions(job: Job, level: int) -> list[str]:
    """Return the names of a suite's cases as they stand in its text."""
    path = job.problem.suite_path(level, job.suite)
    return _CASE_FUNCTION.findall(path.read_text(encoding="utf-8"))


def _is_of(case: str, level: int, function: str) -> bool:
    """Tell whether ``level1::Class::function[parameters]`` belongs to this function."""
    of_level, *_, name = case.partition("[")[0].split("::")
    return of_level == f"level{level}" and name == function


def plan_of(jobs: Sequence[Job], backend: str, cache: Path | None) -> Plan:
    """Return what the child needs to know before ``jobs``, which are of one problem."""
    job = jobs[0]
    manifest = job.problem.manifest
    methods: dict[str, list[str]] = {}
    exceptions: dict[str, str] = {}
    for level in manifest.levels:
        for name, names in level.symbols.classes.items():
            methods.setdefault(name, []).extend(names)
        methods.setdefault("", []).extend(level.symbols.functions)
        exceptions.update(level.symbols.exceptions)
    return Plan(
        backend=backend,
        root=str(job.problem.root),
        suites=tuple(
            SuiteFile(level, path) for job in jobs for level, path in _suites(job).items()
        ),
        module=manifest.module,
        methods=methods,
        exceptions=exceptions,
        limits=manifest.limits,
        select=job.select,
        seed=job.seed,
        cache=str(cache) if cache else "",
    )


def order_of(job: Job) -> Order:
    """Return the order to judge ``job``, which the plan covers."""
    return Order(
        # As Python reads a file: a byte order mark, which some editors put there, is no text.
        files={name: data.decode("utf-8-sig") for name, data in job.snapshot.files.items()},
        suites=list(_suites(job).values()),
        cases=sum(len(_case_functions(job, level)) for level in job.levels),
        stop_at_timeout=job.stop_at_timeout,
    )


def _suites(job: Job) -> dict[int, str]:
    """Return the path of each level's suite."""
    return {level: str(job.problem.suite_path(level, job.suite)) for level in job.levels}
