from dataclasses import dataclass

@dataclass
class Point:
    x: float
    y: float

    def norm(self):
        return (self.x**2 + self.y**2) ** 0.5

def f(a, b):
    return Point(a, b * a).norm()

args = (0.7, 1.3)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (dataclass.py:11)
def f(a, b):
    return tape.method(tape.call(Point, a, tape.op("*", b, a)), "norm")


# Point.norm (dataclass.py:8)
def norm(self):
    return tape.op("**", tape.op("+", tape.op("**", tape.of(self).x, 2), tape.op("**", tape.of(self).y, 2)), 0.5)
