"""Runs inside the box, standard library only: codec, locks, and the loops that fork and serve.

Imports nothing from outside this folder: its files are also loaded as the top-level package
``guest`` by an interpreter that sees neither site-packages nor the rest of ``harness``. The judge
uses the codec and the framing from here, so that both sides speak exactly the same protocol.
The protocol is laid down in ``docs/wire.md``.
"""
