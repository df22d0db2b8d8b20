"""Makes boxes: the backends, and the client of the zygote that runs inside each sandbox.

May import plugins, model, settings, guest and errors.
"""
