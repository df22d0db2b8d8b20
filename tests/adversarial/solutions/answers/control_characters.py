"""Returns text that would repaint a terminal.

safe = "The suite trips over it: a wrong answer."
verdicts = ["wrong_answer"]
"""


def attack(hints):
    return "\x00\x1b[2J\u202e\r[green]passed"
