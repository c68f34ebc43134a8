"""Build the wheel and the sdist, and use them as newcomers would.

Three fresh environments: the sdist with nothing optional; the wheel with everything, in the
newest versions; the wheel with everything, in the lowest versions that `pyproject.toml` allows.
`tools/smoke.py` runs in each.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("fit", "lab", "cluster", "native", "bench")
"""What an installation with everything brings."""

LOWEST = re.compile(r"(?P<name>[\w.-]+)(?P<extra>\[[\w,]+\])?>=(?P<version>[\d.]+)")


def lowest() -> list[str]:
    """Return every dependency, pinned to the lowest version that is allowed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(one for extra in EXTRAS for one in optional[extra])]
    found = {}
    for requirement in wanted:
        parts = LOWEST.fullmatch(requirement)
        if parts is None:
            raise SystemExit(f"{requirement!r} does not say its lowest version, as in 'name>=1.2'.")
        found[parts["name"]] = f"{parts['name']}{parts['extra'] or ''}=={parts['version']}"
    return list(found.values())


def environment(folder: Path, *packages: str) -> str:
    """Return the Python of a new environment with these packages."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / "bin" / "python")
    quietly = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([python, *quietly, *packages], check=True)
    return python


def main() -> None:
    """Build, install and use."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        builder = environment(folder / "builder", "build")
        subprocess.run([builder, "-m", "build", "--outdir", folder / "dist", ROOT], check=True)
        (wheel,) = (folder / "dist").glob("*.whl")
        (sdist,) = (folder / "dist").glob("*.tar.gz")
        everything = f"{wheel}[{','.join(EXTRAS)}]"
        for which, packages in (
            ("base", [str(sdist)]),
            ("all", [everything]),
            ("all", [everything, *lowest()]),
        ):
            python = environment(folder / f"{which} {len(packages)}", *packages)
            subprocess.run([python, ROOT / "tools" / "smoke.py", which], check=True, cwd=folder)


if __name__ == "__main__":
    main()
