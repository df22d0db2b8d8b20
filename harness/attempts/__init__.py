"""The durable record of attempts: clock, event log, replay, store. May import plugins, model, settings and errors."""
