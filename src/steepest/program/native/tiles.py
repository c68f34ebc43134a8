"""Tiles of starts that descend together: how they are filled, thinned out and written back.

A tile is a table whose columns, called lanes, are descents: the variables in the first rows, then
the gradient, how many steps were made, and what a method remembers. Loops over lanes are SIMD.
Lanes that have arrived stay where they are; now and then the others are brought to the front.
"""

from __future__ import annotations

from typing import Any

TOGETHER = 8
"""Lanes are computed in multiples of this: as many as a SIMD register of 512 bits has numbers."""


def whole(count: int) -> int:
    """Return the number of lanes that are computed where so many are wanted.

    >>> whole(1), whole(8), whole(9)
    (8, 8, 16)
    """
    return (count + TOGETHER - 1) // TOGETHER * TOGETHER


def filled(lanes: Any, order: Any, table: Any, begin: int, variables: int) -> int:
    """Take a tile of starts from a table; return how many lanes are to be computed.

    The lanes that are too many in the last tile are copies of its last start.
    """
    last = min(lanes.shape[1], table.shape[1] - begin) - 1
    count = whole(last + 1)
    for i in range(count):
        order[i] = begin + min(i, last)
        lanes[2 * variables, i] = 0.0
        for k in range(variables):
            lanes[k, i] = table[k, order[i]]
    return count


def parted(lanes: Any, order: Any, count: int, step: float, variables: int) -> int:
    """Bring the lanes that made this step to the front; return how many are to be computed."""
    steps = lanes[2 * variables]
    front, back = 0, count - 1
    while True:
        while front < count and steps[front] == step:
            front += 1
        while back >= 0 and steps[back] != step:
            back -= 1
        if front > back:
            return whole(front)
        order[front], order[back] = order[back], order[front]
        for k in range(lanes.shape[0]):
            lanes[k, front], lanes[k, back] = lanes[k, back], lanes[k, front]


def written(lanes: Any, order: Any, table: Any, count: int) -> None:
    """Write the ends of a tile, their gradients and their steps back into the table."""
    for k in range(table.shape[0]):
        for i in range(count):
            table[k, order[i]] = lanes[k, i]
