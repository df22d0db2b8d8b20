"""Brings a foreign leveled exercise into a pack. Import from the modules.

``source`` reads the folder, ``imports`` and ``level_names`` find what names mean. ``cases`` finds
the cases and writes suites, with what they need of ``companions``; ``solutions`` finds what they
test, ``statements`` what a candidate reads. ``exercise`` puts all together and writes the problem.
"""
