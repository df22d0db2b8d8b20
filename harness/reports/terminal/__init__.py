"""Drawings with rich, readable without colour and in 80 columns.

Every function returns a ``Page``, which any console of rich can print. Import these modules where
something is drawn: they import rich, which takes longer than most commands.
"""
