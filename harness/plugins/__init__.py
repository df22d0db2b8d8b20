"""Hook specifications and safe loading of plugins. May import model, settings and errors."""
