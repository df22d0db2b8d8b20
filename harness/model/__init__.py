"""Frozen data that all floors share. No I/O; may import only errors."""
