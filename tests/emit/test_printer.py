"""Printing: every tree comes back, nothing is bracketed in vain, comments and lines are where they belong."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import io
import sys
import tokenize
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knetc.emit.expressions import expression
from knetc.emit.printer import print_module


def show(source: str) -> str:
    return print_module(ast.parse(dedent(source))).text


def dump(source: str) -> str:
    """A tree as text. Bare strings lose their indentation, which follows the place they are printed at."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str() as text) as constant):
                constant.value = "\n".join(line.strip() for line in inspect.cleandoc(text).split("\n"))
    return ast.dump(tree)


def check_round_trip(source: str) -> None:
    """The tree comes back, and printing it again changes nothing."""
    text = print_module(ast.parse(source)).text

    assert dump(text) == dump(source)
    assert print_module(ast.parse(text)).text == text


# ---- expressions: already as they should be printed

EXPRESSIONS = """
a
-a
--a
+a
~a
not a
not not a
not a == b
(not a) == b
a + b + c
a + (b + c)
a - b - c
a - (b - c)
a * b + c
a * (b + c)
(a + b) * c
a / b / c
a / (b / c)
a // b % c
a @ b @ c
a @ (b @ c)
a @ b.T
-a * b
-(a * b)
-(a + b)
a * -b
a - -b
a**b
a ** b**c
(a**b) ** c
a**-b
-a**b
(-a) ** b
2**n
2.0**x
x**2
x**0.5
self.x**2
f(x) ** 2
x[0] ** 2
(a + b) ** 2
x ** (a + b)
~a**b
a << b >> c
a << (b >> c)
a & b | c ^ d
a & (b | c)
(a ^ b) & c
a | b == c
(a == b) | c
a < b < c
(a < b) < c
a < (b < c)
a == b != c
a is not b
a not in b
a in (b in c)
a and b and c
a and (b and c)
a or b and c
(a or b) and c
not (a and b)
not a and b
a if b else c
a if b else c if d else e
(a if b else c) if d else e
a if (b if c else d) else e
(a if b else c) + d
a or b if c else d
f(a if b else c)
lambda: 0
lambda x: x
lambda x, y=1, *args, z, w=2, **kw: (x, y)
lambda a, /, b, *, c: a
lambda *args: args
lambda **kw: kw
lambda x: lambda y: x + y
(lambda x: x)(1)
(lambda: a) if b else c
a if b else lambda: c
[lambda x: x, b]
(lambda x: x) or b
(lambda x: x).name
f(lambda x: x)
f()
f(a, *b, c=d, **e)
f(*a, *b)
f(*(a or b))
f(**a or b)
f(x for x in y)
f((x for x in y), z)
f((x for x in y), key=z)
f(x := 1)
f((x, y))
f((yield))
f(a)(b)(c)
f(x)[0].y
(a + b)(c)
(a + b).c
(a + b)[c]
(-a).b
-a.b
(await_ or b).c
a.b.c
(1).real
(1.5).real
1j.real
"a".join(b)
b"a".decode()
f"{a}".join(b)
[1, 2].sort()
(a, b).count(c)
{}.get(a)
x[0]
x[-1]
x[a, b]
x[()]
x[(a,)]
x[(a, b), c]
x[:]
x[::]
x[a:]
x[:b]
x[a:b]
x[a:b:c]
x[::2]
x[::-1]
x[-n:]
x[a + 1 :]
x[: a + 1]
x[a : b + 1]
x[a.n : b]
x[:: f(x)]
x[a + 1 :: 2]
x[a + 1 : b : c]
x[:, 0]
x[..., None]
x[0, 1:2]
x[1:2, 3:4]
x[a : b + 1, :, ::2]
x[1:2,]
x[*a]
x[*a, b]
x[a, *b]
x[(a := b)]
x[a if b else c]
x[lambda: a]
x[a][b]
()
(a,)
(a, b)
((a, b), c)
(*a,)
(*a, *b)
(a, (yield))
[]
[a, *b]
{a}
{*a, b}
{}
{a: b, **c}
{**(a or b)}
{a: b if c else d}
{(a, b): c}
[x for x in y]
[x for x in y if a if b]
[(x, y) for x, y in z for a in b]
[x for x in (a if b else c)]
[x for x in y if (a if b else c)]
[x for x in y if (z := x)]
[x for x in a or b]
[x for (x,) in y]
{x for x in y}
{x: y for x, y in z}
(x for x in y)
[x async for x in y]
(x := 1)
(x := (yield))
((x := 1), 2)
1 + (x := 2)
a, (b)
True
None
...
0
1.0
1e+16
1e-05
2j
1e309
-1e309
1.5j
""
"a"
"it's"
'say "so"'
'it\\'s "so"'
"a\\nb"
"\\\\"
"\\x00"
"é"
b""
b"a"
b"it's"
u"a"
f""
f"a{b}c"
f"{a!r}"
f"{a:>{b}}"
f"{a + b:.3f}"
f"{{}}"
f"{a}{b}"
f"{(lambda: a)()}"
f"{a['k']}"
""".strip().splitlines()


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_an_expression_comes_back(source: str) -> None:
    check_round_trip(source)


@pytest.mark.parametrize("source", [s for s in EXPRESSIONS if s not in ("x[::]", "a, (b)")])
def test_an_expression_has_the_parentheses_it_needs_and_no_more(source: str) -> None:
    assert expression(ast.parse(source, mode="eval").body) == source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("((a)) + ((b * c))", "a + b * c"),
        ("(((a * b) + c))", "a * b + c"),
        ("(a ** b)", "a**b"),
        ("f((a))", "f(a)"),
        ("f((a for a in b))", "f(a for a in b)"),
        ("x[(a, b)]", "x[a, b]"),
        ("x[::]", "x[:]"),
        ("x[1:2:]", "x[1:2]"),
        ("x[(1):(2)]", "x[1:2]"),
        ("x[a,]", "x[(a,)]"),
        ("-(1)", "-1"),
        ("- 1 ** 2", "-1**2"),
        ("not (a)", "not a"),
        ("(a and b) and c", "(a and b) and c"),
        ("(a and b) or c", "a and b or c"),
        ("a if (b) else (c)", "a if b else c"),
        ("lambda x : (x + 1)", "lambda x: x + 1"),
        ("[(a) for (b, c) in (d)]", "[a for b, c in d]"),
        ("'a' 'b'", '"ab"'),
        ("'''a'''", '"a"'),
        ("r'a\\b'", '"a\\\\b"'),
        ("0x10", "16"),
        ("1_000", "1000"),
        ("1e400", "1e309"),
        ("1 .real", "(1).real"),
        ("f'{a}' 'b'", 'f"{a}b"'),
    ],
)
def test_an_expression_is_tidied(source: str, expected: str) -> None:
    assert expression(ast.parse(source, mode="eval").body) == expected


F_STRINGS = r"""
f'{a}'                  f"{a}"
f'{a=}'                 f"a={a!r}"
f'{a!s:>10}'            f"{a!s:>10}"
f'{a:{b}.{c}f}'         f"{a:{b}.{c}f}"
f'{ {a} }'              f"{ {a}}"
f'{{{a}}}'              f"{{{a}}}"
f'{(lambda:0)}'         f"{(lambda: 0)}"
f'{(a if b else lambda:0)}'  f"{(a if b else lambda: 0)}"
f'{(a:=b)}'             f"{(a := b)}"
f'{a,b}'                f"{(a, b)}"
f'{a!=b}'               f"{a != b}"
f'{a["k"]}'             f"{a['k']}"
f'{f"{a}"}'             f"{f'{a}'}"
f'"{a}"'                f'"{a}"'
f"it's{a}"              f"it's{a}"
f'it\'s"{a}"'           f"it's\"{a}\""
f'a\n{b}\t\\'           f"a\n{b}\t\\"
f'\x00{a}é'             f"\x00{a}é"
f'{a:\n>{b}}'           f"{a:\n>{b}}"
'a'f'{b}''c'            f"a{b}c"
""".strip().splitlines()


@pytest.mark.parametrize("line", F_STRINGS)
def test_an_f_string_is_printed_alike_on_every_python(line: str) -> None:
    source, expected = line.split("  ", maxsplit=1)
    check_round_trip(source.strip())
    assert expression(ast.parse(source.strip(), mode="eval").body) == expected.strip()


def test_an_f_string_with_quotes_of_both_kinds_inside_comes_back() -> None:
    check_round_trip("f'''{f\"it's {x}\"}'''")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-1, "(-1)**2"),
        (-0.0, "(-0.0)**2"),
        (1, "1**2"),
        (float("nan"), 'float("nan")**2'),
        (1 - 2j, "(1-2j)**2"),
    ],
)
def test_a_constant_made_by_a_rewrite_is_a_closed_operand(value: complex, expected: str) -> None:
    tree = ast.BinOp(ast.Constant(value), ast.Pow(), ast.Constant(2))

    assert expression(tree).replace(" ** ", "**") == expected


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), complex(0, float("inf"))])
def test_an_infinite_constant_keeps_its_value(value: complex) -> None:
    assert eval(expression(ast.Constant(value))) == value


# ---- statements: already as they should be printed

STATEMENTS = """
a
a, b
a = b
a = b = c
a = b, c
a, b = c
a, b = b, a
a, b = c = f(x)
(a,) = b
a, *b = c
[a, b] = c
(a, b), c = d
a.b = c
a[0] = b
a[i, j : k + 1] = b
a = yield
a = yield b
a = yield b, c
a = yield from b
a = (b := c)
(a := b)
yield
yield a, b
yield from a
a += 1
a += b, c
a @= b
a **= b
a //= b
a <<= yield
a.b -= c
a[i] *= c
a: int
a: int = b
a.b: int
a[0]: int = b
(a): int = b
a: int = (yield)
return
return a
return a, b
return (a,)
return ()
return *a, b
return (yield)
return (a := b)
pass
break
continue
del a
del a, b
del (a, b)
del a[0], b.c
assert a
assert a, b
assert (a, b)
assert (a := b)
raise
raise a
raise a from b
raise a(b) from None
global a, b
nonlocal a
import a
import a.b as c, d
from a import b, c as d
from . import a
from ..a import b
from a import *
await a
await a(b)
a = await b
(await a).b
await (await a)
-await a
await a ** b
await (a + b)
""".strip().splitlines()


@pytest.mark.parametrize("source", STATEMENTS)
def test_a_simple_statement_is_printed_as_it_was_written(source: str) -> None:
    check_round_trip(source)
    assert show(source) == source + "\n"


BLOCKS = [
    """
    if a:
        b
    """,
    """
    if a:
        b
    elif c:
        d
    elif (yield):
        e
    else:
        f
    """,
    """
    if a:
        b
    else:
        c
        if d:
            e
    """,
    """
    if x := f():
        pass
    """,
    """
    if (x := f()) > 1:
        pass
    """,
    """
    if (a, b):
        pass
    """,
    """
    for i in range(n):
        a
    """,
    """
    for i, (x, y) in enumerate(z):
        a
        break
    else:
        b
    """,
    """
    for (x,) in y:
        pass
    """,
    """
    for x in (1, 2):
        pass
    """,
    """
    for x in (*a, b):
        pass
    """,
    """
    while a:
        b
    else:
        c
    """,
    """
    while x := f():
        continue
    """,
    """
    with a:
        b
    """,
    """
    with a as b, c as (d, e), f():
        pass
    """,
    """
    with ((a, b)):
        pass
    """,
    """
    with ((a, b)), c:
        pass
    """,
    """
    with (yield) as a:
        pass
    """,
    """
    with (a for a in b):
        pass
    """,
    """
    try:
        a
    except:
        b
    """,
    """
    try:
        a
    except A:
        b
    except (B, C) as e:
        c
    else:
        d
    finally:
        e
    """,
    """
    try:
        a
    finally:
        b
    """,
    """
    try:
        a
    except* A as e:
        b
    except* (B, C):
        c
    """,
    """
    def f():
        pass
    """,
    """
    def f(a, /, b: int, c=1, d: int = 2, *args: int, e, f: int = 3, g=4, **kw: int) -> int:
        return a
    """,
    """
    def f(*, a):
        pass
    """,
    """
    def f(*args: *Ts, **kw):
        pass
    """,
    """
    @a
    @b.c(d)
    def f():
        pass
    """,
    """
    async def f():
        async for x in y:
            pass
        else:
            pass
        async with a as b:
            await c
        return [x async for x in y if await x]
    """,
    """
    class A:
        pass
    """,
    """
    @a
    class A(B, C, metaclass=M, **kw):
        x: int = 1

        def f(self):
            pass

        def g(self):
            pass

        y = 2
    """,
    """
    def f():
        x = 1

        def g():
            nonlocal x

        return g
    """,
    """
    import a
    from b import c

    x = 1


    def f():
        import d

        return d


    @g
    class A:
        pass


    y = 2
    """,
    '''
    """A module."""

    x = 1
    ''',
    '''
    def f():
        """One line."""
        return 1
    ''',
    '''
    def f():
        """Several.

        Lines, of which
            some are indented.
        """
        return 1
    ''',
    '''
    def f():
        r"""A \\d and a \\n."""
    ''',
    '''
    class A:
        x = 1
        """What x is."""
    ''',
]


@pytest.mark.parametrize("source", [dedent(block).lstrip("\n") for block in BLOCKS])
def test_a_block_is_printed_as_it_was_written(source: str) -> None:
    check_round_trip(source)
    assert show(source) == source


PATTERNS = [
    """
    match a:
        case 1 | "b" | None:
            pass
        case [x, y, *rest] if x > y:
            pass
        case {"k": v, **rest}:
            pass
        case Point(x=0, y=y) as p:
            pass
        case -1 | 1 + 2j | a.b:
            pass
        case _:
            pass
    """,
    """
    match a, b:
        case x, (y, z):
            pass
        case (x,):
            pass
    """,
    """
    match x := f():
        case []:
            pass
        case a if (a, b):
            pass
        case a if b := a:
            pass
    """,
    """
    match (a):
        case ():
            pass
    """,
    """
    match -a:
        case "é\\n":
            pass
    """,
]


@pytest.mark.parametrize("source", [dedent(block).lstrip("\n") for block in PATTERNS])
def test_a_match_comes_back(source: str) -> None:
    check_round_trip(source)


def test_a_match_reads_as_it_was_written() -> None:
    source = dedent("""\
        match a, b:
            case [x, y] if x > y:
                return x
            case Point(x=0, y=_) | None:
                pass
        """)

    assert show(source) == source


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
@pytest.mark.parametrize(
    "source",
    [
        "type A = list[int]\n",
        "type A[T] = list[T]\n",
        "def f[T: int, *Ts, **P](x: T) -> T:\n    return x\n",
        "async def f[T](x: T) -> T:\n    return x\n",
        "class A[T](B[T]):\n    pass\n",
        "class A[T]:\n    pass\n",
        "@a\ndef f[T: (int, str)]():\n    pass\n",
        'f"{a["k"]}"\n',
        "f'{x + f\"{y}\"}'\n",
        "f\"{'\\n'.join(x)}\"\n",
    ],
)
def test_syntax_of_python_3_12_comes_back(source: str) -> None:
    check_round_trip(source)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="defaults of type parameters came with Python 3.13")
def test_a_default_of_a_type_parameter_comes_back() -> None:
    check_round_trip("def f[T = int, *Ts = *tuple[int], **P = [int]]():\n    pass\n")


@pytest.mark.skipif(sys.version_info < (3, 14), reason="t-strings came with Python 3.14")
@pytest.mark.parametrize("source", ['t"a{b}c"\n', 't"{a!r:>{b}}"\n', "try:\n    a\nexcept A, B:\n    b\n"])
def test_syntax_of_python_3_14_comes_back(source: str) -> None:
    check_round_trip(source)


# ---- docstrings


@pytest.mark.parametrize(
    "value",
    [
        "",
        "plain",
        'ends in a quote"',
        'has """ inside',
        'has \\ and """ inside',
        "ends in a backslash\\",
        'ends in both\\"',
        "has a \\ inside",
        "has\ttabs",
        "has\r\nreturns",
        "has \x00 and \x1b",
        "é and 漢",
        "\ud800",
        "a\n    b\n    ",
        "\n    a\n",
        "{not} an f-string",
    ],
)
def test_a_docstring_keeps_its_value(value: str) -> None:
    tree = ast.Module([ast.Expr(ast.Constant(value))], [])

    (statement,) = ast.parse(print_module(tree).text).body

    assert isinstance(statement, ast.Expr)
    assert ast.literal_eval(statement.value) == value


def test_a_flat_docstring_is_moved_to_its_place() -> None:
    tree = ast.parse("def f():\n    'x'\n    return 1\n")
    tree.body[0].body[0].value.value = "Adjoint of f.\n\nresiduals = (w,\n    x)\n"

    assert print_module(tree).text == dedent('''\
        def f():
            """Adjoint of f.

            residuals = (w,
                x)
            """
            return 1
        ''')


# ---- comments and lines

SOURCE = '''\
"""Doc
string."""
import a
@b
def f(x):
    """Several
    lines."""
    if x:
        y = """1
2"""
    elif a:
        pass
    else:
        pass
    z = f"""
    {x}"""
    for i in z:
        @c
        def g():
            return 1
        try:
            g()
        except A:
            pass
    return z
class A: pass
'''


def located(source: str) -> dict[int, str]:
    return {
        node.lineno: type(node).__name__ for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)
    }


def everywhere(tree: ast.AST, prefix: str) -> dict[ast.stmt, str]:
    return {node: f"{prefix} {node.lineno}" for node in ast.walk(tree) if isinstance(node, ast.stmt)}


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("behind", [False, True])
def test_every_line_maps_to_the_statement_that_starts_there(above: bool, behind: bool) -> None:
    tree = ast.parse(SOURCE)
    printed = print_module(
        tree,
        comments=everywhere(tree, "line one\nline two of") if above else None,
        trailing=everywhere(tree, "model.py") if behind else None,
    )

    assert {line: type(node).__name__ for line, node in printed.lines.items()} == located(printed.text)
    assert dump(printed.text) == dump(SOURCE)


def test_every_statement_has_a_line() -> None:
    tree = ast.parse(SOURCE)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]

    assert set(print_module(tree).lines.values()) == set(statements)


def test_every_comment_is_printed_once() -> None:
    tree = ast.parse(SOURCE)
    above, behind = everywhere(tree, "above"), everywhere(tree, "behind")
    text = print_module(tree, comments=above, trailing=behind).text
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)

    found = [token.string[2:] for token in tokens if token.type == tokenize.COMMENT]

    assert sorted(found) == sorted([*above.values(), *behind.values()])


def test_comments_stand_above_and_behind_their_statement() -> None:
    tree = ast.parse("@d\ndef f(x):\n    if x:\n        y = 1\n    elif z:\n        y = 2\n    return y\n")
    (function,) = tree.body
    branch, result = function.body
    printed = print_module(
        tree,
        comments={function: "first\n\nsecond", branch.orelse[0]: "otherwise", result: "done"},
        trailing={function: "a.py:1", branch: "a.py:2", branch.body[0]: "a.py:3", result: "a.py:7"},
    )

    assert printed.text == dedent("""\
        # first
        #
        # second
        @d
        def f(x):  # a.py:1
            if x:  # a.py:2
                y = 1  # a.py:3
            # otherwise
            elif z:
                y = 2
            # done
            return y  # a.py:7
        """)


def test_a_comment_above_a_function_follows_the_blank_lines() -> None:
    tree = ast.parse("x = 1\ndef f(): pass\n")
    text = print_module(tree, comments={tree.body[1]: "about f"}, trailing={tree.body[0]: "about x"}).text

    assert text == "x = 1  # about x\n\n\n# about f\ndef f():\n    pass\n"


def test_an_empty_module_is_an_empty_text() -> None:
    assert print_module(ast.Module([], [])).text.strip() == ""


# ---- real programs

MODULES = """
    argparse ast asyncio.tasks collections contextlib dataclasses decimal difflib enum fractions functools inspect
    statistics subprocess tarfile textwrap threading tokenize pprint types typing unittest.mock urllib.parse zipfile
""".split()


def module_source(name: str) -> str:
    source = importlib.util.find_spec(name).loader.get_source(name)
    assert source
    return source


@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_the_standard_library_comes_back(name: str) -> None:
    check_round_trip(module_source(name))


def test_printing_does_not_change_the_tree() -> None:
    source = module_source("dataclasses")
    tree = ast.parse(source)
    print_module(tree)

    assert ast.dump(tree) == ast.dump(ast.parse(source))


# ---- random programs


def operations(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    binary = [ast.Add, ast.Sub, ast.Mult, ast.MatMult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.BitOr]
    lists = st.lists(inner, min_size=2, max_size=3)
    no_arguments = ast.arguments([], [], None, [], [], None, [])
    return st.one_of(
        st.builds(ast.BinOp, inner, st.sampled_from([operator() for operator in binary]), inner),
        st.builds(ast.UnaryOp, st.sampled_from([ast.Not(), ast.USub(), ast.Invert()]), inner),
        st.builds(ast.BoolOp, st.sampled_from([ast.And(), ast.Or()]), lists),
        st.builds(lambda a, b, c: ast.Compare(a, [ast.Lt(), ast.NotIn()], [b, c]), inner, inner, inner),
        st.builds(ast.IfExp, inner, inner, inner),
        st.builds(lambda body: ast.Lambda(no_arguments, body), inner),
        st.builds(lambda value: ast.NamedExpr(ast.Name("n"), value), inner),
        st.builds(lambda elements: ast.Tuple(elements, ast.Load()), st.lists(inner, max_size=3)),
        st.builds(lambda value: ast.Attribute(value, "a", ast.Load()), inner),
        st.builds(lambda function, arguments: ast.Call(function, arguments, []), inner, lists),
        st.builds(lambda value, index: ast.Subscript(value, index, ast.Load()), inner, inner),
        st.builds(lambda value, a, b: ast.Subscript(value, ast.Slice(a, b), ast.Load()), inner, inner, inner),
        st.builds(ast.Await, inner),
        st.builds(ast.Yield, inner),
        st.builds(
            lambda element, iterable, condition: ast.ListComp(
                element, [ast.comprehension(ast.Name("i"), iterable, [condition], 0)]
            ),
            inner,
            inner,
            inner,
        ),
    )


LEAVES = st.sampled_from(
    [ast.Name("x"), ast.Constant(1), ast.Constant(2.5), ast.Constant("s"), ast.Constant(None)]
)


@pytest.mark.fuzz
@given(st.recursive(LEAVES, operations, max_leaves=8))
def test_a_random_expression_comes_back(tree: ast.expr) -> None:
    back = ast.parse(f"_ = {expression(tree)}").body[0].value

    assert ast.unparse(back) == ast.unparse(tree)
    assert expression(back) == expression(tree)
