"""The use cases, one function each, on a ``Session``. May import every lower floor.

``start`` · ``work`` (statement, tests, submission, clock) · ``restoring`` (reset, undo, restore) ·
``end`` (reveal, finish) · ``overview`` (standing, report, history, export) · ``diagnosis``.
``locate`` finds the attempt that a command is about.
"""
