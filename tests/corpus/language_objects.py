"""Classes of users: dataclasses, operators, properties, inheritance, enums, state that is written and carried."""

from __future__ import annotations

import abc
import enum
import functools
import math
from dataclasses import astuple, dataclass, field, replace
from types import SimpleNamespace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np

from tests.corpus.case import at, matrix, vector

Item = TypeVar("Item")


class Vec:
    """A vector of two numbers with operators."""

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return self + -other

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __mul__(self, other):
        return (
            self.x * other.x + self.y * other.y
            if isinstance(other, Vec)
            else Vec(self.x * other, self.y * other)
        )

    def __rmul__(self, c):
        return self * c

    def __truediv__(self, c):
        return self * (1 / c)

    def __pow__(self, n):
        return Vec(self.x**n, self.y**n)

    def __matmul__(self, other):
        return self.x * other.y - self.y * other.x

    def __iadd__(self, other):
        self.x += other.x
        self.y = self.y + other.y
        return self

    def __abs__(self):
        return math.sqrt(self.x**2 + self.y**2)

    def __eq__(self, other):
        return isinstance(other, Vec) and (self.x, self.y) == (other.x, other.y)

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __hash__(self):
        return 1

    def __getitem__(self, i):
        return (self.x, self.y)[i]

    def __setitem__(self, i, v):
        setattr(self, "xy"[i], v)

    def __len__(self):
        return 2

    def __iter__(self):
        yield self.x
        yield self.y

    def __contains__(self, v):
        return v in (self.x, self.y)

    def __call__(self, t):
        return self.x + t * self.y

    def __bool__(self):
        return self.x != 0

    def __repr__(self):
        return f"Vec({self.x}, {self.y})"


@at(0.4, 1.3)
def operators_of_a_class(a, b):
    u, v = Vec(a, b), Vec(b, a * a)
    w = 2 * u + v * a - u / b
    w += v**2
    return w * u + (w @ v) + abs(w)


@at(0.4, 1.3)
def protocols_of_a_class(a, b):
    v = Vec(a, b)
    v[1] = v[0] * 3
    x, y = v
    s = sum(t * t for t in v) * len(v) + v(x) + v[-1]
    if v and 7.0 not in v and Vec(a, a) < Vec(5.0, b) and v != Vec(a, b):
        s = s * (x + b)
    return s + max(Vec(a, b), Vec(b, b)).x * str(v).count("V")


@at(Vec(0.4, 1.3), Vec(0.9, 0.2))
def objects_as_arguments(u, v):
    w = u + v * 2
    return (w @ u) * v.x + abs(u - v) ** 2


@at(Vec(0.4, 1.3))
def attribute_of_an_argument_written(v):
    v.x = v.x * v.y
    v.norm = abs(v)
    v += Vec(v.norm, 2.0)
    return v.x * v.norm + v.y


@dataclass(frozen=True)
class Gaussian:
    mean: Any
    scale: Any = 1.5
    kind: ClassVar[str] = "normal"

    def density(self, x):
        z = (x - self.mean) / self.scale
        return np.exp(-z * z / 2) / self.scale

    def __mul__(self, other):
        v, w = self.scale**2, other.scale**2
        return Gaussian((self.mean * w + other.mean * v) / (v + w), math.sqrt(v * w / (v + w)))


@dataclass(slots=True)
class Body:
    position: np.ndarray
    velocity: np.ndarray
    mass: float = 1.0
    trail: list[Any] = field(default_factory=list)

    def step(self, force, dt):
        self.velocity = self.velocity + force / self.mass * dt
        self.position += self.velocity * dt
        self.trail.append(self.position.copy())


@dataclass
class Layer:
    w: Any
    b: Any = None
    total: float = field(init=False, default=0.0)

    def __post_init__(self):
        if self.b is None:
            self.b = np.sum(self.w) * 0.5
        self.norm = np.sum(self.w**2)

    def __call__(self, x):
        self.total = self.total + np.sum(x)
        return np.tanh(self.w * x + self.b)


@at(0.4, 1.3)
def frozen_dataclass(m, s):
    g = Gaussian(m, s)
    h = replace(g, mean=g.scale * m) * Gaussian(mean=s)
    return g.density(0.7) * h.density(m) + len(Gaussian.kind) * h.mean


@at(Gaussian(0.4, 1.3), 0.9)
def frozen_dataclass_as_argument(g, x):
    return (g * g).density(x) * g.mean + sum(astuple(g))


@at(vector(2), 0.3)
def dataclass_with_slots(p, dt):
    body = Body(p * 1.0, p * 2, mass=1.7)
    for _ in range(3):
        body.step(-body.position, dt)
    return np.sum(body.position * body.velocity) + sum(np.sum(t * t) for t in body.trail)


@at(Body(vector(2), vector(2), 1.4), 0.3)
def dataclass_with_slots_as_argument(body, dt):
    for k in range(2):
        body.step(-body.position * k - 0.5, dt)
    return np.sum(body.position * body.velocity) * len(body.trail)


@at(vector(3))
def dataclass_made_inside(x):
    layers = [Layer(x), Layer(w=x * 2, b=x[0]), Layer(x[1])]
    h = x
    for layer in layers:
        h = layer(h) * layer.norm
    return np.sum(h) + sum(layer.total for layer in layers)


class Shape(abc.ABC):
    sides = 0

    def __init__(self, scale):
        self._scale = scale
        self.cached = None

    @abc.abstractmethod
    def area(self): ...

    @property
    def scale(self):
        return self._scale * 2

    @scale.setter
    def scale(self, value):
        self._scale = value / 2
        self.cached = None

    @functools.cached_property
    def cube(self):
        return self._scale**3

    @staticmethod
    def mix(a, b):
        return a * b + a

    @classmethod
    def unit(cls, by=1.0):
        return cls(by)

    def describe(self, c):
        return self.area() * c + self.sides


class Square(Shape):
    sides = 4

    def area(self):
        return self._scale**2

    def describe(self, c):
        return super().describe(c) * self._scale


class Tilted(Square):
    def __init__(self, scale, angle=0.3):
        super().__init__(scale * 1.1)
        self.angle = angle

    def area(self):
        return super().area() * math.cos(self.angle)


class Loud:
    def describe(self, c):
        return super().describe(c) + 0.5


class LoudTilted(Loud, Tilted):
    pass


@at(0.4, 1.3)
def inheritance_and_super(x, c):
    shapes = [Square(x), Tilted(x, c), LoudTilted(c, x)]
    return sum(s.describe(c) * (i + 1) for i, s in enumerate(shapes))


@at(0.4, 1.3)
def properties_static_and_class_methods(x, c):
    s = Square(x)
    a = s.scale * s.cube
    s.scale = c * x
    s.scale *= 1.5
    t = Tilted.unit(c)
    return a * s.area() + Shape.mix(x, t.scale) * s.mix(c, x) + Square.unit(by=x).area() * s.cube


@at(Square(0.4), 1.3)
def bound_methods_and_class_calls(s, c):
    f = s.describe
    g = Square.area
    s.scale = s.scale * c
    return f(c) * g(s) + getattr(s, "describe")(2.0)


class Mode(enum.Enum):
    LINEAR = 1
    SQUARE = 2


class Power(enum.IntEnum):
    ONE = 1
    THREE = 3


class Constants(enum.Enum):
    GAIN = 2.5

    def apply(self, x):
        return x * self.value


@at(0.4, Mode.LINEAR)
@at(0.4, Mode.SQUARE)
def enums(x, mode):
    y = x if mode is Mode.LINEAR else x * x
    match mode:
        case Mode.SQUARE:
            y = y * 3
    return (
        y * mode.value + x**Power.THREE * len(mode.name) + Constants.GAIN.apply(y) + sum(x**p for p in Power)
    )


class Counter:
    """A callable with state."""

    total = 0.5

    def __init__(self, rate):
        self.rate = rate
        self.seen = []
        self.h = None

    def __call__(self, x):
        self.h = x if self.h is None else self.h * self.rate + x
        self.seen.append(self.h)
        Counter.total = 0.5
        return self.h

    def reset(self):
        self.h, self.seen = None, []


METER = Counter(0.7)


@at(vector(4))
def state_carried_across_calls(x):
    c = Counter(x[0])
    for v in x:
        y = c(v)
    first = c.h
    c.reset()
    return y * first * len(c.seen) + c(x[1]) * c(x[2]) + sum(c.seen)


@at(vector(3))
def object_of_the_module_written(x):
    a = METER(np.sum(x))
    b = METER(x[0] * a)
    METER.last = b
    return a * b + METER.h * len(METER.seen)


class Rnn:
    def __init__(self, w, u):
        self.w, self.u, self.h = w, u, None

    def __call__(self, x):
        if self.h is None:
            self.h = np.zeros(len(self.w))
        self.h = np.tanh(self.w @ self.h + self.u * x)
        return self.h


@at(Rnn(matrix(2, 2), vector(2)), vector(4))
def recurrent_object(rnn, xs):
    ys = [rnn(x) for x in xs]
    return np.sum(rnn.h * ys[1]) + np.sum(ys[0])


@at(vector(3))
def getattr_setattr_hasattr_delattr(x):
    o = SimpleNamespace(w=x * 2)
    if not hasattr(o, "b"):
        setattr(o, "b", np.sum(getattr(o, "w")))
    o.c = getattr(o, "missing", x[0]) * o.b
    for name in ("w", "b"):
        setattr(o, name, getattr(o, name) * 1.5)
    del o.c
    return np.sum(o.w * o.b) * len(vars(o))


class Matrix2(Generic[Item]):
    """A container that has subscripts of pairs and slices."""

    def __init__(self, rows: list[list[Item]]):
        self.rows = rows

    def __getitem__(self, key):
        match key:
            case (int(i), int(j)):
                return self.rows[i][j]
            case (i, slice()):
                return self.rows[i]
            case _:
                return self.rows[key]

    def __setitem__(self, key, value):
        i, j = key
        self.rows[i][j] = value

    def __matmul__(self, other):
        n = range(2)
        return Matrix2([[sum(self[i, k] * other[k, j] for k in n) for j in n] for i in n])

    def __getattr__(self, name):
        if name.startswith("m") and len(name) == 3:
            return self.rows[int(name[1])][int(name[2])]
        raise AttributeError(name)


@at(0.4, 1.3)
def subscripts_of_a_class(a, b):
    m = Matrix2([[a, b], [2.0, a * b]])
    m[0, 1] = m[0, 1] * a
    m[1, 0] += b
    p = m @ m @ m
    return p[0, 0] * p.m11 + sum(p[1]) + p[0, :][1]


class Dual:
    """Numbers of forward mode inside of reverse mode."""

    def __init__(self, re, eps=0.0):
        self.re, self.eps = re, eps

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.re + other.re, self.eps + other.eps)

    __radd__ = __add__

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.re * other.re, self.re * other.eps + self.eps * other.re)

    __rmul__ = __mul__


@at(0.4, 1.3)
def dual_numbers(a, b):
    def f(x):
        return 3 * x * x * b + x * a + 2

    d = f(Dual(a, 1.0))
    return d.re * d.eps


class Tree:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def insert(self, v):
        side = "left" if v < self.value else "right"
        child = getattr(self, side)
        if child is None:
            setattr(self, side, Tree(v))
        else:
            child.insert(v)

    def walk(self, depth=1):
        if self.left:
            yield from self.left.walk(depth + 1)
        yield self.value, depth
        if self.right:
            yield from self.right.walk(depth + 1)


@at([0.7, 0.2, 1.4, 0.9, 0.3])
def binary_tree(xs):
    root = Tree(xs[0])
    for v in xs[1:]:
        root.insert(v)
    s = 1.0
    for v, depth in root.walk():
        s = s * v + depth
    return s


class Node:
    def __init__(self, value):
        self.value, self.next, self.owner = value, None, None


@at(0.4, 1.3)
def linked_list_with_cycles(a, b):
    first, second, third = Node(a), Node(b), Node(a * b)
    first.next, second.next, third.next = second, third, first
    second.owner = first
    node, s = first, 0.5
    for k in range(7):
        node.value = node.value * 1.1 + s * 0.1
        s = s * node.value + k * 0.1
        node = node.next
    return s * second.owner.value


class Scope:
    """A context manager that collects."""

    def __init__(self):
        self.terms = []

    def __enter__(self):
        self.depth = 1
        return self

    def __exit__(self, *exc):
        self.total = sum(self.terms)
        return False

    def add(self, v):
        self.terms.append(v)
        return self


@at(0.4, 1.3)
def context_and_chained_calls(a, b):
    with Scope() as s:
        s.add(a).add(a * b).add(b**2)
    return s.total * s.terms[1]


class Sequence:
    """An iterator by hand."""

    def __init__(self, x, n):
        self.x, self.n = x, n

    def __iter__(self):
        self.k = 0
        return self

    def __next__(self):
        if self.k >= self.n:
            raise StopIteration
        self.k += 1
        self.x = self.x * 0.9 + self.k
        return self.x


@at(0.4)
def iterator_class(x):
    s = 1.0
    for v in Sequence(x, 3):
        s = s * v
    return s + sum(Sequence(x * x, 4))


class Typed:
    """A descriptor that scales what is stored."""

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, obj, owner=None):
        return self if obj is None else getattr(obj, self.name) * 2

    def __set__(self, obj, value):
        setattr(obj, self.name, value * 1.5)


class Config:
    rate = Typed()

    def __init__(self, rate):
        self.rate = rate


@at(0.4)
def descriptors(x):
    c = Config(x)
    c.rate = c.rate * c.rate
    return c.rate * x


@at(vector(3))
def class_defined_inside(x):
    class Local:
        gain = 2.0

        def __init__(self, v):
            self.v = v * x[0]

        def twice(self):
            return self.v * self.gain

    class Child(Local):
        gain = 3.0

    return np.sum(Local(x).twice() * Child(x).twice())


@at(vector(3))
def arrays_inside_objects_written_in_place(x):
    body = Body(x * 1.0, x * 2)
    alias = body.position
    body.position[0] = x[1] * x[2]
    body.position *= 2
    body.velocity[1:] += alias[:2]
    alias[2] = 4.0
    return np.sum(body.position * body.velocity * x)


@at({"layer": Layer(vector(3), 0.2), "gain": 1.4}, vector(3))
def object_in_a_dict_written(p, x):
    p["layer"].w = p["layer"].w * p["gain"]
    p["layer"].b += 1
    y = p["layer"](x)
    return np.sum(y * y) + p["layer"].total


class Optimiser:
    def __init__(self, rate, momentum):
        self.rate, self.momentum, self.velocity = rate, momentum, 0.0

    def step(self, w, g):
        self.velocity = self.momentum * self.velocity - self.rate * g
        return w + self.velocity


@at(0.2, 0.9, vector(3))
def optimiser_inside(rate, momentum, target):
    opt, w = Optimiser(rate, momentum), np.zeros(3)
    for _ in range(4):
        w = opt.step(w, w - target)
    return np.sum((w - target) ** 2)


class Pipeline:
    def __init__(self, *stages, **options):
        self.stages, self.options = stages, options

    def __call__(self, x, stop=None):
        for stage in self.stages[:stop]:
            x = stage(x, **self.options) if isinstance(stage, Layer2) else stage(x)
        return x


class Layer2:
    def __init__(self, w):
        self.w = w

    def __call__(self, x, slope=0.1):
        y = self.w @ x
        return np.maximum(0, y) + slope * np.minimum(0, y)


@at(Pipeline(Layer2(matrix(3, 3)), np.tanh, Layer2(matrix(2, 3)), slope=0.3), vector(3))
def pipeline_of_callables(net, x):
    return np.sum(net(x) ** 2) + np.sum(net(x, stop=2))


class Money(float):
    """A subclass of float."""

    def taxed(self):
        return self * 1.2


class Stack(list):
    """A subclass of list."""

    def push(self, v):
        self.append(v)
        return self

    @property
    def top(self):
        return self[-1]


class Registry(dict):
    """A subclass of dict."""

    def __missing__(self, key):
        self[key] = value = len(key) * 1.5
        return value

    def __getattr__(self, name):
        return self[name]


@at(0.4, 1.3)
def subclasses_of_containers(a, b):
    s = Stack([a]).push(a * b).push(b)
    r = Registry(rate=a)
    r.update(gain=b * s.top)
    return s.top * s[1] + r.rate * r["missing"] * r.gain + len(s)


@at(0.4, 1.3)
def comparison_by_a_key_method(a, b):
    vs = sorted([Vec(a, b), Vec(b, b), Vec(a, a)], key=lambda v: abs(v))
    return vs[0].x * vs[1].y + max(vs, key=abs).x


class Meta(type):
    def __call__(cls, *args):
        obj = super().__call__(*args)
        obj.made_by = 2.0
        return obj


class Made(metaclass=Meta):
    def __new__(cls, v):
        self = super().__new__(cls)
        self.raw = v * 3
        return self

    def __init__(self, v):
        self.v = v


@at(0.4)
def metaclass_and_new(x):
    m = Made(x * x)
    return m.v * m.raw * m.made_by


class HasArea(Protocol):
    def area(self) -> float: ...


@at(0.4)
def structural_types(x):
    def total(*shapes: HasArea) -> float:
        return sum(s.area() for s in shapes)

    return total(Square(x), Tilted(x)) * x


@at(np.float32(0.4), np.array(1.3))
def objects_of_mixed_precision(a, b):
    v = Vec(a, b)
    w = Vec(b * b, np.float32(2) * a)
    return v * w + (v @ w)


class Lazy:
    def __init__(self, f):
        self.f, self.done = f, False

    @property
    def value(self):
        if not self.done:
            self._value, self.done = self.f(), True
        return self._value


@at(0.4, 1.3)
def lazy_values(a, b):
    calls = []
    x = Lazy(lambda: (calls.append(1), a * b)[1])
    y = Lazy(lambda: x.value * x.value + a)
    return y.value * x.value * len(calls) + y.value


class Env:
    """Side effects: an environment that is stepped by the loss."""

    def __init__(self, position):
        self.position, self.log = position, []

    def step(self, action):
        self.position = self.position + action
        reward = -(self.position**2)
        self.log.append(float(reward))
        return self.position, reward, abs(self.position) > 5


@at(0.4, 1.3)
def environment_stepped(gain, start):
    env = Env(start)
    total, ob = 0, env.position
    for t in range(6):
        ob, reward, done = env.step(-gain * ob)
        total += reward * 0.9**t
        if done:
            break
    value = 0.0 if done else gain * ob
    return total + value
