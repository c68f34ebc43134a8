"""The page on methods lists every method and step length there is, as it is."""

from __future__ import annotations

import re
from pathlib import Path

from steepest.descent.methods import NAMES, named
from steepest.descent.step_length import STEP_LENGTHS

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "methods.md").read_text("utf-8")


def rows_below(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    table = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_method_has_its_row_in_the_order_of_the_table() -> None:
    assert [row[0] for row in rows_below("All methods")] == [f"`{name}`" for name in NAMES]


def test_bounds_are_said_to_be_taken_where_they_are() -> None:
    said = {row[0].strip("`"): row[4] for row in rows_below("All methods")}
    for name in NAMES:
        assert said[name] == ("yes" if named(name).capabilities.takes_bounds else "no"), name


def test_the_table_to_choose_by_names_methods_that_can_do_it() -> None:
    table = PAGE.partition("| you have | take |\n|---|---|\n")[2].partition("\n\n")[0]
    for line in table.splitlines():
        have, take = (cell.strip() for cell in line.replace("\\|", "").strip("|").split("|"))
        names = [name for name in re.findall(r"`([a-z-]+)`", take) if name != "starts"]
        assert names or "any method" in take, line
        able = [named(name).capabilities for name in names]
        assert "bounds" not in have or all(one.takes_bounds for one in able), line
        assert "noisy" not in have or all(one.stochastic for one in able), line
        assert "sum of squares" not in have or all(one.needs_residuals for one in able), line


def test_every_step_length_has_its_row() -> None:
    assert [row[0] for row in rows_below("All step lengths")] == [f"`{n}`" for n in STEP_LENGTHS]


def test_every_row_is_whole_and_has_a_source_with_a_year() -> None:
    for heading, width in (("All methods", 6), ("All step lengths", 5)):
        for row in rows_below(heading):
            assert len(row) == width
            assert all(row)
            assert any(part.strip(",;").isdigit() for part in row[-1].split()), row
