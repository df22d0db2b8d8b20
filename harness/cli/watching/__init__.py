"""The live screen of ``harness watch``: terminal, screen, bar, background tasks and loop."""
