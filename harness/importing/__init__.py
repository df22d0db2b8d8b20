"""Brings a foreign leveled exercise into a pack. Import from the modules.

``source`` reads the folder, ``level_names`` finds levels in names, ``found_cases`` the cases,
``found_solutions`` what they test, and ``statements`` the texts. ``levels`` writes the suites,
``skeleton`` what a candidate starts from; ``exercise`` puts all together and writes the problem.
"""
