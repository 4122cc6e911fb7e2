"""`if`, `elif` and `else`: tests of every kind, names bound in one branch only, variables overwritten behind a test."""

from __future__ import annotations

import numpy as np

from tests.corpus.case import at, vector


@at(0.7)
@at(-0.7)
def either_branch(x):
    if x > 0:
        y = x * x
    else:
        y = -x
    return y * x


@at(0.7)
@at(-0.7)
def without_else(x):
    y = x
    if x > 0:
        y = y * y
    return y * x


@at(1.7)
@at(0.7)
@at(-0.7)
@at(-1.7)
def chain_of_elif(x):
    if x > 1:
        y = x * x
    elif x > 0:
        y = x * 3
        x = y * x
    elif x > -1:
        y = x
    else:
        y = 1.5
    return y * x


@at(0.7)
def overwrites_what_it_tested(x):
    if x > 0:
        x = -x * x
    else:
        x = x * 3
    return x * x


@at(np.array([0.3, -1.2, 1.4]))
def array_tested(x):
    if np.sum(x) > 0:
        x = x * x
    if x[0] > 0.01:
        x = x * x[0]
    return np.sum(x)


@at(0.7, 0.3)
@at(0.7, -0.3)
@at(-0.7, -0.3)
def many_parts_tested(x, y):
    if 0 < x < 1 and (y > 0 or x < y) and not x > 5:
        z = x * y
    else:
        z = x + y * 3
    return z * z


@at(0.7, True)
@at(0.7, False)
def flag_that_changes(x, flag):
    if flag:
        x = x * x
    flag = not flag
    if flag:
        x = x + 2.5
    return x * x


@at(0.7, None)
@at(0.7, 0.4)
def optional_argument(x, b):
    if b is None:
        return x * x
    return x * b * b


@at(0.7, "square")
@at(0.7, "cube")
def chosen_by_name(x, mode):
    if mode == "square":
        return x * x
    if mode == "cube":
        return x**3
    raise ValueError(mode)


@at(0.7, 0)
@at(0.7, 1)
@at(0.7, 2)
def name_bound_in_some_branches(x, n):
    if n > 0:
        z = x * x
    if n > 1:
        z = z * x
    y = x
    if n > 0:
        y = y * z
    return y


@at(0.7)
def empty_branch(x):
    if x > 0:
        pass
    else:
        x = x * 2
    return x * x


@at(0.7)
def constant_tests(x):
    if True:
        x = x * x
    if False:
        x = x + 5
    if 0:
        return x
    return x * x


@at(-0.7)
@at(0.2)
@at(0.9)
def early_return(x):
    if x < 0:
        return x * x
    y = x * 3
    if y > 1:
        return y
    return x * y


@at(0.9)
@at(2.9)
def early_return_after_work(x):
    y = x * x
    z = y * x
    if z > 0.1:
        w = z * y
        if w > 100:
            return w
        z = z * w
    return z * y


@at(0.7)
@at(7.0)
def returns_an_integer_sometimes(x):
    if x > 5:
        return 1
    return x * x


@at(-0.5)
@at(0.7)
def constant_returned_before_a_loop(x):
    if x < 0:
        return 0.0
    y = x
    for _ in range(3):
        y = y * x
    return y


@at(0.7)
@at(-0.7)
def conditional_expression(x):
    y = x * x if x > 0 else -x
    return y * 3 if y > 0.6 else y * y


@at(0.7, 0.4)
@at(0.3, 0.4)
@at(0.3, -0.4)
def conditional_expressions_nested(x, y):
    z = x if x > y else (y * y if y > 0 else x * y)
    return z * z


@at(vector(3) + 2, vector(3))
def where_instead_of_if(x, y):
    mask = x > 1.9
    return np.sum(np.where(mask, x * x, y) + np.where(mask, 1.5, x * y) + np.clip(y, -0.5, 0.5) * x)


@at(vector(3), vector(3), True)
@at(vector(3), vector(3), False)
def container_chosen_by_a_test(x, y, flag):
    pair = (x, y) if flag else (y, x * 2)
    a, b = pair
    return np.sum(a * a * b)
