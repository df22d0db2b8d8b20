"""Brings a foreign leveled exercise into a pack. Import from the modules.

``source`` reads the folder, ``imports`` and ``level_names`` find what names mean, ``grouping``
separates several exercises. ``cases`` finds the cases and writes suites, with what they need of
``companions`` and without the ``labels`` of graders; ``solutions`` finds what they test, by the
``roles`` of files, and ``symbols`` its names; ``statements`` is what a candidate reads. ``draft``
puts all together, ``tryout`` judges the references, and ``exercise`` writes the problem.
"""
