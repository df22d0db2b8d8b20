"""Errors in problem.toml, as an author reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalog.content import Flaw
from harness.catalog.manifest_file import parse_manifest
from harness.model.manifest import Manifest

HEAD = """\
format = 1
slug = "queue"
version = "1.0.0"
title = "Queue"
summary = "A queue."
authors = ["Somebody"]
license = "MIT"
minutes = 30
"""
LEVEL = """\
[[levels]]
id = "basics"
title = "Put"
summary = "Put."
minutes = 10
points = 100
"""


def parse(text: str) -> tuple[Manifest | None, list[str]]:
    flaws: list[Flaw] = []
    manifest = parse_manifest(Path("problem.toml"), text, flaws)
    return manifest, [flaw.render() for flaw in flaws]


def errors_in(text: str) -> list[str]:
    manifest, errors = parse(text)
    assert manifest is None
    return errors


def test_a_good_manifest() -> None:
    manifest, errors = parse(HEAD + LEVEL)
    assert not errors
    assert manifest is not None
    assert manifest.levels[0].points == 100


def replaced(old: str, new: str) -> str:
    text = HEAD + LEVEL
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Queue"', 'titel = "Queue"', "4: unknown key titel. Did you mean title?"),
        (
            "points = 100",
            "points = 0",
            "14: levels[0].points (level 1) is 0. It must be at least 1.",
        ),
        (
            "minutes = 10",
            "minuts = 10",
            "13: unknown key levels[0].minuts (level 1). Did you mean minutes?",
        ),
        ("minutes = 30", 'minutes = "30"', '8: minutes is "30". It must be a whole number without'),
        ("minutes = 30", "minutes = 30.5", "8: minutes is 30.5. It must be a whole number without"),
        ("points = 100", "points = true", "is true. It must be a whole number without quotes."),
        ("minutes = 30", "minutes = 601", "8: minutes is 601. It must be at most 600."),
        ('title = "Queue"', "title = 3", '4: title is 3. It must be text in quotes, as in "text".'),
        ('title = "Queue"', 'title = ""', '4: title is "". It must be one line of text without'),
        (
            'license = "MIT"',
            'license = "a\\nb"',
            "It must be one line of text without control characters.",
        ),
        ('"A queue."', f'"{"x" * 201}"', "It must be at most 200 characters long."),
        ('"1.0.0"', '"1.0"', '3: version is "1.0". It must be three numbers with dots between'),
        ('slug = "queue"', 'slug = "Queue"', '2: slug is "Queue". It must be two to forty lower'),
        ("format = 1", "format = 2", "1: format is 2. It must be 1."),
        ('["Somebody"]', "[]", "6: authors is an empty list. It must be a list with at least one"),
        ('["Somebody"]', '"me"', '6: authors is "me". It must be a list, as in ["one", "two"].'),
        ("minutes = 30", "minutes = 9", "their minutes add up to 10, more than minutes = 9"),
        ("minutes = 30", 'module = "class"', '8: module is "class", a keyword of Python.'),
        ("minutes = 30", 'module = "no good"', "It must be a name as in Python"),
        ("minutes = 30", 'isolation = "none"', '8: isolation is "none". It must be "case".'),
        ('title = "Queue"', "title = 2030-01-01", "title cannot be datetime.date(2030, 1, 1)."),
        ("minutes = 30", "limits = 3", "8: limits is 3. It must be a table of its own."),
    ],
)
def test_one_error(old: str, new: str, message: str) -> None:
    errors = errors_in(replaced(old, new))
    assert len(errors) == 1
    assert message in errors[0]


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        ("[limits]\nmemory = 3", "16: unknown key limits.memory. Did you mean memory_mb?"),
        ("[limits]\nwall_seconds = 0", "limits.wall_seconds is 0. It must be more than 0."),
        ("[limits]\nwall_seconds = nan", "limits.wall_seconds is NaN. It must be at most 60."),
        ('[limits]\nwall_seconds = "2"', "It must be a number without quotes."),
        (
            "license_file = 1",
            "unknown key levels[0].license_file (level 1). The keys here are: id,",
        ),
        ('tags = ["x"]', "unknown key levels[0].tags (level 1). It belongs before the first"),
        ('[levels.symbols]\nclasses = ["A"]', "16: levels[0].symbols.classes (level 1) is a list."),
        (
            '[levels.symbols]\nfunctions = ["a b"]',
            'functions[0] (level 1) is "a b". It must be a n',
        ),
        ('[levels.symbols.classes]\n"a b" = ["x"]', '"a b" must be a name as in Python'),
        (
            '[levels.symbols.exceptions]\nX = "Eror"',
            "16: levels[0].symbols.exceptions.X (level 1) ",
        ),
        (
            '[levels.symbols.exceptions]\nX = "int"',
            "It must be a builtin exception, or one declared before it.",
        ),
        ('hints = "Think."', '15: levels[0].hints (level 1) is "Think.". It must be a list, as in'),
        ("hints = [3]", "15: levels[0].hints[0] (level 1) is 3. It must be text in quotes"),
        (LEVEL, "levels: two levels have the same id."),
    ],
)
def test_one_error_in_a_table(tail: str, message: str) -> None:
    errors = errors_in(f"{HEAD}{LEVEL}{tail}\n")
    assert len(errors) == 1
    assert message in errors[0]


def test_all_errors_are_reported_at_once() -> None:
    text = HEAD.replace('title = "Queue"\n', "").replace("30", '"30"')
    errors = errors_in(text + LEVEL.replace("points = 100", "point = 100"))
    assert errors == [
        "problem.toml: title is missing.",
        'problem.toml:7: minutes is "30". It must be a whole number without quotes.',
        "problem.toml:13: unknown key levels[0].point (level 1). Did you mean points?",
    ]


def test_a_level_without_anything_lists_what_it_lacks() -> None:
    errors = errors_in(f"{HEAD}{LEVEL}[[levels]]\n")
    assert errors == [
        f"problem.toml:15: levels[1].{key} (level 2) is missing."
        for key in ("id", "title", "summary", "minutes", "points")
    ]


def test_no_level_at_all() -> None:
    assert errors_in(HEAD) == ["problem.toml: levels is missing."]
    assert "levels is an empty list." in errors_in(HEAD + "levels = []\n")[0]


def test_broken_syntax_names_line_and_column() -> None:
    errors = errors_in("format = 1\nslug = queue\n")
    assert errors == ["problem.toml:2:8: This is not valid TOML: Invalid value."]


def test_broken_syntax_at_the_end_of_the_file() -> None:
    (error,) = errors_in("format = [1,")
    assert error.startswith("problem.toml: This is not valid TOML:")
