"""Entry point of the ``harness`` command.

Commands that judge start the judge's child before anything heavy is imported here, so that its
pytest and its sandbox come up while this process still reads the attempt.
"""

from __future__ import annotations

import gc
import os
import sys

from harness.cli.surroundings import INTERRUPTED, may_open_enough, open_standard_streams
from harness.judge.spawn import Child

_JUDGING_COMMANDS = frozenset({"test", "submit", "watch", "start"})
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
_UNWRITTEN = 3
"""``ExitCode.INTERNAL``, whose module is not imported here for the time that it takes."""
_INTERRUPTED = 130
"""``ExitCode.INTERRUPTED``."""
_HELP_OPTIONS = frozenset({"-h", "--help", "--version"})


def main() -> None:
    """Run the command line of this process."""
    _import_nothing_from_here()
    # Start-up makes many objects and no garbage; the default would look for some dozens of times.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    open_standard_streams()
    try:
        enough = may_open_enough()
        prepared = _prepare(sys.argv[1:]) if enough else None
        from harness.cli.main import run

        run(prepared, enough=enough)
    except SystemExit as leave:
        _leave(leave.code)
    except KeyboardInterrupt:  # of the imports above; the command line catches its own
        os.write(2, f"{INTERRUPTED}\n".encode())
        os._exit(_INTERRUPTED)


def _import_nothing_from_here() -> None:
    """Take the current folder off the path, where ``python -m`` put it: it may be a workspace."""
    try:
        here = os.getcwd()
    except FileNotFoundError:
        return  # nothing can be imported from a folder that was deleted
    if not sys.flags.safe_path and sys.path and sys.path[0] == here:
        del sys.path[0]


def _leave(code: object) -> None:
    """End the process without finalizing the interpreter.

    That saves 30 ms of processor time, a tenth of `harness status`.
    """
    import atexit

    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or _UNWRITTEN
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _prepare(arguments: list[str]) -> Child | None:
    """Start the judge's child if this command will surely need it, else None."""
    words = [word for word in arguments if not word.startswith("-")]
    if not words or words[0] not in _JUDGING_COMMANDS or _HELP_OPTIONS & set(arguments):
        return None
    # A guess: `--backend` and the settings are read later, and the order says which it is.
    try:
        return Child(os.environ.get("HARNESS_BACKEND", "auto"))
    except OSError:
        return None  # the judge says why, when it is needed


if __name__ == "__main__":
    main()
