"""The suite everything is measured on: 30 cases of 20 calls, and a solution that passes."""

from __future__ import annotations

from pathlib import Path

SLUG = "bench_store"
CASES = 30

MANIFEST = f"""\
format = 1
slug = "{SLUG}"
version = "1.0.0"
title = "Benchmark store"
summary = "A store that exists to be measured."
authors = ["The harness authors"]
license = "MIT"
minutes = 30

[[levels]]
id = "only"
title = "Set and get"
summary = "Set and get."
minutes = 10
points = 100

[levels.symbols]
classes = {{ Store = ["set", "get"] }}
"""

SOLUTION = '''\
class Store:
    """Keeps numbers by name."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def set(self, name: str, number: int) -> None:
        """Set a number."""
        self._numbers[name] = number

    def get(self, name: str) -> int | None:
        """Get a number."""
        return self._numbers.get(name)
'''

SKELETON = '''\
class Store:
    """Keeps numbers by name."""

    def set(self, name: str, number: int) -> None:
        """Set a number."""
        raise NotImplementedError

    def get(self, name: str) -> int | None:
        """Get a number."""
        raise NotImplementedError
'''


def write_pack(folder: Path) -> Path:
    """Write the pack below ``folder`` and return the path of its one hidden suite."""
    problem = folder / "problems" / SLUG
    level = problem / "level1"
    reference = problem / "reference" / "level1"
    template = folder / "solutions_template" / SLUG
    for path in (level, reference, template):
        path.mkdir(parents=True)
    (problem / "problem.toml").write_text(MANIFEST, encoding="utf-8")
    (problem / "editorial.md").write_text("Nothing to tell.\n", encoding="utf-8")
    (level / "statement.md").write_text("# Set and get\n", encoding="utf-8")
    (level / "test_hidden.py").write_text(suite(), encoding="utf-8")
    (level / "test_visible.py").write_text(suite(), encoding="utf-8")
    (reference / "solution.py").write_text(SOLUTION, encoding="utf-8")
    (template / "solution.py").write_text(SKELETON, encoding="utf-8")
    return level / "test_hidden.py"


def suite() -> str:
    """Return a pytest file of 30 cases with 20 calls each: one constructor, ten sets, nine gets."""
    parts = ["from solution import Store\n"]
    for case in range(CASES):
        parts.append(
            f"\n\ndef test_case_{case}():\n"
            f'    """Numbers of case {case} are kept"""\n'
            "    store = Store()\n"
            "    for number in range(10):\n"
            f'        store.set(f"name{{number}}", number * {case})\n'
            "    for number in range(9):\n"
            f'        assert store.get(f"name{{number}}") == number * {case}\n'
        )
    return "".join(parts)
