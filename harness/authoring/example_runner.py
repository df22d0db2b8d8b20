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
        """Keep an answer that differs."""
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
        self.wrong.append((example.lineno + 1, example.source, example.want, got))


def examine(folder: str, module: str, text: str) -> dict[str, Any]:
    """Return how many examples ``text`` has, and which are not true of the module."""
    sys.path.insert(0, folder)
    names = dict(vars(importlib.import_module(module)))
    # A fence ends an answer, as an empty line does.
    plain = _FENCE.sub("", text)
    test = doctest.DocTestParser().get_doctest(plain, names, "statement", None, 0)
    recorder = Recorder()
    recorder.run(test, out=lambda _: None)
    return {"examples": len(test.examples), "wrong": recorder.wrong}


def main() -> None:
    """Read the request, run its examples, and answer."""
    request = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answer = examine(request["folder"], request["module"], request["text"])
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
