"""Metamorphic relations: a program that is rewritten so that it means the same has the same gradient.

The numbers are those of `reliability.md`, section 1. What needs the forward mode (2, 15 in part) is checked with
differences; nothing is recomputed or donated yet (12), so that both sweeps on their own stand for it.
"""

from __future__ import annotations

import ast
import copy
import inspect
from contextlib import ExitStack

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings

import knetc
from knetc.recording.entry import Recording
from knetc.testing.differences import called, flat, reference
from knetc.testing.programs import is_python, loaded, programs, recorded_form

A, B = 0.7, -1.3
V, U = np.array([0.3, -1.2, 0.9]), np.array([1.1, 0.4, -0.6])
M = np.array([[0.2, -0.5, 1.4], [0.8, 0.1, -0.9]])


@pytest.fixture(params=["grad", "recorded"])
def slopes(request):
    """`slopes(f, *args)`: the gradients of `f` by all arguments, as knetc finds them, and by recording."""

    def gradients(f, *args):
        names = tuple(inspect.signature(f).parameters)
        args = copy.deepcopy(args)
        if request.param == "grad":
            return knetc.grad(f, wrt=names)(*args)
        return tuple(Recording(f, inspect.signature(f), names).gradient(*args)[1])

    return gradients


@pytest.fixture
def defined():
    """`defined(text)`: the function `f` that a text defines."""
    with ExitStack() as open_modules:
        yield lambda text: open_modules.enter_context(loaded("import numpy as np\n" + text))


def same(some, others):
    """Equal to the last bit."""
    return all(map(np.array_equal, some, others))


def close(some, others, rtol=1e-12):
    """Equal up to the order of sums."""
    for a, b in zip(some, others, strict=True):
        np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-14)


def loss(v, u):
    h = np.tanh(v * u) + v
    return np.sum(h * h) * u[0]


def other(v, u):
    return np.sum(np.sin(v) * np.exp(-u * u))


# ---- 1, 2: the gradient is linear in the function, and the transpose of the derivative


def test_1_gradients_of_a_sum_add(slopes):
    both = [f + g for f, g in zip(slopes(loss, V, U), slopes(other, V, U), strict=True)]

    close(slopes(lambda v, u: loss(v, u) + other(v, u), V, U), both)


def test_1_a_power_of_two_comes_out_exactly(slopes):
    assert same(slopes(lambda v, u: 4.0 * loss(v, u), V, U), [4.0 * g for g in slopes(loss, V, U)])


def test_2_the_product_with_the_derivative_is_its_transpose():
    def layers(v):
        return np.cumsum(np.tanh(np.outer(v, v)), axis=1) @ v

    w, direction, step = np.array([0.5, -1.5, 2.0]), np.array([1.0, -0.5, 0.25]), 1e-5
    value, residuals = knetc.grad(layers).forward(V)
    forward = (layers(V + step * direction) - layers(V - step * direction)) / (2 * step)

    backward = knetc.grad(layers).backward(residuals, w)
    assert np.array_equal(value, layers(V))
    np.testing.assert_allclose(forward @ w, direction @ backward, rtol=1e-8)


# ---- 3, 4: calls


def test_3_a_function_in_a_lambda_is_itself(slopes):
    assert same(slopes(lambda v, u: loss(v, u), V, U), slopes(loss, V, U))  # noqa: PLW0108  the lambda is the point


def test_3_a_function_behind_a_default_argument_is_itself(slopes):
    def wrapped(v, u, inner=loss):
        return inner(v, u)

    assert same(slopes(lambda v, u: 1.0 * wrapped(v, u), V, U), slopes(loss, V, U))


def test_4_a_callee_and_its_body_are_the_same(slopes):
    def inlined(v, u):
        h = np.tanh(v * u) + v
        first = np.sum(h * h) * u[0]
        k = np.tanh(u * v) + u
        return first * (np.sum(k * k) * v[0])

    close(slopes(lambda v, u: loss(v, u) * loss(u, v), V, U), slopes(inlined, V, U))


def test_4_a_block_may_be_moved_into_a_callee_that_writes(slopes):
    def update(v, u):
        v[1:] += np.sin(u[1:])
        v *= u

    def calls(v, u):
        w = v.copy()
        update(w, u)
        update(w, u)
        return np.sum(w * v)

    def inlined(v, u):
        w = v.copy()
        w[1:] += np.sin(u[1:])
        w *= u
        w[1:] += np.sin(u[1:])
        w *= u
        return np.sum(w * v)

    close(slopes(calls, V, U), slopes(inlined, V, U))


# ---- 5: loops


STEP = "t = np.tanh(t * a + v[{0} % 3])\nv[{0} % 3] = t * b"


def looped(head, step, *, after=""):
    body = "\n".join("        " + line for line in step.splitlines())
    first = "def f(a, b, v):\n    t = a\n    v = v.copy()\n    i = 0\n"
    return f"{first}    {head}\n{body}\n{after}    return t + np.sum(v)\n"


def unrolled(n):
    lines = [line for i in range(n) for line in STEP.format(i).splitlines()]
    body = "\n".join("    " + line for line in lines)
    return f"def f(a, b, v):\n    t = a\n    v = v.copy()\n{body}\n    return t + np.sum(v)\n"


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_5_a_loop_is_its_steps_one_after_another(slopes, defined, n):
    expected = slopes(defined(unrolled(n)), A, B, V)

    close(slopes(defined(looped(f"for i in range({n}):", STEP.format("i"))), A, B, V), expected)
    close(slopes(defined(looped(f"while i < {n}:", STEP.format("i") + "\ni += 1")), A, B, V), expected)


@pytest.mark.parametrize("k", [0, 1, 3, 5])
def test_5_a_loop_may_be_split_in_two(slopes, defined, k):
    body = "\n".join("        " + line for line in STEP.format("i").splitlines())
    rest = f"    for i in range({k}, 5):\n{body}\n"
    split = defined(looped(f"for i in range({k}):", STEP.format("i"), after=rest))

    close(slopes(split, A, B, V), slopes(defined(unrolled(5)), A, B, V))


# ---- 6: writes in place


FUNCTIONAL = """
def f(a, v, u):
    w = np.concatenate([v[:1] * a, v[1:] + u[1:]])
    w = np.concatenate([w[:2], w[2:] * w[0]])
    return np.sum(w * w * u)
"""
WRITES = (
    "w[0] *= a; w[1:] += u[1:]; w[2] *= w[0]",
    "w[0] = w[0] * a; w[1:] = w[1:] + u[1:]; w[2] = w[2] * w[0]",
)
NAMES = (
    "w = v.copy()",
    "w = v.copy(); x = w; w = x",
    "x = v.copy(); w = x[:]",
    "x = v[::-1].copy(); w = x[::-1]",
)


@pytest.mark.parametrize("writes", WRITES)
@pytest.mark.parametrize("names", NAMES)
def test_6_writes_in_place_are_new_values(slopes, defined, names, writes):
    in_place = defined(f"def f(a, v, u):\n    {names}; {writes}\n    return np.sum(w * w * u)\n")

    close(slopes(in_place, A, V, U), slopes(defined(FUNCTIONAL), A, V, U))


def test_6_what_is_written_through_a_view_is_seen_by_its_array(slopes):
    def through_a_view(a, m):
        m = m.copy()
        row = m[0]
        row[1:] *= a
        return np.sum(m * m)

    def direct(a, m):
        first = np.concatenate([m[0, :1], m[0, 1:] * a])
        return np.sum(first * first) + np.sum(m[1] * m[1])

    close(slopes(through_a_view, A, M), slopes(direct, A, M))


# ---- 7 to 10: the text, on random programs too


LOCALS = "v_bar _t0 stack residuals tape steps accumulate scatter_add zero g out knetc f_grad class_ lambda_".split()


class Renamed(ast.NodeTransformer):
    """The names that a function assigns to, under names that a generator might use itself."""

    def __init__(self, function):
        taken = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)} | {
            a.arg for a in function.args.args
        }
        fixed = {name for n in ast.walk(function) if isinstance(n, ast.Nonlocal) for name in n.names}
        inner = [n for n in ast.walk(function) if isinstance(n, ast.FunctionDef | ast.Lambda)]
        fixed |= {a.arg for n in inner for a in ast.walk(n.args) if isinstance(a, ast.arg)}
        stored = [
            n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        ]
        new = [name for name in LOCALS if name not in taken]
        self.names = dict(zip([n for n in dict.fromkeys(stored) if n not in fixed], new, strict=False))

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_MatchAs(self, node):
        self.generic_visit(node)
        node.name = self.names.get(node.name, node.name)
        return node


def renamed(function):
    Renamed(function).visit(function)


def with_dead_code(function):
    """An assignment that nobody reads, a branch that is never taken, a loop without steps, all with nan in them."""
    first = function.args.args[0].arg
    dead = (
        f"dead_0 = {first} * float('nan')",
        f"if 1 > 2:\n    {first} = {first} * float('inf')",
        f"for dead_1 in range(0):\n    {first} = {first} / 0.0",
        f"dead_2 = np.zeros(2) * {first}\ndead_2[0] = 1.0",
    )
    function.body[0:0] = ast.parse("\n".join(dead)).body


def with_temporaries(function):
    """Every returned value by way of names, one of them used twice."""

    class Returned(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            return node

        visit_Lambda = visit_ClassDef = visit_FunctionDef

        def visit_Return(self, node):
            return ast.parse(
                f"back_0 = {ast.unparse(node.value)}\nback_1 = back_0 * 0.5\nreturn back_1 + back_0 - back_1"
            ).body

    function.body = [n for s in function.body for n in _listed(Returned().visit(s))]


def _listed(nodes):
    return nodes if isinstance(nodes, list) else [nodes]


def in_a_callee(function):
    """The function under another name, called by one with its own."""
    names = ", ".join(a.arg for a in function.args.args)
    function.body = [
        ast.FunctionDef("inner", function.args, function.body, []),
        *ast.parse(f"return inner({names})").body,
    ]


REWRITES = (renamed, with_dead_code, with_temporaries, in_a_callee)


def rewritten(text, rewrite):
    module = ast.parse(text)
    rewrite(next(n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == "f"))
    return ast.unparse(ast.fix_missing_locations(module))


def recorded(f, point):
    """The value and the gradients by recording. What `test_programs` would find is not looked for here."""
    try:
        return called(recorded_form(f, tuple(point)), point)[0]
    except Exception:  # noqa: BLE001  any error
        return reject()


@pytest.mark.fuzz
@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda f: f.__name__)
@settings(suppress_health_check=list(HealthCheck))
@given(subject=programs())
def test_7_9_10_a_random_program_means_the_same_in_other_words(rewrite, subject):
    assume(is_python(subject.text))
    text = rewritten(subject.text, rewrite)
    with loaded(subject.text) as f, loaded(text) as g:
        truth = reference(f, subject.seed)
        assume(truth is not None)
        value, expected = recorded(f, truth.given)
        other_value, found = called(recorded_form(g, tuple(truth.given)), truth.given)[0]

    np.testing.assert_allclose(other_value, value, rtol=1e-12)
    close(map(flat, found), map(flat, expected), rtol=1e-9)


TEXT = """
def f(a, b, v):
    t = a * b
    w = v * t
    for i in range(2):
        t, s = np.tanh(t + w[i]), t
        w = w * s
    if t > 5.0:
        t = b
    return np.sum(w) * t
"""


@pytest.mark.parametrize("rewrite", [renamed, with_dead_code], ids=lambda f: f.__name__)
def test_7_9_names_and_dead_code_change_no_bit(slopes, defined, rewrite):
    assert same(slopes(defined(rewritten(TEXT, rewrite)), A, B, V), slopes(defined(TEXT), A, B, V))


def test_8_independent_statements_may_change_places(slopes):
    def first(a, b, v):
        s = np.sin(a * b)
        w = v * b
        t = np.cos(b) * v[0]
        return s * np.sum(w) * t

    def second(a, b, v):
        t = np.cos(b) * v[0]
        w = v * b
        s = np.sin(a * b)
        return s * np.sum(w) * t

    close(slopes(first, A, B, V), slopes(second, A, B, V))


def test_9_dead_code_with_nan_does_not_leak(slopes):
    def dead(a, v):
        w = v.copy()
        w[0] = a / (a - a + 1.0)
        with np.errstate(all="ignore"):
            w = np.log(-np.abs(w)) * 0.0
        return a * np.sum(v)

    close(slopes(dead, A, V), slopes(lambda a, v: a * np.sum(v), A, V))


def test_10_a_shared_subexpression_counts_once_for_each_use(slopes):
    def shared(a, v):
        h = np.tanh(a * v)
        return np.sum(h * h + h)

    close(
        slopes(shared, A, V),
        slopes(lambda a, v: np.sum(np.tanh(a * v) * np.tanh(a * v) + np.tanh(a * v)), A, V),
    )


# ---- 11 to 15


def test_11_a_branch_is_where_on_each_element(slopes):
    def branches(v, u):
        s = 0.0
        for x, y in zip(v, u, strict=True):
            if x > 0:
                s = s + np.sin(x) * y
            else:
                s = s + x * y * y
        return s

    def chosen(v, u):
        return np.sum(np.where(v > 0, np.sin(v) * u, v * u * u))

    close(slopes(branches, V, U), slopes(chosen, V, U))


def test_12_the_two_sweeps_on_their_own_make_the_same_gradient():
    gradient = knetc.grad(loss, wrt=("v", "u"))
    _, residuals = gradient.forward(V, U)

    close(gradient.backward(residuals, 1.0), gradient(V, U))


def test_12_gradients_share_no_memory_with_arguments_or_each_other(slopes):
    found = slopes(lambda v, u: np.sum(v) + np.sum(u * 1.0), V, U)

    assert not any(np.shares_memory(g, x) for g in found for x in (V, U))
    assert not np.shares_memory(*found)


def example_loss(m, v):
    return np.sum(np.tanh(m @ v) ** 2)


def test_13_the_gradient_of_a_batch_is_the_sum_over_its_examples(slopes):
    rows = [slopes(example_loss, row[None], V) for row in M]
    whole = slopes(example_loss, M, V)

    close(whole, [np.concatenate([m for m, _ in rows]), sum(v for _, v in rows)])


def test_13_permuted_examples_have_permuted_gradients(slopes):
    m, v = slopes(example_loss, M, V)

    close(slopes(example_loss, M[::-1].copy(), V), [m[::-1], v])


def matrix_loss(m, v):
    w = m * v
    w = w.T.reshape(-1)[1:] + np.cumsum(m)[0]
    return np.sum(w * w)


LAYOUTS = {
    "column by column": np.asfortranarray,
    "every other": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "backwards": lambda x: np.ascontiguousarray(x[..., ::-1])[..., ::-1],
    "read only": lambda x: np.broadcast_to(x, x.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_14_the_layout_of_an_array_does_not_matter(slopes, layout):
    close(slopes(matrix_loss, layout(M), layout(V)), slopes(matrix_loss, M, V))


def test_14_axes_of_length_one_broadcast(slopes):
    def product(m, v):
        return np.sum(np.sin(m) * v)

    m, v = slopes(product, M[:1], V[:1])
    full_m, full_v = slopes(product, M[:1], np.full(3, V[0]))

    close([m, v], [full_m, [full_v.sum()]])


def test_14_an_array_without_axes_is_a_number(slopes):
    def power(a, v):
        return np.sum(a * v) * a

    close(slopes(power, np.array(A), V), slopes(power, A, V))


def test_14_an_empty_array_has_an_empty_gradient(slopes):
    def total(v, u):
        return np.sum(v * 2.0) + np.sum(u)

    empty, rest = slopes(total, np.zeros(0), U)

    assert empty.shape == (0,)
    close([rest], [np.ones(3)])


def test_14_single_precision_is_double_precision_rounded(slopes):
    single = slopes(matrix_loss, M.astype(np.float32), V.astype(np.float32))

    assert {g.dtype for g in single} == {np.dtype(np.float32)}
    close(single, slopes(matrix_loss, M, V), rtol=1e-5)


def test_15_calling_twice_changes_no_bit_and_no_argument():
    gradient = knetc.grad(matrix_loss, wrt=("m", "v"))
    m, v = M.copy(), V.copy()
    first = [g.copy() for g in gradient(m, v)]

    assert same(gradient(m, v), first)
    assert same((m, v), (M, V))


def test_15_a_new_gradient_is_the_old_one():
    assert same(knetc.grad(loss, wrt=(0, 1))(V, U), knetc.grad(loss, wrt=(0, 1))(V, U))


# ---- and


def test_a_change_of_variables_follows_the_chain_rule(slopes):
    close(slopes(lambda v: other(2.0 * v, U), V / 2), [2.0 * slopes(lambda v: other(v, U), V)[0]])


def test_a_homogeneous_function_obeys_euler(slopes):
    def cubic(v, u):
        return np.sum(v * u * u) + v[0] ** 3 - np.max(u) * v[1] * u[2]

    v, u = slopes(cubic, V, U)
    np.testing.assert_allclose(v @ V + u @ U, 3 * cubic(V, U), rtol=1e-12)


def test_what_does_not_change_with_a_shift_has_a_gradient_that_sums_to_zero(slopes):
    def softmax(v, u):
        e = np.exp(v - np.max(v))
        return np.sum(e / np.sum(e) * u)

    assert abs(np.sum(slopes(softmax, V, U)[0])) < 1e-15
