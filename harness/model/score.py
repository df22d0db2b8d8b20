"""The score of an attempt."""

from __future__ import annotations

from harness.model.frozen import frozen


@frozen(kw_only=True)
class LevelScore:
    """The score of one level."""

    number: int
    points: int
    """Earned: the level's points × cases passed ÷ cases."""
    max_points: int
    bonus: int
    """Earned: all of it when every case passed, else nothing."""
    max_bonus: int
    revealed: bool = False
    """The candidate saw the reference; such a level earns nothing."""

    @property
    def total(self) -> int:
        """Points and bonus."""
        return self.points + self.bonus

    @property
    def max_total(self) -> int:
        """The greatest possible ``total``."""
        return self.max_points + self.max_bonus


@frozen(kw_only=True)
class Score:
    """The score of all levels together."""

    levels: tuple[LevelScore, ...]
    total: int
    max: int
    estimate: int
    """On the scale 200–600 of the rehearsed screens. Unofficial."""
    label: str = "unofficial estimate"
    """Stands beside ``estimate`` wherever it is shown."""

    def of_level(self, number: int) -> LevelScore:
        """Return the score of level ``number``; zero where a plugin's score leaves it out."""
        nothing = LevelScore(number=number, points=0, max_points=0, bonus=0, max_bonus=0)
        return next((level for level in self.levels if level.number == number), nothing)
