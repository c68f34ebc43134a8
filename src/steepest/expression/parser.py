"""Formulas as text, read safely: Python's syntax for arithmetic and nothing else.

The text is parsed, never evaluated. Only numbers, names, arithmetic,
comparisons, conditional expressions and calls of the functions in
`steepest.expression.vocabulary` are understood; anything else is an error with
a caret under it.
"""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass

from steepest.errors import FormulaError, did_you_mean
from steepest.expression.node import Expression, apply, constant, topological_order, variable
from steepest.expression.operations import OPERATIONS
from steepest.expression.scanning import check, pointed
from steepest.expression.signs import ELSEWHERE, as_typed
from steepest.expression.syntax import syntax_tree
from steepest.expression.vocabulary import CONSTANTS, WORDS

MOST_CHARACTERS = 20_000
"""A limit that keeps a hostile formula from holding the machine; no real one comes near."""

MODULES = ("np", "numpy", "math")
CARET_NOTICE = "Read ^ as power (in Python it is **)."

BINARY: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder",
    ast.Pow: "power",
}
SIGNS: dict[type[ast.AST], str] = {ast.USub: "negative", ast.Not: "logical_not", ast.UAdd: ""}
COMPARISONS: dict[type[ast.AST], str] = {
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}


@dataclass(frozen=True)
class Formula:
    """A formula that has been read.

    Attributes
    ----------
    text : str
        What the user wrote.
    expression : Expression
        What it means.
    variables : tuple of str
        Its free names, in natural order (x2 before x10).
    notices : tuple of str
        What the user should know about how it was read.
    shown : Expression, optional
        The same in the order in which one writes it, where that is another expression.
    """

    text: str
    expression: Expression
    variables: tuple[str, ...]
    notices: tuple[str, ...]
    shown: Expression | None = None


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key that puts x2 before x10."""
    return [
        (0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part)
        for part in re.split(r"([0-9]+)", name)
        if part
    ]


def parse(text: str) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        For example ``"(1 - x)**2 + 100*(y - x**2)**2"``. Names that are neither
        functions nor the constants pi, e and tau are variables.

    Returns
    -------
    Formula
        The expression and its variables.

    Raises
    ------
    FormulaError
        With the formula and a caret under the place that cannot be read.

    Examples
    --------
    >>> parse("x^2 + sin(y)").variables
    ('x', 'y')
    """
    if not isinstance(text, str):
        raise FormulaError(f"A formula is text, such as 'x**2 + y**2', but {text!r} was given.")
    reader = _Reader(text)
    expression = reader.read()
    names = {node.name for node in topological_order([expression]) if node.is_variable}
    return Formula(text, expression, tuple(sorted(names, key=natural_order)), tuple(reader.notices))


def constant_value(text: str) -> float:
    """Read a number, which may be written as an expression such as ``2*pi`` or ``-pi/2``.

    Raises
    ------
    FormulaError
        When the text cannot be read or contains variables.

    Examples
    --------
    >>> constant_value("pi/2")
    1.5707963267948966
    """
    formula = parse(text)
    if formula.variables:
        name = formula.variables[0]
        hint = did_you_mean(name, CONSTANTS)
        raise FormulaError(f"{text!r} is not a number: {name!r} has no value here.{hint}")
    return float(formula.expression.value)


class _Reader:
    """One reading of one formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.notices: list[str] = []

    def error(self, message: str, place: int | None = None) -> FormulaError:
        """Return an error with a caret under ``place``."""
        return FormulaError(message) if place is None else pointed(self.text, message, place)

    def read(self) -> Expression:
        """Return the expression of the whole formula."""
        if not self.text.partition("#")[0].strip():
            raise self.error("The formula is empty; write one such as 'x**2 + y**2'.")
        if len(self.text) > MOST_CHARACTERS:
            raise self.error(
                f"The formula has {len(self.text)} characters and at most {MOST_CHARACTERS} can be "
                "read; write a Python function instead."
            )
        check(self.text)
        return self.build(self.syntax_tree())

    def syntax_tree(self) -> ast.expr:
        """Parse the text in the signs one types."""
        self.parsed, self.places = as_typed(self.text)
        if "^" in self.text:
            self.notices.append(CARET_NOTICE)
        # Python drops leading blanks' meaning (indentation), so the text is bracketed.
        try:
            return syntax_tree(f"({self.parsed}\n)", "eval").body
        except SyntaxError as error:
            raise self.syntax_error(error) from None
        except (ValueError, MemoryError, RecursionError, OverflowError):
            raise self.error(
                "The formula cannot be read: it nests too deeply or contains characters that "
                "no formula has; simplify it."
            ) from None

    def syntax_error(self, error: SyntaxError) -> FormulaError:
        """Say what is wrong with the syntax, and where."""
        place = len(self.text)
        if error.offset and (error.lineno or 1) == 1:
            # The parser counts characters here, and bytes in the tree.
            place = self.original(len(f"({self.parsed}"[: error.offset - 1].encode()))
        place = min(place, max(len(self.text.rstrip()), 1))
        if place >= len(self.text.rstrip()):
            return self.error("The formula ends too early; something is missing here.", place)
        if re.search(r"\bif\b", self.text) and not re.search(r"\belse\b", self.text):
            return self.error("This choice has no 'else'; write 'x if x > 0 else -x'.", place)
        return self.error("This is not a formula: it cannot be read from here on.", place)

    def original(self, column: int) -> int:
        """Return the place in the user's text of a byte of the parsed text."""
        index = len(f"({self.parsed}".encode()[:column].decode()) - 1
        if index < 0:
            return 0
        return self.places[index] if index < len(self.places) else len(self.text)

    def place(self, node: ast.expr) -> int:
        """Return where a part of the formula starts in the user's text."""
        return self.original(node.col_offset)

    def build(self, root: ast.expr) -> Expression:
        """Return the expression of a syntax tree; children first, on a stack of our own."""
        done: dict[ast.expr, Expression] = {}
        stack: list[tuple[ast.expr, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                done[node] = self.node(node, [done.pop(child) for child in self.parts(node)])
            else:
                stack.append((node, True))
                stack.extend([(child, False) for child in self.parts(node)])
        return done[root]

    def parts(self, node: ast.expr) -> list[ast.expr]:
        """Return the subexpressions of a node."""
        match node:
            case ast.BinOp(left=left, right=right):
                return [left, right]
            case ast.UnaryOp(operand=operand):
                return [operand]
            case ast.Compare(left=left, comparators=others):
                return [left, *others]
            case ast.BoolOp(values=values):
                return values
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return [test, body, otherwise]
            case ast.Call(args=arguments):
                return arguments
        return []

    def node(self, node: ast.expr, parts: list[Expression]) -> Expression:
        """Return the expression of one node, given those of its parts."""
        match node:
            case ast.Constant(value=value):
                return self.number(node, value)
            case ast.Name(id=name):
                return self.name(node, name)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
                return self.name(node, name)
            case ast.BinOp(op=operator) if type(operator) in BINARY:
                return self.finite(node, apply(OPERATIONS[BINARY[type(operator)]], *parts))
            case ast.UnaryOp(op=sign) if type(sign) in SIGNS:
                name = SIGNS[type(sign)]
                return apply(OPERATIONS[name], *parts) if name else parts[0]
            case ast.Compare(ops=operators):
                return self.comparison(node, operators, parts)
            case ast.BoolOp(op=operator):
                joined = "logical_and" if isinstance(operator, ast.And) else "logical_or"
                result = parts[0]
                for part in parts[1:]:
                    result = apply(OPERATIONS[joined], result, part)
                return result
            case ast.IfExp():
                return apply(OPERATIONS["where"], *parts)
            case ast.Call():
                return self.call(node, parts)
        raise self.error(self.outside(node), self.place(node))

    def outside(self, node: ast.expr) -> str:
        """Say why a piece of Python is not a formula."""
        match node:
            case ast.Attribute(attr=name):
                return (
                    f"'.{name}' is not part of a formula; only np. and math. functions have a dot."
                )
            case ast.Subscript():
                return (
                    "Square brackets are not part of a formula; give each variable a name (x1, x2)."
                )
            case ast.List(elts=[_]):
                return "Square brackets group nothing; use round brackets ( )."
            case ast.Tuple() | ast.List():
                return "A formula is one number, not a list of them; remove the comma or brackets."
        return (
            "This is Python, but not arithmetic; a formula has numbers, names and functions only."
        )

    def number(self, node: ast.expr, value: object) -> Expression:
        """Return a literal number."""
        if isinstance(value, bool):
            return constant(value)
        if not isinstance(value, int | float):
            written = "..." if value is ... else repr(value)
            raise self.error(f"{written} is not a real number; write one.", self.place(node))
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        return self.finite(node, constant(number))

    def finite(self, node: ast.expr, result: Expression) -> Expression:
        """Return ``result`` unless it is a constant that is no finite number."""
        if result.is_constant and not math.isfinite(result.value):
            reason = "too large for a floating-point number" if result.value else "undefined"
            if math.isnan(result.value):
                reason = "undefined"
            raise self.error(f"This constant is {reason}; write another.", self.place(node))
        return result

    def name(self, node: ast.expr, name: str) -> Expression:
        """Return a constant or a variable."""
        if name in CONSTANTS:
            return constant(CONSTANTS[name])
        if name in WORDS or isinstance(node, ast.Attribute):
            raise self.error(
                f"{name!r} is a function; give it arguments, as in {name}(x).", self.place(node)
            )
        return variable(name)

    def comparison(
        self, node: ast.expr, operators: list[ast.cmpop], parts: list[Expression]
    ) -> Expression:
        """Return a comparison, chained ones joined by `and`."""
        result: Expression | None = None
        for operator, left, right in zip(operators, parts[:-1], parts[1:], strict=True):
            if type(operator) not in COMPARISONS:
                raise self.error("Only < <= > >= == != compare numbers.", self.place(node))
            one = apply(OPERATIONS[COMPARISONS[type(operator)]], left, right)
            result = one if result is None else apply(OPERATIONS["logical_and"], result, one)
        assert result is not None
        return result

    def call(self, node: ast.Call, arguments: list[Expression]) -> Expression:
        """Return a function of its arguments."""
        match node.func:
            case ast.Name(id=name):
                pass
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
                pass
            case ast.Attribute(attr=name) if name in WORDS:
                message = f"Only np. and math. may stand before a function; write {name}(...)."
                raise self.error(message, self.place(node.func))
            case ast.Attribute():
                raise self.error(self.outside(node.func), self.place(node.func))
            case _:
                raise self.error("Only a function's name can be called.", self.place(node.func))
        word, place = WORDS.get(name), self.place(node.func)
        if name in ELSEWHERE:
            advice = ELSEWHERE[name]
            raise self.error(f"There is no function called {name!r}; write {advice}.", place)
        if name in CONSTANTS:
            raise self.error(f"{name} is a number; to multiply, write {name}*(...).", place)
        if word is None:
            hint = did_you_mean(name.lower(), WORDS)
            if not hint:
                hint = f" To multiply, write {name}*(...)."
            raise self.error(f"There is no function called {name!r}.{hint}", place)
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self.error(f"{name} takes plain arguments only.", place)
        if not word.least <= len(arguments) <= word.most:
            raise self.error(
                f"{name} takes {word.arity}, but {len(arguments)} were given.",
                place,
            )
        try:
            built = word.build(*arguments)
        except ValueError as error:
            raise self.error(str(error), place) from None
        return self.finite(node, built)
