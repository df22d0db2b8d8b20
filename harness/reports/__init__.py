"""Turns states and judgements into what a person or a program reads.

Everything here is pure: data in, data or rich renderables out, nothing read or printed. What
``--json`` prints and what the ``render_…`` functions draw comes from the same functions, so that
both agree. Only ``reports.terminal`` imports rich. May import plugins, model, settings and errors.

Import from the modules: a command needs few of them, and a person waits for each.
"""
