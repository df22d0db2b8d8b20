def honest(number):
    """What the case after each attack asks for."""
    return number * number + 1
