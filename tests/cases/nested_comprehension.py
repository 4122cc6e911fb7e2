import numpy as np

def f(a, b):
    rows = [[p * q for q in b] for p in a]
    return rows[0][1] * rows[1][0]

args = [0.3, 0.5], [0.7, 1.1]

# output

from knetc.runtime.accumulate import accumulate, add_item, filled


def f_grad(a, b):
    """Gradient of f (nested_comprehension.py:3) with respect to a and b."""
    rows = []
    steps = []
    for p in a:
        items = []
        steps_2 = []
        for q in b:
            items.append(p * q)
            steps_2.append(q)
        items_prev = list(items)
        rows.append(items)
        steps.append((p, steps_2, items_prev))
    rows_0 = rows[0]
    value = rows_0[1]
    rows_1 = rows[1]
    value_2 = rows_1[0]
    # backward
    rows_1_bar = [None] * len(rows_1)  # nested_comprehension.py:5  return rows[0][1] * rows[1][0]
    add_item(rows_1_bar, 0, value)
    rows_bar = [None] * len(rows)
    add_item(rows_bar, 1, rows_1_bar)
    rows_0_bar = [None] * len(rows_0)
    add_item(rows_0_bar, 1, value_2)
    add_item(rows_bar, 0, rows_0_bar)
    a_bar = [None] * len(a)  # nested_comprehension.py:4  rows = [[p * q for q in b] for p in a]
    b_bar = [None] * len(b)
    for k, (p, steps_2, items_prev) in zip(reversed(range(len(steps))), reversed(steps)):
        items_bar = rows_bar.pop()
        items_bar = accumulate([None] * len(items_prev), items_bar)
        p_bar = 0.0
        for k_2, q in zip(reversed(range(len(steps_2))), reversed(steps_2)):
            prod_bar = filled(items_bar.pop(), 0.0)
            p_bar += prod_bar * q
            q_bar = prod_bar * p
            add_item(b_bar, k_2, q_bar)
        add_item(a_bar, k, p_bar)
    return a_bar, b_bar
