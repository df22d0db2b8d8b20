"""A lamp that counts."""


class Switch:
    """Turns it on and off."""

    def __init__(self) -> None:
        self._presses = 0

    def press(self) -> bool:
        """Turn the lamp on or off; return whether it is on."""
        self._presses += 1
        return self._presses % 2 == 1

    def presses(self) -> int:
        """Return how often it was pressed."""
        return self._presses
