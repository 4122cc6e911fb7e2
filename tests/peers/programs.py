"""Small functions with control flow, each with its arguments; the first of them is differentiated.

The module is loaded once for each package, with that package's numpy for `np`. Arguments are made by numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.random import default_rng


def array(*shape):
    return default_rng(sum(shape)).normal(size=shape)


def polynomial(x):
    return 3 * x**3 - x / (1 + x * x)


def power_by_loop(x, n):
    y = 1.0
    for _ in range(n):
        y = y * x
    return y


def newton_root(x):
    y = 1.0
    while abs(y * y - x) > 1e-12:
        y = (y + x / y) / 2
    return y


def clipped(x):
    if x > 1:
        return 1 + np.log(x)
    return x


def pieces(x):
    if x < -1:
        y = -x
    elif x < 1:
        y = x * x
    else:
        y = np.exp(x - 1)
    return y * x


def square(x):
    return x * x


def twice(x):
    return square(square(x)) + square(x)


def factorial(x, n):
    if n == 0:
        return 1.0
    return x * n * factorial(x - 0.1, n - 1)


def horner(coefficients, x):
    y = 0.0
    for c in coefficients:
        y = y * x + c
    return np.sin(y)


def alternating(xs):
    total = 0.0
    for i in range(len(xs)):
        if i % 2 == 0:
            total = total + xs[i]
        else:
            total = total - xs[i] ** 2
    return total


def until_large(x):
    total = 0.0
    for i in range(100):
        total = total + x * i
        if total > 20:
            break
    return total


def without_negatives(xs):
    total = 0.0
    for x in xs:
        if x < 0:
            continue
        total = total + x * x
    return total


def found_early(xs, limit):
    total = 0.0
    for x in xs:
        total = total + np.exp(x)
        if total > limit:
            return total * x
    return total


def table(xs):
    total = 0.0
    for i in range(3):
        for j in range(i + 1):
            total = total + xs[i] * xs[j] * (i + j)
    return total


def logistic_map(r, n):
    x = 0.3
    for _ in range(n):
        x = r * x * (1 - x)
    return x


def matrix_power(a, n):
    b = a
    for _ in range(n):
        b = b @ a / 2
    return np.sum(np.sin(b))


def regression(w, x, y):
    error = x @ w - y
    return np.mean(error**2) + 0.1 * np.sum(np.abs(w))


def normalised(x):
    centred = x - np.mean(x, axis=0)
    return np.sum(np.tanh(centred / np.sqrt(np.var(x, axis=0) + 0.1)) ** 3)


def attention(q, k, v):
    scores = q @ k.T / np.sqrt(k.shape[1])
    weights = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return np.sum(np.sin((weights / np.sum(weights, axis=1, keepdims=True)) @ v))


def neural_net(params, x):
    for w, b in params:
        x = np.tanh(x @ w + b)
    return np.sum(x * x)


def oscillator(state, steps):
    position, velocity = state
    for _ in range(steps):
        velocity = velocity - 0.1 * np.sin(position)
        position = position + 0.1 * velocity
    return position * velocity


def swapped(pair):
    a, b = pair
    for _ in range(5):
        a, b = b, a * np.cos(b)
    return a + b


def dictionary(params, x):
    h = x
    for name in ("first", "second"):
        h = np.maximum(h @ params[name]["w"], 0) + params[name]["b"]
    return np.mean(h**2)


def distances(x):
    difference = x[:, None, :] - x[None, :, :]
    return np.sum(np.exp(-np.sum(difference**2, axis=2)))


def smoothed(x):
    for _ in range(3):
        x = (x[:-1] + x[1:]) / 2
    return np.sum(x**3)


def volume(a):
    return np.log(np.linalg.det(a @ a.T + 4 * np.eye(3))) + np.trace(np.linalg.inv(a + 5 * np.eye(3)))


def mixture(means, x):
    pieces = []
    for i in range(3):
        pieces += [-((x - means[i]) ** 2)]
    scores = np.stack(pieces)
    return np.sum(np.log(np.sum(np.exp(scores), axis=0)))


PROGRAMS = {
    "polynomial": (polynomial, 1.3),
    "power_by_loop": (power_by_loop, 1.1, 7),
    "newton_root": (newton_root, 7.0),
    "clipped above": (clipped, 2.5),
    "clipped below": (clipped, 0.5),
    "pieces left": (pieces, -2.0),
    "pieces middle": (pieces, 0.4),
    "pieces right": (pieces, 1.7),
    "twice": (twice, 0.8),
    "factorial": (factorial, 2.2, 4),
    "horner": (horner, [0.5, -1.5, 2.0], 0.7),
    "alternating": (alternating, array(6)),
    "until_large": (until_large, 0.9),
    "without_negatives": (without_negatives, array(9)),
    "found_early": (found_early, array(9), 3.0),
    "found_never": (found_early, array(9), 1e9),
    "table": (table, array(3)),
    "logistic_map": (logistic_map, 3.2, 8),
    "matrix_power": (matrix_power, array(4, 4), 3),
    "regression": (regression, array(4), array(9, 4), array(9)),
    "normalised": (normalised, array(7, 3)),
    "attention": (attention, array(4, 5), array(6, 5), array(6, 3)),
    "neural_net": (neural_net, [(array(4, 5), array(5)), (array(5, 2), array(2))], array(3, 4)),
    "oscillator": (oscillator, (1.2, 0.3), 12),
    "swapped": (swapped, (0.7, 1.9)),
    "dictionary": (
        dictionary,
        {"first": {"w": array(3, 5), "b": array(5)}, "second": {"w": array(5, 2), "b": 0.4}},
        array(8, 3),
    ),
    "distances": (distances, array(5, 2)),
    "smoothed": (smoothed, array(8)),
    "volume": (volume, array(3, 3)),
    "mixture": (mixture, array(3), array(11)),
}
