"""Brings a foreign leveled exercise into a pack. Import from the modules.

``naming`` reads levels out of names, ``source`` the folder, ``suites`` the cases, ``solutions``
what they test, ``texts`` the statements; ``exercise`` puts it together and writes it.
"""
