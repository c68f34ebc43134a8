"""Reading formulas: the grammar, helpful errors under the right place, and limits that hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

import steepest as st
from steepest.errors import FormulaError, InputError
from steepest.expression.node import evaluate, variable
from steepest.expression.parser import CARET_NOTICE, constant_value, parse
from steepest.expression.vocabulary import WORDS


def value(text, **values):
    formula = parse(text)
    known = {variable(name): np.float64(number) for name, number in values.items()}
    return float(evaluate([formula.expression], known)[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y*2", 9.0),
        ("-x**2", -9.0),
        ("(-x)**2", 9.0),
        ("2**-x", 0.125),
        ("2**x**2", 512.0),
        ("x - y - 1", -1.0),
        ("x/y/2", 0.5),
        ("x // 2 + x % 2", 2.0),
        ("+x", 3.0),
        ("--x", 3.0),
        (" x\n + y ", 6.0),
        ("1e3*x + .5 + 1_000", 4000.5),
        ("x if x > 2 else y", 3.0),
        ("1 if x < 2 < y else 0", 0.0),
        ("1 < x <= 3", 1.0),
        ("not x > 2", 0.0),
        ("x > 5 or y == 3", 1.0),
        ("x > 2 and y != 3", 0.0),
        ("max(x, y, 7) - min(x, 1)", 6.0),
        ("pi*0 + e*0 + tau*0 + x", 3.0),
        ("np.sqrt(x*3) + math.log(e)", 4.0),
        ("log(8, 2) + ln(1)", 3.0),
        ("where(x > 2, 10, 20)", 10.0),
        ("clip(x, 0, 2)", 2.0),
        ("abs(-x) + sign(-x)", 2.0),
        ("hypot(x, 4) + pow(x, 2)", 14.0),
        ("heaviside(x, 0.5) + floor(2.7) + ceil(0.2) + round(1.6)", 6.0),
        ("x^2", 9.0),
        ("x # the first\n", 3.0),
        ("sinc(0) + exp(0) + cosh(0)", 3.0),
    ],
)
def test_values(text, expected):
    assert value(text, x=3, y=3) == expected


ARGUMENTS = {"arccosh": ["1.5"], "acosh": ["1.5"], "polygamma": ["1", "0.5"]}


@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_word_can_be_called_with_as_many_arguments_as_it_takes(name):
    word = WORDS[name]
    arguments = ", ".join(ARGUMENTS.get(name, ["0.5", "0.25", "0.75"])[: word.least])
    assert math.isfinite(value(f"{name}({arguments}) + 0*x", x=1.0))
    with pytest.raises(FormulaError, match=f"{name} takes"):
        parse(f"{name}({', '.join(['x'] * (word.most + 1))})" if word.most < 50 else f"{name}(x)")


def test_variables_come_in_natural_order():
    assert parse("x10 + x2 + b + a1 + x1").variables == ("a1", "b", "x1", "x2", "x10")
    assert parse("2 + pi").variables == ()
    assert parse("α*β + Δx").variables == ("Δx", "α", "β")


def test_the_caret_is_read_as_power_and_said():
    formula = parse("x^2 + y^2")
    assert formula.notices == (CARET_NOTICE,)
    assert parse("x**2").notices == ()
    assert st.function("x^2").notice == CARET_NOTICE


@pytest.mark.parametrize(
    ("text", "message", "under"),
    [
        ("", "empty", None),
        ("   ", "empty", None),
        ("x +", "ends too early", None),
        ("x + * y", "Two operators stand side by side", "* y"),
        ("(x + 1", "never closed", "("),
        ("x + 1)", "closes nothing", ")"),
        ("(x]", "closes nothing", "]"),
        ("sn(x)", "no function called 'sn'. Did you mean 'sin'?", "sn"),
        ("x(3)", "To multiply, write x*(...)", "x("),
        ("1 + sin", "'sin' is a function; give it arguments", "sin"),
        ("2x + 1", "An operator is missing between '2' and 'x'", "x"),
        ("x y", "An operator is missing between 'x' and 'y'", "y"),
        ("3 4", "An operator is missing between '3' and '4'", "4"),
        ("y = x**2", "'=' is not part of a formula", "="),
        ("x.real", "'.real' is not part of a formula", "x.real"),
        ("x[0]", "Square brackets", "x["),
        ("[x, y]", "not a list", "["),
        ("x, y", "not a list", None),
        ("x & y", "write 'and'", "&"),
        ("x @ y", "write sums of products out", "@"),
        ("~x", "'not' for not", "~"),
        ("'text'", "without quotes", "'"),
        ("1j*x", "An operator is missing", "j"),
        ("lambda x: x", "cannot define functions", "lambda"),
        ("x if y", "no 'else'", None),
        ("sin(x, y)", "sin takes 1 argument, but 2 were given", "sin"),
        ("sin(x=1)", "'=' is not part", "="),
        ("max(*x)", "not arithmetic", "*x"),
        ("x in y", "Only < <= > >= == != compare", "x"),
        ("x is y", "Only < <= > >= == != compare", "x"),
        ("(x + y)(3)", "missing between ')' and '('", "(3)"),
        ("np.linalg.norm(x)", "'.norm' is not part of a formula", "np.linalg"),
        ("os.system(x)", "'.system' is not part of a formula", "os"),
        ("__import__(os)", "no function called '__import__'", "__import__"),
        ("np.foo(x)", "no function called 'foo'", "np.foo"),
        ("9**9**9**9", "too large", "9**9**9"),
        ("1/0 + x", "too large", "1/0"),
        ("log(-1)*x", "undefined", "log"),
        ("1e999*x", "too large", "1e999"),
        ("x := 3", "right-hand side alone", ":="),
        ("x; y", "one formula at a time", ";"),
        ("x\x00y", "cannot be read; remove it", None),
        ("x = 5 = 3", "'=' is not part", "= 5"),
        ("f'{x}'", "without quotes", "'{x"),
        ("{x: 1}", "round brackets", "{"),
        ("(yield x)", "a word of Python", "yield"),
        ("2*class", "'class' is a word of Python and names no variable", "class"),
        ("lambda*x", "write lam_", "lambda"),
        ("x²^3", "read in two ways", "²"),
        ("2··x", "side by side", "·x"),
        ("polygamma(x, y)", "order of polygamma", "polygamma"),
        ("x if x > 0", "no 'else'", None),
        ("...", "not a real number", "..."),
        ("None", "not a real number", "None"),
    ],
)
def test_errors_name_the_place(text, message, under):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    said = str(caught.value)
    assert message in said
    if under is not None:
        shown, caret = said.splitlines()[-2:]
        assert shown[caret.index("^") :].startswith(under), said


COMMON_MISTAKES = [
    (r"\frac{x}{2}", r"write (x)/(y) instead of \frac", r"\frac"),
    (r"\sin x", r"write sin(x) instead of \sin", r"\sin"),
    (r"\sqrt{x}", r"write sqrt(x) instead of \sqrt", r"\sqrt"),
    (r"2*\pi", r"write pi instead of \pi", r"\pi"),
    ("x^{2}", "group with round brackets", "{"),
    ("$x$", "write the formula alone", "$"),
    ("2π", "missing between '2' and 'π'", "π"),
    ("2(x + 1)", "missing between '2' and '('", "("),
    ("(x + 1)(x - 1)", "missing between ')' and '('", "(x - 1"),
    ("3sin(x)", "missing between '3' and 'sin'", "sin"),
    ("sin(x)cos(y)", "missing between ')' and 'cos'", "cos"),
    ("x²y", "missing between '²' and 'y'", "y"),
    ("x²3", "missing between '²' and '3'", "3"),
    ("x\ty", "missing between 'x' and 'y'", "y"),
    ("1.2.3*x", "missing between '1.2' and '.3'", ".3"),
    ("max(x y)", "missing between 'x' and 'y'", "y"),
    ("sin x", "give it arguments, as in sin(x)", "sin"),
    ("1 + sin 2x", "give it arguments, as in sin(x)", "sin"),
    ("√x", "give it arguments, as in sqrt(x)", "√"),
    ("x*sin", "give it arguments", "sin"),
    ("exp^x", "give it arguments", "exp"),
    ("sin^2(x)", "write sin(x)**2", "sin"),
    ("1 + sin²(x)", "write sin(x)**2", "sin"),
    ("Sin[x]", "write sin(x)", "Sin"),
    ("SIN(x)", "Did you mean 'sin'", "SIN"),
    ("tg(x)", "write tan(x)", "tg"),
    ("x + cot(x)", "write 1/tan(x)", "cot"),
    ("lg(x)", "write log10(x)", "lg"),
    ("sum(x**2)", "every term of it", "sum"),
    ("torch.sin(x)", "Only np. and math. may stand before a function; write sin(...)", "torch"),
    ("x.sum()", "'.sum' is not part of a formula", "x"),
    ("pi(x + 1)", "pi is a number; to multiply, write pi*(...)", "pi"),
    ("|x|", "write abs(x) for |x|", "|"),
    ("x && y", "write 'and'", "&&"),
    ("x || y", "write 'or'", "||"),
    ("!x", "write 'not'", "!"),
    ("x!", "factorial", "!"),
    ("x <> y", "or !=", "<>"),
    ("x => y", ">=", "=>"),
    ("x === y", "==", "==="),
    ("x***2", "write ** for powers", "***"),
    ("x^^2", "'^^' is not part of a formula", "^^"),
    ("x ** * y", "side by side", "* y"),
    ("x > 0 ? x : 1", "write a choice as 'x if x > 0 else -x'", "?"),
    ("if x > 0: x", "Write a choice as", "if"),
    ("10%", "0.1 for 10 per cent", "%"),
    ("3,5*x", "Decimals have a point; write 3.5", ","),
    ("x*0,25", "write 0.25", ","),
    ("max(x, 1), y", "remove the comma", ", y"),
    ("[x + 1]*2", "use round brackets", "["),
    ("f(x) = x^2", "right-hand side alone", "="),
    ("x += 1", "right-hand side alone", "="),
    ("y ~ x", "right-hand side alone", "~"),
    ('"x**2"', "without quotes", '"'),
    ("“x”", "without quotes", "“"),
    ("x'", "primes", "'"),
    ("[x for x in y]", "Comprehensions and loops are not part of a formula", "for"),
    ("(lambda: x)()", "cannot define functions", "lambda"),
    ("def f(x): return x", "cannot define functions", "def"),
    ("return x", "no 'return'", "return"),
    ("import os", "imports nothing", "import"),
    ("∑x", "write the terms out", "∑"),
    ("∂x", "give the function itself", "∂"),
    ("x → 0", "no limits", "→"),
    ("½*x", "write 0.5", "½"),
    ("x₁ + x₂", "write x1", "x₁"),
    ("５*x", "write 5", "５"),
    ("x√(y)", "missing between 'x' and '√'", "√"),
    ("x\u200b+ 1", "remove it", None),
    ("# nothing", "empty", None),
]


@pytest.mark.parametrize(("text", "message", "under"), COMMON_MISTAKES)
def test_what_people_type_is_answered_with_what_to_type(text, message, under):
    test_errors_name_the_place(text, message, under)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("x² + y³", "x**2 + y**3"),
        ("x¹⁰", "x**10"),
        ("x⁻²", "x**-2"),
        ("-x²", "-x**2"),
        ("2^x²", "2**x**2"),
        ("2·x⋅y∙3×x", "2*x*y*3*x"),
        ("x ÷ y", "x/y"),
        ("x − y – 1", "x - y - 1"),
        ("1e−3*x", "1e-3*x"),
        ("10^−3*x", "10**-3*x"),
        ("2*π*x", "2*pi*x"),
        ("√(x² + y²)", "sqrt(x**2 + y**2)"),
        ("x ≤ y", "x <= y"),
        ("x ≥ y", "x >= y"),
        ("x ≠ y", "x != y"),
        ("x\u00a0+\u2009y", "x + y"),
    ],
)
def test_printed_mathematics_is_read_as_what_one_types(printed, typed):
    assert parse(printed).expression is parse(typed).expression


def test_the_caret_finds_its_place_behind_powers_unicode_and_far_right():
    for lead in ("x^2 + y^2 + ", "α^2 + β**3 + ", "x + " * 60, "é*𝛼 + "):
        with pytest.raises(FormulaError) as caught:
            parse(f"{lead}foo(x) + 1")
        shown, caret = str(caught.value).splitlines()[-2:]
        assert shown[caret.index("^") :].startswith("foo"), lead


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "x" + ")" * 10_000,
        "sin(" * 10_000 + "x" + ")" * 10_000,
        "-" * 9_000 + "x",
        "not " * 3_000 + "x",
        "x" + "**x" * 5_000,
        "x" + "+x" * 500_000,
        "1" * 1_000_000,
        "9**9**9**9**9",
        "x if " * 3_000 + "x" + " else x" * 3_000,
        "((((((((((" * 9 + "x" + "))))))))))" * 9 + "**9**9**9**9",
    ],
    ids=lambda text: f"{text[:8]} {len(text)}",
)
def test_hostile_sizes_are_read_or_refused_at_once(text):
    try:
        formula = parse(text)
    except FormulaError:
        return
    assert formula.variables == ("x",)
    st.function(text).gradient(1.0)


def test_sums_of_many_terms_and_long_chains_work():
    text = " + ".join(f"{k}*x**{k % 7}" for k in range(900))
    f = st.function(text)
    exact = sum(k * (k % 7) * 1.1 ** (k % 7 - 1) for k in range(900))
    assert f.gradient(1.1) == pytest.approx(exact, rel=1e-12)
    assert st.function("-" * 60 + "x").gradient(2.0) == 1.0
    assert st.function("*".join(["x"] * 300)).gradient(1.0) == 300.0


def test_only_text_is_read():
    for wrong in (None, 3, b"x", ["x"]):
        with pytest.raises(FormulaError, match="A formula is text"):
            parse(wrong)


def test_constants():
    assert constant_value("2*pi") == 2 * math.pi
    assert constant_value("-1e-3") == -1e-3
    with pytest.raises(FormulaError, match="'q' has no value here"):
        constant_value("2*q")
    with pytest.raises(FormulaError, match="Did you mean 'tau'"):
        constant_value("tua")


PIECES = (
    "x y x1 sin cos( ( ) , + - * / ** ^ % // 1 2.5 1e5 e pi < == if else not and max( .".split()
)
PIECES += [
    "[",
    "]",
    "'",
    '"',
    "#",
    "\n",
    "\t",
    " ",
    "=",
    ":",
    ";",
    "@",
    "~",
    "lambda",
    "é",
    "½",
    "²",
]


def only_our_errors(text):
    complaint = "read"
    try:
        formula = parse(text)
        if formula.variables:
            st.function(text).gradient([1.5] * len(formula.variables))
    except InputError as error:
        complaint = str(error)
    assert 0 < len(complaint) < 500 + 2 * min(len(text), 100)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(some.text(max_size=40))
@example("(\n")
@example("x\r+1")
@example("\ufeffx")
@example("x\\\n+1")
@example("１+x")
def test_any_text_is_read_or_refused(text):
    only_our_errors(text)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(some.lists(some.sampled_from(PIECES), max_size=14))
def test_any_pieces_are_read_or_refused(pieces):
    only_our_errors("".join(pieces))
    only_our_errors(" ".join(pieces))


VALID = [
    "(1 - x)**2 + 100*(y - x**2)**2",
    "sin(x)*cos(y) + exp(-x**2/2)",
    "where(x > 0, sqrt(abs(x)), log(1 + y**2))",
    "max(x, y, 3)/(1 + hypot(x, y)) if x < 2 else 0",
]


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(
    text=some.sampled_from(VALID),
    place=some.integers(0, 40),
    removed=some.integers(0, 3),
    added=some.sampled_from(
        ["", "*", "(", ")", "x", "1", ".", ",", "^", "e", " ", "=", "sin", "\0"]
    ),
)
def test_mutations_of_formulas_are_read_or_refused(text, place, removed, added):
    only_our_errors(text[:place] + added + text[place + removed :])
