"""Lists, dicts, tuples, sets and iterators that change, share their parts and are walked in every way."""
# ruff: noqa: C408, RUF007, RUF017

from __future__ import annotations

import copy
import itertools
import math
import operator
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from tests.corpus.case import at, matrix, vector

SEEN: list[Any] = []
CACHE: dict[str, Any] = {}
Pair = namedtuple("Pair", "first second")


class State(NamedTuple):
    position: Any
    velocity: Any
    time: float = 0.0

    def energy(self):
        return self.velocity**2 / 2 + 3 * self.position**2


@at(vector(3), 1.4)
def list_append_extend_insert(x, c):
    xs = []
    xs.append(c)
    xs.extend([c * v for v in x])
    xs.insert(0, x[0] * x[1])
    xs.insert(-1, 2.5)
    xs += (c * c, x[2])
    s = 0.0
    for i, v in enumerate(xs):
        s = s + v * v * (i + 1)
    return s * len(xs)


@at([0.4, 0.9, 1.6, 0.2])
def list_pop_remove_reverse(xs):
    ys = list(xs)
    a = ys.pop()
    b = ys.pop(0)
    ys.reverse()
    ys.append(a * b)
    del ys[0]
    c = ys.index(xs[1])
    ys.sort(reverse=True)
    return ys[0] * 3 + ys[1] * b + a * (c + 1)


@at([0.4, 0.9, 1.6, 0.2])
def list_slice_assignment(xs):
    ys = xs[:]
    ys[1:3] = [ys[0] * ys[1], 2.0, ys[3] ** 2]
    ys[::2] = [v * 2 for v in ys[::2]]
    ys[-1:] = []
    del ys[:1]
    return sum(v * (i + 1) for i, v in enumerate(ys)) * len(ys)


@at([0.4, 0.9, 1.6])
def argument_list_is_changed(xs):
    xs[0] = xs[0] * xs[1]
    xs.append(xs[0] * xs[2])
    xs[1] *= xs[-1]
    xs.insert(1, 7.0)
    return sum(xs) * xs[0]


@at({"w": vector(3), "b": 0.4})
def argument_dict_is_changed(p):
    p["w"] = p["w"] * p["b"]
    p["c"] = np.sum(p["w"])
    p["b"] += p["c"]
    return np.sum(p["w"] ** 2) * p["b"] + p.pop("c")


@at([vector(3), vector(3)])
def argument_arrays_in_a_list_are_changed(xs):
    for x in xs:
        x *= 2
        x[0] = x[1] * x[2]
    xs[1][:] = xs[0] * xs[1]
    return np.sum(xs[0] * xs[1])


@at(0.4, 0.9)
def aliases_of_a_list(x, y):
    a = [x, y]
    b = a
    c = [a, b, a[:]]
    b[0] = b[0] * b[1]
    a.append(b[0] * 3)
    c[0][1] = x * x
    c[2][0] = c[2][0] * 5
    return a[0] * b[1] * c[1][2] + c[2][0] * c[2][1]


def fill(xs, v, n):
    for k in range(n):
        xs.append(v * k + (xs[-1] if xs else 1.0))
    return xs


@at(0.4, 0.9)
def mutation_inside_a_callee(x, y):
    xs = []
    ys = fill(xs, x, 3)
    fill(ys, y, 2)
    return xs[4] * ys[1] * len(xs) + (xs is ys) * x


@at(matrix(2, 3))
def list_of_lists(w):
    grid = [[0.0] * 3 for _ in range(2)]
    for i in range(2):
        for j in range(3):
            grid[i][j] = w[i, j] * (grid[i][j - 1] if j else 1.5)
    grid[0], grid[1] = grid[1], grid[0]
    return grid[0][2] * grid[1][2] + sum(sum(row) for row in grid)


@at(vector(3))
def shared_rows(x):
    rows = [[x[0], x[1]]] * 2
    rows[0][0] = x[2] * x[2]
    rows[1].append(x[0])
    return rows[1][0] * rows[0][1] + rows[0][2]


@at((0.4, (0.9, [1.6, 0.2, 0.7])))
def nested_unpacking(t):
    a, (b, [c, *rest]) = t
    *init, last = rest
    (d, e), f = (a * b, c), last
    [g, h] = [d * e, f]
    return g * h + sum(init) * a


@at([0.4, 0.9, 1.6, 0.2, 0.7])
def starred_in_the_middle(xs):
    first, *middle, last = xs
    a, b, *_ = middle
    for p, *q in [(a, b, last), (first, 2.0)]:
        first = first * p + sum(q)
    return first * len(middle)


@at(0.4, 0.9)
def tuples_indexed_and_joined(x, y):
    t = (x, y, x * y)
    t = t[::-1] + t[:2] * 2 + (y,)
    a, b = t[1:3]
    return a * b * t[-1] + t[0] * len(t) + t.count(x) * x


@at(0.4, 0.9)
def unpacking_in_displays(x, y):
    xs = [x, *(y, x * y), *[v * 2 for v in (x, y)]]
    t = *xs, x
    return sum(xs) * t[-1] + t[2] * xs[4]


@at(0.4, 0.9)
def swaps_and_rotations(x, y):
    a, b, c = x, y, x * y
    for _ in range(4):
        a, b, c = b * 1.1, c, a + b
    xs = [a, b, c]
    xs[0], xs[2] = xs[2] * 2, xs[0]
    i = 0
    i, xs[i] = 1, xs[i] * xs[1]
    return xs[0] * xs[1] + xs[2]


@at(0.4, 0.9)
def dict_methods(x, y):
    d = dict(a=x, b=y)
    d.update({"c": x * y}, e=2.0)
    d["a"] *= 3
    s = d.get("zz", x) * d.get("c") + d.setdefault("f", y * y) * d.setdefault("a", 100)
    t = d.pop("b") * d.pop("none", x)
    del d["e"]
    return s * t + sum(d.values()) * len(d)


@at({"a": 0.4, "b": 0.9})
def dict_merges(d):
    e = {**d, "c": d["a"] * 2}
    f = d | {"b": d["b"] ** 2}
    f |= {"z": 3.0}
    g = dict(e, a=d["b"])
    return e["c"] * f["b"] * g["a"] + sum(v * i for i, v in enumerate(f.values(), 1))


@at(0.4, 0.9)
def dict_comprehensions(x, y):
    d = {f"k{i}": x * i + y for i in range(4) if i != 2}
    inverse = {len(k) + i: v * v for i, (k, v) in enumerate(d.items())}
    nested = {a: {b: x**a * y**b for b in range(2)} for a in (1, 2)}
    return d["k3"] * inverse[2] + nested[2][1] * nested[1][0]


@at({"w_0": vector(2), "w_1": vector(2), "b": 0.4}, 2)
def computed_keys(p, n):
    h = p["b"]
    for i in range(n):
        h = h * np.sum(p[f"w_{i}"]) + p["w" + "_" + str(i)][1]
    return h * p["{}".format("b")]


@at(0.4, 0.9)
def dict_with_tuple_keys(x, y):
    table = {(0, 0): x, (0, 1): y}
    for i in range(1, 3):
        for j in range(2):
            table[i, j] = table[i - 1, j] * x + table[(i - 1, 1 - j)] * y
    return table[2, 0] * table[2, 1]


@at(0.4, 0.9)
def dict_of_lists(x, y):
    groups = {}
    for i, v in enumerate([x, y, x * y, x + y]):
        groups.setdefault(i % 2, []).append(v)
    counts = defaultdict(float)
    for k, vs in groups.items():
        for v in vs:
            counts[k] += v * v
    more = defaultdict(list)
    more["a"].append(x)
    return counts[0] * counts[1] + sum(groups[1]) * more["a"][0]


@at(0.4, 0.9)
def set_of_keys(x, y):
    d = {"a": x, "b": y, "c": 2.0}
    keys = {"a", "b"} & set(d) - {"zz"}
    s = 1.0
    for k in sorted(keys | {"c"}):
        s = s * d[k] + d[k]
    return s * len({1, 2, 2})


@at(0.4, 0.9)
def ordered_and_chained_dicts(x, y):
    od = OrderedDict([("a", x), ("b", y)])
    od.move_to_end("a")
    s = 1.0
    for k, v in od.items():
        s = s * v + len(k)
    cm = ChainMap({"a": y}, od)
    name, last = od.popitem()
    return s * cm["a"] * cm["b"] + last * len(name)


@at(vector(4))
def deque_as_a_window(x):
    window, s = deque(maxlen=2), 0.0
    for v in x:
        window.append(v * v)
        s = s + sum(window) * v
    window.appendleft(x[0])
    q = deque([x[0], x[1]])
    q.rotate(1)
    return s * window[0] + q.popleft() * q.pop() ** 2


@at(vector(4))
def stack_machine(x):
    stack = []
    for token in [0, 1, "*", 2, "+", 3, "-", "dup", "*"]:
        if isinstance(token, int):
            stack.append(x[token])
        elif token == "dup":
            stack.append(stack[-1])
        else:
            b, a = stack.pop(), stack.pop()
            stack.append({"*": a * b, "+": a + b, "-": a - b}[token])
    return stack.pop() * (1 if stack else 2)


@at(vector(3), vector(3))
def comprehensions_of_every_kind(x, y):
    a = [u * v for u, v in zip(x, y) if u * v != 7]
    b = [u * v for u in x for v in y if u is not v]
    c = [[u + v for v in y] for u in x]
    d = sum(u * v**2 for u, v in zip(x, y))
    e = [w for row in c for w in row]
    f = tuple(t if i % 2 else t * t for i, t in enumerate(e))
    return sum(a) * d + sum(b) * c[1][2] + sum(f)


@at(vector(3))
def comprehension_shadows_a_name(x):
    v = 3.0
    ys = [v * 2 for v in x]
    zs = [(lambda t: t * v)(u) for u in ys]
    return sum(ys) * v + sum(zs)


@at([0.4, -0.9, 1.6])
def builtins_over_lists(xs):
    a = sum(xs) * max(xs) - min(xs) * abs(xs[1])
    b = sum([v * v for v in xs], 2.5) + max(xs[0], 0.1, 0.2) * min(1.0, xs[2], xs[0])
    if any(v < 0 for v in xs) and not all(xs[:0] or [False]):
        a = a * len(xs)
    return a * b + sum(sorted(xs)[:2]) + round(1.26, 1) * xs[0] + sum(reversed(xs)) ** 2


@at(0.4, 1.3)
def maths(x, y):
    a = math.sin(x) + math.exp(y) * math.log(y) + math.hypot(x, y) + math.atan2(x, y) + math.pow(x, 2.5)
    b = math.sqrt(y) + math.tanh(x) + math.fabs(-x) + math.log1p(x) + math.cosh(x) + math.erf(x)
    c = math.fsum([x, y, x * y]) * math.prod([x, y, 2.0]) + math.degrees(x) * 0.01 + math.log(y, 3)
    return a * b + c * math.pi + math.floor(2.5) * x + math.copysign(x, -1.0) + math.dist([x, y], [0.0, 1.0])


@at(0.4, 1.3)
def operator_functions(x, y):
    xs = [x, y]
    operator.setitem(xs, 0, operator.mul(x, y))
    get = operator.itemgetter(1)
    energy = operator.attrgetter("velocity")(State(x, y))
    return operator.getitem(xs, 0) * get(xs) + energy**2 + operator.methodcaller("energy")(State(x, y))


@at([0.4, 0.9, 1.6])
def itertools_of_active_values(xs):
    s = sum(a * b for a, b in itertools.product(xs, repeat=2))
    t = list(itertools.accumulate(xs)) + list(itertools.accumulate(xs, operator.mul))
    u = sum((b - a) ** 2 for a, b in itertools.pairwise(xs))
    v = [w * 2 for w in itertools.chain(xs, t[:2], itertools.chain.from_iterable([[xs[0]], [xs[2]]]))]
    return s * t[-1] + u * sum(v) + t[2]


@at([0.4, 0.9, 1.6, 0.2])
def more_itertools(xs):
    s = 0.0
    for a, b in itertools.combinations(xs, 2):
        s += a * b
    for v, k in zip(itertools.cycle(xs[:2]), range(5)):
        s = s * 0.9 + v * k
    for v in itertools.islice(xs, 1, None, 2):
        s += v * v
    for a, b in itertools.zip_longest(xs, xs[:2], fillvalue=3.0):
        s += a * b
    head = list(itertools.takewhile(lambda v: v < 1.5, xs))
    tail = list(itertools.dropwhile(lambda v: v < 1.5, xs))
    for key, group in itertools.groupby(xs, key=lambda v: v > 0.5):
        s = s * sum(group) if key else s + sum(group)
    return s * sum(head) + tail[0] ** 2 + sum(itertools.repeat(xs[0], 3))


@at([0.4, 0.9, 1.6])
def reductions(xs):
    a = reduce(lambda s, v: s * v + s, xs)
    b = reduce(lambda s, v: {**s, "t": s["t"] * v}, xs, {"t": 2.0})
    return a * b["t"] + reduce(operator.add, [[v] for v in xs])[1]


@at([[0.4, 0.9], 1.6])
def copies(xs):
    a, b, c = copy.copy(xs), copy.deepcopy(xs), list(xs)
    a[0][0] = xs[0][0] * 3
    b[0][1] = xs[1] * 2
    c[1] = 5.0
    d = {"k": a}.copy()
    d["k"] = b
    return xs[0][0] * a[0][1] + b[0][0] * b[0][1] * c[1] + d["k"][1]


@at(vector(3))
def copies_of_arrays(x):
    a = copy.deepcopy({"v": x})
    a["v"][0] = 3.0
    b = copy.copy(x)
    b[1] *= x[2]
    c = x.copy()
    c += a["v"]
    return np.sum(a["v"] * b * c * x)


@at(Pair(0.4, 0.9))
def named_tuple_replaced(p):
    q = p._replace(second=p.first * p.second)
    first, second = q
    r = Pair(*[v * 2 for v in q])
    return first * second + r.first * q[1] + sum(p._asdict().values())


@at(State(0.4, 0.9), 0.1)
def typed_named_tuple_carried(s, dt):
    for _ in range(3):
        v = s.velocity - dt * s.position
        s = s._replace(position=s.position + dt * v, velocity=v, time=s.time + dt)
    return s.energy() * s.time


@at(0.4)
def list_appended_outside(x):
    SEEN.append(x * 2)
    SEEN.append("text")
    CACHE["last"] = x * x
    y = CACHE["last"] * SEEN[0]
    CACHE["count"] = CACHE.get("count", 0) + 1
    return y * len(SEEN)


@at([0.4, 0.9], 0.7)
def values_appended_for_the_caller(values, x):
    for k in range(3):
        x = x * 1.2
        values.append(x * k)
    return sum(values) * x


@at(vector(4))
def array_of_a_list_of_lists(x):
    m = [[x[0], x[1] * x[0]], [2.0, x[3]]]
    a = np.array(m)
    b = np.array([x, x * 2])
    c = np.asarray([np.sum(r) for r in m])
    return np.sum(a @ a) + np.sum(b[1] * b[0]) + c[0] * c[1]


@at(vector(4))
def list_of_an_array(x):
    xs = list(x) + x.tolist()
    rows = np.outer(x, x).tolist()
    return xs[0] * xs[5] + sum(xs) * rows[1][2] + len(rows)


@at(vector(3))
def stacking_of_built_lists(x):
    hs = []
    h = x
    for _ in range(3):
        h = np.tanh(h * 1.5 + x)
        hs.append(h)
    s = np.stack(hs)
    return np.sum(s * np.vstack(hs) * np.array(hs)) + np.sum(np.concatenate(hs[::-1]) * np.hstack(hs))


@at([(0.4, vector(2)), (0.9, vector(2))])
def list_of_tuples_unzipped(data):
    scales, arrays = zip(*data)
    total = sum(s * np.sum(a * a) for s, a in zip(scales, arrays))
    return total * scales[0] + arrays[1] @ arrays[0]


@at([0.4, 0.9, 1.6])
def list_comparisons_and_truth(xs):
    if xs == [1, 2, 3] or not xs:
        return 0.0
    if xs > [0.1] and xs[0] in xs and (xs[0], xs[1]) < (0.5, 0.0):
        return xs[0] * xs[1]
    return xs[2]


@at(vector(6))
def heap_of_tuples(x):
    import heapq

    heap = []
    for i, v in enumerate(x):
        heapq.heappush(heap, (v * v, i))
    a, i = heapq.heappop(heap)
    b, j = heapq.heappop(heap)
    return a * 5 + b * x[i] * x[j]


@at(vector(6))
def bisection_of_a_sorted_list(x):
    import bisect

    ordered = []
    for v in x:
        bisect.insort(ordered, v)
    return ordered[0] * ordered[-1] + bisect.bisect_left(ordered, x[2]) * ordered[1]


@at(0.4, 0.9)
def counters_of_words(x, y):
    counts = Counter("abracadabra")
    price = {"a": x, "b": y}
    return sum(n * price.get(letter, 0.5) ** 2 for letter, n in counts.most_common())


@at(0.4, 0.9)
def linked_list_of_tuples(x, y):
    node = None
    for v in (x, y, x * y):
        node = (v, node)
    s = 0.0
    while node is not None:
        v, node = node
        s = s * v + v
    return s


@at(
    {"layers": [{"w": matrix(2, 3), "b": vector(2)}, {"w": matrix(1, 2), "b": vector(1)}], "scale": 1.3},
    vector(3),
)
def nested_parameters(p, x):
    for layer in p["layers"]:
        x = np.tanh(layer["w"] @ x + layer["b"])
    return p["scale"] * x[0]


@at([vector(3), vector(3), vector(3)], 2)
def list_split_by_a_number(w, n):
    encoder, decoder = w[:n], w[n:]
    s = np.sum(encoder[0] * encoder[1]) * np.sum(decoder[-1] ** 2)
    return s + w[-1][0] * w[-2][1]


@at([0.4, 0.9])
def recursion_builds_lists(xs):
    def subsets(items):
        if not items:
            return [[]]
        rest = subsets(items[1:])
        return rest + [[items[0], *r] for r in rest]

    return sum(math.prod(s) * (len(s) + 1) for s in subsets([*xs, 1.5]))


@at(0.4, 0.9)
def graph_walk(x, y):
    graph = {"a": [("b", x), ("c", y)], "b": [("d", x * y)], "c": [("d", 2.0)], "d": []}
    cost = {"a": 1.0}
    queue = deque(["a"])
    while queue:
        node = queue.popleft()
        for other, weight in graph[node]:
            if other not in cost:
                queue.append(other)
            cost[other] = cost.get(other, 0.0) + cost[node] * weight
    return cost["d"] * cost["c"]


@at(0.4)
def hasattr_getattr_isinstance(x):
    s = State(x, x * 2)
    y = getattr(s, "velocity") * getattr(s, "nothing", 3.0)
    if hasattr(s, "position") and isinstance(s, tuple) and not isinstance(y, (int, str)):
        y = y * s.position
    return y * len(s)


@at([0.4, 0.9, 1.6])
def while_list_not_empty(xs):
    todo, s = list(xs), 0.0
    while todo:
        v = todo.pop()
        s += v * v
        if v > 1:
            todo.append(v / 2)
    return s


@at([[0.4], [0.9, 1.6]])
def ragged_lists_flattened(xs):
    flat = sum(xs, [])
    lengths = list(map(len, xs))
    return sum(v * w for v, w in zip(flat, flat[1:])) * max(lengths) + sum(map(sum, xs))


@at([0.4, np.float32(0.9), vector(2).astype(np.float32), 3])
def list_of_mixed_precision(xs):
    return xs[0] * xs[1] + np.sum(xs[2] * xs[2]) * xs[3]


@at({"a": np.array(0.4), "flag": True, "n": np.int64(3), "name": "s"})
def dict_of_mixed_kinds(d):
    y = d["a"] ** d["n"]
    return y * 2 if d["flag"] else y + len(d["name"])


@at(vector(3))
def list_in_place_operators(x):
    xs = [x[0], x[1]]
    ys = xs
    xs += [x[2]]
    xs *= 2
    zs = xs
    zs = zs + [x[0]]
    return ys[4] * ys[2] * len(ys) + zs[-1] * xs[0]


@at(vector(3))
def augmented_assignment_of_elements(x):
    xs, d = [x * 2, x[1]], {"k": x[0], "v": x.copy()}
    xs[0] += x
    xs[1] **= 2
    d["k"] -= xs[1]
    d["v"][1:] *= d["k"]
    xs[0][2] = xs[1]
    return np.sum(xs[0] * d["v"]) * d["k"]


@at(vector(3))
def same_array_in_many_places(x):
    y = x * 1.0
    box = {"a": y, "b": [y, y]}
    y[0] = 2.0
    box["b"][0][1] *= x[2]
    box["a"] = box["a"] * 3
    return np.sum(box["a"] * box["b"][1] * y)


@at(0.4, 0.9)
def enumerate_while_changing_values(x, y):
    d = {"a": x, "b": y}
    for k in d:
        d[k] = d[k] * d["a"]
    for k, v in list(d.items()):
        d[k + "2"] = v * y
    xs = [x, y, 1.5]
    for i, v in enumerate(xs):
        xs[i - 1] = v * xs[i - 1]
    return sum(d.values()) * xs[0] * xs[1] + xs[2]


@at(0.4, 0.9)
def container_of_functions(x, y):
    ops = {"+": operator.add, "*": lambda a, b: a * b}
    steps = [("+", x), ("*", y), ("*", x)]
    v = y
    for name, arg in steps:
        v = ops[name](v, arg)
    return v


@at(vector(4))
def pairs_by_zip_of_one_iterator(x):
    it = iter(x)
    return sum(a * b for a, b in zip(it, it)) * x[0]


@at(vector(4))
def slices_as_values(x):
    s, every = slice(1, 3), slice(None, None, 2)
    xs = [x[0], x[1], x[2]]
    return np.sum(x[s] * x[every]) * sum(xs[s]) + x[..., 0]
