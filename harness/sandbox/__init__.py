"""Makes boxes: the backends, and the client of the zygote that runs inside each sandbox.

May import plugins, model.verdict, settings, guest and errors.
"""
