"""`break`, `continue` and `return` at any depth: each is tried with every number of rounds that makes a difference."""

from __future__ import annotations

from tests.corpus.case import at


@at(0.7, 0)
@at(0.7, 3)
@at(0.7, 4)
@at(0.7, 6)
def leaves_at_three(x, n):
    y = x
    for i in range(n):
        y = y * x
        if i == 3:
            break
        y = y + 1.5
    return y


@at(0.7, 0)
@at(0.7, 2)
def leaves_at_once(x, n):
    for i in range(n):
        if i == 0:
            break
        x = x * 2
    return x * x


@at(0.7, 1)
@at(0.7, 5)
def skips_even_rounds(x, n):
    y = x
    for i in range(n):
        y = y * x
        if i % 2 == 0:
            continue
        y = y + x
    return y


@at(0.7, 1)
@at(0.7, 3)
@at(0.7, 7)
@at(2.3, 3)
@at(2.3, 7)
def leaves_in_three_ways(x, n):
    y = x
    for i in range(n):
        if i == 1:
            continue
        y = y * x + 1.5
        if i == 4:
            break
        if y > 6:
            return y * 2
        y = y - x * i
    return y * x


@at(0.7, 0)
@at(0.7, 1)
@at(0.7, 6)
def every_branch_jumps(x, n):
    y = x
    for i in range(n):
        if y > 1:
            y = y * 0.5
            continue
        y = y * x + 2
        if i > 2:
            break
        continue
    return y


@at(0.7, 0)
@at(0.7, 2)
@at(0.7, 6)
def inner_and_outer_break(x, n):
    y = x
    for i in range(n):
        for j in range(i + 2):
            if j == 2:
                break
            y = y * x + j
            if y > 2:
                continue
            y = y + x
        if i == 3:
            break
        y = y * 0.9
    return y


@at(0.7, 1)
@at(0.7, 3)
@at(0.2, 3)
def returns_from_an_inner_loop(x, n):
    y = x
    for i in range(n):
        z = y * x
        for j in range(3):
            z = z * 1.3 + x
            if z > 4:
                return z * y
            if j == 1 and i == 1:
                break
        y = y + z
    return y


@at(0.9, 1)
@at(0.9, 4)
@at(0.9, 6)
def three_loops_deep(x, n):
    for i in range(n):
        for j in range(2):
            k = 0
            while k < 3:
                k += 1
                if k == 2:
                    continue
                x = x * 1.01 + 0.01 * k
                if x > 5:
                    return x * i
                if j == 1:
                    break
            if i == 2:
                break
        if i == 3:
            continue
        x = x * x * 0.9
    return x


@at(0.7, 0)
@at(0.7, 1)
def returns_in_the_first_round(x, n):
    for _ in range(n):
        x = x * 3
        return x * x
    return x


@at([0.3, 0.5, 0.9], 0.42)
@at([0.3, 0.5, 0.9], 3.0)
@at([], 3.0)
def first_element_above(xs, limit):
    for x in xs:
        if x > limit:
            return x * limit
    return limit * limit


@at([0.3, 0.5, 0.9], 0.42)
def closest_element(xs, target):
    best = 0.0
    for i, x in enumerate(xs):
        distance = (x - target) ** 2
        if i == 0 or distance < best:
            best = distance
    return best


@at(0.7, 0)
@at(0.7, 2)
@at(0.7, 3)
@at(0.7, 5)
def two_loops_that_return(x, n):
    for i in range(n):
        x = x * 1.1
        if i == 4:
            return x
    y = x * x
    for i in range(n):
        y = y * x
        if i == 2:
            return y
        x = x + y
    return y * x


@at(0.7, 1)
@at(0.7, 5)
def break_after_a_conditional_assignment(x, n):
    found = 0.0
    for i in range(n):
        z = x * i
        if z > 1:
            found = z * x
            break
    return found * x + x


@at(0.7)
def loops_forever_until_break(x):
    n = 0
    while True:
        x = x * x + 0.5
        n += 1
        if n > 3:
            break
        x = x * n
    return x


@at(0.7)
def loops_forever_until_return(x):
    n = 0
    while True:
        n += 1
        for _ in range(3):
            x = x * 1.2
            if x > 3:
                return x * n
        x = x + 0.1


@at(0.7)
def counts_and_continues(x):
    n = 0
    while n < 6:
        n += 1
        if n % 2:
            continue
        x = x * n * 0.3
    return x


@at(0.7, 0.3)
@at(0.7, -0.95)
def constant_returned_from_a_loop(a, b):
    c = a
    if b > -0.9:
        c = a * a * a
    n = 0
    while n < 3:
        if b > 0:
            return 0.5
        n += 1
    return c
