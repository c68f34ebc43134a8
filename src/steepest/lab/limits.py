"""What one visitor may ask for, so that the page answers the others: every limit, in one place.

Each is said in words to who goes beyond it, and listed in ``docs/lab.md``.
"""

from __future__ import annotations

LARGEST_REQUEST = 1_000_000
"""Bytes of a request."""

LARGEST_FILE = 700_000
"""Bytes of an uploaded file, which travel as text."""

LONGEST = 400
"""Characters of a formula, and of a model."""

MOST_OPERATIONS = 600
"""Operations of a formula: a map of it takes a tenth of a second at most."""

MOST_STEPS = 5000

DESCENT_SECONDS = 0.4
"""What one descent may take."""

TOGETHER_SECONDS = 1.2
"""What all descents of a request may take together."""

SEARCH_SECONDS = 1.0
"""What a search for critical points may take; and again, the descents of its basins."""

SEARCHES = 2
"""Searches at once; others wait for their turn, and keep nobody from dragging a ball."""

ANSWERS = 2
"""Pictures made at once: more would only get in each other's way."""

MOST_MARKS = 400
"""Critical points that are marked; more would hide the map."""

BASIN_POINTS = 101
"""Starts along each side of a map of basins."""

MOST_TYPESET = 1500
"""Characters of the mathematics that is typeset; longer formulas are read as a program."""

FIT_SECONDS = 2.0
"""What one fit may take."""

MOST_ROWS = 50_000
"""Rows of data."""

LESSON_SECONDS = 120
"""What it may take to play a lesson, which is done once, in a process of its own."""

THREADS = 64
"""Requests that are taken at once; most of them wait for their turn."""
