"""``harness author schema``."""

from __future__ import annotations

import json

from harness.catalog.manifest_file import json_schema
from harness.cli.invocation import Invocation
from harness.cli.main import call_command


def test_prints_the_schema_and_nothing_else(capsys):
    assert call_command(["author", "schema"], Invocation()) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == json_schema()
    assert said.err == ""
