"""The live screen of ``harness watch``: terminal, bar, worker and loop."""
