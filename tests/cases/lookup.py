import numpy as np

def f(table, ids):
    rows = table[ids]
    return np.sum(rows * rows)

args = np.ones((5, 3)), np.array([0, 2, 2])

# output

import numpy as np
from knetc.runtime.scatter import scatter_add


def f_grad(table, ids):
    """Gradient of f (lookup.py:3) with respect to table."""
    rows = table[ids]
    prod = rows * rows
    # backward
    rows_bar = np.full_like(prod, 2.0) * rows  # lookup.py:5  return np.sum(rows * rows)
    table_bar = np.zeros_like(table)  # lookup.py:4  rows = table[ids]
    scatter_add(table_bar, ids, rows_bar)
    return table_bar
