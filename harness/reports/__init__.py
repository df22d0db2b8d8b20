"""Turns states and judgements into what a person or a program reads. May import plugins, model, settings and errors."""
