"""Returns a coroutine that never ends.

safe = "The case's one deadline ends it."
verdicts = ["time_limit"]
case = '''
import asyncio
async def wait():
    return await attack.attack(HINTS)
assert asyncio.run(wait()) == SECRET
'''
"""

import asyncio


async def attack(hints):
    while True:
        await asyncio.sleep(0)
