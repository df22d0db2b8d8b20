"""Finds packs, loads problems and pins them. May import plugins, model, settings and errors.

Commands on an attempt need only ``pinning``, so nothing is imported here.
"""
