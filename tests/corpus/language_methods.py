"""Methods of objects of a known class, and objects in attributes: what is called is known when compiling.

Every program is checked in all the ways of `tests/corpus/checker.py`.
"""

from __future__ import annotations

import numpy as np

from tests.corpus.case import at, matrix, positive, vector


class Affine:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, x):
        return x @ self.w + self.b

    def penalty(self):
        return np.sum(self.w * self.w) + self.b**2


class Scaled(Affine):
    def __init__(self, w, b, k):
        super().__init__(w, b)
        self.k = k

    def penalty(self, weight=0.5):
        return weight * self.k * super().penalty()


class Model:
    size = 3

    def __init__(self, first, second):
        self.first, self.second = first, second

    def hidden(self, x):
        return np.tanh(self.first(x))

    def both(self, x, y):
        h = self.hidden(x)
        return h, self.second(y) * h

    @staticmethod
    def squared(x):
        return x * x

    @classmethod
    def widened(cls, x):
        return x * cls.size

    @property
    def total(self):
        return np.sum(self.first.w) * self.second.b

    def power(self, x, n):
        return x if n == 0 else self.power(x * self.first.b, n - 1)

    def even(self, x, n):
        return x if n == 0 else self.odd(np.sin(x), n - 1)

    def odd(self, x, n):
        return x * self.second.b if n == 0 else self.even(np.cos(x), n - 1)


def model():
    return Model(Affine(vector(3), 0.7), Scaled(vector(3), 1.3, 0.4))


@at(model(), vector(3))
def methods_and_parts(m, x):
    return m.hidden(x) * m.second(x)


@at(model(), vector(3), vector(3))
def method_that_returns_several(m, x, y):
    h, z = m.both(x, y)
    return h * z + h


@at(model(), vector(3))
def methods_of_parts(m, x):
    return m.first.penalty() * np.sum(x) + m.second.penalty() + m.second.penalty(weight=0.25)


@at(model(), vector(3))
def static_and_class_methods(m, x):
    return np.sum(m.squared(x) + m.widened(x)) * m.first.b


@at(model(), 0.9)
def property_of_an_object(m, x):
    return m.total * x


@at(model(), 0.9, 3)
def method_that_calls_itself(m, x, n):
    return m.power(x, n) + m.even(x, n) + m.odd(x, n + 1)


@at(model(), vector(3), 3)
def methods_in_a_loop(m, x, n):
    total = 0.0
    for i in range(n):
        total = total + m.hidden(x * (i + 1)) * m.first.b
        x = x + total
    return np.sum(x)


@at(model(), vector(3), 1)
@at(model(), vector(3), -1)
def one_part_or_the_other(m, x, n):
    part = m.first if n > 0 else m.second
    return part(x) * part.b


@at(model(), vector(3))
def a_part_under_another_name(m, x):
    layer = m.first
    y = layer(x)
    layer = m.second
    return y * layer(x)


@at(model(), vector(3))
def a_method_under_another_name(m, x):
    step = m.hidden
    return step(x) * step(2 * x)


class Hiding:
    def __init__(self, w):
        self.w = w
        self.step = lambda x: x * 3.0

    def step(self, x):
        return x * self.w

    def twice(self, x):
        return self.step(self.step(x)) * self.w


@at(Hiding(0.7), 0.9)
def attribute_that_hides_a_method(o, x):
    return o.step(x) * o.twice(x) * o.w


class Filled:
    def __init__(self, n):
        self.table = np.linspace(0.3, 0.9, n)
        self.calls = []

    def read(self, i):
        return self.table[i] * self.table[-1]

    def noted(self, x):
        self.calls.append(1)
        return x * self.table[len(self.calls) % 2]


@at(Filled(4), 0.9)
def method_that_reads_items(o, x):
    total = 0.0
    for i in range(3):
        total += o.read(i) * x
    return total


@at(Filled(4), 0.9)
def method_that_notes_its_calls(o, x):
    return o.noted(x) * o.noted(x)


class Counter:
    def __init__(self, h):
        self.h = h

    def step(self, x):
        self.h = np.tanh(self.h * x)
        return self.h


class Held:
    def __init__(self, cell, w):
        self.cell, self.w = cell, w

    def run(self, x, n):
        for _ in range(n):
            x = self.cell.step(x * self.w)
        return x


@at(Held(Counter(0.4), 0.8), 0.9, 3)
def part_with_a_state(o, x, n):
    return o.run(x, n) * o.cell.h


class Node:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def total(self, x):
        below = 0.0
        if self.left is not None:
            below = below + self.left.total(x * self.value)
        if self.right is not None:
            below = below + self.right.total(np.sin(x))
        return below + self.value * x


@at(Node(0.5, Node(0.7, Node(1.1)), Node(0.3, None, Node(0.9))), 0.8)
def tree_of_objects(tree, x):
    return tree.total(x)


class Writer:
    def __init__(self, w):
        self.w = w

    def fill(self, y, x):
        y[0] = x * self.w
        y[1] *= self.w
        return y


@at(Writer(0.7), np.array([0.5, 1.2]), 0.9)
def method_that_stores_into_its_argument(o, y, x):
    o.fill(y, x)
    return np.sum(y * y)


class Guarded:
    def __init__(self, w):
        self.w = w

    def root(self, x):
        if np.any(x < 0):
            raise ValueError
        return np.sqrt(x) * self.w

    def safe(self, x):
        try:
            return self.root(x)
        except ValueError:
            return self.root(-x) * 2.0


@at(Guarded(0.7), positive(3))
@at(Guarded(0.7), -positive(3))
def method_that_raises(o, x):
    return np.sum(o.safe(x))


@at(model(), matrix(2, 3))
def method_in_a_comprehension(m, x):
    return sum([np.sum(m.hidden(row)) * m.first.b for row in x])


@at([Affine(vector(3), 0.7), Affine(vector(3), 1.3)], vector(3))
def methods_of_items(layers, x):
    return layers[0](x) * layers[1](x) + layers[1].penalty()


class Many:
    def __init__(self, w):
        self.w = w
        for i in range(70):
            setattr(self, f"option{i}", i)
        self.step = lambda x: x**3

    def step(self, x):
        return x * self.w


@at(Many(0.7), 0.9)
def method_hidden_by_one_of_many_attributes(o, x):
    return o.step(x) * o.w


class Answering:
    def __init__(self, w):
        self.w = w

    def __getattribute__(self, name):
        return (lambda x: x * x) if name == "step" else object.__getattribute__(self, name)

    def step(self, x):
        return x * self.w


@at(Answering(0.7), 0.9)
def class_that_answers_for_its_attributes(o, x):
    return o.step(x) * o.w


class Replacing(Affine):
    parent = None

    def __call__(self, x):
        self.parent.second = self.parent.first
        return super().__call__(x)


class Replaced(Model):
    def run(self, x):
        y = self.second(x)
        z = self.third(x)
        return y + z * self.second(x)


class Doubled(Affine):
    def __call__(self, x):
        return 2.0 * super().__call__(x)


WEIGHTS = [vector(3) for _ in range(3)]


def replaced_once():
    m = Replaced(Affine(WEIGHTS[0], 0.7), Doubled(WEIGHTS[1], 1.3))
    m.third = Replacing(WEIGHTS[2], 0.2)
    m.third.parent = m
    return m


@at(vector(3))
def part_that_another_part_replaces(x):
    m = replaced_once()
    return m.run(x) * m.second(x)


@at(vector(3), [model()])
def part_that_is_replaced_by_name(x, ms):
    m = ms[0]
    setattr(m, "first", m.second)
    return m.first(x) * m.hidden(x)


@at(vector(3), model())
def part_that_a_function_within_replaces(x, m):
    def change():
        setattr(m, "first", Doubled(m.first.w, 0.3))

    change()
    return m.first(x)


class Noting:
    def __init__(self, w):
        self.w, self.s, self.notes = w, 0.0, []

    def add(self, x):
        self.s = self.s + x * self.w
        return x

    def note(self, x):
        self.notes.append(x * self.w)
        return x

    def twice(self, x):
        return self.add(self.note(x))


@at(Noting(0.7), 0.9)
def method_that_changes_its_object_in_a_test(o, x):
    if o.note(x) > 0 and o.twice(x) > 0:
        return o.notes[-1] * x + o.s
    return x


@at(Noting(0.7), 0.9)
def method_that_changes_its_object_for_nothing(o, x):
    y = o.twice(x)
    n = len([o.add(x) for _ in range(3)])
    return o.s * n


@at(Noting(0.7), 0.9)
def method_that_changes_its_object_between_two_looks(o, x):
    parts = (o.s, o.add(x), o.s)
    return parts[0] + parts[1] * parts[2] + o.s * np.sign(o.twice(x))


def noted(o, x):
    o.notes.append(x * o.w)
    return x


@at(Noting(0.7), 0.9)
def function_that_changes_an_object_in_a_test(o, x):
    return o.notes[-1] * x if noted(o, x) > 0 else x
