"""The use cases, one function each, on a ``Session``. May import every lower floor.

``session`` (with the attempt that a command is about) · ``work`` (start, statement, tests,
submission, end) · ``restoring`` (reset, undo, restore) · ``own_tests`` (keep a failing case) ·
``overview`` (standing, report, history, export) · ``diagnosis``.
"""
