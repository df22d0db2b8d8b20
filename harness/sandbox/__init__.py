"""Makes boxes: backends and the client of the zygote. May import plugins, model, settings, guest and errors."""
