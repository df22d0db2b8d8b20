"""Side-by-side benchmarks: what verdicts cost next to plain pytest. They print, and judge nothing.

May import app and every lower floor; drives the command line as a person would, by processes.
"""
