"""Tools for problem authors: checks that prove a problem good, mutants, fuzzing, import, packing.

Stands beside nothing and below ``cli``: uses the catalogue and the judge, and no attempt ever.
Import from the modules.
"""
