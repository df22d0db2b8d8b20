"""Plays scripts to one solution, each in a fresh box."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from harness.authoring.fuzz.script import Answer, Script
from harness.errors import JudgeError, RequestError
from harness.judge.box_session import BoxSession, open_session
from harness.judge.classes import Container, Valued, content
from harness.judge.link import BoxFault
from harness.judge.objects import SuiteError, handle_of
from harness.judge.proxy import CurrentBox, Interface, Symbol
from harness.judge.raised import RemoteError, RemoteOrigin
from harness.model.judgement import Verdict
from harness.model.problem import Problem, Snapshot
from harness.sandbox.choice import ChosenSandbox

IMPORT_SECONDS = 5.0


class Player:
    """One solution in its own sandbox, until the end of a ``with`` statement.

    ``attributes``: exception → those of its attributes that count.
    """

    def __init__(
        self,
        problem: Problem,
        solution: Snapshot,
        backend: str,
        attributes: Mapping[str, Sequence[str]],
    ) -> None:
        manifest = problem.manifest
        self._interface = Interface(**vars(manifest.symbols))
        self.names = {*self._interface.declared, *self._interface.exceptions.declared}
        """What a suite may import."""
        self._attributes = attributes
        self._wall_seconds = manifest.limits.wall_seconds
        self._chosen = ChosenSandbox(backend)
        self._sandbox, _ = self._chosen.settle()
        files = {name: data.decode("utf-8-sig") for name, data in solution.files.items()}
        self._sandbox.load(files, manifest.module, manifest.limits)

    def __enter__(self) -> Player:
        """Return the player itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the sandbox."""
        self._chosen.close()

    def play(self, script: Script) -> list[Answer]:
        """Return the answer to each line, fewer if the box ended.

        Raises RequestError when a line cannot be tried at all, JudgeError when the box broke the
        protocol.
        """
        with open_session(self._sandbox, self._interface, IMPORT_SECONDS) as (_, session):
            self._sandbox.prepare_box()  # for the next script
            return self._answers(script, session)

    def _answers(self, script: Script, session: BoxSession) -> list[Answer]:
        answers: list[Answer] = []
        try:
            failure = session.await_import()
            if failure is not None:
                ended = f"cannot be imported: {failure.type_name}: {failure.text}"
                return [Answer(ended=ended, misfit=ended)]
            session.link.deadline = time.monotonic() + self._wall_seconds
            current = CurrentBox(self._interface)
            current.session = session
            names: dict[str, Any] = {name: Symbol(current, name) for name in self.names}
            names |= self._interface.exceptions.declared
            try:
                exec(script.helpers, names)
            except Exception as error:
                raise _cannot_run("The helpers", error) from None
            for line in script.begin:
                answers.append(self._answer(exec, line, names))
            for line in script.calls:
                answers.append(self._answer(eval, line, names))
        except BoxFault as fault:
            if fault.verdict is Verdict.JUDGE_ERROR:
                raise JudgeError(f"The box failed at a script: {fault.text}") from None
            answers.append(Answer(ended=f"{fault.verdict}: {fault.text}"))
        except SuiteError as error:
            raise RequestError(
                f"{script.lines[len(answers)]}: {error}", "fix the argument in fuzz.py"
            ) from None
        return answers

    def _answer(
        self, run: Callable[[str, dict[str, Any]], Any], line: str, names: dict[str, Any]
    ) -> Answer:
        try:
            return Answer(value=_plain(run(line, names)))
        except (SyntaxError, NameError) as error:
            if hasattr(error, "harness_origin"):
                return self._raised(error, error.harness_origin)
            raise _cannot_run(line, error) from None
        except Exception as error:
            return self._raised(error, getattr(error, "harness_origin", None))

    def _raised(self, error: Exception, origin: RemoteOrigin | None) -> Answer:
        name = type(error).__name__
        if isinstance(error, RemoteError) and origin is not None:
            name = origin.type_name
        text = str(error).partition("\n")[0]
        wanted = self._attributes.get(name, ())
        attributes = {each: getattr(error, each, "(not there)") for each in wanted}
        # Raised while no code of the solution ran: the call itself does not fit.
        never_ran = (
            origin is not None
            and not origin.where
            and isinstance(error, AttributeError | TypeError)
        )
        lacking = [
            f"{name} has no plain attribute {each}" for each in wanted if not hasattr(error, each)
        ]
        misfit = text if never_ran else "".join(lacking[:1])
        return Answer(raised=name, attributes=attributes, text=text, misfit=misfit)


def _plain(value: Any) -> Any:
    """Return what an answer is worth to a suite, whatever its classes are called.

    Of an object that has a value of a builtin that value, of a container what it holds; any other
    object of the solution stays one.
    """
    if isinstance(value, Valued):
        taken = [take(value) for kind, take in _BUILTINS.items() if isinstance(value, kind)]
        return _plain(taken[0]) if taken else handle_of(value)
    if isinstance(value, Container):
        return _plain(content(value))
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(map(_plain, value))
    if isinstance(value, dict):
        return {_plain(key): _plain(part) for key, part in value.items()}
    return value


_BUILTINS: Mapping[type, Callable[[Any], Any]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    tuple: lambda value: (*tuple.__iter__(value),),
    frozenset: lambda value: frozenset([*frozenset.__iter__(value)]),
}
"""How to take the value of a builtin out of an object of a class that derives from it."""


def _cannot_run(what: str, error: Exception) -> RequestError:
    return RequestError(
        f"{what} cannot be run: {type(error).__name__}: {error}", "fix it in fuzz.py"
    )
