import numpy as np

def value(w, tree):
    if isinstance(tree, tuple):
        left, right = tree
        return np.tanh(w * value(w, left) + value(w, right))
    return tree

def f(w, tree):
    return value(w, tree)

args = (0.7, ((0.1, 0.2), 0.3))
wrt = ('w',)

# output

import numpy as np
from knetc.ops.container import add_left, add_right
from knetc.runtime.scalar import check_scalar


def value_forward(w, tree):
    """Forward sweep of value (tree_recursion.py:3); returns the value and the residuals."""
    prod = None
    total = None
    value_out = None
    value_out_2 = None
    value_out_2_saved = None
    value_out_saved = None
    branch = isinstance(tree, tuple)
    if branch:
        left, right = tree
        value_out, value_out_saved = value_forward(w, left)
        prod = w * value_out
        value_out_2, value_out_2_saved = value_forward(w, right)
        total = prod + value_out_2
        out = np.tanh(total)
    else:
        out = tree
    return out, (w, branch, value_out, value_out_saved, prod, value_out_2, value_out_2_saved, total, out)


def value_backward(residuals, value_bar):
    """Adjoint of value (tree_recursion.py:3); returns the cotangent of w."""
    w, branch, value_out, value_out_saved, prod, value_out_2, value_out_2_saved, total, out = residuals
    if branch:  # tree_recursion.py:4  if isinstance(tree, tuple):
        total_bar = value_bar * (1 - out * out)  # tree_recursion.py:6  return np.tanh(w * value(w, left) + value(w, right))
        prod_bar = add_left(total_bar, total, prod, value_out_2)
        w_bar = value_backward(value_out_2_saved, add_right(total_bar, total, prod, value_out_2)) + np.sum(prod_bar * value_out)
        w_bar += value_backward(value_out_saved, prod_bar * w)
    else:
        w_bar = 0.0
    return w_bar


def f_grad(w, tree):
    """Gradient of f (tree_recursion.py:9) with respect to w."""
    value_out, value_out_saved = value_forward(w, tree)
    # backward
    check_scalar(value_out, "f")
    w_bar = value_backward(value_out_saved, 1.0)  # tree_recursion.py:10  return value(w, tree)
    return w_bar
