"""The decorator of an attack: it does nothing in a box, and conftest.py reads it as syntax."""


def attack(safe, **expectation):
    """Declare an attack; ``Attack`` in conftest.py has the fields."""
    return lambda function: function
