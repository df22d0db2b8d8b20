"""How pytest gets to the suites: straight, without a look at what else lies in their folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


class FolderOnTheWay(pytest.Directory):
    """A folder above suites. Collects only what leads to them.

    pytest's own would list every folder from the root on. That takes time for each of their
    entries, and fails for a folder that may be passed through but not listed, as homes often are.
    """

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield the next folders on the way, and the suites that lie here."""
        suites = [Path(os.path.abspath(argument)) for argument in self.config.args]
        here = self.path
        for step in dict.fromkeys(
            here / suite.relative_to(here).parts[0] for suite in suites if here in suite.parents
        ):
            if step in suites:
                yield from self.ihook.pytest_collect_file(file_path=step, parent=self)
            else:
                yield self.ihook.pytest_collect_directory(path=step, parent=self)
