"""Judges all cases of a request even if children die, hang or send nonsense.

A case may hold a child for good (one long step of C code in an answer), or crash the interpreter
that looks at its answer. It costs its own verdict, never another case's.

Whose fault a failure is, the reference solution of the level tells: where it passes the case, the
answer is to blame. So nothing that a solution can cause becomes a failure of the judge.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Mapping
from dataclasses import replace
from typing import Any

from harness.errors import JudgeError
from harness.model.judgement import (
    BrokenSuite,
    CaseOutcome,
    CitedRule,
    Judgement,
    Observer,
    Verdict,
)
from harness.model.plain import from_plain
from harness.model.problem import Problem, Request

MOST_STUCK_CASES = 3
"""So many may hold a child for good; each costs its time and a new child."""
MOST_DEATHS = 6
"""In so many cases the judge's process may die; each costs up to three children."""
DIED = "the judge's process died in this case, again and again; with the reference solution, too"
KILLED = "an answer ended the judge's process; the reference solution's answers do not"
BLAMED = "an answer leads the judge to a failure; the reference solution's answers do not"
STUCK = "the case was still busy with an answer long after its time was over"
NOT_JUDGED = "not judged: answers of earlier cases held or ended the judge's process too often"

RunChild = Callable[[Request, tuple[str, ...]], Generator[dict[str, Any]]]
"""Has a child judge all cases of a request but the given ones, and yields its events.

Raises :class:`JudgeError` when the child fails.
"""

Reported = tuple[CaseOutcome, CaseOutcome | None]
"""An outcome, and the one that it is instead if the answer is to blame."""


def judge_cases(request: Request, run_child: RunChild, observer: Observer) -> Judgement:
    """Judge ``request``; what fails is tried again, and then with the reference solution."""
    begun = time.monotonic()
    judging = _Judging(request, run_child, observer)
    judgement = judging.judgement(judging.run())
    if judging.is_judges:
        # A candidate who waits for a judge that fails is not charged for it.
        return replace(judgement, seconds=time.monotonic() - begun)
    return judgement


class _Judging:
    """One request while it is judged, by one child after another."""

    def __init__(self, request: Request, run_child: RunChild, observer: Observer) -> None:
        self.first_failure = ""
        """Why the judge failed for the first time; empty while it has not."""
        self.is_judges = False
        """Whether a failure turned out to be nothing that the solution can have caused."""
        self._request = request
        self._run_child = run_child
        self._observer = observer
        self._collected: tuple[str, ...] | None = None
        """The ids of all cases, as the first child gave them."""
        self._outcomes: dict[str, CaseOutcome] = {}
        self._doubts: dict[str, Reported] = {}
        """Case → the judge error that a child reported, and what it is if the answer is to blame.
        Nobody has heard of these outcomes yet."""
        self._protection: dict[str, Any] = {}
        self._seconds = 0.0
        self._is_crowded = False
        """Whether the child ended on purpose, because of what its cases left there."""
        self._lost: set[str] = set()
        """Cases in which a child failed."""
        self._stuck: list[str] = []
        self._deaths = self._unexplained = 0

    def run(self) -> JudgeError | None:
        """Judge all cases. Return why that failed, None when each has its outcome."""
        while self._collected is None or self._open_case():
            judged = (*self._outcomes, *self._doubts)
            failure = self._follow(self._request, judged, self._take, self._note)
            was_shared = self._request.boxes == "shared"
            self._request = replace(self._request, boxes="fresh")
            case = self._open_case()
            if failure is None and (not case or self._is_cut_short()):
                break
            if was_shared and self._collected is not None:
                # Shared boxes can only accept: whatever else happens there is nobody's fault.
                self._collected, self._outcomes, self._doubts = None, {}, {}
                continue
            if failure is None and self._is_crowded and self._known() > set(judged):
                continue
            failure = failure or JudgeError(f"no outcome for {case}")
            if self._collected is None:
                if final := self._without_cases(failure):
                    return final
            elif not case:
                break
            elif failure.stuck:
                self._add(self._made(case, Verdict.TIME_LIMIT, STUCK))
                self._stuck.append(case)
                self._lost.add(case)
                if self._request.stop_at_timeout:
                    break
            else:
                self.first_failure = self.first_failure or failure.message
                self._lost.add(case)
                failed = self._settle({case: None}, [case])
                is_broken = failed is not None and failed.of_sandbox
                if failed and (is_broken or self._unexplained >= MOST_STUCK_CASES):
                    return failed
            if len(self._stuck) >= MOST_STUCK_CASES or self._deaths >= MOST_DEATHS:
                if final := self._give_up(failure):
                    return final
                break
        if doubts := self._doubts:
            first = next(iter(doubts.values()))[0]
            self.first_failure = self.first_failure or f"{first.case}: {first.message}"
            self._doubts = {}
            self._settle(doubts, self._beside(doubts))
        return None

    def judgement(self, failure: JudgeError | None) -> Judgement:
        """Return what came of it, with the outcomes in the order of the cases."""
        suite = failure.suite if failure else ""
        ordered = [case for case in self._collected or () if case in self._outcomes]
        return Judgement(
            suite=self._request.suite,
            levels=self._request.levels,
            outcomes=tuple(self._outcomes[case] for case in ordered),
            backend=self._protection.get("backend", ""),
            tier=self._protection.get("tier", ""),
            certified=self._protection.get("certified", False),
            interpreter=self._protection.get("interpreter", ""),
            instead_of=self._protection.get("instead_of", ""),
            seconds=self._seconds,
            error=failure.message if failure else self._missing(),
            remedy=failure.remedy if failure else "",
            broken_suite=BrokenSuite(suite, failure.line) if failure and suite else None,
            retried_after=self.first_failure,
        )

    def _open_case(self) -> str:
        """Return the first case without an outcome; empty when there is none or none is known."""
        known = self._known()
        return next((case for case in self._collected or () if case not in known), "")

    def _known(self) -> set[str]:
        return self._outcomes.keys() | self._doubts.keys()

    def _note(self, event: dict[str, Any]) -> None:
        if "protection" in event:
            self._protection = event["protection"]
        elif "collected" in event:
            if self._collected is None:  # a later child names only those that are left
                self._collected = tuple(event["collected"])
                self._observer.cases_collected(self._collected)
        elif "changed" in event:
            self._observer.state_changed(event["case"], event["changed"])
        elif "done" in event:
            self._seconds += event["seconds"]
            self._is_crowded = event.get("crowded", False)

    def _take(self, outcome: CaseOutcome, if_answer: CaseOutcome | None) -> None:
        if outcome.case in self._known():
            raise JudgeError(f"the case {outcome.case} was judged twice")
        if outcome.case not in (self._collected or ()):
            raise JudgeError(f"the case {outcome.case} was judged without being collected")
        if outcome.verdict is Verdict.JUDGE_ERROR:
            self._doubts[outcome.case] = (outcome, if_answer)
        else:
            self._add(outcome)

    def _add(self, outcome: CaseOutcome) -> None:
        self._outcomes[outcome.case] = outcome
        self._observer.case_done(outcome)

    def _without_cases(self, failure: JudgeError) -> JudgeError | None:
        """Decide on a failure before any case was named: the whole is tried once more."""
        is_first = not self.first_failure
        self.first_failure = self.first_failure or failure.message
        # Before the sandbox stands, and where a suite cannot be read, no solution has a part in it.
        self.is_judges = failure.final or bool(failure.suite) or not self._protection
        if is_first and not failure.final:
            return None
        if self.is_judges:
            return failure
        collected: list[str] = []
        reference = self._reference()
        if reference is not None:
            self._follow(
                reference,
                (),
                lambda *_: None,
                lambda event: collected.extend(event.get("collected", ())),
            )
        if not collected:
            self.is_judges = True
            return failure
        self._note({"collected": collected})
        for case in collected:
            self._add(self._made(case, Verdict.RUNTIME_ERROR, BLAMED))
        return None

    def _give_up(self, failure: JudgeError) -> JudgeError | None:
        """Give the cases that are left an outcome without judging them.

        Return ``failure`` if the reference holds the judge, too: then no solution is to blame.
        """
        left = [case for case in self._collected or () if case not in self._known()]
        is_stuck = len(self._stuck) >= MOST_STUCK_CASES
        if is_stuck and left:
            reference = self._reference()
            found = (
                self._judge_some(reference, self._stuck[:1], self._stuck[:1])[0]
                if reference
                else {}
            )
            if reference is not None and not _passes(found, self._stuck[0]):
                self.first_failure = self.first_failure or failure.message
                self.is_judges = True
                return failure
        verdict = Verdict.TIME_LIMIT if is_stuck else Verdict.RUNTIME_ERROR
        for case in left:
            self._add(self._made(case, verdict, NOT_JUDGED))
        return None

    def _settle(
        self, doubts: Mapping[str, Reported | None], among: Collection[str]
    ) -> JudgeError | None:
        """Find out who is to blame for reported judge errors, and for deaths of a child (None).

        The cases are judged again, ``among`` others, and then with the reference. Return the last
        failure of a child meanwhile.
        """
        unclear = [case for case, each in doubts.items() if each is None or each[1] is None]
        again, failed = self._judge_some(self._request, unclear, among)
        doubts = {**doubts, **again}
        left = [
            case
            for case, each in doubts.items()
            if each is None or each[0].verdict is Verdict.JUDGE_ERROR
        ]
        found: dict[str, Reported] = {}
        reference = self._reference()
        if reference is not None:
            found, failed = self._judge_some(reference, left, among)
        for case, each in doubts.items():
            outcome, if_answer = each or (self._made(case, Verdict.JUDGE_ERROR, DIED), None)
            if case in left and _passes(found, case):
                self._deaths += case in self._lost
                message = KILLED if each is None else BLAMED
                blamed = replace(outcome, verdict=Verdict.RUNTIME_ERROR, message=message)
                outcome = if_answer or blamed
            elif case in left:
                self.is_judges = True
                self._unexplained += 1
            self._add(outcome)
        return failed

    def _judge_some(
        self, request: Request, cases: Collection[str], among: Collection[str]
    ) -> tuple[dict[str, Reported], JudgeError | None]:
        """Judge some cases anew, ``among`` others that may decide what comes of them.

        Return what came of those in which no child fails, and the last failure.
        """
        found: dict[str, Reported] = {}
        left = list(among)
        last = None

        def take(outcome: CaseOutcome, if_answer: CaseOutcome | None) -> None:
            if outcome.case not in left:
                raise JudgeError(f"the case {outcome.case} was judged without being asked for")
            left.remove(outcome.case)
            if outcome.case in cases:
                found[outcome.case] = (outcome, if_answer)

        for _ in range(min(len(cases), 1 + MOST_STUCK_CASES)):
            others = tuple(case for case in self._collected or () if case not in left)
            failure = self._follow(request, others, take, lambda event: None)
            if failure is None:
                break
            last = failure
            if failure.of_sandbox or len(left) < 2:
                break
            left.pop(0)  # the case in which the child failed
        return found, last

    def _beside(self, cases: Collection[str]) -> list[str]:
        """Return the cases of the same suites, without those that end or hold the judge.

        A suite may keep something between its cases.
        """
        levels = {case.partition("::")[0] for case in cases}
        same = (c for c in self._collected or () if c.partition("::")[0] in levels)
        return [case for case in same if case not in self._lost]

    def _follow(
        self,
        request: Request,
        judged: tuple[str, ...],
        take: Callable[[CaseOutcome, CaseOutcome | None], None],
        note: Callable[[dict[str, Any]], None],
    ) -> JudgeError | None:
        """Take the events of one child; return why it failed, or None when it is done."""
        events = self._run_child(request, judged)
        try:
            for event in events:
                if "outcome" in event:
                    take(*_read_outcomes(event, request.problem))
                elif "failed" in event:
                    return _reported(event)
                else:
                    note(event)
                    if "done" in event:
                        return None
            return JudgeError("the judge's process ended and did not say why")
        except JudgeError as error:
            return error
        finally:
            events.close()

    def _reference(self) -> Request | None:
        """Return the request to judge the reference instead; None when it is judged already."""
        snapshot = self._request.problem.reference(max(self._request.levels))
        if not snapshot.files or snapshot.hash == self._request.snapshot.hash:
            return None
        return replace(self._request, snapshot=snapshot, stop_at_timeout=False)

    def _made(self, case: str, verdict: Verdict, message: str) -> CaseOutcome:
        """Return an outcome that no child has reported."""
        level, _, name = case.partition("::")
        is_judged = message != NOT_JUDGED
        return CaseOutcome(
            case=case,
            level=int(level.removeprefix("level")),
            title=name.rpartition("::")[2].removeprefix("test_").replace("_", " "),
            verdict=verdict,
            seconds=self._request.problem.manifest.limits.wall_seconds if is_judged else 0.0,
            message=message,
        )

    def _missing(self) -> str:
        """Say which case has no outcome although the last child was done; empty when none."""
        if self._collected is None:
            return "the judge's process named no cases"
        if not (self._collected or self._request.select or self._request.only):
            return "the suites hold no cases"
        return ""

    def _is_cut_short(self) -> bool:
        """Tell whether the cases that are left are left out."""
        too_slow = any(o.verdict is Verdict.TIME_LIMIT for o in self._outcomes.values())
        return self._request.stop_at_timeout and too_slow


def _passes(found: dict[str, Reported], case: str) -> bool:
    return case in found and found[case][0].verdict is Verdict.ACCEPTED


def _read_outcomes(event: dict[str, Any], problem: Problem) -> Reported:
    """Return a reported outcome, and what it is if the answer is to blame.

    They have the rules that the docstring of a failed case cites.
    """
    try:
        outcome = from_plain(CaseOutcome, event["outcome"])
        other = event.get("if_answer")
        if_answer = None if other is None else from_plain(CaseOutcome, other)
    except ValueError as error:
        raise JudgeError(f"the judge's process sent an outcome that is wrong: {error}") from None
    if "Rule" not in event.get("docstring", ""):
        return outcome, if_answer
    from harness.model.rules import rules_cited  # its patterns are compiled for a failed case only

    statements = {level: problem.statement(level) for level in range(1, problem.level_count + 1)}
    cited = rules_cited(event["docstring"], statements, outcome.level)
    rules = tuple(CitedRule(level=rule.level, text=rule.text) for rule in cited)
    return (
        replace(outcome, rules=rules),
        None if if_answer is None else replace(if_answer, rules=rules),
    )


def _reported(event: dict[str, Any]) -> JudgeError:
    hint = f" (hint: {event['hint']})" if event.get("hint") else ""
    detail = f"\n{event['detail']}" if "detail" in event else ""
    text = event["failed"] + hint + detail
    return JudgeError(
        text,
        suite=event.get("suite", ""),
        line=event.get("line"),
        final=event.get("final", False),
        remedy=event.get("remedy", ""),
        of_sandbox=event.get("of_sandbox", False),
    )
