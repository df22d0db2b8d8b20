"""Translates arguments and output, nothing else. May import app, reports, model and errors."""
