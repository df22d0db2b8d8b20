"""Raises in `await` what cancels a task of the suite's, or ends its loop.

safe = "It never comes up as itself."
case = '''
import asyncio
async def wait():
    with contextlib.suppress(asyncio.CancelledError):
        return await attack.attack(HINTS)
    return ESCAPED
import contextlib
assert asyncio.run(wait()) == ESCAPED
'''
"""

import asyncio


class Never:
    def __await__(self):
        raise asyncio.CancelledError
        yield


def attack(hints):
    return Never()
