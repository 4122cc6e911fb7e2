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

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (method_that_writes_an_attribute.py:11)
def f(w, xs):
    cell = tape.call(Cell, 0.5)
    for x in tape.iterate(xs):
        tape.method(cell, "step", w, x)
    return tape.op("*", tape.of(cell).h, w)


# Cell.__init__ (method_that_writes_an_attribute.py:4)
def __init__(self, h):
    tape.of(self).h = h


# Cell.step (method_that_writes_an_attribute.py:7)
def step(self, w, x):
    tape.of(self).h = tape.call(np.tanh, tape.op("+", tape.op("*", w, tape.of(self).h), x))
    return tape.of(self).h
