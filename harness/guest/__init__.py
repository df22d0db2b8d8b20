"""Runs inside the box, standard library only: codec, locks, and the loop that serves calls. Imports nothing of ours."""
