"""The check ``examples``: sessions in statements, tried on the references."""

from __future__ import annotations

import pytest

from harness.authoring.checks import wording


def test_example_that_is_not_true(purse):
    purse.edit("level1/statement.md", ">>> purse.total()\n2", ">>> purse.total()\n3")
    assert purse.error("examples") == (
        "level1/statement.md",
        12,
        "The example 'purse.total()' answers '2', not '3'.",
    )


def test_reference_that_changed(purse):
    purse.edit("reference/level2/solution.py", "self._coins -= amount", "self._coins -= 1")
    path, line, message = purse.error("examples")
    assert (path, line) == ("level2/statement.md", 11)
    assert message == "The example 'purse.take(3)' answers '4', not '2'."


def test_example_that_raises(purse):
    purse.edit("level1/statement.md", ">>> purse.total()\n2", ">>> purse.take(1)\n1")
    message = purse.error("examples")[2]
    assert "answers \"AttributeError: 'Purse' object has no attribute 'take'" in message


def test_answer_that_is_left_out(purse):
    purse.edit("level1/statement.md", ">>> purse.total()\n2", ">>> purse.total()")
    assert purse.error("examples")[2] == "The example 'purse.total()' answers '2', not nothing."


def test_traceback_is_compared_by_its_last_line(purse):
    session = (
        ">>> purse.take(9)\nTraceback (most recent call last):\n    ...\nsolution.PurseError: "
    )
    purse.edit("level2/statement.md", "```\n", f"{session}not enough\n```\n".replace("9", "7"))
    assert purse.findings("examples") == []
    purse.edit("level2/statement.md", "PurseError: not enough", "PurseError: too few")
    assert purse.error("examples")[1] == 13


@pytest.mark.parametrize("name", ["PurseError", "solution.PurseError"])
def test_exception_by_its_name_alone_or_with_the_module(purse, name):
    head = "Traceback (most recent call last):\n"
    session = f">>> purse.take(7)\n{head}{name}: not enough\n```\n"
    purse.edit("level2/statement.md", "```\n", session)
    assert purse.findings("examples") == []
    purse.edit("level2/statement.md", ": not enough", ": too few")
    message = purse.error("examples")[2]
    assert message == (
        "The example 'purse.take(7)' answers 'solution.PurseError: not enough', not "
        "'solution.PurseError: too few'."
    )


def test_builtin_exception_keeps_its_name(purse):
    session = ">>> int('x')\nTraceback (most recent call last):\nValueError: no\n```\n"
    purse.edit("level2/statement.md", "```\n", session)
    message = purse.error("examples")[2]
    assert message.startswith('The example "int(\'x\')" answers "ValueError: invalid literal')
    assert message.endswith("not 'ValueError: no'.")
    assert "doctest" not in message


def test_statement_without_an_example(purse):
    purse.edit("level1/statement.md", ">>> purse = Purse()\n>>> purse.put(2)\n2\n", "")
    purse.edit("level1/statement.md", ">>> purse.total()\n2\n", "")
    assert purse.error("examples") == (
        "level1/statement.md",
        None,
        "The statement of level 1 has no example.",
    )


def test_example_that_cannot_be_read(purse):
    purse.edit("level1/statement.md", ">>> purse.total()", ">>>purse.total()")
    message = purse.error("examples")[2]
    assert message.startswith("The examples of level 1 cannot be run: ValueError: line 12")


def test_reference_that_cannot_be_imported(purse):
    purse.write("reference/level1/solution.py", "print('hello')\nraise OSError('no disk')\n")
    message = purse.error("examples")[2]
    assert message == "The examples of level 1 cannot be run: OSError: no disk"


def test_reference_that_prints_is_no_trouble(purse):
    purse.edit("reference/level1/solution.py", "class Purse:", "print('hello')\n\n\nclass Purse:")
    assert purse.findings("examples") == []


def test_example_that_does_not_end(purse, monkeypatch):
    monkeypatch.setattr(wording, "LIMIT_SECONDS", 1)
    purse.edit("level1/statement.md", ">>> purse.total()\n2", ">>> while True: pass")
    assert "they take more than 1 seconds" in purse.findings("examples")[0].message


def test_references_leave_no_bytecode(purse):
    assert purse.findings("examples") == []
    assert list(purse.root.rglob("__pycache__")) == []
