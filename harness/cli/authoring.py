"""What ``harness author`` shows: how far it is, what was found, and the same for programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from harness.authoring.examination import examine
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.cli.invocation import Invocation
from harness.cli.output import exit_code, progress_bar, say, show, write_json
from harness.errors import ExitCode, RequestError
from harness.model.finding import Check, CheckResult, Finding, strictly
from harness.model.judgement import Feedback, Judgement
from harness.model.problem import Problem
from harness.reports.terminal.examination import render_examination
from harness.reports.terminal.results import render_judgement
from harness.reports.withholding import judgement_document


def examiner_of(invocation: Invocation, workers: int) -> Examiner:
    """Return a pool of judges that keeps its judgements; 0 workers are as many as processors."""
    cache = invocation.settings.home / "cache"
    return Examiner(
        invocation.settings.backend, kept=cache / "judgements", cache=cache, workers=workers
    )


class Report:
    """Shows results as they come.

    ``junit``: where to write them as XML, too. ``strict``: warnings become errors.
    """

    def __init__(self, invocation: Invocation, junit: Path | None, *, strict: bool = False) -> None:
        self._invocation = invocation
        self._junit = junit
        self._strict = strict

    def checks(self, checks: Sequence[Check]) -> None:
        """Name the checks."""
        if self._invocation.as_json:
            rows = [{"name": c.name, "title": c.title, "full": c.full} for c in checks]
            write_json({"checks": rows})
            return
        for check in checks:
            say(
                self._invocation,
                f"{check.name:<14} {check.title}{'  (--full)' * check.full}",
            )

    def examine(
        self, problems: Sequence[Problem], checks: Sequence[Check], examiner: Examiner
    ) -> ExitCode:
        """Run ``checks`` on ``problems`` and show what they find."""
        results: list[CheckResult] = []
        for problem in problems:
            found = self._examine(problem, checks, examiner)
            if self._strict:
                found = [strictly(result) for result in found]
            results += found
            self._show(problem, found)
        passed = all(result.passed for result in results)
        if self._invocation.as_json:
            write_json({"passed": passed, "results": results})
        if self._junit is not None:
            write_junit(self._junit, results)
        return ExitCode.OK if passed else ExitCode.NOT_ACCEPTED

    def _examine(
        self, problem: Problem, checks: Sequence[Check], examiner: Examiner
    ) -> list[CheckResult]:
        subject = Subject(problem, examiner)
        progress = progress_bar(self._invocation, sys.stderr)
        if progress is None:
            return examine(subject, checks)
        with progress:
            task = progress.add_task(problem.slug, total=None)
            examiner.on_progress = lambda done, asked: progress.update(
                task, completed=done, total=asked
            )
            return examine(
                subject,
                checks,
                lambda check: progress.update(task, description=f"{problem.slug}: {check.name}"),
            )

    def _show(self, problem: Problem, results: Sequence[CheckResult]) -> None:
        if self._invocation.as_json:
            return

        show(self._invocation, render_examination(results, problem.root))


def selected(judgement: Judgement, select: str, where: str) -> Judgement:
    """Return a judgement of matching cases without the levels that have none.

    Raises RequestError when no case matches ``select``; ``where`` says where it was looked for.
    """
    levels = tuple(level for level in judgement.levels if judgement.total(level))
    if not levels and not judgement.error:
        raise RequestError(
            f"No {judgement.suite} case of {where} matches '{select}'.",
            "the same command without -k  (shows the names of all cases)",
        )
    return replace(judgement, levels=levels or judgement.levels)


def show_judgement(invocation: Invocation, problem: Problem, judgement: Judgement) -> ExitCode:
    """Show everything about a judgement: this is for the author."""
    if invocation.as_json:
        write_json(judgement_document(judgement, Feedback.FULL, problem))
    else:
        page = render_judgement(judgement, Feedback.FULL, problem, details=None, output_lines=None)
        show(invocation, page)
    return exit_code(judgement)


def write_junit(path: Path, results: Sequence[CheckResult]) -> None:
    """Write ``results`` as the XML that CI systems read: a suite per problem, a case per check."""
    root = ElementTree.Element("testsuites")
    for slug in dict.fromkeys(result.slug for result in results):
        own = [result for result in results if result.slug == slug]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=slug,
            tests=str(len(own)),
            failures=str(sum(_is_failure(result) for result in own)),
            skipped=str(sum(bool(result.not_asked) for result in own)),
        )
        for result in own:
            case = ElementTree.SubElement(
                suite, "testcase", classname=slug, name=result.check, time=str(result.seconds)
            )
            if result.not_asked:
                ElementTree.SubElement(case, "skipped", message=result.not_asked)
            if _is_failure(result):
                texts = [_plain_text(finding) for finding in result.findings]
                failure = ElementTree.SubElement(case, "failure", message=result.title)
                failure.text = "\n\n".join(texts)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _is_failure(result: CheckResult) -> bool:
    """Return whether a check has errors to show; one that did not run has none."""
    return bool(result.findings) and not result.passed


def _plain_text(finding: Finding) -> str:
    place = str(finding.path or "")
    if finding.line:
        place += f":{finding.line}"
    head = ": ".join(filter(None, (place, finding.severity.value, finding.message)))
    return f"{head}\n{finding.why}\n{finding.fix}"
