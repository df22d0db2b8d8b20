class JuiceBar:
    """Keeps what was added under names."""

    def add(self, name: str, amount: int) -> int:
        """Add `amount` under `name`; return its new total."""
        raise NotImplementedError

    def total(self, name: str) -> int:
        """Return the sum of what was added under `name`."""
        raise NotImplementedError
