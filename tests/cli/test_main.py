from __future__ import annotations

import json
import os
import subprocess
import sys

import click
import pytest

import harness
from harness.cli.commands import AUTHOR_SECTIONS, SECTIONS, author_command
from harness.cli.invocation import Invocation
from harness.cli.main import call_command, cli
from harness.errors import ExitCode, JudgeError, PackError, RequestError, StateError
from harness.plugins import PluginHost
from harness.plugins.hookspecs import hookimpl

HEAVY = ("rich", "sqlite3", "pluggy", "pydantic", "pytest", "docker")


def failing(error):
    """An invocation whose application cannot be made."""

    def factory(_invocation):
        raise error

    return Invocation(factory=factory)


class TestHelp:
    @pytest.mark.parametrize("option", ["-h", "--help"])
    def test_names_every_command_and_the_exit_codes(self, shell, option):
        assert shell(option) == 0
        for _, entries in SECTIONS:
            for name, *_ in entries:
                assert f"\n  {name} " in shell.out
        assert "130  interrupted" in shell.out

    def test_bare_command_helps(self, shell):
        assert shell() == 0
        assert "statement, test, submit, watch, status" in shell.out
        assert len(shell.out.splitlines()) < 24

    def test_fits_eighty_columns(self, shell):
        shell("-h")
        assert max(map(len, shell.out.splitlines())) <= 80
        assert "..." not in shell.out

    @pytest.mark.parametrize("name", [name for _, rows in SECTIONS for name, *_ in rows])
    def test_every_command_has_an_example(self, shell, name):
        assert shell(name, "-h") == 0
        assert f"Example:\n    harness {name}" in shell.out

    def test_version(self, shell):
        assert shell("--version") == 0
        assert shell.out == f"harness, version {harness.__version__}\n"

    def test_imports_nothing_heavy(self):
        program = (
            "import atexit, sys\n"
            "sys.argv = ['harness', '--help']\n"
            f"heavy = lambda: [name for name in {HEAVY!r} if name in sys.modules]\n"
            "atexit.register(lambda: sys.stderr.write(str(heavy())))\n"
            "from harness.__main__ import main\n"
            "main()\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        assert done.stderr.strip() == "[]"
        assert "Usage: harness" in done.stdout


class TestMistakes:
    def test_unknown_command(self, shell):
        assert shell("sumbit") == 2
        assert shell.err == (
            "error: There is no command 'sumbit'. Did you mean submit?\nhint: harness -h\n"
        )

    def test_unknown_command_like_no_other(self, shell):
        assert shell("xyzzy") == 2
        assert shell.err == "error: There is no command 'xyzzy'.\nhint: harness -h\n"

    def test_unknown_option(self, shell):
        assert shell("submit", "--jsn") == 2
        assert shell.err == (
            "error: No such option '--jsn'. Did you mean --json?\nhint: harness submit -h\n"
        )

    def test_unknown_option_like_no_other(self, shell):
        assert shell("test", "--level", "9") == 2
        assert shell.err == "error: No such option '--level'.\nhint: harness test -h\n"

    def test_mistakes_are_json_where_json_is_asked_for(self, shell):
        assert shell("submit", "--nonsense", "--json") == 2
        error = json.loads(shell.out)["error"]
        assert error["kind"] == "UsageError"
        assert error["exit_code"] == 2
        assert shell.err == ""

    def test_a_bad_configuration(self, shell):
        shell.home.mkdir()
        (shell.home / "config.toml").write_text("minuts = 5\n")
        assert shell("list") == 2
        assert "config.toml" in shell.err
        assert "minutes" in shell.err


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (RequestError("No.", "do this"), 2),
            (StateError("No.", "do this"), 3),
            (JudgeError("No.", "do this"), 3),
            (PackError("No.", "do this"), 4),
        ],
    )
    def test_two_lines_and_the_code_of_the_kind(self, shell, error, code):
        assert shell("list", invocation=failing(error)) == code
        assert shell.err == "error: No.\nhint: do this\n"
        assert shell.out == ""

    def test_without_a_hint(self, shell):
        shell("list", invocation=failing(RequestError("No.")))
        assert shell.err == "error: No.\n"

    def test_what_others_wrote_cannot_control_the_terminal(self, shell):
        shell("list", invocation=failing(PackError("a\x1b[2J", "rm \u202etxt")))
        assert shell.err == "error: a\\x1b[2J\nhint: rm \\u202etxt\n"

    def test_json(self, shell):
        assert shell("list", "--json", invocation=failing(StateError("No.", "do this"))) == 3
        assert json.loads(shell.out) == {
            "error": {"kind": "StateError", "message": "No.", "hint": "do this", "exit_code": 3}
        }
        assert shell.err == ""

    def test_our_own_mistake_in_three_calm_lines(self, shell):
        assert shell("list", invocation=failing(ZeroDivisionError("division\nby zero"))) == 3
        lines = shell.err.splitlines()
        assert len(lines) == 3
        assert harness.__version__ in lines[0]
        assert "ZeroDivisionError: division by zero" in lines[0]
        assert "harness doctor" in lines[2]

    def test_debug_shows_the_traceback(self, shell):
        shell("--debug", "list", invocation=failing(RequestError("No.")))
        assert "Traceback" in shell.err
        assert shell.err.endswith("error: No.\n")

    def test_debug_shows_none_for_a_typing_mistake(self, shell):
        shell("--debug", "nonsense")
        assert "Traceback" not in shell.err

    @pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
    def test_interrupted(self, shell, error):
        assert shell("list", invocation=failing(error)) == 130
        assert "Interrupted." in shell.err

    @pytest.mark.parametrize(("code", "exit_code"), [(5, 5), (None, 3), ("text", 3)])
    def test_an_exit_from_below(self, shell, code, exit_code):
        assert shell("list", invocation=failing(SystemExit(code))) == exit_code


class TestEnd:
    def test_the_application_is_closed_and_an_unused_child_too(self, shell):
        closed = []

        class Thing:
            def close(self):
                closed.append(self)

        app, child = Thing(), Thing()
        used = Invocation(factory=lambda _: app)
        assert used.session is app
        shell("--version", invocation=used)
        shell("--version", invocation=Invocation(prepared=child))
        assert closed == [app, child]

    @pytest.mark.parametrize(
        "command",
        ["list", "--help", "list --json", "status", "submit", "test -v", "author rules steps"],
    )
    def test_a_reader_that_goes_away_hears_no_complaint(self, started, command):
        """As in ``harness list | head -1``, whether we print, or rich, or click."""
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [sys.executable, "-m", "harness", *command.split()],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(writer)
        assert done.stderr == ""
        assert done.returncode == 130

    def test_names_that_no_encoding_holds(self, shell, tmp_path):
        folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
        done = subprocess.run(
            [sys.executable, "-m", "harness", "start", "steps", "--dir", folder],
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr

    def test_ascii_terminals(self, shell):
        done = subprocess.run(
            [sys.executable, "-m", "harness", "start", "steps"],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        )
        assert done.returncode == 0, done.stderr
        done.stdout.decode("ascii")


class TestPlugins:
    @pytest.fixture
    def invocation(self):
        """One with a plugin that brings two commands, one of which we have ourselves."""

        @click.command("greet")
        def greet():
            """Say hello."""
            click.echo("hello")

        @click.command("submit")
        def submit():
            """Take over."""
            click.echo("mine now")

        class Plugin:
            @hookimpl
            def harness_commands(self):
                return [greet, submit]

        host = PluginHost()
        host.register(Plugin(), "greeter")
        invocation = Invocation()
        invocation.plugins = host
        return invocation

    def test_a_command_of_a_plugin(self, shell, invocation):
        assert shell("greet", invocation=invocation) == 0
        assert shell.out == "hello\n"

    def test_is_listed_and_suggested(self, shell, invocation):
        assert shell("-h", invocation=invocation) == 0
        assert "From plugins:\n  greet" in shell.out
        assert shell("gret", invocation=invocation) == 2
        assert "Did you mean greet?" in shell.err

    def test_cannot_replace_ours(self, shell, invocation):
        assert shell("submit", invocation=invocation) == 2
        assert "mine now" not in shell.out

    def test_what_is_wrong_with_a_plugin_is_reported_on_stderr(self, shell, invocation):
        invocation.plugins.register(object(), "idle")
        assert shell("greet", invocation=invocation) == 0
        assert "warning: The plugin 'idle' does nothing" in shell.err


class TestCompletion:
    @pytest.mark.parametrize(
        ("typed", "offered"),
        [("harness su", ["submit"]), ("harness start st", ["steps"]), ("harness re", ["reset"])],
    )
    def test_bash(self, shell, typed, offered):
        done = subprocess.run(
            [sys.executable, "-m", "harness"],
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "_HARNESS_COMPLETE": "bash_complete",
                "COMP_WORDS": typed,
                "COMP_CWORD": str(len(typed.split()) - 1),
            },
        )
        assert done.returncode == 0
        for name in offered:
            assert f"plain,{name}" in done.stdout.split()

    def test_attempts(self, started):
        attempt = started.json("status")["attempt"]
        command = cli.get_command(click.Context(cli), "report")
        invocation = Invocation()
        context = click.Context(command, obj=invocation)
        (argument,) = [p for p in command.params if p.name == "attempt"]
        offered = argument.shell_complete(context, attempt[:2])
        invocation.close()
        assert [item.value for item in offered] == [attempt]

    def test_offers_nothing_when_it_cannot(self, shell):
        command = cli.get_command(click.Context(cli), "start")
        context = click.Context(command, obj=failing(StateError("No.")))
        (argument,) = [p for p in command.params if p.name == "problem"]
        assert argument.shell_complete(context, "") == []


def test_call_is_all_there_is_to_embedding(capsys):
    assert call_command(["--version"], Invocation()) == 0
    assert capsys.readouterr().out.startswith("harness, version")


def test_a_global_option_after_the_command_is_shown_in_its_place(shell):
    assert shell("start", "steps", "--backend", "process") == 2
    assert "--backend goes before the command." in shell.err
    assert "hint: harness --backend … start\n" in shell.err


@pytest.mark.parametrize(
    ("group", "sections"), [(cli, SECTIONS), (author_command, AUTHOR_SECTIONS)]
)
def test_the_tables_of_commands_say_what_each_command_says(group, sections):
    for _, rows in sections:
        for name, _, summary in rows:
            command = group.get_command(click.Context(group), name)
            assert command.get_short_help_str(limit=200) == summary


def test_an_interruption_while_the_command_starts():
    """Before the command line is there to catch it."""
    code = (
        "import sys\n"
        "class Interrupted:\n"
        "    def find_spec(name, *_):\n"
        "        if name == 'harness.cli.main':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted)\n"
        "sys.argv = ['harness', 'list']\n"
        "from harness.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.INTERRUPTED
    assert done.stdout == ""
    assert done.stderr == "\nInterrupted. Everything submitted is recorded.\n"
