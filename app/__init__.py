"""Parley's desktop program: the window, the engine beneath it, and the `parley` command."""

__version__ = "0.1.0"
