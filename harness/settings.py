"""Settings in three layers: defaults < ``config.toml`` in the home folder < environment variables.

The class ``Settings`` is the table of them: what a setting is for, what it accepts and how it is
read stand beside its field. The variable of a setting is its name in capitals after ``HARNESS_``.
May import model and errors.

``home`` can only be set by its variable, because ``config.toml`` lies in it. An empty variable
counts as not set. Relative paths count from the folder of ``config.toml``, or from the current
folder when they come from a variable. ``HARNESS_PACKS`` separates its folders as ``PATH`` does;
in ``config.toml`` it is ``packs = ["…"]``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from pathlib import Path
from typing import Any, NamedTuple

from harness.errors import RequestError
from harness.model.attempt import Mode
from harness.model.frozen import frozen
from harness.model.judgement import Feedback
from harness.words import did_you_mean, nearest, quoted

CONFIG_NAME = "config.toml"
VARIABLE_PREFIX = "HARNESS_"
NO_HOME = Path(os.devnull, "no-home")
"""The home folder where there is none: HOME is not set, and the system does not know the user.

Nothing can be read or written there; what needs no record works all the same.
"""
_HERE = Path()
"""The current folder, looked up only where a relative path needs it: it may be gone."""


class SettingRow(NamedTuple):
    """What is known about one setting besides its name and type."""

    meaning: str
    """What it is for, in a few words."""
    accepts: str
    """Completes the sentence "it must be …"."""
    default: str
    """Its default in words."""
    read: Callable[[object, Path], Any]
    """Turns a value of ``config.toml`` into that of the field; paths count from the given folder,
    which may be relative to the current one.

    Raises ValueError for a value that cannot be used.
    """
    from_text: Callable[[str], object]
    """Turns the text of a variable into what ``config.toml`` would say."""


def _setting(
    meaning: str,
    accepts: str,
    read: Callable[[object, Path], Any],
    *,
    default_words: str = "",
    from_text: Callable[[str], object] = str,
    **default: Any,
) -> Any:
    """Return a field of ``Settings``; ``default`` is passed on to ``field``."""
    words = default_words or str(default["default"])
    row = SettingRow(meaning, accepts, words, read, from_text)
    return field(**default, metadata={"row": row})


def _folder(value: object, base: Path) -> Path:
    """Return an absolute path with ``~`` expanded; links are not followed."""
    if not isinstance(value, str):
        raise ValueError
    path = Path(os.path.expanduser(value))
    if value.startswith("~") and not path.is_absolute():
        raise ValueError  # of a user that the system does not know
    return path if path.is_absolute() else Path(os.path.abspath(base / path))


def _folders(value: object, base: Path) -> tuple[Path, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(_folder(each, base) for each in value)


def _word(value: object, _: Path) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_-]*", value):
        raise ValueError
    return value


class _NotAChoiceError(ValueError):
    """Its text is what was probably meant, to follow the sentence about the value."""


def _one_of(*choices: str, kind: Callable[[str], Any] = str) -> Callable[[object, Path], Any]:
    def read(value: object, _: Path) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise _NotAChoiceError(did_you_mean(str(value), choices))
        return kind(value)

    return read


def _minutes(value: object, _: Path) -> int:
    if type(value) is not int or not 1 <= value <= 600:
        raise ValueError
    return value


def _number_or_text(text: str) -> object:
    return int(text) if text.strip().isdecimal() else text


def _split_path(text: str) -> object:
    return [part for part in text.split(os.pathsep) if part]


@frozen(kw_only=True)
class Settings:
    """What can be set once instead of being typed with every command."""

    home: Path = _setting(
        "where attempts and pinned problems are kept",
        "a folder",
        _folder,
        default_words="the user-state folder",
    )
    workspaces: Path = _setting(
        "where `harness start` puts a new workspace",
        "a folder",
        _folder,
        default_words="~/harness",
    )
    backend: str = _setting(
        "how the boxes are made that solutions run in",
        "one word, such as auto, linux, docker or process",
        _word,
        default="auto",
    )
    feedback: Feedback | None = _setting(
        "how much of a failing hidden case is shown",
        "full, calls, names or none",
        _one_of(*Feedback, kind=Feedback),
        default_words="full in practice, names in an exam",
        default=None,
    )
    mode: Mode = _setting(
        "how strict the clock of a new attempt is",
        "exam or practice",
        _one_of(*Mode, kind=Mode),
        default=Mode.PRACTICE,
    )
    minutes: int | None = _setting(
        "how long a new attempt takes",
        "a whole number from 1 to 600",
        _minutes,
        default_words="the problem's own",
        from_text=_number_or_text,
        default=None,
    )
    editor: str = _setting(
        "the editor whose completion a new workspace switches off",
        "vscode, vim or none",
        _one_of("vscode", "vim", "none"),
        default="none",
    )
    packs: tuple[Path, ...] = _setting(
        "more folders with problems",
        "a list of folders",
        _folders,
        default_words="none",
        from_text=_split_path,
        default=(),
    )
    colour: str = _setting(
        "whether the output is coloured",
        "auto, always or never",
        _one_of("auto", "always", "never"),
        default="auto",
    )


SETTINGS: Mapping[str, SettingRow] = {each.name: each.metadata["row"] for each in fields(Settings)}
"""The table: name → everything about the setting."""


def variable_of(name: str) -> str:
    """Return the environment variable of setting ``name``."""
    return VARIABLE_PREFIX + name.upper()


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all layers.

    Raises RequestError when ``config.toml`` cannot be read or has an unknown key, and when a value
    cannot be used; it names all such values at once.
    """
    return _load(environ)[0]


def read_colour(environ: Mapping[str, str]) -> str:
    """Return the setting ``colour``; "auto" when it cannot be read. Other settings may be invalid.

    An error in the settings is shown in that colour, too.
    """
    try:
        raw = environ.get(variable_of("colour")) or _parse_config(config_path(environ)).get(
            "colour"
        )
        return "auto" if raw is None else str(SETTINGS["colour"].read(raw, _HERE))
    except (RequestError, ValueError):
        return "auto"


def describe_settings(environ: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the name of each setting, its value in words, and where that came from.

    That is ``default``, the path of ``config.toml``, or the name of the variable.

    Raises RequestError as ``load_settings`` does.
    """
    settings, sources = _load(environ)
    return [
        (name, _in_words(getattr(settings, name)), sources.get(name, "default"))
        for name in SETTINGS
    ]


def config_path(environ: Mapping[str, str]) -> Path:
    """Return where ``config.toml`` lies, or would lie."""
    return _home(environ) / CONFIG_NAME


def suspicious_variables(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that looks like a misspelt setting.

    An unknown variable is not an error: other programs use names that begin with HARNESS_ too.
    """
    known = {variable_of(name) for name in SETTINGS}
    found = []
    for variable in sorted(environ):
        if not variable.startswith(VARIABLE_PREFIX) or variable in known:
            continue
        meant = nearest(variable.removeprefix(VARIABLE_PREFIX).lower(), SETTINGS)
        if meant:
            found.append(f"{variable} has no effect. Did you mean {variable_of(meant)}?")
    return found


def _load(environ: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Return the settings, and where each one came from that is not a default."""
    config = config_path(environ)
    usual = Path(os.path.expanduser("~/harness"))
    workspaces = usual if usual.is_absolute() else NO_HOME / "harness"
    values: dict[str, Any] = {"home": config.parent, "workspaces": workspaces}
    sources: dict[str, str] = {}
    mistakes: dict[str, str] = {}
    in_file = _read_config(config)
    for name, row in SETTINGS.items():
        text = environ.get(variable_of(name), "")
        raw: object = text or in_file.get(name)
        if raw is None:
            continue
        sources[name] = variable_of(name) if text else str(config)
        try:
            if text:
                values[name] = row.read(row.from_text(text), _HERE)
            else:
                values[name] = row.read(raw, config.parent)
        except ValueError as error:
            meant = str(error) if isinstance(error, _NotAChoiceError) else ""
            place = variable_of(name) if text else f"{config}: {name}"
            mistakes[name] = f"{place} is {raw!r}; it must be {row.accepts}.{meant}"
    if mistakes:
        variables = [sources[name] for name in mistakes if sources[name] == variable_of(name)]
        only_variables = len(variables) == len(mistakes)
        hint = f"unset {' '.join(variables)}" if only_variables else _edit_command(config)
        raise RequestError("\n".join(mistakes.values()), hint)
    return Settings(**values), sources


def _home(environ: Mapping[str, str]) -> Path:
    """Return the home folder; it need not exist."""
    text = environ.get(variable_of("home"), "")
    if text:
        return _folder(text, _HERE)
    import platformdirs

    try:
        home = platformdirs.user_state_path("harness", appauthor=False)
    except RuntimeError:
        return NO_HOME
    return home if home.is_absolute() else NO_HOME


def _read_config(path: Path) -> dict[str, object]:
    """Return what ``config.toml`` says; nothing when it does not exist."""
    data = _parse_config(path)
    unknown = [key for key in data if key == "home" or key not in SETTINGS]
    if unknown:
        lines = "\n".join(f"{path}: {_refuse_key(key)}" for key in unknown)
        raise RequestError(lines, _edit_command(path))
    return data


def _parse_config(path: Path) -> dict[str, object]:
    import tomllib

    hint = _edit_command(path)
    try:
        with path.open("rb") as handle:
            data: dict[str, object] = tomllib.load(handle)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise RequestError(f"Cannot read {path}: {error.strerror}.", hint) from None
    except UnicodeDecodeError as error:
        raise RequestError(f"{path} is not UTF-8 text (byte {error.start}).", hint) from None
    except tomllib.TOMLDecodeError as error:
        raise RequestError(f"{path} is not valid TOML: {error}.", hint) from None
    return data


def _refuse_key(key: str) -> str:
    """Say why ``key`` cannot stand in ``config.toml``."""
    if key == "home":
        return (
            "'home' cannot be set here, because this file lies in the home folder. "
            f"Set the variable {variable_of(key)} instead."
        )
    allowed = [name for name in SETTINGS if name != "home"]
    meant = nearest(key, allowed)
    tail = f"Did you mean '{meant}'?" if meant else f"The settings are: {', '.join(allowed)}."
    return f"'{key}' is not a setting. {tail}"


def _edit_command(path: Path) -> str:
    return f"${{EDITOR:-vi}} {quoted(path)}"


def _in_words(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, tuple):
        return os.pathsep.join(str(part) for part in value) or "none"
    return str(value)
