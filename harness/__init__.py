"""Rehearse leveled, timed coding screens against hidden suites that never enter your process."""

__version__ = "0.1.0"
