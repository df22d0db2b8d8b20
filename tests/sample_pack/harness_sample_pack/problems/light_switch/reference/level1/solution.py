"""A lamp."""


class Switch:
    """Turns it on and off."""

    def __init__(self) -> None:
        self._is_on = False

    def press(self) -> bool:
        """Turn the lamp on or off; return whether it is on."""
        self._is_on = not self._is_on
        return self._is_on
