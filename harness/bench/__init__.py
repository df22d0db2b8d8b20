"""Measures how fast verdicts are next to bare pytest, side by side in one run. Prints only.

May import app and every lower floor; drives the command line as a person would, by processes.
"""

from harness.bench.measures import MEASURES, Measure, Measured, measure

__all__ = ["MEASURES", "Measure", "Measured", "measure"]
