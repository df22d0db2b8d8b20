"""Settings in three layers: defaults < ``config.toml`` in the home folder < environment variables.

==========  ==================  =====================  ==========================================
setting     variable            default                meaning
==========  ==================  =====================  ==========================================
home        HARNESS_HOME        the user-state folder  where attempts and pinned problems are kept
workspaces  HARNESS_WORKSPACES  ~/harness              where ``start`` puts a new workspace
backend     HARNESS_BACKEND     auto                   what makes the boxes that solutions run in
feedback    HARNESS_FEEDBACK    by mode                how much of a failing hidden case is shown
mode        HARNESS_MODE        practice               how strict the clock of a new attempt is
minutes     HARNESS_MINUTES     the problem's own      how long a new attempt takes
editor      HARNESS_EDITOR      none                   the editor whose completion is switched off
packs       HARNESS_PACKS       none                   more folders with problems
colour      HARNESS_COLOUR      auto                   whether the output is coloured
==========  ==================  =====================  ==========================================

``home`` can only be set by its variable, because ``config.toml`` lies in it. An empty variable
counts as not set. Relative paths count from the folder of ``config.toml``, or from the current
folder when they come from a variable. ``HARNESS_PACKS`` separates its folders as ``PATH`` does;
in ``config.toml`` it is ``packs = ["…"]``. May import model and errors.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.errors import RequestError, nearest
from harness.model.attempt import Mode
from harness.model.frozen import frozen
from harness.model.judgement import Feedback

CONFIG_NAME = "config.toml"
VARIABLE_PREFIX = "HARNESS_"

_EXPECTED = {
    "home": "a folder",
    "workspaces": "a folder",
    "backend": "one word, such as auto, linux, docker or process",
    "feedback": "full, calls, names or none",
    "mode": "exam or practice",
    "minutes": "a whole number from 1 to 600",
    "editor": "vscode, vim or none",
    "packs": "a list of folders",
    "colour": "auto, always or never",
}


@frozen(kw_only=True)
class Settings:
    """What a person can set once instead of typing it with every command."""

    home: Path
    """Where attempts and pinned problems are kept."""
    workspaces: Path
    """Where ``harness start`` puts a new workspace."""
    backend: str = "auto"
    feedback: Feedback | None = None
    """None: full in practice, names in an exam."""
    mode: Mode = Mode.PRACTICE
    minutes: int | None = None
    """None: as the problem says."""
    editor: str = "none"
    packs: tuple[Path, ...] = ()
    colour: str = "auto"


_DESCRIPTIONS = {
    "home": "where attempts and pinned problems are kept",
    "workspaces": "where `harness start` puts a new workspace",
    "backend": "what makes the boxes that solutions run in: " + _EXPECTED["backend"],
    "feedback": "how much of a failing hidden case is shown; "
    "when not set: full in practice, names in an exam",
    "mode": "how strict the clock of a new attempt is: exam or practice",
    "minutes": "how long a new attempt takes; when not set: as the problem says",
    "editor": "the editor whose completion a new workspace switches off",
    "packs": "more folders with problems",
    "colour": "whether the output is coloured",
}

_WORD = re.compile(r"[a-z][a-z0-9_-]*")
_CHOICES = {"editor": ("vscode", "vim", "none"), "colour": ("auto", "always", "never")}


@frozen(kw_only=True)
class SettingLine:
    """One setting, as ``harness doctor`` lists it."""

    name: str
    value: str
    """The value in force, in words."""
    source: str
    """``default``, the path of ``config.toml``, or the name of the variable."""
    variable: str
    description: str


def variable_of(name: str) -> str:
    """Return the environment variable of setting ``name``."""
    return VARIABLE_PREFIX + name.upper()


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all layers.

    Raises RequestError when ``config.toml`` cannot be read or has an unknown key, and when a value
    is not usable.
    """
    return _load(environ)[0]


def describe_settings(environ: Mapping[str, str]) -> list[SettingLine]:
    """Return every setting with its value, where that came from, and what it is for.

    Raises RequestError as ``load_settings`` does.
    """
    settings, sources = _load(environ)
    return [
        SettingLine(
            name=name,
            value=_in_words(getattr(settings, name)),
            source=sources.get(name, "default"),
            variable=variable_of(name),
            description=description,
        )
        for name, description in _DESCRIPTIONS.items()
    ]


def config_path(environ: Mapping[str, str]) -> Path:
    """Return where ``config.toml`` lies, or would lie."""
    return _home(environ) / CONFIG_NAME


def suspicious_variables(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that looks like a misspelt one of ours.

    Unknown variables are no errors: other programs use names that begin with HARNESS_ too.
    """
    ours = {variable_of(name) for name in _DESCRIPTIONS}
    found = []
    for variable in sorted(environ):
        if not variable.startswith(VARIABLE_PREFIX) or variable in ours:
            continue
        meant = nearest(variable.removeprefix(VARIABLE_PREFIX).lower(), _DESCRIPTIONS)
        if meant:
            found.append(f"{variable} has no effect. Did you mean {variable_of(meant)}?")
    return found


def _load(environ: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Return the settings, and for each one that is not a default where it came from."""
    home = _home(environ)
    config = config_path(environ)
    values: dict[str, Any] = {"home": home, "workspaces": _absolute("~/harness", Path.cwd)}
    sources: dict[str, str] = {}
    for name, value in _read_config(config).items():
        values[name] = _placed(name, value, home)
        sources[name] = str(config)
    for name in _DESCRIPTIONS:
        text = environ.get(variable_of(name), "")
        if not text:
            continue
        sources[name] = variable_of(name)
        if name != "home":
            values[name] = _from_variable(name, text)
    unusable = [name for name, value in values.items() if not _is_usable(name, value)]
    if unusable:
        raise _unusable(unusable, values, sources)
    return _settings(values), sources


def _is_usable(name: str, value: object) -> bool:
    match name:
        case "backend":
            return isinstance(value, str) and bool(_WORD.fullmatch(value))
        case "minutes":
            return type(value) is int and 1 <= value <= 600
        case "feedback":
            return value in tuple(Feedback)
        case "mode":
            return value in tuple(Mode)
        case "packs":
            return isinstance(value, list) and all(isinstance(path, Path) for path in value)
        case "editor" | "colour":
            return value in _CHOICES[name]
        case _:
            return isinstance(value, Path)


def _settings(values: dict[str, Any]) -> Settings:
    """Return the settings; every value is usable."""
    kinds: dict[str, Callable[[Any], Any]] = {"feedback": Feedback, "mode": Mode, "packs": tuple}
    return Settings(
        **{name: kinds[name](value) if name in kinds else value for name, value in values.items()}
    )


def _home(environ: Mapping[str, str]) -> Path:
    """Return the home folder; it need not exist."""
    text = environ.get(variable_of("home"), "")
    if text:
        return _absolute(text, Path.cwd)
    import platformdirs

    return platformdirs.user_state_path("harness", appauthor=False)


def _read_config(path: Path) -> dict[str, object]:
    """Return what ``config.toml`` says; nothing when there is none."""
    import tomllib

    hint = _way_to_correct(path)
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
    strangers = [_stranger(key) for key in data if key == "home" or key not in _DESCRIPTIONS]
    if strangers:
        raise RequestError("\n".join(f"{path}: {text}" for text in strangers), hint)
    return data


def _stranger(key: str) -> str:
    """Say what is wrong with a key that does not belong into ``config.toml``."""
    if key == "home":
        return (
            "'home' cannot be set here, because this file lies in the home folder. "
            f"Set the variable {variable_of(key)} instead."
        )
    allowed = [name for name in _DESCRIPTIONS if name != "home"]
    meant = nearest(key, allowed)
    tail = f"Did you mean '{meant}'?" if meant else f"The settings are: {', '.join(allowed)}."
    return f"'{key}' is no setting. {tail}"


def _from_variable(name: str, text: str) -> object:
    """Turn the text of a variable into what the setting takes."""
    if name == "packs":
        return [_absolute(part, Path.cwd) for part in text.split(os.pathsep) if part]
    if name == "workspaces":
        return _absolute(text, Path.cwd)
    if name == "minutes" and text.strip().isdecimal():
        return int(text)
    return text


def _placed(name: str, value: object, folder: Path) -> object:
    """Make the paths of ``config.toml`` absolute; leave other values, and mistakes, as they are."""
    if name == "workspaces" and isinstance(value, str):
        return _absolute(value, lambda: folder)
    if name == "packs" and isinstance(value, list):
        return [_absolute(v, lambda: folder) if isinstance(v, str) else v for v in value]
    return value


def _absolute(text: str, base: Callable[[], Path]) -> Path:
    """Expand ``~`` and make the path absolute, without following links."""
    path = Path(os.path.expanduser(text))
    return path if path.is_absolute() else Path(os.path.normpath(base() / path))


def _unusable(
    names: Sequence[str], values: Mapping[str, object], sources: Mapping[str, str]
) -> RequestError:
    """Say in words which values cannot be used."""
    lines = []
    for name in names:
        source = sources[name]
        place = source if source == variable_of(name) else f"{source}: {name}"
        lines.append(f"{place} is {values[name]!r}; it must be {_EXPECTED[name]}.")
    variables = [sources[name] for name in names if sources[name] == variable_of(name)]
    files = [Path(sources[name]) for name in names if sources[name] not in variables]
    hint = _way_to_correct(files[0]) if files else f"unset {' '.join(variables)}"
    return RequestError("\n".join(lines), hint)


def _way_to_correct(path: Path) -> str:
    """Return what to type to mend ``config.toml``."""
    return f"${{EDITOR:-vi}} {shlex.quote(str(path))}"


def _in_words(value: object) -> str:
    """Return a value as ``harness doctor`` shows it."""
    if value is None:
        return "not set"
    if isinstance(value, tuple):
        return os.pathsep.join(str(part) for part in value) or "none"
    return str(value)
