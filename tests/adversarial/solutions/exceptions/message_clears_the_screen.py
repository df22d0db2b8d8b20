"""Raises an exception that would repaint a terminal.

safe = "Texts are kept raw, and escaped where they are shown."
"""


def attack(hints):
    raise ValueError("\x1b[2J\r\b\u202e[green]passed[/green]</testcase>=cmd()")
