"""A pack is found without its code being run: this would be noticed."""

raise RuntimeError("the code of a pack was run")
