"""Draws the views with rich. Reads well without colour, and in 80 columns.

Every function returns a ``Page``, which any console of rich can print. rich is imported inside the
functions, so that importing this package costs nothing.
"""
