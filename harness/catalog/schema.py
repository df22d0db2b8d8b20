"""What a ``problem.toml`` of format 1 may say, as pydantic checks it."""

from __future__ import annotations

from typing import Annotated, Literal, Self
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

    wall_seconds: float = Field(default=2.0, gt=0, le=60)
    cpu_seconds: int = Field(default=2, ge=1, le=60)
    memory_mb: int = Field(default=256, ge=32, le=4096)
    output_kb: int = Field(default=256, ge=1, le=16384)


class SymbolsTable(Table):
    """The public names a level adds."""

    functions: tuple[Identifier, ...] = ()
    classes: dict[Identifier, tuple[Identifier, ...]] = {}
    exceptions: dict[Identifier, Identifier] = {}
    """Name of the exception → the builtin exception it derives from."""


class LevelTable(Table):
    """One ``[[levels]]`` table."""

    id: Slug
    title: Line
    summary: Line
    minutes: int = Field(ge=1, le=600)
    points: int = Field(ge=1, le=10_000)
    bonus: int = Field(default=0, ge=0, le=10_000)
    symbols: SymbolsTable = SymbolsTable()
    hints: tuple[Line, ...] = ()


class ManifestFile(Table):
    """The whole of ``problem.toml``."""

    format: Literal[1]
    slug: Slug
    version: Version
    title: Line
    summary: Line
    tags: tuple[Line, ...] = ()
    authors: tuple[Line, ...] = Field(min_length=1)
    license: Line
    minutes: int = Field(default=90, ge=1, le=600)
    module: Identifier = "solution"
    isolation: Literal["case"] = "case"
    limits: LimitsTable = LimitsTable()
    levels: tuple[LevelTable, ...] = Field(min_length=1, max_length=20)

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


def keys_of(table: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that a table of the file may have; ``()`` names the file itself."""
    tables: dict[tuple[str, ...], type[Table]] = {
        (): ManifestFile,
        ("limits",): LimitsTable,
        ("levels",): LevelTable,
        ("levels", "symbols"): SymbolsTable,
    }
    return tuple(tables[table].model_fields)
