"""Runs the ``>>>`` examples of one text against one module, in an interpreter of its own.

Started by path, with one JSON object on standard input: ``folder``, ``module``, ``text``. The last
line of standard output is a JSON object: ``examples``, how many there are, and ``wrong``, a list of
``[line, source, wanted, got]``. Imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import json
import re
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

Wrong = tuple[int, str, str, str]
_TRACEBACK = "Traceback (most recent call last):\n"
_FENCE = re.compile(r"^ *(`{3,}|~{3,}).*$", re.MULTILINE)


class Recorder(doctest.DocTestRunner):
    """Keeps what is wrong instead of printing it."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.wrong: list[Wrong] = []

    def report_failure(
        self,
        out: Callable[[str], Any],
        test: doctest.DocTest,
        example: doctest.Example,
        got: str,
    ) -> None:
        """Keep an answer that differs; of an exception only what it says."""
        head, is_raised, trace = got.rpartition(_TRACEBACK)
        if is_raised:
            said = re.search(r"^\S.*", trace, re.MULTILINE | re.DOTALL)
            got = f"{head}{said.group() if said else trace}"
        self._keep(example, got)

    def report_unexpected_exception(
        self,
        out: Callable[[str], Any],
        test: doctest.DocTest,
        example: doctest.Example,
        exc_info: tuple[type[BaseException], BaseException, TracebackType],
    ) -> None:
        """Keep an exception."""
        self._keep(example, "".join(traceback.format_exception_only(*exc_info[:2])))

    def _keep(self, example: doctest.Example, got: str) -> None:
        wanted = example.exc_msg or example.want
        self.wrong.append((example.lineno + 1, example.source, wanted, got))


def run_examples(folder: str, module: str, text: str) -> dict[str, Any]:
    """Return how many examples ``text`` has, and which are not true of the module."""
    sys.path.insert(0, folder)
    names = dict(vars(importlib.import_module(module)))
    # A fence ends an answer, as an empty line does.
    plain = _FENCE.sub("", text)
    test = doctest.DocTestParser().get_doctest(plain, names, "statement", None, 0)
    for example in test.examples:
        if example.exc_msg:
            example.exc_msg = _in_full(example.exc_msg, module, names)
    recorder = Recorder()
    recorder.run(test, out=lambda _: None)
    return {"examples": len(test.examples), "wrong": recorder.wrong}


def _in_full(text: str, module: str, names: dict[str, Any]) -> str:
    """Return an exception as the interpreter prints it: one of the module's with its name."""
    name = re.split(r"[:\n]", text, maxsplit=1)[0]
    found = names.get(name)
    is_own = isinstance(found, type) and issubclass(found, BaseException)
    return f"{module}.{text}" if is_own and found.__module__ == module else text


def main() -> None:
    """Read the request, run its examples, and answer."""
    request = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answer = run_examples(request["folder"], request["module"], request["text"])
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
