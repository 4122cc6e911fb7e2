"""Gradients of small functions: knetc beside numpy written by hand, autograd, JAX, PyTorch and tangent.

    python benchmarks/small_functions.py --runs 40

Why this long: every function stands beside its gradient written by hand.

Arrays are float64; PyTorch and JAX are given tensors of their own, and JAX its compiler.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from timing import agree, compare, options, report

import knetc


@dataclass(frozen=True)
class Task:
    """A function whose first arguments are differentiated, the gradient written by hand, and the arguments."""

    function: Callable[..., Any]
    by_hand: Callable[..., Any]
    wrt: tuple[int, ...]
    args: tuple[Any, ...]
    torch: Callable[..., Any]


# ---- a multilayer perceptron


def mlp(w1, b1, w2, b2, x, y):
    h = np.tanh(x @ w1 + b1)
    error = h @ w2 + b2 - y
    return np.mean(error * error)


def mlp_by_hand(w1, b1, w2, b2, x, y):
    h = np.tanh(x @ w1 + b1)
    bar = (h @ w2 + b2 - y) * (2.0 / y.size)
    h_bar = bar @ w2.T * (1 - h * h)
    return x.T @ h_bar, h_bar.sum(axis=0), h.T @ bar, bar.sum(axis=0)


def mlp_torch(w1, b1, w2, b2, x, y):
    error = (x @ w1 + b1).tanh() @ w2 + b2 - y
    return (error * error).mean()


# ---- a loop over arrays, with a branch


def loop(w, x):
    h = x
    for i in range(10):
        if i % 3 == 0:
            h = np.tanh(w @ h)
        else:
            h = w @ h + x
    return np.sum(h * h)


def loop_by_hand(w, x):
    states = [x]
    for i in range(10):
        h = w @ states[-1]
        states.append(np.tanh(h) if i % 3 == 0 else h + x)
    bar, w_bar = 2 * states[-1], np.zeros_like(w)
    for i in reversed(range(10)):
        if i % 3 == 0:
            bar = bar * (1 - states[i + 1] * states[i + 1])
        w_bar += np.outer(bar, states[i])
        bar = w.T @ bar
    return w_bar


def loop_torch(w, x):
    h = x
    for i in range(10):
        h = (w @ h).tanh() if i % 3 == 0 else w @ h + x
    return (h * h).sum()


# ---- a loop over numbers


def scalars(x, r):
    for _ in range(50):
        x = r * x * (1 - x)
    return x


def scalars_by_hand(x, r):
    states = []
    for _ in range(50):
        states.append(x)
        x = r * x * (1 - x)
    bar, r_bar = 1.0, 0.0
    for x in reversed(states):
        r_bar += bar * x * (1 - x)
        bar *= r * (1 - 2 * x)
    return bar, r_bar


# ---- calls of other functions


def affine(x, w, b):
    return x @ w + b


def layer(x, w, b):
    return np.tanh(affine(x, w, b))


def helpers(w, b, x):
    return np.sum(layer(layer(layer(x, w, b), w, b), w, b))


def helpers_by_hand(w, b, x):
    h1 = np.tanh(x @ w + b)
    h2 = np.tanh(h1 @ w + b)
    h3 = np.tanh(h2 @ w + b)
    bar3 = 1 - h3 * h3
    bar2 = bar3 @ w.T * (1 - h2 * h2)
    bar1 = bar2 @ w.T * (1 - h1 * h1)
    w_bar = h2.T @ bar3
    w_bar += h1.T @ bar2
    w_bar += x.T @ bar1
    return w_bar, bar3.sum(axis=0) + bar2.sum(axis=0) + bar1.sum(axis=0)


def helpers_torch(w, b, x):
    for _ in range(3):
        x = (x @ w + b).tanh()
    return x.sum()


# ---- a stencil in place


def stencil(u):
    u = u.copy()
    for _ in range(20):
        u[1:-1] = 0.5 * u[1:-1] ** 2 + 0.25 * (u[:-2] + u[2:])
    return np.sum(u * u)


def stencil_by_hand(u):
    u = u.copy()
    middles = []
    for _ in range(20):
        middle = u[1:-1].copy()
        u[1:-1] = 0.5 * middle**2 + 0.25 * (u[:-2] + u[2:])
        middles.append(middle)
    bar = 2.0 * u
    for middle in reversed(middles):
        g = bar[1:-1].copy()
        bar[1:-1] = g * middle
        g *= 0.25
        bar[2:] += g
        bar[:-2] += g
    return bar


def stencil_torch(u):
    for _ in range(20):
        inner = 0.5 * u[1:-1] ** 2 + 0.25 * (u[:-2] + u[2:])
        u = torch_cat((u[:1], inner, u[-1:]))
    return (u * u).sum()


def torch_cat(parts):
    import torch

    return torch.cat(parts)


def stencil_without_stores(u):
    """The same for tracers that know no stores."""
    for _ in range(20):
        u = np.concatenate([u[:1], 0.5 * u[1:-1] ** 2 + 0.25 * (u[:-2] + u[2:]), u[-1:]])
    return np.sum(u * u)


# ---- a recurrent network


def rnn(w, u, xs):
    h = np.zeros(w.shape[0])
    for x in xs:
        h = np.tanh(w @ h + u @ x)
    return h @ h


def rnn_by_hand(w, u, xs):
    states = [np.zeros(w.shape[0])]
    for x in xs:
        states.append(np.tanh(w @ states[-1] + u @ x))
    bar = 2 * states[-1]
    w_bar, u_bar = np.zeros_like(w), np.zeros_like(u)
    for i in reversed(range(len(xs))):
        g = bar * (1 - states[i + 1] * states[i + 1])
        w_bar += np.outer(g, states[i])
        u_bar += np.outer(g, xs[i])
        bar = w.T @ g
    return w_bar, u_bar


def rnn_torch(w, u, xs):
    h = w[0] * 0
    for x in xs:
        h = (w @ h + u @ x).tanh()
    return h @ h


# ---- recursion over a tree


def value(w, tree):
    if isinstance(tree, tuple):
        left, right = tree
        return np.tanh(w @ value(w, left) + value(w, right))
    return tree


def recursion(w, tree):
    return np.sum(value(w, tree))


def recursion_by_hand(w, tree):
    w_bar = np.zeros_like(w)

    def forward(node):
        if not isinstance(node, tuple):
            return node, None
        (left, saved_left), (right, saved_right) = forward(node[0]), forward(node[1])
        out = np.tanh(w @ left + right)
        return out, (out, left, saved_left, saved_right)

    def backward(saved, bar):
        if saved is not None:
            out, left, saved_left, saved_right = saved
            g = bar * (1 - out * out)
            w_bar[...] += np.outer(g, left)
            backward(saved_right, g)
            backward(saved_left, w.T @ g)

    out, saved = forward(tree)
    backward(saved, np.ones_like(out))
    return w_bar


def recursion_torch(w, tree):
    def value_torch(node):
        if isinstance(node, tuple):
            return (w @ value_torch(node[0]) + value_torch(node[1])).tanh()
        return w[0].detach() * 0 + LEAF

    return value_torch(tree).sum()


LEAF = 0.3


def full_tree(depth, leaf):
    return leaf if depth == 0 else (full_tree(depth - 1, leaf), full_tree(depth - 1, leaf))


def tasks() -> dict[str, Task]:
    def array(*shape):
        return np.random.default_rng(sum(shape)).normal(size=shape)

    args = array(20, 30), array(30), array(30, 5), array(5), array(64, 20), array(64, 5)
    square = array(20, 20)
    return {
        "MLP 64x20x30x5": Task(mlp, mlp_by_hand, (0, 1, 2, 3), args, mlp_torch),
        "loop with a branch": Task(loop, loop_by_hand, (0,), (array(16, 16) / 4, array(16)), loop_torch),
        "loop of scalars": Task(scalars, scalars_by_hand, (0, 1), (0.3, 3.1), scalars),
        "calls of helpers": Task(
            helpers, helpers_by_hand, (0, 1), (square, square[0], array(32, 20)), helpers_torch
        ),
        "stencil in place": Task(stencil, stencil_by_hand, (0,), (array(1000) / 4,), stencil_torch),
        "RNN": Task(rnn, rnn_by_hand, (0, 1), (array(16, 16) / 4, array(16, 8), array(10, 8)), rnn_torch),
        "recursion over a tree": Task(
            recursion,
            recursion_by_hand,
            (0,),
            (array(8, 8) / 4, full_tree(4, np.full(8, LEAF))),
            recursion_torch,
        ),
    }


# ---- the ways


def ways(task: Task) -> dict[str, Callable[[], Any]]:
    """How the gradient can be had here; the first is what the others are compared with."""
    found = {
        "numpy by hand": lambda: task.by_hand(*task.args),
        "knetc": bound(knetc.grad(task.function, wrt=task.wrt), task.args),
    }
    for name, way in PEERS.items():
        if importlib.util.find_spec(name.partition(".")[0]) is not None:
            found[name] = way(task)
    return found


def by_tangent(task: Task) -> Callable[[], Any]:
    import tangent

    function = stencil_without_stores if task.function is stencil else task.function
    return bound(tangent.grad(function, wrt=task.wrt), task.args)


def bound(gradient: Callable[..., Any], args: tuple[Any, ...]) -> Callable[[], Any]:
    return lambda: gradient(*args)


def speaking(function: Callable[..., Any], numpy: Any) -> Callable[..., Any]:
    """The function and the helpers it calls, with another package's numpy for `np`."""
    scope = {**vars(sys.modules[__name__]), "np": numpy}
    function = stencil_without_stores if function is stencil else function
    for helper in (affine, layer, value, function):
        scope[helper.__name__] = types.FunctionType(helper.__code__, scope, helper.__name__)
    return scope[function.__name__]


def by_autograd(task: Task) -> Callable[[], Any]:
    import autograd
    import autograd.numpy

    return bound(autograd.grad(speaking(task.function, autograd.numpy), task.wrt), task.args)


def by_jax(task: Task) -> Callable[[], Any]:
    import jax

    jax.config.update("jax_enable_x64", True)
    gradient = jax.jit(jax.grad(speaking(task.function, jax.numpy), task.wrt))
    args = jax.tree.map(jax.numpy.asarray, task.args)
    return lambda: jax.block_until_ready(gradient(*args))


def by_torch(task: Task) -> Callable[[], Any]:
    import torch

    args = [
        a if isinstance(a, tuple) else torch.tensor(a, dtype=torch.float64, requires_grad=i in task.wrt)
        for i, a in enumerate(task.args)
    ]
    inputs = [args[i] for i in task.wrt]
    return lambda: torch.autograd.grad(task.torch(*args), inputs)


PEERS = {"autograd": by_autograd, "jax.jit": by_jax, "torch": by_torch, "tangent": by_tangent}


def arrays(gradient: Any) -> list[Any]:
    parts = gradient if isinstance(gradient, (tuple, list)) else (gradient,)
    return [np.asarray(part) for part in parts]


def main() -> None:
    """Check that all agree, then time them."""
    chosen = options("gradients of small functions", runs=20)
    rows = []
    for name, task in tasks().items():
        calls = ways(task)
        agree(name, {way: arrays(call()) for way, call in calls.items()}, rtol=1e-9)
        rows += compare(name, calls, chosen.runs)
    report(rows, chosen.json)


if __name__ == "__main__":
    main()
