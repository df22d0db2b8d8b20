"""What the commands of ``harness author`` share: the problems they mean, and their checks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

from harness.authoring.examination import examine
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.catalog.catalog import Catalog, Pack, load_problem_at
from harness.catalog.content import MANIFEST_NAME
from harness.cli.invocation import Invocation, here
from harness.cli.output import progress_bar, show, write_json
from harness.errors import ExitCode, RequestError
from harness.model.finding import Check, CheckResult, Finding, strictly
from harness.model.problem import Problem
from harness.reports.terminal.authoring import render_examination
from harness.words import quoted


def find_problem(invocation: Invocation, named: str | None, command: str) -> Problem:
    """Return the problem of this name, in the folder of this path, or the only one of a pack.

    Without a name, search the pack around the current folder. ``command`` is what a hint starts
    with, such as ``harness author run``.
    Raises RequestError when there is none or not only one, PackError when it is broken.
    """
    pack = pack_around(here()) if named is None else _pack_at(named)
    if pack is not None:
        first, *others = _slugs(pack)
        if others:
            raise RequestError(
                f"Which problem? {pack.path} has {', '.join([first, *others])}.",
                f"{command} {quoted(pack.problem_dir(first))}",
            )
        return load_problem_at(pack.problem_dir(first))
    if named is None:
        raise RequestError(
            "Which problem? The current folder is not in a pack.", f"{command} SLUG  # or its path"
        )
    return _problem(invocation, named)


def find_problems(invocation: Invocation, named: Sequence[str]) -> list[Problem]:
    """Return the problems of these names and paths; the path of a pack means all of its problems.

    Without a name those of the pack around the current folder are meant, and outside of any pack
    all that `harness list` shows. Sealed ones among these are left out: only their author can
    change them.
    Raises RequestError when there is none, PackError when one is broken.
    """
    if named:
        chosen: list[Problem] = []
        for each in named:
            pack = _pack_at(each)
            chosen += _all_of(pack) if pack else [_problem(invocation, each)]
        return chosen
    pack = pack_around(here())
    if pack is not None:
        found = _all_of(pack)
    else:
        catalog = invocation.session.catalog
        found = [catalog.problem(slug) for slug in catalog.slugs()]
    # If all are sealed, the caller reports why they are refused.
    return [problem for problem in found if not problem.sealed] or found


def level_of(problem: Problem, level: int | None, command: str) -> int:
    """Return ``level``, or the last one for None.

    Raises RequestError when the problem does not have it; ``command`` is what was typed, without
    the level.
    """
    last = problem.level_count
    if level is not None and not 1 <= level <= last:
        text = f"{problem.slug} has no level {level}. Its levels are 1 to {last}."
        raise RequestError(text, f"{command} --level {last}")
    return last if level is None else level


def pack_around(folder: Path) -> Pack | None:
    """Return the pack that ``folder`` is, or is in; None when there is none."""
    for each in (folder, *folder.parents):
        if (each / "problems").is_dir() and (each / "solutions_template").is_dir():
            return Pack(each.name, each)
    return None


def _problem(invocation: Invocation, named: str) -> Problem:
    """Return the problem of this name or path. The pack around wins: its author is at work."""
    if "/" in named or named in (".", "..") or (Path(named) / MANIFEST_NAME).is_file():
        return load_problem_at(Path(named))
    known = invocation.session.catalog
    pack = pack_around(here())
    if pack is not None:
        own = Catalog([pack])
        known = own if own.knows(named) else Catalog([pack, *known.packs])
    try:
        return known.problem(named)
    except RequestError as error:
        hint = "harness list  # or give the path of the problem's folder"
        raise RequestError(error.message, hint) from None


def _pack_at(named: str) -> Pack | None:
    """Return the pack whose folder this is; None when it is a name, or another folder."""
    folder = Path(named).absolute()
    if (folder / MANIFEST_NAME).is_file() or not (folder / "problems").is_dir():
        return None
    return Pack(folder.name, folder)


def _all_of(pack: Pack) -> list[Problem]:
    return [load_problem_at(pack.problem_dir(slug)) for slug in _slugs(pack)]


def _slugs(pack: Pack) -> list[str]:
    """Return the names of a pack's problems, at least one."""
    slugs = pack.slugs()
    if not slugs:
        raise RequestError(
            f"There is no problem in {pack.path / 'problems'}.",
            f"harness author new SLUG --dir {quoted(pack.path)}",
        )
    return slugs


def examiner_of(invocation: Invocation, workers: int) -> Examiner:
    """Return a pool of judges that keeps its judgements; 0 workers are as many as processors."""
    cache = invocation.settings.home / "cache"
    return Examiner(
        invocation.settings.backend, kept=cache / "judgements", cache=cache, workers=workers
    )


def examine_problems(
    invocation: Invocation,
    problems: Sequence[Problem],
    checks: Sequence[Check],
    examiner: Examiner,
    *,
    strict: bool = False,
    junit: Path | None = None,
) -> ExitCode:
    """Run ``checks`` on ``problems`` and show what they find, as it comes.

    ``strict``: warnings become errors. ``junit``: where to write the results as XML, too.
    """
    results: list[CheckResult] = []
    for problem in problems:
        found = _examine(invocation, Subject(problem, examiner), checks)
        if strict:
            found = [strictly(result) for result in found]
        results += found
        if not invocation.as_json:
            show(invocation, render_examination(found, problem.root))
    passed = all(result.passed for result in results)
    if invocation.as_json:
        write_json({"passed": passed, "results": results})
    if junit is not None:
        _write_junit(junit, results)
    return ExitCode.OK if passed else ExitCode.NOT_ACCEPTED


def _examine(
    invocation: Invocation, subject: Subject, checks: Sequence[Check]
) -> list[CheckResult]:
    slug = subject.problem.slug
    with counting(invocation, slug) as update:
        subject.examiner.on_progress = lambda done, asked: update(completed=done, total=asked)
        return examine(subject, checks, lambda check: update(description=f"{slug}: {check.name}"))


@contextmanager
def counting(invocation: Invocation, title: str) -> Iterator[Callable[..., None]]:
    """Show a bar on stderr, if that is a terminal, until the end of the ``with`` statement.

    Yields a function that takes ``completed``, ``total`` and ``description``.
    """
    progress = progress_bar(invocation, sys.stderr)
    if progress is None:
        yield lambda **_: None
        return
    with progress:
        task = progress.add_task(title, total=None)
        yield lambda **changes: progress.update(task, **changes)


def _write_junit(path: Path, results: Sequence[CheckResult]) -> None:
    """Write ``results`` as the XML that CI systems read: a suite per problem, a case per check."""
    root = ElementTree.Element("testsuites")
    for slug in dict.fromkeys(result.slug for result in results):
        own = [result for result in results if result.slug == slug]
        failed = [result for result in own if result.findings and not result.passed]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=slug,
            tests=str(len(own)),
            failures=str(len(failed)),
            skipped=str(sum(bool(result.not_asked) for result in own)),
        )
        for result in own:
            case = ElementTree.SubElement(
                suite, "testcase", classname=slug, name=result.check, time=str(result.seconds)
            )
            if result.not_asked:
                ElementTree.SubElement(case, "skipped", message=result.not_asked)
            if result in failed:
                texts = [_plain_text(finding) for finding in result.findings]
                failure = ElementTree.SubElement(case, "failure", message=result.title)
                failure.text = "\n\n".join(texts)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _plain_text(finding: Finding) -> str:
    place = str(finding.path or "")
    if finding.line:
        place += f":{finding.line}"
    head = ": ".join(filter(None, (place, finding.severity.value, finding.message)))
    return f"{head}\n{finding.why}\n{finding.fix}"
