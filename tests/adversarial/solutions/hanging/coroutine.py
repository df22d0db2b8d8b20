"""Awaits what never comes.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
"""

import asyncio


def attack(hints):
    asyncio.run(asyncio.Event().wait())
