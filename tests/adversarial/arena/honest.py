def honest(number):
    """What the case after each attack asks for."""
    return number * number + 1


def attack(hints):
    """What the case of an attack on import asks for, if the import ends."""
    return
