"""The floor plan holds: no room imports upward, and `import steepest` stays light."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from processes import python

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("plotly", "matplotlib", "rich", "scipy", "pandas", "pyarrow", "numba", "click")


def lint_imports(project: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package below `project`, with that project's own contract."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied_project(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_no_room_imports_from_above() -> None:
    report = lint_imports(ROOT)
    assert report.returncode == 0, report.stdout


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("errors.py", "import steepest.cli"),
        ("expression/intruder.py", "from steepest.descent import methods"),
        ("descent/intruder.py", "def draw():\n    import steepest.figures"),
    ],
)
def test_an_upward_import_is_caught(copied_project: Path, module: str, statement: str) -> None:
    target = copied_project / "src" / "steepest" / module
    with target.open("a") as file:
        file.write(f"\n{statement}\n")
    report = lint_imports(copied_project)
    assert report.returncode == 1
    assert "is not allowed to import" in report.stdout


def test_a_room_without_a_floor_is_caught(copied_project: Path) -> None:
    (copied_project / "src" / "steepest" / "attic.py").write_text("")
    report = lint_imports(copied_project)
    assert report.returncode == 1
    assert "attic" in report.stdout


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = f"import sys, steepest\nprint([name for name in {HEAVY} if name in sys.modules])\n"
    assert python("-c", script).stdout.strip() == "[]"
