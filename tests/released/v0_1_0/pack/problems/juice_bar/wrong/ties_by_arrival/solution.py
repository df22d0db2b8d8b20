class JuiceBar:
    """Keeps what was added under names, in order."""

    def __init__(self) -> None:
        self._adds: list[tuple[str, int]] = []

    def add(self, name: str, amount: int) -> int:
        """Add `amount` under `name`; return its new total."""
        self._adds.append((name, amount))
        return self.total(name)

    def total(self, name: str) -> int:
        """Return the sum of what was added under `name`."""
        return sum(amount for owner, amount in self._adds if owner == name)

    def top(self, count: int) -> list[str]:
        """Return the `count` names with the largest totals."""
        names = dict.fromkeys(name for name, _ in self._adds)
        return sorted(names, key=lambda name: -self.total(name))[:count]
