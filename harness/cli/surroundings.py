"""What a command needs of its process: three open streams, output that can be written, descriptors.

``__main__`` imports this first, so it imports nothing that Python has not loaded already.
"""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

NEEDED_DESCRIPTORS = 128
"""How many more files a command must be able to open; the judge's processes need as many each."""
WANTED_LIMIT = 1024
INTERRUPTED = "\nInterrupted. Everything submitted is recorded."


class OutputError(OSError):
    """Standard output cannot be written, and not because its reader has gone."""


class _Output(io.FileIO):
    """A standard stream whose errors can be distinguished from those of other files.

    An error of standard error can be shown nowhere, so it has none: a command does its work.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._is_output = descriptor == 1

    def write(self, data: Any, /) -> int:
        try:
            while (written := super().write(data)) is None:
                import select

                # Whoever started us made the stream non-blocking: wait until it takes more.
                select.select([], [self.fileno()], [])
            return written
        except BrokenPipeError:
            if self._is_output:
                # Without a number: click would take one as its own, and exit with 1.
                raise BrokenPipeError from None
        except OSError as error:
            if self._is_output:
                raise OutputError(error.errno, error.strerror) from error
        return len(data)


def open_standard_streams() -> None:
    """Put /dev/null where a standard stream is closed, and make errors of output recognisable.

    Otherwise the next file that is opened, such as the record of attempts, would get the number of
    standard output.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest free number is the one that is closed.
            os.open(os.devnull, os.O_WRONLY if descriptor else os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = _text_stream(1, sys.stdout)
    sys.stderr = _text_stream(2, sys.stderr)


def _text_stream(descriptor: int, before: TextIO | None) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(descriptor)),
        encoding=before.encoding if before is not None else "utf-8",
        errors="replace",  # a character that the terminal cannot show must not end a command
        line_buffering=descriptor == 2 or os.isatty(descriptor),
    )


def may_open_enough() -> bool:
    """Whether this process may open as many files as a command needs.

    Raises the limit for open files first when it is low and may be raised.
    """
    if _has_free(NEEDED_DESCRIPTORS):
        return True
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_LIMIT if hard == resource.RLIM_INFINITY else min(WANTED_LIMIT, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return _has_free(NEEDED_DESCRIPTORS)


def _has_free(number: int) -> bool:
    """Try it, because open files that were inherited count as well."""
    copies = []
    try:
        for _ in range(number):
            copies.append(os.dup(0))
    except OSError:
        return False
    finally:
        for each in copies:
            os.close(each)
    return True


def is_styled(colour: str, *, terminal: bool) -> bool:
    """Return whether a stream gets colours and other styles.

    The setting ``colour`` decides; where it is "auto", NO_COLOR, then FORCE_COLOR, then whether
    the stream is a ``terminal`` that knows more than text.
    """
    if colour != "auto":
        return colour == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or terminal


def wrapped(text: str, *, err: bool) -> str:
    """Return ``text`` wrapped at words where standard output, or error, is a terminal.

    Lines that begin with a space, and what is quoted, stay whole: they may be copied.
    """
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        return text
    import re
    import shutil
    import textwrap

    columns = shutil.get_terminal_size().columns
    lines = []
    for line in text.split("\n"):
        if len(line) <= columns or line.startswith(" "):
            lines.append(line)
            continue
        whole = re.sub(r"`[^`]*`|(?<!\w)'[^']*'(?!\w)", lambda m: m[0].replace(" ", "\0"), line)
        folded = textwrap.wrap(whole, columns, break_long_words=False, break_on_hyphens=False)
        lines += [each.replace("\0", " ") for each in folded]
    return "\n".join(lines)


def can_redraw(stream: TextIO) -> bool:
    """Return whether ``stream`` is a terminal in which the cursor can be moved."""
    return stream.isatty() and os.environ.get("TERM", "dumb").lower() not in ("dumb", "unknown")
