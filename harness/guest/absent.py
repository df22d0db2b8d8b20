"""What Python has elsewhere and a box has not, said in words instead of a bare error number."""

from __future__ import annotations

import builtins
import errno
import io
import sys
from _sitebuiltins import _Helper
from typing import Any, NoReturn

from .sources import innermost, is_at_raise

_DENIED = frozenset({errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS})
_ONE_PROCESS = (
    "a box is one process and cannot start another; threading and ThreadPoolExecutor work"
)
_NO_NETWORK = "a box has no network"
_OF_MODULES = {
    "multiprocessing": _ONE_PROCESS,
    "subprocess": _ONE_PROCESS,
    "concurrent.futures.process": _ONE_PROCESS,
    "tempfile": "a box cannot write files, temporary ones neither; io.StringIO and io.BytesIO work",
    "socket": _NO_NETWORK,
    "ssl": _NO_NETWORK,
    "urllib.request": _NO_NETWORK,
}
"""Modules of the library, and why what they need fails."""
_NO_INPUT = "has nothing to read: a box has no standard input"
_DEBUGGER = "the debugger needs a terminal, which a box does not have: take the breakpoint out"
_NO_DATABASE = "a box cannot write files; sqlite3.connect(':memory:') works"
_ONLY_OWN_FILES = "a box has the solution's .py files and no others, and cannot write"
_ONLY_LIBRARY = "a box has the standard library and the solution's own files"
_ANYTHING_ELSE = "a box allows no other processes, no network and no writing"


def install() -> None:
    """Put what the interpreter lacks without a terminal into its place."""
    builtins.exit = builtins.quit = _exit  # type: ignore[assignment]
    builtins.help = _Helper()
    builtins.input = _input
    sys.stdin = io.TextIOWrapper(io.BufferedReader(_NoInput()), encoding="utf-8")
    sys.breakpointhook = _breakpoint


def explanation(error: BaseException) -> str:
    """Return why ``error`` is raised in a box and not elsewhere; empty where it is not so."""
    step = innermost(error.__traceback__)
    if step is None:
        return ""
    module = str(step.tb_frame.f_globals.get("__name__"))
    if module == "bdb":
        return _DEBUGGER
    if getattr(error, "sqlite_errorname", "") == "SQLITE_CANTOPEN":
        return _NO_DATABASE
    if not isinstance(error, OSError | ImportError | NotImplementedError):
        return ""
    for name, words in _OF_MODULES.items():
        if module == name or module.startswith(name + "."):
            return words
    if type(error).__module__ == "socket":  # a name that is looked up needs no frame of its own
        return _NO_NETWORK
    if is_at_raise(step):
        return ""
    if isinstance(error, ModuleNotFoundError):
        return _ONLY_LIBRARY
    if isinstance(error, FileNotFoundError):
        return _ONLY_OWN_FILES
    return _ANYTHING_ELSE if isinstance(error, OSError) and error.errno in _DENIED else ""


def _exit(code: Any = None) -> NoReturn:
    raise SystemExit(code)


def _input(prompt: object = "", /) -> str:
    print(prompt, end="")
    raise EOFError(f"input() {_NO_INPUT}")


class _NoInput(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, _: object) -> NoReturn:
        raise EOFError(f"sys.stdin {_NO_INPUT}")


def _breakpoint(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(f"breakpoint(): {_DEBUGGER}")
