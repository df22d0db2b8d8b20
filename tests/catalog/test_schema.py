"""The JSON Schema of ``problem.toml`` says what the loader says, as far as a schema can."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from harness.catalog.catalog import core_pack
from harness.catalog.manifest_file import json_schema

MANIFESTS = sorted((core_pack() / "problems").glob("*/problem.toml"))
TABLES: dict[tuple[str, ...], str] = {
    ("limits",): "Limits",
    ("levels",): "LevelSpec",
    ("levels", "symbols"): "Symbols",
}


def table(path: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of a table of the file."""
    schema = json_schema()
    return schema["$defs"][TABLES[path]] if path else schema


def complaints(value: object, schema: dict[str, Any], place: str = "") -> list[str]:
    """Compare a value with a schema: the few words of JSON Schema that ours is made of."""
    if "$ref" in schema:
        schema = json_schema()["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float)}
    kind = schema.get("type")
    if kind is not None and (not isinstance(value, kinds[kind]) or isinstance(value, bool)):
        return [f"{place} is no {kind}"]
    found = [] if schema.get("const", value) == value else [f"{place} is not the constant"]
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{place} does not fit {schema['pattern']}")
    if isinstance(value, int) and not schema.get("minimum", value) <= value:
        found.append(f"{place} is less than {schema['minimum']}")
    if isinstance(value, list):
        for number, item in enumerate(value):
            found += complaints(item, schema.get("items", {}), f"{place}[{number}]")
    if isinstance(value, dict):
        found += [f"{place} lacks {key}" for key in schema.get("required", []) if key not in value]
        for key, item in value.items():
            known = schema.get("properties", {}).get(key) or schema.get(
                "additionalProperties", True
            )
            known = next(iter(schema.get("patternProperties", {}).values()), known)
            if known is False:
                found.append(f"{place}.{key} is unknown")
            elif isinstance(known, dict):
                found += complaints(item, known, f"{place}.{key}")
    return found


@pytest.mark.parametrize("path", [(), *TABLES])
def test_every_key_is_described(path):
    schema = table(path)
    assert schema["additionalProperties"] is False
    undescribed = [key for key, each in schema["properties"].items() if not each.get("description")]
    assert undescribed == []


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.parent.name)
def test_manifests_of_the_built_in_problems_fit(path):
    manifest = tomllib.loads(path.read_text(encoding="utf-8"))
    assert complaints(manifest, json_schema()) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('slug = "kv_store"', 'slug = "KV"', ".slug does not fit ^[a-z][a-z0-9_]{1,39}$"),
        ("minutes = 90", 'minutes = "90"', ".minutes is no integer"),
        ("minutes = 90", "minutes = 0", ".minutes is less than 1"),
        ('authors = ["The harness authors"]', 'author = "me"', ". lacks authors"),
        ("memory_mb = 256", "memory_gb = 1", ".limits.memory_gb is unknown"),
        ('id = "basics"', "", ".levels[0] lacks id"),
        ("format = 1", "format = 2", ".format is not the constant"),
    ],
)
def test_mistakes_do_not_fit(old, new, complaint):
    text = next(path for path in MANIFESTS if path.parent.name == "kv_store").read_text("utf-8")
    assert text.count(old) == 1
    found = complaints(tomllib.loads(text.replace(old, new)), json_schema())
    assert complaint in [each if each[0] != " " else f".{each}" for each in found]
