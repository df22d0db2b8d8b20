"""Loads plugins one by one, and calls each so that its failure harms nobody else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.model.frozen import frozen
from harness.plugins.installed import GROUP, PACK_GROUP, groups_installed
from harness.words import nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    import click
    import pluggy

    from harness.model.attempt import AttemptState, Event, RecordedJudgement
    from harness.model.finding import Check
    from harness.model.judgement import Judgement
    from harness.model.problem import Problem
    from harness.model.score import Score

BackendFactory = Callable[[], Sequence[object]]
"""Makes the forms of one backend, as ``harness.sandbox.backend`` lays them down, best first."""


@frozen
class PluginProblem:
    """What went wrong with a plugin. The tool goes on without it."""

    plugin: str
    text: str
    """Completes "The plugin x …"."""

    def __str__(self) -> str:
        """Return a sentence for a person."""
        return f"The plugin '{self.plugin}' {self.text}"


class PluginHost:
    """All plugins: those of the installation and those registered by the application.

    No method raises for what a plugin does; see ``problems``.
    """

    def __init__(self) -> None:
        self.problems: list[PluginProblem] = []
        """What went wrong so far, each thing once. Show it on stderr."""
        self.installed_packs: list[tuple[str, Path]] = []
        """Name and folder of each pack that is installed as a distribution of its own."""
        self._manager: pluggy.PluginManager | None = None

    @property
    def names(self) -> list[str]:
        """The names of the plugins in use, in the order they were registered."""
        if self._manager is None:
            return []
        return [name for name, plugin in self._manager.list_name_plugin() if plugin is not None]

    def load(self, point: EntryPoint) -> None:
        """Import the plugin of an entry point and register it."""
        try:
            plugin = point.load()
        except (Exception, SystemExit) as error:
            self._blame(point.name, f"could not be loaded: {_in_words(error)}")
        else:
            self.register(plugin, point.name)

    def add_pack(self, point: EntryPoint) -> None:
        """Find the pack of an entry point. No code of its distribution is run."""
        from harness.plugins.distributions import find_pack_folder

        folder = find_pack_folder(point.value)
        if folder is None:
            text = f"offers a pack that is not there: {point.value} has no folder problems/."
            self._blame(point.name, text)
        else:
            self.installed_packs.append((point.name, folder))

    def register(self, plugin: object, name: str) -> None:
        """Take in a plugin: a module or an object whose hooks are marked with ``@hookimpl``."""
        manager = self._made_manager()
        if manager.has_plugin(name):
            self._blame(name, "was not loaded: there is another plugin of this name.")
            return
        try:
            manager.register(plugin, name)
            fault = _fault(manager, plugin)
        except (Exception, SystemExit) as error:
            fault = f"was not loaded: {_in_words(error)}"
        if fault:
            if manager.is_registered(plugin):
                manager.unregister(plugin)
            self._blame(name, fault)

    def backends(self) -> dict[str, BackendFactory]:
        """Ask ``harness_backends``: factory of each sandbox backend by name."""
        found: dict[str, BackendFactory] = {}
        for plugin, offer in self._contributions("harness_backends"):
            if not isinstance(offer, dict) or not all(callable(made) for made in offer.values()):
                self._blame(plugin, "gave no dict of names and factories in harness_backends.")
                continue
            for name, factory in offer.items():
                if name in found:
                    self._blame(plugin, f"offers a backend '{name}', but there is one already.")
                else:
                    found[name] = factory
        return found

    def packs(self) -> list[Path]:
        """Ask ``harness_packs``: the folders of all packs that plugins bring."""
        found: list[Path] = []
        for plugin, offer in self._contributions("harness_packs"):
            for folder in _items(offer):
                if isinstance(folder, Path) and (folder / "problems").is_dir():
                    found.append(folder)
                else:
                    self._blame(plugin, f"offers a pack that has no folder problems/: {folder}")
        return found

    def commands(self) -> list[click.Command]:
        """Ask ``harness_commands``: the commands that plugins bring, each name once."""
        import click

        found: dict[str, click.Command] = {}
        for plugin, offer in self._contributions("harness_commands"):
            for command in _items(offer):
                if not isinstance(command, click.Command) or not command.name:
                    self._blame(plugin, "offers a command that is no named click.Command.")
                elif command.name in found:
                    text = f"offers a command '{command.name}', but there is one already."
                    self._blame(plugin, text)
                else:
                    found[command.name] = command
        return list(found.values())

    def checks(self) -> list[Check]:
        """Ask ``harness_checks``: the checks that plugins bring, each name once."""
        from harness.model.finding import Check

        found: dict[str, Check] = {}
        for plugin, offer in self._contributions("harness_checks"):
            for check in _items(offer):
                if not isinstance(check, Check):
                    self._blame(plugin, "offers a check that is no harness.model.finding.Check.")
                elif check.name in found:
                    self._blame(plugin, f"offers a check '{check.name}', but there is one already.")
                else:
                    found[check.name] = check
        return list(found.values())

    def score(
        self, problem: Problem, state: AttemptState, judgements: Sequence[RecordedJudgement]
    ) -> Score | None:
        """Ask ``harness_score``; None when no plugin wants to decide."""
        from harness.model.score import Score

        arguments = {"problem": problem, "state": state, "judgements": judgements}
        for plugin, result in self._decisions("harness_score", arguments):
            if isinstance(result, Score):
                return result
            self._blame(plugin, "gave no Score in harness_score.")
        return None

    def attempt_event(self, event: Event) -> None:
        """Tell the observers in ``harness_attempt_event``."""
        for _ in self._contributions("harness_attempt_event", {"event": event}):
            pass

    def judged(self, state: AttemptState, judgement: Judgement) -> None:
        """Tell the observers in ``harness_judged``."""
        for _ in self._contributions("harness_judged", {"state": state, "judgement": judgement}):
            pass

    def _made_manager(self) -> pluggy.PluginManager:
        if self._manager is None:
            import pluggy

            from harness.plugins import hookspecs

            self._manager = pluggy.PluginManager(GROUP)
            self._manager.add_hookspecs(hookspecs)
        return self._manager

    def _contributions(
        self, hook: str, arguments: Mapping[str, object] | None = None
    ) -> Iterator[tuple[str, object]]:
        """Call every implementation, the one registered first first; yield what is not None."""
        yield from self._call(hook, arguments or {}, first_comes_last=False)

    def _decisions(
        self, hook: str, arguments: Mapping[str, object]
    ) -> Iterator[tuple[str, object]]:
        """Call the implementations as pluggy does, the one registered last first."""
        yield from self._call(hook, arguments, first_comes_last=True)

    def _call(
        self, hook: str, arguments: Mapping[str, object], *, first_comes_last: bool
    ) -> Iterator[tuple[str, object]]:
        if self._manager is None:
            return
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        if first_comes_last:
            implementations = implementations[::-1]
        for each in implementations:
            try:
                result = each.function(*(arguments[name] for name in each.argnames))
            except (Exception, SystemExit) as error:
                self._blame(each.plugin_name, f"failed in {hook}: {_in_words(error)}")
                continue
            if result is not None:
                yield each.plugin_name, result

    def _blame(self, plugin: str, text: str) -> None:
        problem = PluginProblem(plugin, text)
        if problem not in self.problems:
            self.problems.append(problem)


def load_plugins() -> PluginHost:
    """Load all plugins of this installation: the entry points of group ``harness``.

    Packs, those of group ``harness.packs``, are found and not loaded. Costs next to nothing where
    none is installed.
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


def _fault(manager: pluggy.PluginManager, plugin: object) -> str:
    """Say why a registered plugin cannot be used; empty when it can."""
    import pluggy

    from harness.plugins import hookspecs

    try:
        manager.check_pending()
    except pluggy.PluginValidationError:
        known = [name for name in vars(hookspecs) if name.startswith(f"{GROUP}_")]
        strangers = sorted(
            c.name for c in manager.get_hookcallers(plugin) or () if not c.has_spec()
        )
        meant = nearest(strangers[0], known)
        tail = f" Did you mean {meant}?" if meant else ""
        return f"was not loaded: {strangers[0]} is no hook.{tail}"
    callers = manager.get_hookcallers(plugin)
    if not callers:
        return "does nothing: none of its functions is marked with @hookimpl."
    for caller in callers:
        if any(each.wrapper or each.hookwrapper for each in caller.get_hookimpls()):
            return f"was not loaded: {caller.name} is a hook wrapper, which is not supported."
    return ""


def _items(offer: object) -> list[object]:
    """Return the things a plugin offers, whether it gave many or one."""
    return list(offer) if isinstance(offer, list | tuple) else [offer]


def _in_words(error: BaseException) -> str:
    """Return an exception on one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
