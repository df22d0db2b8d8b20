"""A lamp."""


class Switch:
    """Turns it on and off."""

    def press(self) -> bool:
        """Turn the lamp on or off; return whether it is on."""
        raise NotImplementedError
