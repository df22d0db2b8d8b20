"""Plugins are loaded one by one, and none of them can take the tool down."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import click
import pytest

from harness.model.attempt import AttemptState, Event
from harness.model.judgement import Judgement
from harness.model.problem import Problem
from harness.model.score import Score
from harness.plugins import PluginHost, PluginProblem
from harness.plugins.hookspecs import hookimpl


@pytest.fixture
def host() -> PluginHost:
    return PluginHost()


def score_of(total: int) -> Score:
    return Score(levels=(), total=total, max=100, estimate=200)


def test_without_plugins_nothing_happens(
    host: PluginHost, problem: Problem, state: AttemptState, judgement: Judgement, event: Event
) -> None:
    assert (host.backends(), host.packs(), host.commands(), host.names) == ({}, [], [], [])
    assert host.score(problem, state, []) is None
    host.attempt_event(event)
    host.judged(state, judgement)
    assert not host.problems


def test_a_plugin_that_cannot_be_imported_is_reported_and_left_out(host: PluginHost) -> None:
    host.load(EntryPoint("bad", "no_such_module_anywhere", "harness"))
    (problem,) = host.problems
    assert str(problem) == (
        "The plugin 'bad' could not be loaded: "
        "ModuleNotFoundError: No module named 'no_such_module_anywhere'"
    )
    assert host.names == []


def test_a_plugin_that_exits_while_imported_is_left_out(
    host: PluginHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "exits_at_once.py").write_text("raise SystemExit('bye')")
    monkeypatch.syspath_prepend(tmp_path)
    host.load(EntryPoint("exits", "exits_at_once", "harness"))
    assert host.problems == [PluginProblem("exits", "could not be loaded: SystemExit: bye")]


def test_a_misspelt_hook_is_reported_with_the_nearest(host: PluginHost) -> None:
    class Misspelt:
        @hookimpl
        def harness_judge(self) -> None: ...

        @hookimpl
        def harness_packs(self) -> list[Path]:
            return []

    class Fine:
        @hookimpl
        def harness_backends(self) -> dict[str, type]:
            return {"mine": object}

    host.register(Misspelt(), "misspelt")
    host.register(Fine(), "fine")
    assert [str(problem) for problem in host.problems] == [
        "The plugin 'misspelt' was not loaded: harness_judge is not a hook. "
        "Did you mean harness_judged?"
    ]
    assert host.names == ["fine"]
    assert host.backends() == {"mine": object}


def test_an_argument_that_the_hook_does_not_have(host: PluginHost) -> None:
    class Plugin:
        @hookimpl
        def harness_judged(self, state: object, verdict: object) -> None: ...

    host.register(Plugin(), "odd")
    (problem,) = host.problems
    assert "was not loaded" in problem.text
    assert "verdict" in problem.text
    assert host.names == []


def test_a_hook_wrapper_is_refused(host: PluginHost) -> None:
    class Plugin:
        @hookimpl(wrapper=True)
        def harness_packs(self):  # type: ignore[no-untyped-def]
            return (yield)

    host.register(Plugin(), "wraps")
    (problem,) = host.problems
    assert "harness_packs is a hook wrapper, which is not supported" in problem.text
    assert host.names == []


def test_a_plugin_without_any_hook(host: PluginHost) -> None:
    host.register(object(), "idle")
    (problem,) = host.problems
    assert "none of its functions is marked with @hookimpl" in problem.text


def test_two_plugins_of_one_name(host: PluginHost) -> None:
    class Plugin:
        @hookimpl
        def harness_packs(self) -> list[Path]:
            return []

    host.register(Plugin(), "twin")
    host.register(Plugin(), "twin")
    assert host.names == ["twin"]
    assert "there is another plugin of this name" in host.problems[0].text


def test_a_failing_observer_affects_no_other_and_is_reported_once(
    host: PluginHost, state: AttemptState, judgement: Judgement, event: Event
) -> None:
    seen: list[str] = []

    class Fails:
        @hookimpl
        def harness_attempt_event(self, event: Event) -> None:
            raise RuntimeError("disk\nfull")

        @hookimpl
        def harness_judged(self, state: AttemptState) -> None:
            raise SystemExit(3)

    class Watches:
        @hookimpl
        def harness_attempt_event(self, event: Event) -> None:
            seen.append(event.kind)

        @hookimpl
        def harness_judged(self, judgement: Judgement) -> None:
            seen.append(judgement.verdict.value)

    for name, plugin in (("fails", Fails()), ("watches", Watches()), ("fails_too", Fails())):
        host.register(plugin, name)
    host.attempt_event(event)
    host.attempt_event(event)
    host.judged(state, judgement)
    assert seen == ["created", "created", "accepted"]
    assert [str(problem) for problem in host.problems] == [
        "The plugin 'fails' failed in harness_attempt_event: RuntimeError: disk full",
        "The plugin 'fails_too' failed in harness_attempt_event: RuntimeError: disk full",
        "The plugin 'fails' failed in harness_judged: SystemExit: 3",
        "The plugin 'fails_too' failed in harness_judged: SystemExit: 3",
    ]


def test_the_score_of_the_last_plugin_counts_unless_it_declines_or_fails(
    host: PluginHost, problem: Problem, state: AttemptState
) -> None:
    class Default:
        @hookimpl(trylast=True)
        def harness_score(self) -> Score:
            return score_of(1)

    class Decides:
        def __init__(self, result: object) -> None:
            self.result = result

        @hookimpl
        def harness_score(self, problem: Problem) -> object:
            if isinstance(self.result, Exception):
                raise self.result
            return self.result

    host.register(Decides(score_of(2)), "two")
    host.register(Default(), "default")
    assert host.score(problem, state, []) == score_of(2)
    host.register(Decides(None), "declines")
    host.register(Decides(ValueError("no")), "fails")
    host.register(Decides(17), "confused")
    assert host.score(problem, state, []) == score_of(2)
    assert {problem.plugin for problem in host.problems} == {"fails", "confused"}


def test_contributions_are_checked_and_the_first_one_keeps_its_name(
    host: PluginHost, tmp_path: Path
) -> None:
    (tmp_path / "good" / "problems").mkdir(parents=True)

    class First:
        @hookimpl
        def harness_backends(self) -> dict[str, type]:
            return {"linux": int}

        @hookimpl
        def harness_commands(self) -> list[click.Command]:
            return [click.Command("hello")]

        @hookimpl
        def harness_packs(self) -> Path:
            return tmp_path / "good"

    class Second:
        @hookimpl
        def harness_backends(self) -> dict[str, type]:
            return {"linux": str, "moon": str}

        @hookimpl
        def harness_commands(self) -> list[object]:
            return [click.Command("hello"), "not a command"]

        @hookimpl
        def harness_packs(self) -> list[Path]:
            return [tmp_path / "none"]

    class Third:
        @hookimpl
        def harness_backends(self) -> list[str]:
            return ["linux"]

    for name, plugin in (("first", First()), ("second", Second()), ("third", Third())):
        host.register(plugin, name)
    assert host.backends() == {"linux": int, "moon": str}
    assert [command.name for command in host.commands()] == ["hello"]
    assert host.packs() == [tmp_path / "good"]
    assert [str(problem) for problem in host.problems] == [
        "The plugin 'second' offers a backend 'linux', but there is one already.",
        "The plugin 'third' must return a dict of names and factories from harness_backends.",
        "The plugin 'second' offers a command 'hello', but there is one already.",
        "The plugin 'second' offers a command that is not a named click.Command.",
        f"The plugin 'second' offers a pack without a folder problems/: {tmp_path / 'none'}",
    ]
