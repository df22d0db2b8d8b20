"""The candidate's folder: writing it, reading a submission from it. May import plugins, model, settings and errors."""
