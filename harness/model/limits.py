"""What one case may use. Apart from the manifest, because the judge's child needs no more of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from harness.model.frozen import frozen

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


Boxes = Literal["fresh", "shared"]
"""Whether each case has a box of its own, or one that has served others may accept it."""


class Constraints:
    """What a value must be, by the names that pydantic's core has for constraints.

    ``unit``: what a number in the file is multiplied by.
    """

    def __init__(self, *, unit: int = 1, **constraints: object) -> None:
        self.unit = unit
        self.constraints = constraints

    def __get_pydantic_core_schema__(
        self, source: object, handler: Callable[[object], Any]
    ) -> CoreSchema:
        """Return the schema of the annotated type with the constraints."""
        schema: CoreSchema = {**handler(source), **self.constraints}
        if self.unit == 1:
            return schema
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.unit.__mul__, schema)


STRICT: Mapping[str, Any] = {
    "extra": "forbid",
    "strict": True,
    "use_attribute_docstrings": True,
}
"""How pydantic checks these classes."""

IN_FILE = {"memory_bytes": ("memory_mb", 1 << 20), "output_bytes": ("output_kb", 1 << 10)}
"""Fields that the file has under another name, in another unit."""


def name_in_file(field_name: str) -> str:
    """Return the key of the file that says what a field holds."""
    return IN_FILE[field_name][0] if field_name in IN_FILE else field_name


@frozen(kw_only=True)
class Limits:
    """What one case may use."""

    __pydantic_config__: ClassVar = {**STRICT, "alias_generator": name_in_file}

    wall_seconds: Annotated[float, Constraints(gt=0, le=60)] = 2.0
    """Seconds by the clock."""
    cpu_seconds: Annotated[int, Constraints(ge=1, le=60)] = 2
    """Seconds of processor time."""
    memory_bytes: Annotated[int, Constraints(ge=32, le=4096, unit=1 << 20)] = 256 << 20
    """Mebibytes of memory."""
    output_bytes: Annotated[int, Constraints(ge=1, le=16384, unit=1 << 10)] = 256 << 10
    """Kibibytes of output."""

    def to_table(self) -> dict[str, Any]:
        """Return the table; ``--json`` documents use it, too."""
        table = dict(vars(self))
        for name, (key, unit) in IN_FILE.items():
            table[key] = table.pop(name) // unit
        return table
