"""Mistakes in problem.toml, as an author reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalog.manifest import parse_manifest
from harness.catalog.mistakes import Mistake
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
    mistakes: list[Mistake] = []
    manifest = parse_manifest(Path("problem.toml"), text, mistakes)
    return manifest, [mistake.render() for mistake in mistakes]


def mistakes_in(text: str) -> list[str]:
    manifest, mistakes = parse(text)
    assert manifest is None
    return mistakes


def test_a_good_manifest() -> None:
    manifest, mistakes = parse(HEAD + LEVEL)
    assert not mistakes
    assert manifest is not None
    assert manifest.levels[0].points == 100


def replaced(old: str, new: str) -> str:
    text = HEAD + LEVEL
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Queue"', 'titel = "Queue"', "4: titel is no key. Did you mean title?"),
        (
            "points = 100",
            "points = 0",
            "14: levels[0].points (level 1) is 0. It must be at least 1.",
        ),
        (
            "minutes = 10",
            "minuts = 10",
            "13: levels[0].minuts (level 1) is no key. Did you mean minutes?",
        ),
        ("minutes = 30", 'minutes = "30"', '8: minutes is "30". It must be a whole number without'),
        ("minutes = 30", "minutes = 30.5", "8: minutes is 30.5. It must be a whole number without"),
        ("points = 100", "points = true", "is true. It must be a whole number without quotes."),
        ("minutes = 30", "minutes = 601", "8: minutes is 601. It must be at most 600."),
        ('title = "Queue"', "title = 3", '4: title is 3. It must be text in quotes, as in "text".'),
        ('title = "Queue"', 'title = ""', '4: title is "". It must be one line of text.'),
        ('license = "MIT"', 'license = "a\\nb"', "It must be one line of text."),
        ('"A queue."', f'"{"x" * 201}"', "It must be at most 200 characters long."),
        ('"1.0.0"', '"1.0"', '3: version is "1.0". It must be three numbers with dots between'),
        ('slug = "queue"', 'slug = "Queue"', '2: slug is "Queue". It must be two to forty lower'),
        ("format = 1", "format = 2", "1: format is 2. It must be 1."),
        ('["Somebody"]', "[]", "6: authors is an empty list. It must be a list with at least one"),
        ('["Somebody"]', '"me"', '6: authors is "me". It must be a list, as in ["one", "two"].'),
        ("minutes = 30", "minutes = 9", "their minutes add up to 10, more than minutes = 9"),
        ("minutes = 30", 'module = "class"', '8: module is "class", a word of the language.'),
        ("minutes = 30", 'module = "no good"', "It must be a name as in Python"),
        ("minutes = 30", 'isolation = "none"', '8: isolation is "none". It must be "case".'),
        ("minutes = 30", "limits = 3", "8: limits is 3. It must be a table of its own."),
    ],
)
def test_one_mistake(old: str, new: str, message: str) -> None:
    mistakes = mistakes_in(replaced(old, new))
    assert len(mistakes) == 1
    assert message in mistakes[0]


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        ("[limits]\nmemory = 3", "16: limits.memory is no key. Did you mean memory_mb?"),
        ("[limits]\nwall_seconds = 0", "limits.wall_seconds is 0. It must be more than 0."),
        ("[limits]\nwall_seconds = nan", "limits.wall_seconds is NaN. It must be at most 60."),
        ('[limits]\nwall_seconds = "2"', "It must be a number without quotes."),
        ("license_file = 1", "levels[0].license_file (level 1) is no key. The keys here are: id,"),
        ('tags = ["x"]', "levels[0].tags (level 1) is no key here. It belongs before the first"),
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
        ('[levels.symbols.exceptions]\nX = "int"', "It must be a builtin exception."),
        ('hints = "Think."', '15: levels[0].hints (level 1) is "Think.". It must be a list, as in'),
        ("hints = [3]", "15: levels[0].hints[0] (level 1) is 3. It must be text in quotes"),
        (LEVEL, "levels: two levels have the same id."),
    ],
)
def test_one_mistake_in_a_table(tail: str, message: str) -> None:
    mistakes = mistakes_in(f"{HEAD}{LEVEL}{tail}\n")
    assert len(mistakes) == 1
    assert message in mistakes[0]


def test_all_mistakes_are_told_at_once() -> None:
    text = HEAD.replace('title = "Queue"\n', "").replace("30", '"30"')
    mistakes = mistakes_in(text + LEVEL.replace("points = 100", "point = 100"))
    assert mistakes == [
        "problem.toml: title is missing.",
        'problem.toml:7: minutes is "30". It must be a whole number without quotes.',
        "problem.toml:13: levels[0].point (level 1) is no key. Did you mean points?",
    ]


def test_a_level_without_anything_lists_what_it_lacks() -> None:
    mistakes = mistakes_in(f"{HEAD}{LEVEL}[[levels]]\n")
    assert mistakes == [
        f"problem.toml:15: levels[1].{key} (level 2) is missing."
        for key in ("id", "title", "summary", "minutes", "points")
    ]


def test_no_level_at_all() -> None:
    assert mistakes_in(HEAD) == ["problem.toml: levels is missing."]
    assert "levels is an empty list." in mistakes_in(HEAD + "levels = []\n")[0]


def test_broken_syntax_names_line_and_column() -> None:
    mistakes = mistakes_in("format = 1\nslug = queue\n")
    assert mistakes == ["problem.toml:2:8: This is not valid TOML: Invalid value."]


def test_broken_syntax_at_the_end_of_the_file() -> None:
    (mistake,) = mistakes_in("format = [1,")
    assert mistake.startswith("problem.toml: This is not valid TOML:")
