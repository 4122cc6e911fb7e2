import numpy as np

class Cell:
    def __init__(self, w, u):
        self.w, self.u = w, u
        self.h = np.zeros(2)

    def step(self, x):
        self.h = np.tanh(self.w @ self.h + self.u @ x)
        return np.sum(self.h * self.h)

def f(w, u, xs):
    cell = Cell(w, u)
    return sum([cell.step(x) for x in xs])

args = np.ones((2, 2)), np.ones((2, 3)), [np.ones(3)]
wrt = ("w", "xs")

# output

import numpy as np
from knetc.ops.reduce import share_among_terms
from knetc.runtime.accumulate import add_item, filled


def cell_step_forward(x, *, cell_h, cell_u, cell_w):
    """Forward sweep of cell_step (object_in_a_comprehension.py:8); returns the value and the residuals."""
    cell_h_2 = np.tanh(cell_w @ cell_h + cell_u @ x)
    return (np.sum(cell_h_2 * cell_h_2), cell_h_2), (x, cell_h, cell_u, cell_w, cell_h_2)


def cell_step_backward(residuals, cell_step_bar):
    """Adjoint of cell_step (object_in_a_comprehension.py:8); returns the cotangents of x, cell_h, cell_u and cell_w."""
    x, cell_h, cell_u, cell_w, cell_h_2 = residuals
    cell_h_bar = filled(cell_step_bar[1], cell_h_2)  # object_in_a_comprehension.py:10  return np.sum(self.h * self.h)
    cell_h_bar = cell_h_bar + 2 * filled(cell_step_bar[0], 0.0) * cell_h_2
    total_bar = cell_h_bar * (1 - cell_h_2 * cell_h_2)  # object_in_a_comprehension.py:9  self.h = np.tanh(self.w @ self.h + self.u @ x)
    cell_u_bar = np.outer(total_bar, x)
    x_bar = cell_u.T @ total_bar
    cell_w_bar = np.outer(total_bar, cell_h)
    cell_h_bar = cell_w.T @ total_bar
    return x_bar, cell_h_bar, cell_u_bar, cell_w_bar


def cell_init_forward(w, u):
    """Forward sweep of cell_init (object_in_a_comprehension.py:4); returns the value and the residuals."""
    cell_w, cell_u = w, u
    cell_h = np.zeros(2)
    return (cell_h, cell_u, cell_w), cell_w


def cell_init_backward(residuals, cell_init_bar):
    """Adjoint of cell_init (object_in_a_comprehension.py:4); returns the cotangent of w."""
    cell_w = residuals
    cell_w_bar = filled(cell_init_bar[2], cell_w)  # object_in_a_comprehension.py:4  def __init__(self, w, u):
    return cell_w_bar


def f_grad(w, u, xs):
    """Gradient of f (object_in_a_comprehension.py:12) with respect to w and xs."""
    (cell_h, cell_u, cell_w), cell_init_out_saved = cell_init_forward(w, u)
    items = []
    steps = []
    for x in xs:
        (cell_step_out, cell_h), cell_step_out_2_saved = cell_step_forward(x, cell_h=cell_h, cell_u=cell_u, cell_w=cell_w)
        items.append(cell_step_out)
        steps.append(cell_step_out_2_saved)
    # backward
    items_bar = share_among_terms(1.0, items)  # object_in_a_comprehension.py:14  return sum([cell.step(x) for x in xs])
    cell_h_bar = np.zeros_like(cell_h)
    cell_u_bar = np.zeros_like(cell_u)
    cell_w_bar = np.zeros_like(cell_w)
    xs_bar = [None] * len(xs)
    for k, cell_step_out_2_saved in zip(reversed(range(len(steps))), reversed(steps)):
        x_bar, cell_h_bar, cell_u_bar_part, cell_w_bar_part = cell_step_backward(cell_step_out_2_saved, (filled(items_bar.pop(), 0.0), cell_h_bar))
        cell_u_bar += cell_u_bar_part
        cell_w_bar += cell_w_bar_part
        add_item(xs_bar, k, x_bar)
    w_bar = cell_init_backward(cell_init_out_saved, (cell_h_bar, cell_u_bar, cell_w_bar))  # object_in_a_comprehension.py:13  cell = Cell(w, u)
    return w_bar, xs_bar
