import numpy as np

class Cell:
    def __init__(self, h):
        self.h = h

    def step(self, w, x):
        self.h = np.tanh(w * self.h + x)
        return self.h

def f(w, xs):
    cell = Cell(0.5)
    for x in xs:
        cell.step(w, x)
    return cell.h * w

args = (0.7, [0.1, 0.4])
wrt = ('w',)

# output

from knetc.runtime.accumulate import filled


def cell_step_forward(w, x, *, cell_h):
    """Forward sweep of cell_step (method_that_writes_an_attribute.py:7); returns the value and the residuals."""
    cell_h_2 = np.tanh(w * cell_h + x)
    return (cell_h_2, cell_h_2), (w, cell_h, cell_h_2)


def cell_step_backward(residuals, cell_step_bar):
    """Adjoint of cell_step (method_that_writes_an_attribute.py:7); returns the cotangents of w and cell_h."""
    w, cell_h, cell_h_2 = residuals
    cell_h_bar = filled(cell_step_bar[0], 0.0) + filled(cell_step_bar[1], 0.0)  # method_that_writes_an_attribute.py:9  return self.h
    total_bar = cell_h_bar * (1 - cell_h_2 * cell_h_2)  # method_that_writes_an_attribute.py:8  self.h = np.tanh(w * self.h + x)
    w_bar = total_bar * cell_h
    cell_h_bar = total_bar * w
    return w_bar, cell_h_bar


def f_grad(w, xs):
    """Gradient of f (method_that_writes_an_attribute.py:11) with respect to w."""
    cell_h = cell_init(0.5)
    steps = []
    for x in xs:
        (cell_step_out, cell_h), cell_step_out_2_saved = cell_step_forward(w, x, cell_h=cell_h)
        steps.append(cell_step_out_2_saved)
    # backward
    cell_h_bar = w  # method_that_writes_an_attribute.py:15  return cell.h * w
    w_bar = cell_h
    for cell_step_out_2_saved in reversed(steps):  # method_that_writes_an_attribute.py:13  for x in xs:
        w_bar_part, cell_h_bar = cell_step_backward(cell_step_out_2_saved, (None, cell_h_bar))  # method_that_writes_an_attribute.py:14  cell.step(w, x)
        w_bar += w_bar_part
    return w_bar


def cell_init(h):
    cell_h = h
    return cell_h
