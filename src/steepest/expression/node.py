"""The graph of operations: immutable nodes, each of which exists once.

An `Expression` is an operation applied to inputs. Two expressions built the
same way *are* the same object (hash consing), so a common subexpression is one
node, and comparing expressions is comparing identities.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from steepest.errors import TracingError
from steepest.expression.frozen import FrozenArray, thaw
from steepest.expression.operation import CONSTANT, OPERATIONS, VARIABLE, Operation, Shape


class Expression:
    """One operation applied to inputs; immutable, and unique for what it computes.

    Create expressions with `variable`, `constant`, `apply`, or by arithmetic on
    other expressions.

    Attributes
    ----------
    operation : Operation
        What is computed.
    inputs : tuple of Expression
        The operands.
    attributes : tuple of (str, hashable)
        What else the operation needs to know (axis, index, name, value).
    shape : tuple of int
        Shape of the result; ``()`` for a scalar.
    kind : str
        ``"f"``, ``"i"`` or ``"b"``. Only floating-point results have derivatives.

    Examples
    --------
    >>> x = variable("x")
    >>> (x * x + 1) is (x * x + 1)
    True
    """

    __slots__ = ("__weakref__", "attributes", "inputs", "kind", "operation", "shape")

    operation: Operation
    inputs: tuple[Expression, ...]
    attributes: tuple[tuple[str, Any], ...]
    shape: Shape
    kind: str

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"An Expression is immutable; {name!r} cannot be set.")

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(np.prod(self.shape, dtype=int))

    @property
    def options(self) -> dict[str, Any]:
        """The attributes as keyword arguments."""
        return dict(self.attributes)

    @property
    def name(self) -> str:
        """The name, of a variable."""
        name: str = self.options["name"]
        return name

    @property
    def is_variable(self) -> bool:
        """Whether this is an input of the graph."""
        return self.operation is VARIABLE

    @property
    def is_constant(self) -> bool:
        """Whether this is a known number or array."""
        return self.operation is CONSTANT

    @property
    def value(self) -> Any:
        """The number or array, of a constant."""
        return thaw(self.attributes[0][1])

    def equals_constant(self, number: float) -> bool:
        """Whether this is a constant all of whose elements are ``number``."""
        if self.operation is not CONSTANT:
            return False
        same = self.value == number
        # NumPy takes longer to see that one number is true than to compare it.
        return bool(np.all(same)) if self.shape else bool(same)

    def __repr__(self) -> str:
        from steepest.expression.formula import to_formula

        return f"Expression({to_formula(self)})"

    # Arithmetic on expressions is the algebra that derivative rules are written
    # in. It tidies up as it goes, unlike `apply`.
    def __add__(self, other: Any) -> Expression:
        return tidy("add", self, other)

    def __radd__(self, other: Any) -> Expression:
        return tidy("add", other, self)

    def __sub__(self, other: Any) -> Expression:
        return tidy("subtract", self, other)

    def __rsub__(self, other: Any) -> Expression:
        return tidy("subtract", other, self)

    def __mul__(self, other: Any) -> Expression:
        return tidy("multiply", self, other)

    def __rmul__(self, other: Any) -> Expression:
        return tidy("multiply", other, self)

    def __truediv__(self, other: Any) -> Expression:
        return tidy("divide", self, other)

    def __rtruediv__(self, other: Any) -> Expression:
        return tidy("divide", other, self)

    def __pow__(self, other: Any) -> Expression:
        return tidy("power", self, other)

    def __neg__(self) -> Expression:
        return tidy("negative", self)


_nodes: WeakValueDictionary[tuple[Any, ...], Expression] = WeakValueDictionary()
"""Every living node by what it computes. Only a cache: an entry dies with its node."""


def intern(
    operation: Operation,
    inputs: tuple[Expression, ...],
    attributes: tuple[tuple[str, Any], ...],
    shape: Shape,
    kind: str,
) -> Expression:
    """Return the one node with this content."""
    # 1, 1.0 and True are equal in Python, and 0.0 equals -0.0: their type and
    # their text keep such constants apart. Arrays compare by their bytes.
    distinct = () if inputs else tuple((type(value), _text(value)) for _, value in attributes)
    key = (operation, inputs, attributes, distinct)
    node = _nodes.get(key)
    if node is None:
        node = object.__new__(Expression)
        fill = object.__setattr__
        fill(node, "operation", operation)
        fill(node, "inputs", inputs)
        fill(node, "attributes", attributes)
        fill(node, "shape", shape)
        fill(node, "kind", kind)
        _nodes[key] = node
    return node


def _text(value: Any) -> str:
    """Return what tells a number from others that are equal to it."""
    return repr(value) if isinstance(value, float) else ""


def variable(name: str, shape: Shape = (), kind: str = "f") -> Expression:
    """Return the input called ``name``.

    Parameters
    ----------
    name : str
        A Python identifier.
    shape : tuple of int, default ()
        Its shape.
    kind : str, default "f"
        Its kind of element.
    """
    content = (("name", name), ("shape", shape), ("kind", kind))
    return intern(VARIABLE, (), content, shape, kind)


def constant(value: Any) -> Expression:
    """Return a known number or array as an expression.

    Parameters
    ----------
    value : number or array_like
        Booleans, integers and floating-point numbers; an array is copied.
    """
    if type(value) is float:
        return intern(CONSTANT, (), (("value", value),), (), "f")
    array = np.asarray(value)
    kind = {"b": "b", "i": "i", "u": "i", "f": "f"}.get(array.dtype.kind)
    if kind is None:
        raise TracingError(
            f"A constant of type {array.dtype} cannot take part in a derivative: "
            "only booleans, integers and real floating-point numbers can."
        )
    content = FrozenArray(array) if array.ndim else array.item()
    return intern(CONSTANT, (), (("value", content),), array.shape, kind)


def as_expression(value: Any) -> Expression:
    """Return ``value`` itself when it is an expression, else a constant."""
    return value if isinstance(value, Expression) else constant(value)


LARGEST_TRANSPOSED = 4096
"""A constant with more numbers than this is not copied in order to transpose it."""


def apply(operation: Operation, *inputs: Any, **attributes: Any) -> Expression:
    """Return ``operation`` applied to ``inputs``, after exact simplification only.

    Parameters
    ----------
    operation : Operation
        A row of the table of operations.
    *inputs : Expression, number or array
        The operands.
    **attributes
        Hashable options of the operation.

    Returns
    -------
    Expression
        The one node for it; a constant when every input is one, but for a large array that is
        transposed: NumPy transposes without copying it.
    """
    operands = tuple([as_expression(value) for value in inputs])
    known = operands and all(operand.operation is CONSTANT for operand in operands)
    views = operation.name == "transpose" and operands[0].size > LARGEST_TRANSPOSED
    if known and not views:
        with np.errstate(all="ignore"):
            return constant(operation.evaluate(*[o.value for o in operands], **attributes))
    if operation.simplify is not None:
        simple = operation.simplify(*operands, **attributes)
        if simple is not None:
            return simple
    shape = operation.shape(*[operand.shape for operand in operands], **attributes)
    kind = operation.kind([operand.kind for operand in operands])
    options = tuple(sorted(attributes.items())) if attributes else ()
    return intern(operation, operands, options, shape, kind)


def topological_order(
    outputs: Iterable[Expression], known: Container[Expression] = ()
) -> list[Expression]:
    """Return every node that ``outputs`` depend on, inputs before what uses them.

    The walk keeps its own stack, so that depth is bounded by memory and not by
    Python's recursion limit. It goes neither to nor below the ``known`` nodes.
    """
    order: list[Expression] = []
    done: set[Expression] = set()
    stack: list[tuple[Expression, Iterator[Expression]]] = []
    for output in outputs:
        if output in done or output in known:
            continue
        done.add(output)
        stack.append((output, iter(output.inputs)))
        while stack:
            node, remaining = stack[-1]
            for child in remaining:
                if child not in done and child not in known:
                    done.add(child)
                    stack.append((child, iter(child.inputs)))
                    break
            else:
                order.append(node)
                stack.pop()
    return order


def substitute(
    outputs: Iterable[Expression], replacements: Mapping[Expression, Expression]
) -> list[Expression]:
    """Return ``outputs`` with some nodes replaced by others."""
    outputs = list(outputs)
    image: dict[Expression, Expression] = dict(replacements)
    for node in topological_order(outputs):
        if node in image:
            continue
        inputs = tuple([image[child] for child in node.inputs])
        image[node] = (
            node if inputs == node.inputs else apply(node.operation, *inputs, **node.options)
        )
    return [image[output] for output in outputs]


def evaluate(outputs: Iterable[Expression], values: Mapping[Expression, Any]) -> list[Any]:
    """Return the numbers of ``outputs`` by walking the graph with NumPy.

    Parameters
    ----------
    outputs : iterable of Expression
        What to compute.
    values : mapping of Expression to array
        The variables' values (or those of any nodes, which then replace them).

    Returns
    -------
    list of array
        IEEE 754 results: infinities and NaN are values here, never exceptions.
    """
    outputs = list(outputs)
    known: dict[Expression, Any] = dict(values)
    complete(outputs, known)
    return [known[output] for output in outputs]


def complete(outputs: Iterable[Expression], known: dict[Expression, Any]) -> None:
    """Add to ``known`` the numbers of ``outputs`` and of all they need."""
    with np.errstate(all="ignore"):
        for node in topological_order(outputs, known):
            known[node] = node.operation.evaluate(
                *[known[child] for child in node.inputs], **node.options
            )


def tidy(name: str, *inputs: Any) -> Expression:
    """Return an arithmetic operation of the algebra that derivative rules use.

    Besides what `apply` does, it lets 0 absorb factors and gathers constants
    and signs, so that derivatives read like mathematics. Both may change a
    result in its last digits, or where it is not finite, so code that a user
    wrote is recorded with `apply` instead.
    """
    operands = tuple([as_expression(value) for value in inputs])
    operation = OPERATIONS[name]
    operands = _not_spread(operands)
    tidied = operation.tidy(*operands) if operation.tidy else None
    return apply(operation, *operands) if tidied is None else tidied


def _not_spread(operands: Sequence[Expression]) -> tuple[Expression, ...]:
    """Return operands of an elementwise operation, which spreads them to one shape by itself."""
    if not any(one.operation.name == "broadcast_to" for one in operands):
        return tuple(operands)
    shape = np.broadcast_shapes(*[one.shape for one in operands])
    kept = list(operands)
    for place, one in enumerate(kept):
        if one.operation.name == "broadcast_to":
            others = [*kept[:place], one.inputs[0], *kept[place + 1 :]]
            if np.broadcast_shapes(*[other.shape for other in others]) == shape:
                kept = others
    return tuple(kept)
