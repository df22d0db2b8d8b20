"""Loads plugins one by one, and calls each so that its failure affects no other."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from harness.model.frozen import frozen
from harness.model.score import Score
from harness.words import nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    import click
    import pluggy

    from harness.model.attempt import AttemptState, Event, RecordedJudgement
    from harness.model.finding import Check
    from harness.model.judgement import Judgement
    from harness.model.problem import Problem

T = TypeVar("T")

GROUP = "harness"
PACK_GROUP = "harness.packs"

BackendFactory = Callable[[], Sequence[object]]
"""Makes the forms of one backend, each a ``harness.sandbox.backend.Backend``, best first."""


@frozen
class PluginProblem:
    """What went wrong with a plugin. The command goes on without it."""

    plugin: str
    text: str
    """Completes "The plugin x …"."""

    def __str__(self) -> str:
        """Return the whole sentence."""
        return f"The plugin '{self.plugin}' {self.text}"


class PluginHost:
    """All plugins, installed or registered by the application.

    No method raises for what a plugin does; ``problems`` has it.
    """

    def __init__(self) -> None:
        self.problems: list[PluginProblem] = []
        """What went wrong so far, each thing once."""
        self.installed_packs: list[tuple[str, Path]] = []
        """Name and folder of each pack that is installed as a distribution of its own."""
        self._manager: pluggy.PluginManager | None = None

    @property
    def names(self) -> list[str]:
        """The names of the plugins in use, in order of registration."""
        if self._manager is None:
            return []
        return [name for name, plugin in self._manager.list_name_plugin() if plugin is not None]

    def load(self, point: EntryPoint) -> None:
        """Import the plugin of an entry point and register it."""
        try:
            plugin = point.load()
        except (Exception, SystemExit) as error:
            self._report(point.name, f"could not be loaded: {_on_one_line(error)}")
        else:
            self.register(plugin, point.name)

    def add_pack(self, point: EntryPoint) -> None:
        """Find the pack of an entry point without running code of its distribution."""
        folder = find_pack_folder(point.value)
        if folder is None:
            text = f"offers a missing pack: {point.value} has no folder problems/."
            self._report(point.name, text)
        else:
            self.installed_packs.append((point.name, folder))

    def register(self, plugin: object, name: str) -> None:
        """Add a plugin: a module or an object whose hooks are marked with ``@hookimpl``."""
        import pluggy

        from harness.plugins import hookspecs

        if self._manager is None:
            self._manager = pluggy.PluginManager(GROUP)
            self._manager.add_hookspecs(hookspecs)
        manager = self._manager
        if manager.has_plugin(name):
            self._report(name, "was not loaded: there is another plugin of this name.")
            return
        try:
            manager.register(plugin, name)
            unusable = _unusable(manager, plugin)
        except (Exception, SystemExit) as error:
            unusable = f"was not loaded: {_on_one_line(error)}"
        if unusable:
            if manager.is_registered(plugin):
                manager.unregister(plugin)
            self._report(name, unusable)

    def backends(self) -> dict[str, BackendFactory]:
        """Ask ``harness_backends``: factory of each sandbox backend by name."""
        found: dict[str, BackendFactory] = {}
        for plugin, offer in self._call("harness_backends"):
            if not isinstance(offer, dict) or not all(callable(made) for made in offer.values()):
                text = "must return a dict of names and factories from harness_backends."
                self._report(plugin, text)
                continue
            for name, factory in offer.items():
                self._keep_first(found, name, factory, plugin, "backend")
        return found

    def packs(self) -> list[Path]:
        """Ask ``harness_packs``: the folders of all packs that plugins bring."""
        found: list[Path] = []
        for plugin, folder in self._offers("harness_packs"):
            if isinstance(folder, Path) and (folder / "problems").is_dir():
                found.append(folder)
            else:
                self._report(plugin, f"offers a pack without a folder problems/: {folder}")
        return found

    def commands(self) -> list[click.Command]:
        """Ask ``harness_commands``: the commands that plugins bring, each name once."""
        import click

        return self._named("harness_commands", click.Command, "command", "click.Command")

    def checks(self) -> list[Check]:
        """Ask ``harness_checks``: the checks that plugins bring, each name once."""
        from harness.model.finding import Check  # most commands never need one

        return self._named("harness_checks", Check, "check", "harness.model.finding.Check")

    def _named(self, hook: str, kind: type[T], noun: str, kind_name: str) -> list[T]:
        found: dict[str, T] = {}
        for plugin, thing in self._offers(hook):
            name = getattr(thing, "name", None)
            if isinstance(thing, kind) and name:
                self._keep_first(found, name, thing, plugin, noun)
            else:
                self._report(plugin, f"offers a {noun} that is not a named {kind_name}.")
        return list(found.values())

    def score(
        self, problem: Problem, state: AttemptState, judgements: Sequence[RecordedJudgement]
    ) -> Score | None:
        """Ask ``harness_score``; None when no plugin decides."""
        arguments = {"problem": problem, "state": state, "judgements": judgements}
        for plugin, result in self._call("harness_score", arguments, last_first=True):
            if isinstance(result, Score):
                return result
            self._report(plugin, "must return a Score or None from harness_score.")
        return None

    def attempt_event(self, event: Event) -> None:
        """Notify the observers in ``harness_attempt_event``."""
        list(self._call("harness_attempt_event", {"event": event}))

    def judged(self, state: AttemptState, judgement: Judgement) -> None:
        """Notify the observers in ``harness_judged``."""
        list(self._call("harness_judged", {"state": state, "judgement": judgement}))

    def _offers(self, hook: str) -> Iterator[tuple[str, object]]:
        """Yield each thing that a plugin offers, whether it returns many or one."""
        for plugin, offer in self._call(hook):
            for each in offer if isinstance(offer, list | tuple) else [offer]:
                yield plugin, each

    def _call(
        self, hook: str, arguments: Mapping[str, object] | None = None, *, last_first: bool = False
    ) -> Iterator[tuple[str, object]]:
        """Call each implementation on its own, in the order of registration or in reverse.

        Yields the name of the plugin and what it returned, unless that is None.
        """
        if self._manager is None:
            return
        given = arguments or {}
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        for each in reversed(implementations) if last_first else implementations:
            try:
                result = each.function(*(given[name] for name in each.argnames))
            except (Exception, SystemExit) as error:
                self._report(each.plugin_name, f"failed in {hook}: {_on_one_line(error)}")
                continue
            if result is not None:
                yield each.plugin_name, result

    def _keep_first(self, found: dict[str, T], name: str, thing: T, plugin: str, noun: str) -> None:
        if name in found:
            self._report(plugin, f"offers a {noun} '{name}', but there is one already.")
        else:
            found[name] = thing

    def _report(self, plugin: str, text: str) -> None:
        problem = PluginProblem(plugin, text)
        if problem not in self.problems:
            self.problems.append(problem)


def load_plugins() -> PluginHost:
    """Load the plugins of this installation: the entry points of group ``harness``.

    Packs, the entry points of group ``harness.packs``, are found but not loaded. Takes next to no
    time when neither is installed.
    """
    host = PluginHost()
    groups = groups_installed(sys.path)
    if groups:
        from importlib.metadata import entry_points

        for point in entry_points(group=GROUP):
            host.load(point)
        for point in entry_points(group=PACK_GROUP):
            host.add_pack(point)
    return host


def groups_installed(path: Sequence[str]) -> set[str]:
    """Return in which of the two groups distributions on ``path`` have entry points.

    May contain one too many, never one too few. ``importlib.metadata`` takes longer to import than
    the whole command line takes to start, and nearly all installations have neither plugins nor
    packs, so this looks first whether it is worth it.
    """
    files = (file for folder in path for file in _entry_point_files(folder))
    return {group for file in files for group in _groups_of(file)}


def _entry_point_files(folder: str) -> Iterator[str]:
    """Yield where the distributions in one folder of ``sys.path`` keep their entry points."""
    try:
        names = os.listdir(folder or ".")
    except NotADirectoryError:
        yield folder  # an archive, which importlib.metadata can read
        return
    except OSError:
        return
    for name in names:
        if name.endswith((".dist-info", ".egg-info")) or name == "EGG-INFO":
            yield os.path.join(folder, name, "entry_points.txt")


def _groups_of(file: str) -> list[str]:
    try:
        with open(file, "rb") as handle:
            start = handle.read(4)
            if start.startswith(b"PK"):
                return [GROUP, PACK_GROUP]
            text = (start + handle.read()).replace(b" ", b"")
    except OSError:
        return []
    return [group for group in (GROUP, PACK_GROUP) if f"[{group}]".encode() in text]


def find_pack_folder(value: str) -> Path | None:
    """Return the folder of the package that an entry point names; None when it holds no pack.

    ``value`` is a package, or a package inside of one: ``my_pack`` or ``my_things.pack``. No code
    of the package runs.
    """
    from importlib.util import find_spec

    top, *inner = value.partition(":")[0].strip().split(".")
    try:
        # The name before the first dot only: to look inside a package, Python would import it.
        spec = find_spec(top)
    except (ImportError, AttributeError, ValueError):
        return None
    locations = (spec and spec.submodule_search_locations) or ()
    folders = (Path(location, *inner) for location in locations)
    return next((folder for folder in folders if (folder / "problems").is_dir()), None)


def _unusable(manager: pluggy.PluginManager, plugin: object) -> str:
    """Return why a registered plugin cannot be used; empty when it can."""
    callers = manager.get_hookcallers(plugin) or []
    unknown = sorted(
        caller.name
        for caller in callers
        if not caller.has_spec() and not all(each.optionalhook for each in caller.get_hookimpls())
    )
    if unknown:
        from harness.plugins import hookspecs

        meant = nearest(unknown[0], [name for name in vars(hookspecs) if name.startswith(GROUP)])
        tail = f" Did you mean {meant}?" if meant else ""
        return f"was not loaded: {unknown[0]} is not a hook.{tail}"
    if not callers:
        return "does nothing: none of its functions is marked with @hookimpl."
    for caller in callers:
        if any(each.wrapper or each.hookwrapper for each in caller.get_hookimpls()):
            return f"was not loaded: {caller.name} is a hook wrapper, which is not supported."
    return ""


def _on_one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
