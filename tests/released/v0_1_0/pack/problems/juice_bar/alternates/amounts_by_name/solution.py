class JuiceBar:
    """Keeps the amounts of each name, and the names in the order of the adds."""

    def __init__(self) -> None:
        self._amounts: dict[str, list[int]] = {}
        self._order: list[str] = []

    def add(self, name: str, amount: int) -> int:
        """Add `amount` under `name`; return its new total."""
        self._amounts.setdefault(name, []).append(amount)
        self._order.append(name)
        return self.total(name)

    def total(self, name: str) -> int:
        """Return the sum of what was added under `name`."""
        return sum(self._amounts.get(name, []))

    def top(self, count: int) -> list[str]:
        """Return the `count` names with the largest totals."""
        pairs = sorted((-sum(amounts), name) for name, amounts in self._amounts.items())
        return [name for _, name in pairs[:count]]
