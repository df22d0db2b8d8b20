"""Runs the ``>>>`` examples of one text against one module, in an interpreter of its own.

Started by path, with one JSON object on standard input: ``folder``, ``module``, ``text``. The last
line of standard output is a JSON object: ``examples``, how many there are, and ``wrong``, a list of
``[line, source, wanted, got]``. Imports nothing of harness.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import json
import re
import sys
import traceback
from typing import Any

_TRACEBACK = "Traceback (most recent call last):\n"
_FENCE = re.compile(r"^ *(`{3,}|~{3,}).*$", re.MULTILINE)


class Recorder(doctest.DocTestRunner):
    """Keeps what is wrong instead of printing it."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.wrong: list[tuple[int, str, str, str]] = []

    def report_failure(
        self, out: object, test: doctest.DocTest, example: doctest.Example, got: str
    ) -> None:
        """Keep an answer that differs; of an exception only what it says."""
        head, is_raised, trace = got.rpartition(_TRACEBACK)
        said = re.search(r"^\S.*", trace, re.MULTILINE | re.DOTALL) if is_raised else None
        self._keep(example, head + said.group() if said else got)

    def report_unexpected_exception(
        self, out: object, test: doctest.DocTest, example: doctest.Example, exc_info: Any
    ) -> None:
        """Keep an exception."""
        self._keep(example, "".join(traceback.format_exception_only(*exc_info[:2])))

    def _keep(self, example: doctest.Example, got: str) -> None:
        wanted = example.exc_msg or example.want
        self.wrong.append((example.lineno + 1, example.source, wanted, got))


def main() -> None:
    """Read the request, run its examples, and answer."""
    request = json.load(sys.stdin)
    module = request["module"]
    recorder = Recorder()
    with contextlib.redirect_stdout(sys.stderr):
        sys.path.insert(0, request["folder"])
        names = dict(vars(importlib.import_module(module)))
        # A fence ends an answer, as an empty line does.
        text = _FENCE.sub("", request["text"])
        test = doctest.DocTestParser().get_doctest(text, names, "statement", None, 0)
        for example in test.examples:
            raised = names.get(re.split(r"[:\n]", example.exc_msg or "", maxsplit=1)[0])
            is_own = isinstance(raised, type) and issubclass(raised, BaseException)
            if is_own and raised.__module__ == module:
                # As the interpreter prints it: an exception of the module with the module's name.
                example.exc_msg = f"{module}.{example.exc_msg}"
        recorder.run(test, out=lambda _: None)
    print(json.dumps({"examples": len(test.examples), "wrong": recorder.wrong}))


if __name__ == "__main__":
    main()
