"""What a ``problem.toml`` of format 1 may say, as pydantic checks it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from harness.model.manifest import Manifest
from harness.model.plain import from_plain

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=80)]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]


def _one_line(text: str) -> str:
    if not text.strip() or "\n" in text:
        raise ValueError("must be one line of text")
    if any(category(character) == "Cc" for character in text):
        raise ValueError("must be text without control characters")
    return text


Line = Annotated[str, AfterValidator(_one_line), Field(max_length=200)]


class Table(BaseModel):
    """A table of the file; a key it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LimitsTable(Table):
    """What one case may use."""

    wall_seconds: float = Field(default=2.0, gt=0, le=60, description="Seconds by the clock.")
    cpu_seconds: int = Field(default=2, ge=1, le=60, description="Seconds of processor time.")
    memory_mb: int = Field(default=256, ge=32, le=4096, description="Mebibytes of memory.")
    output_kb: int = Field(default=256, ge=1, le=16384, description="Kibibytes it may print.")


class SymbolsTable(Table):
    """The public names a level adds."""

    functions: tuple[Identifier, ...] = Field(default=(), description="Functions it adds.")
    classes: dict[Identifier, tuple[Identifier, ...]] = Field(
        default={}, description="Class → the methods that this level adds to it."
    )
    exceptions: dict[Identifier, Identifier] = Field(
        default={}, description="Exception → the builtin exception it derives from."
    )


class LevelTable(Table):
    """One ``[[levels]]`` table."""

    id: Slug = Field(description="Stable, unique in the problem.")
    title: Line = Field(description="Shown from the start.")
    summary: Line = Field(description="One line; the candidate sees all summaries from the start.")
    minutes: int = Field(
        ge=1, le=600, description="Suggested; they add up to at most the problem's minutes."
    )
    points: int = Field(
        ge=1, le=10_000, description="Shared equally by the hidden cases of the level."
    )
    bonus: int = Field(
        default=0, ge=0, le=10_000, description="Only when every hidden case passes."
    )
    symbols: SymbolsTable = Field(
        default=SymbolsTable(), description="The public names that this level adds."
    )
    hints: tuple[Line, ...] = Field(
        default=(), description="Each unblocks without giving the design away."
    )


class ManifestFile(Table):
    """The whole of ``problem.toml``."""

    format: Literal[1] = Field(description="Of this file.")
    slug: Slug = Field(description="The name of the problem's folder.")
    version: Version = Field(description="Raise it whenever behaviour changes.")
    title: Line = Field(description="What people call it.")
    summary: Line = Field(description="One line for `harness list`.")
    tags: tuple[Line, ...] = Field(default=(), description="What it is about.")
    authors: tuple[Line, ...] = Field(min_length=1, description="Who wrote it.")
    license: Line = Field(description="An SPDX identifier or expression, such as MIT.")
    minutes: int = Field(default=90, ge=1, le=600, description="The whole sitting.")
    module: Identifier = Field(
        default="solution", description="The file the candidate edits, without .py."
    )
    isolation: Literal["case"] = Field(default="case", description="A fresh box for each case.")
    limits: LimitsTable = Field(
        default=LimitsTable(), description="Time, memory and output of one case."
    )
    levels: tuple[LevelTable, ...] = Field(
        min_length=1, max_length=20, description="In order; a statement and two suites each."
    )

    @model_validator(mode="after")
    def _levels_agree(self) -> Self:
        ids = [level.id for level in self.levels]
        if len(set(ids)) != len(ids):
            raise ValueError("levels: two levels have the same id")
        total = sum(level.minutes for level in self.levels)
        if total > self.minutes:
            raise ValueError(
                f"levels: their minutes add up to {total}, more than minutes = {self.minutes}"
            )
        return self

    def manifest(self) -> Manifest:
        """Return what the file says."""
        return from_plain(Manifest, self.model_dump(mode="json"))


def json_schema() -> dict[str, Any]:
    """Return what the file may say as a JSON Schema, for editors that complete TOML by one.

    That the levels' minutes agree with the problem's, and that texts are single lines, it cannot
    say: loading the problem does.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ManifestFile.model_json_schema(),
        "title": "problem.toml",
    }


def keys_of(table: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that a table of the file may have; ``()`` names the file itself."""
    tables: dict[tuple[str, ...], type[Table]] = {
        (): ManifestFile,
        ("limits",): LimitsTable,
        ("levels",): LevelTable,
        ("levels", "symbols"): SymbolsTable,
    }
    return tuple(tables[table].model_fields)
