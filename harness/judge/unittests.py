"""Suites that are made of ``unittest.TestCase`` classes run in the judge as they are.

pytest's plugin for them is loaded only when a suite needs it: it costs start-up time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

NAME = "unittest"


def use_unittest(path: str) -> bool:
    """Tell whether the suite at ``path`` may hold a test case of unittest's."""
    try:
        with open(path, "rb") as file:
            return b"TestCase" in file.read()
    except OSError:
        return False  # collecting it says what is wrong


def load_unittest_plugin(plugins: pytest.PytestPluginManager) -> None:
    """Load pytest's plugin, which the options of the judge have switched off."""
    plugins.unblock(NAME)
    plugins.import_plugin(NAME)
    from _pytest.unittest import TestCaseFunction

    # Without this method, unittest lets a failing subtest fail its case like any other assertion.
    # With it, newer versions of pytest would write a report of their own, and go on.
    if hasattr(TestCaseFunction, "addSubTest"):
        del TestCaseFunction.addSubTest
