"""The lab: one local web page on which anyone drops a ball on a function of their own.

It has no mathematics of its own; what it shows comes from the rooms below.
"""

from steepest.lab.app import create_app, serve

__all__ = ["create_app", "serve"]
