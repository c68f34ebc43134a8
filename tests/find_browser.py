"""Make sure that there is a browser for the tests: ``make test`` runs this first.

One that is there will do; else Playwright's own is fetched, and where that cannot be had, Debian's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from browser import installed, opened


def works() -> bool:
    """Return whether a page can be opened."""
    try:
        with opened() as browser:
            return browser.new_page().evaluate("1 + 1") == 2
    except Exception:
        return False


def main() -> int:
    """Install a browser where none works."""
    if works():
        return 0
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not works() and shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo"]
        subprocess.run([*root, "apt-get", "update", "-qq"], check=False)
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", "chromium"], check=False)
    if works():
        return 0
    sys.stderr.write(
        f"No browser works ({installed() or 'none is installed'}): install Chromium or Chrome, "
        "which the tests of the lab drive.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
