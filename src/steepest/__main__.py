"""Run the command line as ``python -m steepest``."""

from __future__ import annotations

from steepest.cli import main

if __name__ == "__main__":
    main()
