"""Hook specifications and safe loading of plugins. May import model, settings and errors.

Importing this package is cheap: pluggy is imported when the first plugin is there. A plugin's
author writes ``from harness.plugins.hookspecs import hookimpl``. All hooks are laid down in
``docs/plugins.md``.
"""

from __future__ import annotations

from harness.plugins.host import PluginHost, PluginProblem, load_plugins

__all__ = ["PluginHost", "PluginProblem", "load_plugins"]
