"""Tools for who writes problems: checks that prove one good, mutants, fuzzing, import, packing.

Stands beside nothing and below ``cli``: uses the catalogue and the judge, and no attempt ever.
Import from the modules.
"""
