State = dict[str, tuple[int, ...]]


class JuiceBar:
    """Keeps the state after each add: the amounts of every name."""

    def __init__(self) -> None:
        self._states: list[State] = [{}]

    def add(self, name: str, amount: int) -> int:
        """Add `amount` under `name`; return its new total."""
        last = self._states[-1]
        self._states.append({**last, name: (*last.get(name, ()), amount)})
        return self.total(name)

    def total(self, name: str) -> int:
        """Return the sum of what was added under `name`."""
        return sum(self._states[-1].get(name, ()))

    def top(self, count: int) -> list[str]:
        """Return the `count` names with the largest totals."""
        names = sorted(self._states[-1])
        names.sort(key=self.total, reverse=True)  # keeps equals in the order they are in
        return names[:count]
