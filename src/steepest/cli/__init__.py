"""The command line: thin, without mathematics of its own.

Every command is one small file and is imported when it runs, so that an answer costs little
more than loading NumPy.
"""

from steepest.cli.app import main

__all__ = ["main"]
