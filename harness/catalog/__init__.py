"""Finds packs, loads and pins problems. May import plugins, model, settings and errors."""
