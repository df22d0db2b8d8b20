"""Composition root: one method per use case. May import every lower floor."""
