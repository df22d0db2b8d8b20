"""The candidate's lines that exceptions come from, and which part of a line is meant."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from types import TracebackType

MAX_PIECE = 100
"""Characters of the part of a line that is meant, and of what stands before and after it."""
_CUT = "…"


class Sources:
    """The texts of the submission, by file name."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._lines: dict[str, list[str]] = {}

    def place(self, error: BaseException) -> tuple[str, list[str]]:
        """Return the candidate's innermost line that ``error`` comes from, as file, line, function.

        With it comes the line's text: before what is meant, that, and after it. Empty when it comes
        from no line of the candidate's.
        """
        if isinstance(error, SyntaxError) and error.filename in self._files:
            return f"{error.filename}:{error.lineno}", self._of_syntax_error(error)
        innermost, step = None, error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename in self._files:
                innermost = step
            step = step.tb_next
        if innermost is None:
            return "", []
        code = innermost.tb_frame.f_code
        where = f"{code.co_filename}:{innermost.tb_lineno} in {code.co_name}"
        return where, self._of_step(innermost)

    def _of_step(self, step: TracebackType) -> list[str]:
        code = step.tb_frame.f_code
        positions = next(islice(code.co_positions(), step.tb_lasti // 2, None), None)
        first, last, begin, end = positions or (None, None, None, None)
        line = self._line(code.co_filename, step.tb_lineno)
        if first != step.tb_lineno or begin is None or end is None:
            return _pieces(line, 0, len(line))
        encoded = line.encode()  # the compiler counts bytes
        left = len(encoded[:begin].decode(errors="replace"))
        right = len(encoded[:end].decode(errors="replace")) if last == first else len(line)
        return _pieces(line, left, right)

    def _of_syntax_error(self, error: SyntaxError) -> list[str]:
        line = self._line(error.filename, error.lineno)
        begin = (error.offset or 1) - 1
        ends_here = error.end_lineno == error.lineno and error.end_offset
        end = error.end_offset - 1 if ends_here and error.end_offset else len(line)
        return _pieces(line, begin, max(begin + 1, end))

    def _line(self, file: str | None, number: int | None) -> str:
        if file is None or number is None:
            return ""
        if file not in self._lines:
            text = self._files[file].replace("\r\n", "\n").replace("\r", "\n")
            self._lines[file] = text.split("\n")  # as Python does, unlike splitlines
        lines = self._lines[file]
        return lines[number - 1] if 0 < number <= len(lines) else ""


def _pieces(line: str, begin: int, end: int) -> list[str]:
    """Cut a line, without its indentation, around what is meant; empty for an empty line."""
    indentation = len(line) - len(line.lstrip())
    text = line.strip()
    begin = min(max(0, begin - indentation), len(text))
    end = min(max(begin, end - indentation), len(text))
    before, meant, after = text[:begin], text[begin:end], text[end:]
    if len(before) > MAX_PIECE:
        before = _CUT + before[1 - MAX_PIECE :]
    if not text:
        return []
    return [
        before,
        *(p if len(p) <= MAX_PIECE else p[: MAX_PIECE - 1] + _CUT for p in (meant, after)),
    ]


def innermost(step: TracebackType | None) -> TracebackType | None:
    """Return where an exception was raised."""
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step


def is_at_raise(step: TracebackType) -> bool:
    """Tell whether a ``raise`` statement made the exception, so it says what it is to say."""
    from opcode import opmap

    code = step.tb_frame.f_code.co_code
    return 0 <= step.tb_lasti < len(code) and code[step.tb_lasti] == opmap["RAISE_VARARGS"]
