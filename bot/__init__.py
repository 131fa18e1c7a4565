"""The shell: starts, connects and stops everything; imported by nobody."""

__version__ = "0.1.0"
