"""Whole programs: filters, integrators, dynamic programs, networks, Knet's LANG-1 to LANG-24."""
# ruff: noqa: C417, E731, E741, FURB136, RUF007

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.corpus.case import at, matrix, positive, vector

EOS = None
SEED = np.random.default_rng(7).normal(size=4)


def checksum(a):
    return np.sum(a * np.arange(1, a.size + 1).reshape(a.shape)) * 0.1 + np.sum(a**2)


# ODEs and other numerical programs


def pendulum(t, y, p):
    return np.array([y[1], -p["g"] / p["l"] * np.sin(y[0]) - p["c"] * y[1]])


def rk4(f, y, t, h, *args):
    k1 = f(t, y, *args)
    k2 = f(t + h / 2, y + h / 2 * k1, *args)
    k3 = f(t + h / 2, y + h / 2 * k2, *args)
    k4 = f(t + h, y + h * k3, *args)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@at(vector(2), {"g": 9.8, "l": 1.3, "c": 0.2}, 0.05)
def runge_kutta_with_a_user_right_hand_side(y, p, h):
    t, path = 0.0, [y]
    for _ in range(5):
        y = rk4(pendulum, y, t, h, p)
        t += h
        path.append(y)
    return np.sum(np.array(path) ** 2)


@at(0.8, 1.6, 0.013)
def adaptive_integrator(y, k, tol):
    f = lambda t, y: -k * y + np.sin(t)
    t, h, n = 0.0, 0.3, 0
    while t < 1.0:
        h = min(h, 1.0 - t)
        k1 = f(t, y)
        k2 = f(t + h, y + h * k1)
        error = abs(k2 - k1) * h / 2
        if error > tol * 3:
            h = h / 2
            continue
        y = y + h * (k1 + k2) / 2
        t += h
        if error < tol / 4:
            h *= 1.5
        n += 1
    return y * n


@at(np.array([1.0, 0.9, 0.4]), np.array([10.0, 28.0, 2.6]))
def lorenz_by_leapfrog_lists(state, params):
    x, y, z = state
    sigma, rho, beta = params
    trace = []
    for _ in range(10):
        dx, dy, dz = sigma * (y - x), x * (rho - z) - y, x * y - beta * z
        x, y, z = x + 0.01 * dx, y + 0.01 * dy, z + 0.01 * dz
        trace.append((x, y, z))
    return sum(a * b + c for a, b, c in trace) / len(trace)


@at(1.7, 0.9)
def implicit_step_by_newton(y0, k):
    def newton(g, dg, x, tol=1e-13, maxiter=30):
        for _ in range(maxiter):
            step = g(x) / dg(x)
            x = x - step
            if abs(step) < tol:
                return x
        raise RuntimeError("no convergence")

    y = y0
    for _ in range(3):
        old = y
        y = newton(lambda x: x - old + 0.1 * k * x**3, lambda x: 1 + 0.3 * k * x**2, old)
    return y * y


@at(vector(2), np.eye(2) * 0.8, {"q": 0.1, "r": 0.4, "dt": 0.5}, vector(4))
def kalman_filter(x, P, p, zs):
    F = np.array([[1.0, p["dt"]], [0.0, 1.0]])
    H = np.array([[1.0, 0.3]])
    Q = np.eye(2) * p["q"]
    loglik = 0.0
    for z in zs:
        x = F @ x
        P = F @ P @ F.T + Q
        S = H @ P @ H.T + p["r"]
        K = P @ H.T @ np.linalg.inv(S)
        innovation = z - H @ x
        x = x + K @ innovation
        P = (np.eye(2) - K @ H) @ P
        loglik -= 0.5 * (np.log(S[0, 0]) + innovation[0] ** 2 / S[0, 0])
    return loglik + np.trace(P)


@at(np.array([0.1, -0.2, 3.0]), 0.9, np.array([0.1, 0.05, -0.99]))
def ray_marching(center, radius, direction):
    def distance(p):
        sphere = np.sqrt(np.sum((p - center) ** 2)) - radius
        plane = p[1] + 2.0
        return sphere if sphere < plane else plane

    def normal(p, e=1e-2):
        n = np.zeros(3)
        for i in range(3):
            d = np.zeros(3)
            d[i] = e
            n[i] = distance(p + d) - distance(p - d)
        return n / np.linalg.norm(n)

    p = np.array([0.0, 0.0, 6.0])
    for _ in range(12):
        d = distance(p)
        if d < 1e-5:
            break
        p = p + d * direction
    else:
        p = p * 1.0
    shade = normal(p) @ np.array([0.5, 0.7, 0.5])
    return shade if shade > 0 else 0.1 * shade


@at(vector(4), vector(5), 0.2)
def soft_dynamic_time_warping(x, y, gamma):
    R = np.full((len(x) + 1, len(y) + 1), 1e3)
    R[0, 0] = 0.0
    for i in range(1, len(x) + 1):
        for j in range(1, len(y) + 1):
            r = -np.array([R[i - 1, j], R[i, j - 1], R[i - 1, j - 1]]) / gamma
            m = r.max()
            R[i, j] = (x[i - 1] - y[j - 1]) ** 2 - gamma * (np.log(np.exp(r - m).sum()) + m)
    return R[-1, -1]


@at("kitten", "sitting", {"insert": 1.1, "delete": 0.9, "replace": 1.35})
def edit_distance_by_memo(a, b, cost):
    memo = {}

    def d(i, j):
        if (i, j) not in memo:
            if i == 0 or j == 0:
                memo[i, j] = i * cost["delete"] + j * cost["insert"]
            else:
                memo[i, j] = min(
                    d(i - 1, j) + cost["delete"],
                    d(i, j - 1) + cost["insert"] ** 2,
                    d(i - 1, j - 1) + (a[i - 1] != b[j - 1]) * cost["replace"],
                )
        return memo[i, j]

    return d(len(a), len(b)) ** 2


@at(matrix(3, 3), vector(3), matrix(3, 2), [0, 1, 1, 0])
def hidden_markov_forward(transition, start, emission, observed):
    softmax = lambda v, axis=-1: np.exp(v) / np.sum(np.exp(v), axis=axis, keepdims=True)
    A, B = softmax(transition), softmax(emission)
    alpha = softmax(start) * B[:, observed[0]]
    loglik = 0.0
    for o in observed[1:]:
        s = np.sum(alpha)
        loglik += np.log(s)
        alpha = (alpha / s) @ A * B[:, o]
    return loglik + np.log(np.sum(alpha))


@at(matrix(6, 2), vector(6), 0.9, 0.2)
def gaussian_process_likelihood(X, y, length, noise):
    n = len(X)
    K = np.empty((n, n))
    for i, a in enumerate(X):
        for j, b in enumerate(X):
            K[i, j] = np.exp(-np.sum((a - b) ** 2) / (2 * length**2))
    K[np.diag_indices(n)] += noise
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return 0.5 * y @ alpha + np.sum(np.log(np.diag(L)))


@at(100.0, 105.0, 0.05, 0.2, 5)
def binomial_option_tree(s0, strike, r, sigma, n):
    dt = 1.0 / n
    u = math.exp(sigma * math.sqrt(dt))
    d = 1 / u
    q = (math.exp(r * dt) - d) / (u - d)
    values = [max(s0 * u**j * d ** (n - j) - strike, 0.0) for j in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1):
            values[j] = math.exp(-r * dt) * (q * values[j + 1] + (1 - q) * values[j])
        values.pop()
    return values[0]


@at(100.0, 105.0, 0.05, 0.2)
def black_scholes(s, k, r, sigma):
    cdf = lambda x: 0.5 * (1 + math.erf(x / math.sqrt(2)))
    d1 = (math.log(s / k) + (r + sigma**2 / 2)) / sigma
    d2 = d1 - sigma
    return s * cdf(d1) - k * math.exp(-r) * cdf(d2)


@at(matrix(5, 2), matrix(2, 2))
def k_means_step(points, centers):
    sums, counts = np.zeros_like(centers), np.zeros(len(centers), dtype=int)
    for p in points:
        k = int(np.argmin(np.sum((centers - p) ** 2, axis=1)))
        sums[k] += p
        counts[k] += 1
    for k, c in enumerate(counts):
        centers[k] = sums[k] / c if c else centers[k]
    return sum(np.min(np.sum((centers - p) ** 2, axis=1)) for p in points)


@at(matrix(4, 4) + 4 * np.eye(4))
def power_iteration(A):
    v = np.ones(len(A))
    previous = 0.0
    for _ in range(60):
        w = A @ v
        v = w / np.linalg.norm(w)
        rayleigh = v @ A @ v
        if abs(rayleigh - previous) < 1e-13:
            break
        previous = rayleigh
    return rayleigh


@at(positive(4), positive(3), positive(4, 3))
def sinkhorn(a, b, cost):
    a, b = a / a.sum(), b / b.sum()
    K = np.exp(-cost / 0.7)
    u = np.ones_like(a)
    for _ in range(5):
        v = b / (K.T @ u)
        u = a / (K @ v)
    return np.sum(u[:, None] * K * v * cost)


@at(matrix(5, 5), matrix(2, 2))
def convolution_by_loops(image, kernel):
    h, w = image.shape
    kh, kw = kernel.shape
    out = np.zeros((h - kh + 1, w - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    pooled = out.reshape(2, 2, 2, 2).max(axis=(1, 3))
    return checksum(np.tanh(pooled))


@at(np.array([0.3, 1.4, -0.8]))
def gradient_descent_inside(p):
    def loss(w):
        return (w[0] - p[0]) ** 2 * p[1] ** 2 + (w[1] - p[2]) ** 4

    def numeric(f, w, h=0.01):
        g = np.zeros_like(w)
        for i in range(len(w)):
            w[i] += h
            up = f(w)
            w[i] -= 2 * h
            g[i] = (up - f(w)) / (2 * h)
            w[i] += h
        return g

    w = np.array([0.1, 0.2])
    for _ in range(3):
        w -= 0.1 * numeric(loss, w)
    return loss(w) * w[0]


# Knet's constructs


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(param, state, x):
    weight, bias = param
    hidden, cell = state
    h = hidden.shape[1]
    gates = np.hstack([x, hidden]) @ weight + bias
    forget = sigmoid(gates[:, :h])
    ingate = sigmoid(gates[:, h : 2 * h])
    outgate = sigmoid(gates[:, 2 * h : 3 * h])
    change = np.tanh(gates[:, 3 * h :])
    cell = cell * forget + ingate * change
    return outgate * np.tanh(cell), cell


@at(
    {"encode": [matrix(4, 8), vector(8)], "state0": [matrix(1, 2), matrix(1, 2)]},
    [matrix(1, 2), matrix(1, 2)],
)
def lang_1_and_5_lstm_over_a_list(p, xs):
    state = p["state0"]
    outputs = []
    for x in xs:
        state = lstm(p["encode"], state, x)
        outputs.append(state[0])
    return np.sum(np.vstack(outputs) ** 2) + np.sum(state[1])


@at({"w_0": matrix(3, 2), "w_1": matrix(3, 3), "pol_w_2": matrix(1, 3), "b_0": vector(3)}, vector(2), nh=2)
def lang_2_computed_keys(w, x, nh=1, name="pol_"):
    for i in range(nh):
        x = np.tanh(w[f"w_{i}"] @ x + w.get(f"b_{i}", 0.1))
    return np.sum(w[name + "w_" + str(nh)] @ x)


def traverse(w, tree):
    if len(tree) == 1:
        h = np.tanh(w["embed"][:, tree[0]])
        return h, h * 0.5, [h], [tree[0]]
    elif len(tree) == 2:
        (h1, c1, hs1, ys1), (h2, c2, hs2, ys2) = traverse(w, tree[0]), traverse(w, tree[1])
        i, o, u = np.split(w["iou"] @ np.concatenate([h1, h2]), 3)
        f1, f2 = sigmoid(w["f"] @ h1), sigmoid(w["f"] @ h2)
        c = sigmoid(i) * np.tanh(u) + f1 * c1 + f2 * c2
        h = sigmoid(o) * np.tanh(c)
        return h, c, [*hs1, *hs2, h], ys1 + ys2 + [len(ys1) % 3]
    else:
        raise ValueError("a node has one or two children")


@at(
    {"embed": matrix(2, 3), "iou": matrix(6, 4), "f": matrix(2, 2), "y": matrix(3, 2)},
    (((0,), (2,)), ((1,), (0,))),
)
def lang_3_and_4_tree_lstm(w, tree):
    h, c, hs, ys = traverse(w, tree)
    scores = w["y"] @ np.column_stack(hs)
    logp = scores - np.log(np.sum(np.exp(scores), axis=0))
    return -sum(logp[y, k] for k, y in enumerate(ys)) + np.sum(h * c)


@at([matrix(3, 4), matrix(4, 3), matrix(3, 3), matrix(2, 3)], matrix(4, 2), 2)
def lang_6_slices_of_a_list_of_parameters(w, x, nt):
    theta, phi = w[:nt], w[nt:]
    for m in theta:
        x = np.tanh(m @ x)
        if x.shape[0] == 4:
            x = x[: w[-1].shape[1]]
            x = np.vstack([x, x[:1]])[:4]
    return np.sum(phi[0] @ x[:3]) * np.sum(w[-1] @ x[:3]) + np.sum(w[-2] ** 2)


@at(matrix(2, 5), [1, 3, 1], [0, 3])
def lang_7_embedding_with_repeated_ids(e, cinds, rinds):
    both = e[:, [*cinds, *rinds]]
    c = both[:, : len(cinds)].reshape(-1)
    return np.sum(c * c) + np.sum(e[:, cinds[0]] * both[:, -1]) + np.sum(e[:, np.array(rinds)] ** 3)


@at(matrix(2, 5), [1, 3], [])
@at(matrix(2, 5), [1, 3], [2, 2])
def lang_8_early_return_by_length(e, cinds, rinds):
    def embed():
        cembed = np.mean(e[:, cinds], axis=1)
        if len(rinds) == 0:
            return cembed
        return np.concatenate([cembed, e[:, rinds].prod(axis=1)])

    return np.sum(embed() ** 2)


@at({"v": vector(3), "k": 0.4}, vector(3), True)
@at({"v": vector(3), "k": 0.4}, vector(3), False)
def lang_9_branches_of_different_types(w, ob, done):
    v = 0.0 if done else w["v"] @ ob
    r = w["k"] * 2 if not done else np.array([w["k"]])
    return np.sum(v * w["k"] + r)


@at([vector(3), vector(3)], 4)
def lang_10_accumulation_from_an_int(xs, n):
    sumlogp = count = 0
    for x in xs:
        sumlogp += np.sum(x - np.log(np.sum(np.exp(x))))
        count += len(x)
        x /= n
        sumlogp -= x[0]
    sumlogp /= count
    return -sumlogp


def logged_loss(w, x, values=[]):
    y = np.sum(np.tanh(w * x))
    values.append(float(y))
    return y


@at(vector(3), vector(3), [])
def lang_11_and_23_side_effects(w, x, output):
    a = logged_loss(w, x, values=output)
    b = logged_loss(w, x * a, output)
    output.append("done")
    print("loss", a * b)
    return a * b + logged_loss(w, x)


def sample_action(p):
    return int(np.argmax(p + SEED[: len(p)]))


@at(matrix(3, 2), vector(2))
def lang_12_helper_that_returns_an_index(w, ob):
    scores = w @ ob
    p = np.exp(scores) / np.sum(np.exp(scores))
    action = sample_action(p)
    return np.log(p[action]) * 0.7 + p[action - 1]


@at(vector(4), vector(4), 3)
def lang_13_random_numbers_inside(mu, logvar, seed):
    rng = np.random.default_rng(seed)
    sigma = np.exp(0.5 * logvar)
    z = mu + rng.standard_normal(mu.shape) * sigma
    mask = rng.random(4) > 0.4
    z = z * mask / 0.6
    return np.sum(z**2) - np.sum(1 + logvar - mu**2 - np.exp(logvar)) / 2


def leaky_relu(x, alpha=0.2):
    return np.maximum(0, x) + alpha * np.minimum(0, x)


@at(vector(6), 0.3)
def lang_14_leaky_relu(x, a):
    return np.sum(leaky_relu(x) ** 2) + np.sum(leaky_relu(x, alpha=a))


@at(positive(5) / 3, positive(5) / 3)
def lang_15_binary_cross_entropy(x, xh):
    return -np.mean(x * np.log(xh + 1e-10) + (1 - x) * np.log(1 - xh + 1e-10)) + np.sum(x)


class Dense:
    def __init__(self, w, b, f=np.tanh):
        self.w, self.b, self.f = w, b, f

    def __call__(self, x):
        return self.f(self.w @ x + self.b)


class Chain:
    def __init__(self, *layers):
        self.layers = layers

    def __call__(self, x, y=None, **o):
        for l in self.layers:
            x = l(x)
        return x if y is None else self.loss(x, y, **o)

    def loss(self, x, y, scale=1.0):
        return np.sum((x - y) ** 2) * scale


@at(
    Chain(Dense(matrix(3, 2), vector(3)), Dense(matrix(2, 3), vector(2), f=sigmoid)),
    vector(2),
    vector(2),
    scale=1.7,
)
def lang_16_and_17_chain_of_layers(chain, x, y, **o):
    return chain(x, y, **o) + np.sum(chain(x))


def make_eosmatrix():
    EOS = None

    def eosmatrix(n, like):
        nonlocal EOS
        if EOS is None or EOS.shape[0] != n:
            EOS = np.zeros((n, like.shape[1]))
            EOS[:, 0] = 1.5
        return EOS

    return eosmatrix


@at(matrix(3, 2), matrix(3, 2))
def lang_18_closure_with_a_cache(w, x):
    eosmatrix = make_eosmatrix()
    s = 0
    for k in range(3):
        s += np.sum(eosmatrix(3, w) * w * (k + 1)) + np.sum(eosmatrix(2, x).T @ x[:2])
    return s * s


@at(
    {
        "state0": [vector(2), vector(2)],
        "embed1": matrix(2, 3),
        "encode": [matrix(2, 2), [0.3, None]],
        "n": 2,
        "f": np.tanh,
    },
    vector(3),
)
def lang_19_dict_of_lists(w, x):
    h = w["f"](w["embed1"] @ x)
    for s in w["state0"]:
        h = h * s + w["encode"][0] @ h * w["encode"][1][0]
    return np.sum(h) * w["n"]


@at(vector(24).reshape(2, 3, 4))
def lang_20_reshapes_and_permutations(x):
    y = x.reshape(6, x.shape[2])
    z = np.transpose(x, (2, 0, 1))
    m = x.reshape(x.shape[0], -1)
    return np.sum(y @ y.T) + np.sum(z[1] * m.reshape(2, 3, 4)[..., 0]) + np.sum(m[0, ::2] ** 3)


@at(matrix(2, 4), [0, 2, 2])
def lang_21_one_hot_by_a_loop(w, idx):
    onehot = np.zeros((len(idx), w.shape[1]))
    for i, k in enumerate(idx):
        onehot[i, k] = 1
    return np.sum((onehot @ w.T) ** 2)


@at(matrix(2, 3), [(vector(3), vector(2)), (vector(3), vector(2))])
def lang_22_comprehensions_in_a_loss(w, data):
    def loss(x, y):
        return np.mean((w @ x - y) ** 2)

    both = list(map(lambda pair: loss(*pair), data))
    return sum(loss(x, y) for (x, y) in data) + sum(i * v for i, v in enumerate(both)) + max(both)


@at(vector(3), 0.8)
def lang_24_gradient_penalty_by_hand(w, x):
    import knetc

    def critic(v):
        return np.sum(np.tanh(w * v))

    g = knetc.grad(critic)(x)
    return critic(x) + 10 * (g - 1) ** 2


@at(vector(3), vector(3))
def lang_24_maml_step(w, x):
    import knetc

    def inner(v, data):
        return np.sum((v * data - 1) ** 2)

    fast = w - 0.1 * knetc.grad(inner)(w, x)
    return inner(fast, x * 2)


@at({"wx": matrix(3, 4), "wh": matrix(3, 3), "wy": matrix(4, 3), "b": vector(3)}, "hello")
def character_rnn(p, text):
    vocabulary = {c: i for i, c in enumerate(sorted(set(text)))}
    h, loss = np.zeros(3), 0
    for c, following in zip(text, text[1:]):
        x = np.zeros(4)
        x[vocabulary[c]] = 1
        h = np.tanh(p["wx"] @ x + p["wh"] @ h + p["b"])
        scores = p["wy"] @ h
        loss += np.log(np.sum(np.exp(scores))) - scores[vocabulary[following]]
    return loss / (len(text) - 1)


@at({"q": matrix(3, 3), "k": matrix(3, 3), "v": matrix(3, 3), "g": vector(3), "b": vector(3)}, matrix(4, 3))
def attention(p, x):
    def norm(v):
        return (v - v.mean(-1, keepdims=True)) / np.sqrt(v.var(-1, keepdims=True) + 1e-5) * p["g"] + p["b"]

    q, k, v = (x @ p[name] for name in ("q", "k", "v"))
    s = q @ k.T / np.sqrt(q.shape[-1])
    s[np.triu_indices(len(x), 1)] = -1e9
    a = np.exp(s - s.max(axis=-1, keepdims=True))
    a /= a.sum(axis=-1, keepdims=True)
    return np.sum(norm(x + a @ v)[-1] ** 2 * np.arange(1, 4))


@at(
    matrix(2, 3).astype(np.float32),
    vector(2).astype(np.float32),
    matrix(4, 3).astype(np.float32),
    [0, 1, 1, 0],
)
def softmax_regression_in_single_precision(w, b, x, y):
    scores = x @ w.T + b
    logp = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(y)), y])


@dataclass
class Adam:
    lr: Any
    beta1: float = 0.9
    beta2: float = 0.99
    t: int = 0
    m: Any = 0.0
    v: Any = 0.0

    def update(self, w, g):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g * g
        m, v = self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)
        w -= self.lr * m / (np.sqrt(v) + 1e-8)


@at(0.1, vector(3), matrix(4, 3), vector(4))
def training_loop_with_adam(lr, w, x, y):
    opt = Adam(lr)
    losses = []
    for epoch in range(3):
        r = x @ w - y
        losses.append(np.mean(r * r))
        opt.update(w, 2 * x.T @ r / len(y))
    return np.mean((x @ w - y) ** 2) + sum(losses) * 0.1


@at(vector(2), positive(2))
def hamiltonian_monte_carlo_step(q, m):
    def potential(q):
        return 0.5 * q @ q + 0.1 * q[0] ** 4

    def force(q):
        g = q * 1.0
        g[0] += 0.4 * q[0] ** 3
        return -g

    p = np.array([0.5, -0.7])
    start = potential(q) + 0.5 * np.sum(p * p / m)
    p = p + 0.05 * force(q)
    for k in range(3):
        q = q + 0.1 * p / m
        if k != 2:
            p = p + 0.1 * force(q)
    p += 0.05 * force(q)
    return (potential(q) + 0.5 * np.sum(p * p / m) - start) * 10 + q[0]


@at(vector(3), 3)
def legendre_polynomials(x, n):
    p0, p1 = np.ones_like(x), x
    for k in range(1, n):
        p0, p1 = p1, ((2 * k + 1) * x * p1 - k * p0) / (k + 1)
    return np.sum(p1 * p1)


@at(matrix(5, 2))
def polygon_area_and_perimeter(points):
    area = perimeter = 0.0
    previous = points[-1]
    for p in points:
        area += previous[0] * p[1] - previous[1] * p[0]
        perimeter += np.hypot(*(p - previous))
        previous = p
    return abs(area) / 2 + perimeter


@at(vector(4), vector(3))
def bezier_by_de_casteljau(xs, ts):
    total = 0.0
    for t in ts:
        points = list(xs)
        while len(points) > 1:
            points = [(1 - t) * a + t * b for a, b in zip(points, points[1:])]
        total += points[0] ** 2
    return total


@at(positive(3), 0.4)
def interest_cash_flows(flows, rate):
    def npv(r):
        return sum(c / (1 + r) ** (i + 1) for i, c in enumerate(flows)) - 2.0

    r = rate
    for _ in range(3):
        r = r - npv(r) / ((npv(r + 0.01) - npv(r - 0.01)) / 0.02)
    return r * r
