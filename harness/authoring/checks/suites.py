"""Suites can be used, and each of their cases has its own title and tests something."""

from __future__ import annotations

import ast
import copy
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from harness.authoring.checks.watching import WatchedCase, shape_of, watched_cases
from harness.authoring.findings import at_case, at_file
from harness.authoring.mistakes import MISTAKES_NAME
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, Function, SuiteSource, suites_of
from harness.authoring.texts import later_names, line_of_name
from harness.authoring.trials import function_of, skeleton_passes
from harness.errors import JudgeError
from harness.model.finding import Finding, Severity
from harness.model.judgement import Suite

MOST_CASES = {Suite.HIDDEN: 30, Suite.VISIBLE: 8}
"""Of a level. Functions are counted, whatever parameters they run with."""

_WHY = "No solution can be judged with it."
_WHY_COPY = "It tests nothing new and counts twice."
_FIX_COPY = "try another situation of the same rule, or take it out"
_MUTABLE = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
_MAKERS = frozenset({"list", "dict", "set", "defaultdict", "deque", "Counter", "bytearray"})


def suites(subject: Subject) -> Iterator[Finding]:
    """Every suite is Python with allowed imports, and the judge can collect it."""
    sources = suites_of(subject.problem)
    findings = [finding for source in sources for finding in _source(subject, source)]
    yield from findings
    if findings:
        return
    solution = subject.references[subject.levels[-1]]
    try:
        judged = {suite: subject.judge(subject.request(solution, suite=suite)) for suite in Suite}
    except JudgeError as error:
        yield Finding(
            message=error.message,
            why=_WHY,
            fix=error.hint or "fix it and run the check again",
            path=subject.problem.root / error.suite if error.suite else None,
            line=error.line,
        )
        return
    for source in sources:
        outcomes = judged[source.suite].of_level(source.level)
        run = {function_of(outcome).rpartition("::")[2] for outcome in outcomes}
        for node in ast.walk(source.tree):
            if isinstance(node, Function) and node.name.startswith("test") and node.name not in run:
                yield source.finding(
                    node.lineno,
                    f"{node.name} is never run.",
                    "pytest collects functions of the module, and of classes whose name begins "
                    "with Test.",
                    "move it there, or give it a name that does not begin with test",
                )


def _source(subject: Subject, source: SuiteSource) -> Iterator[Finding]:
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError) as error:
        message = f"The suite is not Python: {getattr(error, 'msg', error)}."
        yield source.finding(getattr(error, "lineno", None), message, _WHY, "fix it")
        return
    allowed = {subject.problem.manifest.module, "pytest", *sys.stdlib_module_names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = ["" if node.level else node.module or ""]
        else:
            continue
        for module in (name.partition(".")[0] for name in modules):
            if module not in allowed:
                yield source.finding(
                    node.lineno,
                    f"The suite imports {module or 'from its own folder'}; a suite imports only "
                    "the solution, pytest and the standard library.",
                    "The judge runs each suite by itself, and a candidate gets a visible one "
                    "alone.",
                    "copy what is needed of it into the suite",
                )


def cases(subject: Subject) -> Iterator[Finding]:
    """Titles are there, differ, and name nothing of later levels; cases are not too many."""
    titles: dict[tuple[int, str], str] = {}
    for source in suites_of(subject.problem):
        later = later_names(subject.problem.manifest, source.level)
        counts = Counter(case.name for case in source.cases)
        for case in source.cases:
            for message, why, fix in _title(case, source.level, titles, later):
                yield case.finding(message, why, fix)
            if counts.pop(case.name, 1) > 1:
                yield case.finding(
                    f"There are two cases {case.name}.",
                    "Python keeps only the last function of a name: the first never runs.",
                    "rename one",
                )
    yield from _counts(subject)


def _title(
    case: CaseSource, level: int, titles: dict[tuple[int, str], str], later: Mapping[str, int]
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a title: message, why, and what to do."""
    if not case.title:
        yield (
            f"{case.name} has no docstring.",
            "Its first line is the title that the candidate reads.",
            'say in one line which behaviour it asks for, as in """A tie goes to the older"""',
        )
        return
    other = titles.setdefault((level, case.title.casefold()), case.name)
    if other != case.name:
        yield (
            f"{case.name} and {other} have the same title: {case.title}",
            "The candidate cannot see which of the two has failed.",
            "let each title say what only this case asks for",
        )
    for name in later:
        if line_of_name(case.title, name):
            yield (
                f"The title of {case.name} says {name}, a name of level {later[name]}.",
                "It gives away what a later level asks for.",
                "say it in words of this level",
            )


def _counts(subject: Subject) -> Iterator[Finding]:
    for source in suites_of(subject.problem):
        count, most = len(source.cases), MOST_CASES[source.suite]
        if count > most:
            yield source.finding(
                None,
                f"Level {source.level} has {count} {source.suite} cases; at most {most} are usual.",
                "More make a run long and each case cheap."
                if source.suite is Suite.HIDDEN
                else "They are the examples: few enough to read.",
                "merge cases that ask the same",
                Severity.WARNING,
            )


def _changeable_defaults(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield defaults that one call can change for the next one: the line, and what it is."""
    shared = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and _can_change(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for function in ast.walk(tree):
        if isinstance(function, Function | ast.Lambda):
            name = "A lambda" if isinstance(function, ast.Lambda) else function.name
            for default in filter(None, (*function.args.defaults, *function.args.kw_defaults)):
                if _can_change(default, shared):
                    what = f"{name} has a default argument that can change"
                    yield default.lineno, f"{what}: {ast.unparse(default)}."


def _changeable_attributes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield attributes of classes that all their objects share, and one can change."""
    for made in ast.walk(tree):
        for node in made.body if isinstance(made, ast.ClassDef) else ():
            if isinstance(node, ast.Assign | ast.AnnAssign) and _can_change(node.value, set()):
                target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
                name = ast.unparse(target)
                if name == name.lower() and not name.startswith("__"):  # others are constants
                    what = f"All objects share one {name} of the class: {ast.unparse(node)}."
                    yield node.lineno, what


def _can_change(value: ast.expr | None, shared: Collection[str]) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).rpartition(".")[2] in _MAKERS
    return isinstance(value, _MUTABLE) or (isinstance(value, ast.Name) and value.id in shared)


def _kept_between_calls(subject: Subject) -> Iterator[Finding]:
    """Yield what is made once and can change: in suites, and in the solutions of the author's."""
    fix = "make it None, and make the value within the function"
    for source in suites_of(subject.problem):
        why = "It is made once: what one case does to it, the next one sees."
        for line, message in _changeable_defaults(source.tree):
            yield source.finding(line, message, why, fix, Severity.WARNING)
    root = subject.problem.root
    folders = {subject.problem.reference_dir(n): s for n, s in subject.references.items()}
    folders |= {root / "alternates" / name: s for name, s in subject.alternates.items()}
    folders[subject.problem.template] = subject.skeleton
    for folder, solution in folders.items():
        for name, content in solution.files.items():
            try:
                tree = ast.parse(content)
            except (SyntaxError, ValueError):
                continue  # another check reports it
            why = "It is made once: what one object or call does to it, the next one sees."
            for line, message in _changeable_defaults(tree):
                yield at_file(
                    folder / name, message, why, fix, line=line, severity=Severity.WARNING
                )
            own = "make it in __init__"
            for line, message in _changeable_attributes(tree):
                yield at_file(
                    folder / name, message, why, own, line=line, severity=Severity.WARNING
                )


def suspicious(subject: Subject) -> Iterator[Finding]:
    """No case is a copy, leaves something for the next one, or passes on the skeleton by chance."""
    sources = suites_of(subject.problem)
    copies = list(_copies(sources))
    yield from copies
    yield from _same_calls(subject, sources, {(each.path, each.line) for each in copies})
    yield from _kept_between_calls(subject)
    kept = {(each.level, each.case) for each in subject.mistakes_file.kept}
    for suite, outcome in skeleton_passes(subject):
        if (outcome.level, function_of(outcome)) not in kept:
            yield at_case(
                subject,
                outcome,
                f"The skeleton passes the {suite} case {outcome.case}.",
                "The skeleton earns this point; the case may check nothing.",
                "have it ask for something that was done, or add it to "
                f"{MISTAKES_NAME} as [[kept]] with a reason",
                suite=suite,
                severity=Severity.WARNING,
            )


def _same_calls(
    subject: Subject,
    sources: Sequence[SuiteSource],
    known: Collection[tuple[Path | None, int | None]],
) -> Iterator[Finding]:
    """Yield hidden cases that make the calls of a visible one, with other values."""
    cases = {(s.level, s.suite, case.name): case for s in sources for case in s.cases}
    shapes: dict[str, WatchedCase] = {}
    found: dict[CaseSource, list[WatchedCase | None]] = {}
    # Visible ones first: a hidden case is said to be the copy.
    for seen in sorted(watched_cases(subject), key=lambda each: each.suite is Suite.HIDDEN):
        case = cases.get((seen.level, seen.suite, seen.function))
        if case is None or not seen.accepted or not seen.calls:
            continue
        shape = f"{sorted(_comparisons(case))} {shape_of(seen.calls)}"
        if seen.suite is Suite.VISIBLE:
            shapes.setdefault(shape, seen)
        else:
            found.setdefault(case, []).append(shapes.get(shape))
    for case, copied in found.items():
        first = copied[0]
        if first is not None and None not in copied and (case.source.path, case.line) not in known:
            yield case.finding(
                f"{case.name} makes the same calls as the visible case {first.function} of level "
                f"{first.level}, at most with other values.",
                _WHY_COPY,
                _FIX_COPY,
                Severity.WARNING,
            )


def _comparisons(case: CaseSource) -> set[str]:
    """Return the operators with which a case compares in its assertions."""
    asserted = [node.test for node in ast.walk(case.node) if isinstance(node, ast.Assert)]
    nodes = [node for test in asserted for node in ast.walk(test)]
    return {type(op).__name__ for node in nodes if isinstance(node, ast.Compare) for op in node.ops}


def _copies(sources: Sequence[SuiteSource]) -> Iterator[Finding]:
    """Yield hidden cases that do the same as another case, whatever their variables are called."""
    first: dict[str, str] = {}
    # Visible ones first: a hidden case is said to be the copy.
    for source in sorted(sources, key=lambda each: each.suite is Suite.HIDDEN):
        for case in source.cases:
            place = f"the {source.suite} case {case.name} of level {source.level}"
            other = first.setdefault(_form(case), place)
            if other != place and source.suite is Suite.HIDDEN:
                yield case.finding(f"{case.name} does the same as {other}.", _WHY_COPY, _FIX_COPY)


def _form(case: CaseSource) -> str:
    """Return the code of a case, and of the helpers and constants that it uses, as one text."""
    known: dict[str, ast.stmt] = {}
    for node in case.source.tree.body:
        if isinstance(node, Function | ast.ClassDef):
            known[node.name] = node
        elif isinstance(node, ast.Assign):
            known |= {each.id: node for each in node.targets if isinstance(each, ast.Name)}
    mentioned = [
        node.id if isinstance(node, ast.Name) else node.arg
        for node in ast.walk(case.node)
        if isinstance(node, ast.Name | ast.arg)
    ]
    used = [known[name] for name in dict.fromkeys(mentioned) if name in known]
    return "\n".join(map(_plain, (case.node, *used)))


def _plain(part: ast.stmt) -> str:
    """Return the code of a function, class or assignment with its names made neutral."""
    part = copy.deepcopy(part)
    if isinstance(part, Function | ast.ClassDef):
        part.name = "_"
        if ast.get_docstring(part) is not None:
            del part.body[0]
    nodes = list(ast.walk(part))
    own = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    numbers: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in own:
            node.id = f"name{numbers.setdefault(node.id, len(numbers))}"
    return ast.dump(part)
