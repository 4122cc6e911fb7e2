"""Straight-line code: variables bound again and again, numbers of every kind, operators in every combination."""

from __future__ import annotations

import math

import numpy as np

from tests.corpus.case import at, matrix, positive, vector


@at(0.7)
def value_used_many_times(x):
    y = x * x
    return y + y + y * y + (y + y) * (y - x) - y / x + y**2


@at(0.7)
def variable_bound_again(x):
    x = x * x
    x = x + 1.5
    x = x * x
    return x


@at(0.7, 1.3)
def two_values_swapped(a, b):
    a, b = b, a
    return a * a * b


@at(0.7, 1.3, 0.4)
def three_values_rotated(a, b, c):
    a, b, c = b, c, a
    a, b = a * b, a - b
    return a * a * b + c


@at(0.7)
def added_to_itself(x):
    x = x + x
    x = x + x
    return x * x


@at(0.7)
def assigned_to_itself(x):
    x = x
    y = x
    x = y
    return x * y


@at(0.7)
def chained_assignment(x):
    a = b = x * x
    a = a * 2.5
    return a * b


@at(0.7)
def augmented_assignments_of_a_number(x):
    y = x * 2.0
    y += 1.5
    y *= y
    y -= 2.5 * x
    y /= 3.0
    y **= 2
    return y


@at(vector(3) + 2)
def augmented_assignments_of_an_array(x):
    y = x * 1.5
    y += x
    y *= y
    y -= 0.5
    y /= x
    y **= 2
    return np.sum(y)


@at(0.7)
def integer_becomes_a_float(x):
    n = 3
    n = n * x
    n = n + 2
    return n * n


@at(0.7)
def neutral_constants(x):
    return 1 * x + x * 1 + 0 * x + x**1 + x**0 + 1.0 / x + x / 1


@at(vector(3))
def signs_upon_signs(x):
    return np.sum(-x * +x - -x + -(-x) * x)


@at(0.7, 0.3)
@at(positive(3), positive(3))
def products_and_quotients(a, b):
    return np.sum(
        a / b / a / b + 1 / a / b + a / 2 / b + 2 / (a / b) - 3 / (2 / a) + 2 * a * 3 * b * (a * -2) * -b
    )


@at(0.7)
def whole_powers(x):
    return x**3 + x**-2 + (-x) ** 2 + x**2.5


@at(0.0)
@at(np.array([0.0, 1.0, -2.0]))
def powers_at_zero(x):
    return np.sum(x**1 + x**2 + x**3)


@at(0.7)
def powers_of_constants(x):
    return 2**x + 2.5**x + np.e**x


@at(0.7)
def remainder_and_floor(x):
    return (x * 5) % 2 + (x * 5) // 2 * x + round(x * 5.1) * x + int(x * 5.1) * x


@at(0.7, 0.4)
def functions_of_math(x, y):
    return math.sin(x) * math.exp(y) + math.sqrt(x) * math.log(y) + math.pow(x, y) + math.atan2(x, y)


@at(0.7, 0.4)
def builtin_functions(x, y):
    return max(x, y) * min(x, y, 2.0) + abs(-x) * abs(y - 2) + pow(x, 3) + float(x * y)


@at(0.7)
def unused_values(x):
    y = x * 100
    z = np.exp(y)
    return x * x


@at(0.7, 0.3)
def unused_argument(x, y):
    return x * 2.5


@at(0.7)
def constant_result(x):
    return 3.0


@at(0.7)
def argument_returned(x):
    return x


@at(matrix(2, 3))
def only_the_shape(w):
    n, m = w.shape
    return float(n * m) * w.ndim / w.size


@at(0.7)
def annotated_variables(x: float) -> float:
    y: float
    z: float = x * x
    y = z * 2
    return y * z


@at(vector(3).astype(np.float32), vector(3).astype(np.float32))
def single_precision(x, y):
    return np.sum(np.tanh(x * 2.0) * y / 3 + x**2 * 0.5)


@at(np.float64(0.7))
@at(np.array(0.7))
@at(np.array([0.7]))
def number_in_any_wrapping(x):
    y = x * x * 2 + np.sin(x)
    return np.sum(y * x)


@at(np.array(0.7), vector(3))
def array_without_axes(z, x):
    return np.sum(z * x * z) + z[()] * z + np.sum(z[...] * z)


@at(np.zeros((0, 3)))
def array_without_elements(x):
    return np.sum(x * x) + 1.5


@at(np.asfortranarray(matrix(2, 3)))
@at(matrix(4, 6)[::2, ::-2])
def array_in_any_layout(w):
    return np.sum(w * w * w) + np.sum(w.ravel()[:2])


@at(vector(3), vector(3))
def lambda_of_several_on_a_line(x, y):
    f, g, h = (lambda t: t * t), (lambda t: t * 3 * t), (lambda t, s: t**3 * s)
    return np.sum(f(x) * g(y) + h(x, y))
