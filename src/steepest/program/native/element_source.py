"""The source of value and gradient of sums over elements: one loop, with nothing stored between.

The vectors are gone through in blocks. In each of them a loop that becomes SIMD adds up the terms,
and writes their derivatives by the elements they read into arrays that the first cache holds; from
there these are added to the gradient, slice by slice, since slices may overlap.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steepest.derivative.reverse import bare, gradient
from steepest.expression.node import Expression, apply, constant, variable
from steepest.expression.operation import OPERATIONS
from steepest.program.native.elements import ElementForm, Load
from steepest.program.native.module import Module, NativeError
from steepest.program.native.numbers import listed, write_numbers
from steepest.program.native.width import IMPORT, WIDEST
from steepest.program.writer import Graph

BLOCK = 512
"""Places of a block."""

MOST_NUMBERS = 32
"""Elements that a term reads, and terms, at most."""


def write_elements(graph: Graph) -> Module:
    """Return a module with the function `evaluate(x, gradient) -> value`.

    Raises
    ------
    NativeError
        Where the function is made of other things than sums over elements.
    """
    form = ElementForm(graph)
    outer = form.outer()
    loads, fixed = form.read(), list(form.fixed.values())
    if max(len(loads), len(form.terms)) > MOST_NUMBERS:
        raise NativeError("too many elements are read in one place.")
    slopes = bare(gradient(outer, [*form.sums, *form.parameters]))
    weights = slopes[: len(form.sums)]
    # Where F is linear, its slopes are known before the sums are.
    at_once = all(weight.is_constant for weight in weights)
    names = [variable(f"weight {k}") for k in range(len(weights))]
    slots = [constant(float(weight.value)) for weight in weights] if at_once else names
    by_element = bare(gradient(_weighted(form.terms, slots), [load.node for load in loads]))
    columns = list(form.columns.values())
    read = [*[load.node for load in loads], *columns, *fixed]
    summed = write_numbers(
        "terms",
        "Return what a place adds to the sums, and perhaps to the gradient.",
        read,
        [*form.terms, *(by_element if at_once else [])],
    )
    if not at_once:
        told = "Return what a place adds to the gradient."
        summed += "\n\n\n" + write_numbers("slopes", told, [*read, *names], by_element)
    around = write_numbers(
        "outer",
        "Return the value, and its slopes by sums and single elements.",
        [*form.sums, *form.parameters, *fixed],
        [outer, *slopes],
    )
    text = "\n".join([summed, "", "", around, *_Loops(form, loads, at_once).lines(), ""])
    data = [np.ascontiguousarray(node.value, dtype=np.float64) for node in form.columns]
    return Module(text, {f"data_{k}": column for k, column in enumerate(data)})


def _weighted(terms: Sequence[Expression], weights: Sequence[Expression]) -> Expression:
    """Return Σ weight · term."""
    total = constant(0.0)
    for term, weight in zip(terms, weights, strict=True):
        total = apply(OPERATIONS["add"], total, apply(OPERATIONS["multiply"], weight, term))
    return total


class _Loops:
    """The functions that go through the blocks.

    Parameters
    ----------
    form : ElementForm
    loads : sequence of Load
        The elements that terms read.
    at_once : bool
        Whether sums and gradient come from one loop.
    """

    def __init__(self, form: ElementForm, loads: Sequence[Load], at_once: bool) -> None:
        self.form, self.loads, self.at_once = form, loads, at_once
        self.numbers = [repr(number) for number in form.numbers]
        places = range(len(loads))
        self.parts, self.slopes = [f"part_{k}" for k in places], [f"slope_{k}" for k in places]
        self.sums = [f"sum_{k}" for k in range(len(form.sums))]
        self.weights = [f"weight_{k}" for k in range(len(form.sums))]

    def lines(self) -> list[str]:
        """Return all of the module but the functions of numbers."""
        loops = self.loop("sum_block", "terms", adds=True, writes=self.at_once)
        if not self.at_once:
            loops += self.loop("slope_block", "slopes", adds=False, writes=True)
        imports = ["import numpy as np", f"from {WORDS} import raised, spaced, taken", IMPORT]
        return ["", "", *imports, *loops, *self.evaluate()]

    def loop(self, name: str, function: str, adds: bool, writes: bool) -> list[str]:
        """Return the loop over a block."""
        weights = [] if adds else self.weights
        terms = [f"term_{k}" for k in range(len(self.sums))] if adds else []
        slopes = [f"{slope}[i]" for slope in self.slopes] if writes else []
        data = [f"data_{k}" for k in range(len(self.form.columns))]
        elements = [f"{part}[i]" for part in [*self.parts, *[f"own_{one}" for one in data]]]
        arguments = ", ".join([*elements, *self.numbers, *weights])
        targets = [*terms, *slopes]
        signature = ["scratch", "begin", "size", *self.parts, *weights]
        return [
            *["", "", f"def {name}({', '.join(signature)}):"],
            f"    {WIDEST}",
            *[f"    own_{one} = {one}[begin:begin + size]" for one in data],
            *(self.opened() if writes else []),
            *([f"    {' = '.join(self.sums)} = 0.0"] if adds else []),
            "    for i in range(size):",
            f"        {listed(targets)} = {function}({arguments})",
            *([f"        sum_{k} += {term}" for k, term in enumerate(terms)]),
            *([f"    return {listed(self.sums)}"] if adds else []),
        ]

    def opened(self) -> list[str]:
        """Return the lines that name the arrays of a block's slopes."""
        count = len(self.loads)
        return [
            f"    slope_{k} = scratch[{(count + k) * BLOCK}:{(count + k + 1) * BLOCK}]"
            for k in range(count)
        ]

    def evaluate(self) -> list[str]:
        """Return the function that is asked for value and gradient."""
        form, sums = self.form, self.sums
        singles = list(form.singles.values())
        found = ["value", *self.weights, *[f"single_{k}" for k in range(len(singles))]]
        arguments = ", ".join([*sums, *[f"x[{load.begin}]" for load in singles], *self.numbers])
        lost = [f"lost_{k}" for k in range(len(sums))]
        handed = ["scratch", "begin", "size", *self.parts]
        first = [*self.summing(handed), *(self.given() if self.at_once else [])]
        second = [f"        slope_block({', '.join([*handed, *self.weights])})", *self.given()]
        return [
            *["", "", "def evaluate(x, gradient):"],
            '    """Return the value; write the gradient."""',
            f"    scratch = np.empty({2 * len(self.loads) * BLOCK})",
            f"    for i in range({form.size}):",
            "        gradient[i] = 0.0",
            f"    {' = '.join([*sums, *lost])} = 0.0",
            *[*self.blocks(), *first],
            f"    {listed(found)} = outer({arguments})",
            *([] if self.at_once else [*self.blocks(), *second]),
            *[f"    gradient[{load.begin}] += single_{k}" for k, load in enumerate(singles)],
            "    return value",
        ]

    def blocks(self) -> list[str]:
        """Return the lines that begin a loop over blocks."""
        return [
            f"    for begin in range(0, {self.form.count}, {BLOCK}):",
            f"        size = min({BLOCK}, {self.form.count} - begin)",
            *self.read(),
        ]

    def summing(self, handed: Sequence[str]) -> list[str]:
        """Return the lines that add a block to the sums."""
        places = range(len(self.sums))
        terms = [f"term_{k}" for k in places]
        return [
            f"        {listed(terms)} = sum_block({', '.join(handed)})",
            *[f"        sum_{k}, lost_{k} = raised(sum_{k}, lost_{k}, term_{k})" for k in places],
        ]

    def read(self) -> list[str]:
        """Return the lines that name, or gather, the elements that a block reads."""
        return [
            f"        part_{k} = x[{_shifted(load.begin)}:{_shifted(load.begin)} + size]"
            if load.stride == 1
            else f"        part_{k} = taken(x, scratch[{k * BLOCK}:{(k + 1) * BLOCK}], "
            f"{load.begin} + begin * {load.stride}, {load.stride}, size)"
            for k, load in enumerate(self.loads)
        ]

    def given(self) -> list[str]:
        """Return the lines that add a block's slopes to the gradient."""
        count = len(self.loads)
        return [
            f"        spaced(gradient, scratch[{(count + k) * BLOCK}:{(count + k + 1) * BLOCK}], "
            f"{load.begin} + begin * {load.stride}, {load.stride}, size)"
            for k, load in enumerate(self.loads)
        ]


WORDS = "steepest.program.native.words"


def _shifted(begin: int) -> str:
    """Return the place of a block in a slice."""
    return f"begin + {begin}" if begin else "begin"
