"""Names that the compiler might like to use itself, or that mean something else outside the function."""

from __future__ import annotations

import numpy as np

from tests.corpus.case import at, vector


def sub(t):
    return t * t + 1.5


@at(0.7)
def cotangents(x):
    x_bar = x * 2
    y_bar = x_bar * x
    cotangents_bar = y_bar + x
    return x_bar * y_bar * cotangents_bar


@at(0.7)
def residuals_and_branches(x):
    steps = x * 2
    leave = steps * x
    branch = leave * steps
    residuals = branch + 1.5
    out = residuals * x
    g = out * out
    return g * steps * leave


@at(vector(3))
def loop_variables(x):
    steps, k, leave = x * 2, 1.5, 2.0
    for i in range(3):
        for j in range(2):
            if steps[0] > 4:
                break
            steps = steps * x * k
        k = k * leave
        if i == 1:
            continue
        leave = leave + x[0]
    return np.sum(steps) * k * leave


@at(0.7, 2.0, 1.3)
def numpy_and_the_run_time(np, accumulate, zero):
    call = np * accumulate
    Mirror = call * zero
    unbroadcast = Mirror + np
    return unbroadcast * call


@at(0.7)
def builtins_as_floats(x):
    len = x * 2
    zip = len * x
    reversed = zip + x
    for c in [1.5, 0.5]:
        reversed = reversed * x * zip + c
    return len * zip * reversed


@at(0.7)
def range_as_a_list(x):
    range = [1.5, 2.0, 3.0]
    for c in range:
        x = x * c + x * x
    return x


@at(0.7)
def numbered(x):
    w = x * x
    w_2 = w * 2
    w = w_2 * w
    w_3 = w * w_2
    w = w_3 * x
    return w * w_2 * w_3


@at(0.7)
def previous(x):
    h = x
    h_prev = x * 3
    for _ in range(2):
        h = h * h + h_prev
    return h


@at(0.7)
def generated_functions(x):
    sub_forward = x * 2
    sub_out = sub(x) * sub_forward
    sub_saved = sub(sub_out)
    return sub_saved * x


@at(0.7)
def gradient_of_itself(gradient_of_itself_bar):
    gradient_of_itself_grad = gradient_of_itself_bar * 2
    return gradient_of_itself_grad * gradient_of_itself_bar


@at(0.7)
def underscores(_):
    __ = _ * _
    return __ * _


@at(vector(3))
def invented_words(x):
    total = np.sum(x)
    dot = x @ x
    prod = total * dot
    sum_out = prod + total
    return (total + dot) * (prod - sum_out) * (x @ x + np.sum(x))


@at(0.7)
def greek(α):
    β = α * α
    return β * α
