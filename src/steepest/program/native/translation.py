"""Functions of numbers as instructions of LLVM's, written where the functions are called.

Numba looks at each function in some thirty passes, which take 30 ms and more; a loop calls up to a
dozen, one inside the other. The elementary functions need none of that: their statements name
values one after the other, and every value is arithmetic, a choice between two others, or what a
function of the same kind returns. Choices become selections instead of branches, as SIMD needs it.

This module loads LLVM and is itself loaded where something is compiled.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce
from types import FunctionType
from typing import Any

from llvmlite import ir

from steepest.expression.syntax import syntax_tree
from steepest.program.native.elementary import bits, choices
from steepest.program.native.module import NativeError

NUMBER, WHOLE, TRUTH = ir.DoubleType(), ir.IntType(64), ir.IntType(1)

FUSED = ("contract",)
"""Products may be added without being rounded; nothing else may be changed."""

OF_NUMBERS: dict[type[ast.AST], str] = {
    ast.Add: "fadd",
    ast.Sub: "fsub",
    ast.Mult: "fmul",
    ast.Div: "fdiv",
    ast.USub: "fneg",
}
OF_WHOLES: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.LShift: "shl",
    ast.RShift: "ashr",
    ast.BitAnd: "and_",
    ast.BitXor: "xor",
    ast.USub: "neg",
}
OF_TRUTHS: dict[type[ast.AST], str] = {ast.And: "and_", ast.Or: "or_", ast.Not: "not_"}
"""LLVM's instructions for operators, by what they are applied to."""

COMPARISONS: dict[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}

Value = Any
"""A value of LLVM's, or a tuple of them."""


def translate(function: object, arguments: Sequence[Value], builder: Any) -> Value:
    """Write the instructions of a function; return what it returns.

    Parameters
    ----------
    function : object
        One of a single instruction, or a Python function as this module describes them.
    arguments : sequence of Value
        What it is called with.
    builder : llvmlite.ir.IRBuilder
        Where to write.

    Raises
    ------
    NativeError
        Where the function is of another kind.
    """
    if function in INSTRUCTIONS:
        return INSTRUCTIONS[function](builder, *arguments)
    if not isinstance(function, FunctionType):
        raise NativeError(f"{function!r} is no plain function.")
    definition = parsed(function)
    names = [argument.arg for argument in definition.args.args]
    given = dict(zip(names, arguments, strict=True))
    known = ChainMap(function.__globals__, vars(builtins))
    return Straight(builder, known, given).result(definition.body)


@cache
def parsed(function: FunctionType) -> ast.FunctionDef:
    """Return the definition of a function."""
    (definition,) = syntax_tree(inspect.getsource(function)).body
    assert isinstance(definition, ast.FunctionDef)
    return definition


def named(instruction: str) -> Callable[..., Value]:
    """Return what writes an intrinsic function of LLVM's, of one number or several."""

    def write(builder: Any, *numbers: Value) -> Value:
        kind = ir.FunctionType(NUMBER, [NUMBER] * len(numbers))
        function = builder.module.declare_intrinsic(instruction, [NUMBER], kind)
        return builder.call(function, numbers, fastmath=FUSED)

    return write


def less_product(builder: Any, number: Value, a: Value, b: Value) -> Value:
    """Write `bits.less_product`."""
    return named("llvm.fmuladd")(builder, builder.fneg(a), b, number)


INSTRUCTIONS: dict[object, Callable[..., Value]] = {
    abs: named("llvm.fabs"),
    math.sqrt: named("llvm.sqrt"),
    math.copysign: named("llvm.copysign"),
    choices.floor: named("llvm.floor"),
    bits.bits_of: lambda builder, number: builder.bitcast(number, WHOLE),
    bits.number_of: lambda builder, whole: builder.bitcast(whole, NUMBER),
    bits.less_product: less_product,
}
"""Functions that processors know by themselves, each with what writes it."""


class Straight:
    """Statements of a function, translated one after the other.

    Parameters
    ----------
    builder : llvmlite.ir.IRBuilder
        Where to write.
    known : mapping of str to object
        The functions and numbers that a function finds where it is defined.
    names : dict of str to Value
        What its arguments are; further names are added.
    """

    def __init__(self, builder: Any, known: Mapping[str, Any], names: dict[str, Value]) -> None:
        self.builder, self.known, self.names = builder, known, names

    def result(self, statements: Sequence[ast.stmt]) -> Value:
        """Return what the statements return."""
        for statement in statements:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return self.value(value)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.names[name] = self.value(value)
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value):
                    names = [ast.unparse(target) for target in targets]
                    self.names |= zip(names, self.value(value), strict=True)
                case ast.Expr(value=ast.Constant()):
                    pass
                case _:
                    raise NativeError(f"{ast.unparse(statement)!r} is no plain statement.")
        raise NativeError("it returns nothing.")

    def value(self, node: ast.expr) -> Value:
        """Return the value of an expression."""
        match node:
            case ast.Constant(value=number):
                return constant(number)
            case ast.Name(id=name):
                return self.names[name] if name in self.names else constant(self.known.get(name))
            case ast.Tuple(elts=parts):
                return tuple([self.value(part) for part in parts])
            case ast.Subscript(value=whole, slice=ast.Constant(value=place)):
                return self.value(whole)[place]
            case ast.UnaryOp(op=operator, operand=operand):
                return self.applied(operator, self.value(operand))
            case ast.BinOp(left=left, op=operator, right=right):
                return self.applied(operator, self.value(left), self.value(right))
            case ast.BoolOp(op=operator, values=values):
                truths = [self.value(one) for one in values]
                return reduce(lambda a, b: self.applied(operator, a, b), truths)
            case ast.Compare(left=first, ops=operators, comparators=others):
                return self.compared(operators, [self.value(one) for one in [first, *others]])
            case ast.IfExp(test=test, body=body, orelse=other):
                return self.chosen(self.value(test), self.value(body), self.value(other))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return translate(
                    self.known.get(name), [self.value(one) for one in arguments], self.builder
                )
        raise NativeError(f"{ast.unparse(node)!r} is no plain arithmetic.")

    def applied(self, operator: ast.AST, *values: Value) -> Value:
        """Return what an operator makes of values of one type."""
        kind = values[0].type
        table = {NUMBER: OF_NUMBERS, WHOLE: OF_WHOLES, TRUTH: OF_TRUTHS}[kind]
        if type(operator) not in table or any(value.type != kind for value in values):
            raise NativeError(f"{type(operator).__name__} is not for such values.")
        write = getattr(self.builder, table[type(operator)])
        return write(*values, flags=FUSED) if kind == NUMBER else write(*values)

    def compared(self, operators: Sequence[ast.cmpop], values: Sequence[Value]) -> Value:
        """Return whether all neighbours compare as they should; NaN is unlike all others."""
        found = []
        for operator, a, b in zip(operators, values, values[1:], strict=False):
            sign = COMPARISONS.get(type(operator))
            if sign is None or a.type != b.type:
                raise NativeError(f"{type(operator).__name__} is not for such values.")
            if a.type != NUMBER:
                found.append(self.builder.icmp_signed(sign, a, b))
            elif sign == "!=":
                found.append(self.builder.fcmp_unordered(sign, a, b))
            else:
                found.append(self.builder.fcmp_ordered(sign, a, b))
        return reduce(self.builder.and_, found)

    def chosen(self, test: Value, value: Value, other: Value) -> Value:
        """Return one of two values, or of two tuples."""
        if not isinstance(value, tuple):
            return self.builder.select(test, value, other)
        pairs = zip(value, other, strict=True)
        return tuple([self.builder.select(test, one, another) for one, another in pairs])


def constant(value: object) -> Value:
    """Return a number as LLVM has it."""
    match value:
        case float():
            return NUMBER(value)
        case bool():
            return TRUTH(value)
        case int():
            return WHOLE(value)
    raise NativeError(f"{value!r} is no number.")


@cache
def teach_translated(function: Callable[..., Any]) -> None:
    """Let Numba compile the calls of a function of one or two numbers that returns a number."""
    from numba import types
    from numba.core.typing import signature
    from numba.extending import lower_builtin, type_callable

    count = len(inspect.signature(function).parameters)
    whole = signature(types.float64, *[types.float64] * count)

    def write(context: Any, builder: Any, signature: Any, arguments: Sequence[Value]) -> Value:
        return translate(function, arguments, builder)

    # Numba counts the arguments of the inner functions.
    kinds = {1: lambda context: lambda x: whole, 2: lambda context: lambda x, y: whole}
    type_callable(function)(kinds[count])
    lower_builtin(function, *whole.args)(write)
