"""Functions and methods of numpy: joined, sorted, decomposed, complex, and those that call back."""

from __future__ import annotations

import numpy as np

from tests.corpus.case import at, matrix, vector


@at(vector(5))
def sorts(x):
    y = x * 2
    y.sort()
    z = np.sort(x)[::-1]
    order = np.argsort(x)
    w = x[order] * y
    x.sort()
    return np.sum(y * np.arange(5)) * z[0] + w[1] * x[3]


@at(matrix(2, 3))
def methods(a):
    b = a.T.copy().reshape(-1).astype(float)
    c = a.sum(axis=1) * a.mean(axis=0)[:2] + a.prod(axis=1)
    d = a.dot(a.T).trace() + a.max() * a.min() + a.std() + a.var(axis=0).sum()
    e = a.cumsum().clip(-0.4, 0.4).sum() + a.diagonal().sum() + a.ravel()[2] + a.flatten()[3]
    f = a.repeat(2).sum() + a.squeeze().sum() + a.swapaxes(0, 1)[0, 1] + a.transpose(1, 0)[2, 1]
    return b @ b + c.sum() * d + e * f + a.take([0, 2, 2]).sum() ** 2 + a.item(1) * a.size


@at(vector(4))
def complex_intermediates(x):
    z = x[:2] + 1j * x[2:]
    w = z * np.conj(z) + z**2 * (1 + 2j)
    return np.sum(np.abs(w)) + np.sum(w.real * w.imag) + abs(complex(1.5, 2.0)) * x[0]


@at(vector(8))
def complex_spectrum(x):
    f = np.fft.fft(x)
    p = np.abs(f) ** 2
    g = np.fft.ifft(f * np.exp(-0.1 * np.arange(8))).real
    return np.sum(p[:3]) + np.sum(g * g * x)


@at(vector(3), np.array([1 + 2j, 0.5 - 1j, 2j]))
def complex_constants(x, c):
    y = np.zeros(3, dtype=complex)
    y[0] = x[0] * c[1]
    y[1:] = x[1:] * c[0]
    y *= c
    return np.sum(y.real**2 + y.imag * x)


@at(matrix(3, 3))
def diagonals_and_triangles(a):
    b = np.tril(a) @ np.triu(a, 1) + np.diag(np.diag(a))
    i = np.arange(3)
    b[i, i] *= 2
    np.fill_diagonal(b[1:, 1:], a[0, 0])
    b[np.triu_indices(3, 1)] = a[np.tril_indices(3, -1)] * 3
    return np.sum(b * b)


@at(vector(5))
def rolling_and_differences(x):
    y = np.roll(x, 2)
    y[0] = y[-1] * y[1]
    d = np.concatenate([np.diff(x), x[:1]])
    g = np.gradient(x)
    c = np.cumsum(x[::-1])[::-1]
    return np.sum(y * d * c) + np.sum(g * g) + np.sum(np.cumprod(x + 2))


@at(vector(3), vector(3))
def joining_and_splitting(x, y):
    a = np.concatenate([x, y * x, [1.5]])
    b, c, d = np.split(a[:6], 3)
    e = np.stack([x, y], axis=1)
    f = np.hstack([x, y]) * np.append(y, x)
    g = np.tile(x, 2) * np.repeat(y, 2) + np.pad(x, (1, 2))
    b[0] = 2.0
    return np.sum(b * c * d) + np.sum(e[:, 1] ** 2) + np.sum(f * g) + a[0] + a[6]


@at(matrix(3, 3), vector(3))
def linear_algebra(a, b):
    m = a @ a.T + 3 * np.eye(3)
    x = np.linalg.solve(m, b)
    n = np.linalg.inv(m)
    lower = np.linalg.cholesky(m)
    return x @ b + np.trace(n) + np.sum(lower) + np.linalg.norm(b) + np.linalg.det(m) * 0.01


@at(matrix(2, 3), matrix(3, 2), vector(3))
def products(a, b, v):
    s = np.einsum("ij,jk->ik", a, b).trace() + np.einsum("i,ji,j", v, a, a[:, 0])
    t = np.tensordot(a, b, axes=([1], [0])).sum() + np.outer(v, v)[0, 2] + np.inner(v, v) * np.vdot(a, b.T)
    return s * t + (a @ v) @ (v @ b)


@at(vector(5))
def wheres_and_selections(x):
    y = np.where(x > 0, x**2, -x)
    z = np.select([x < -0.5, x < 0.5], [x * 2, x**3], default=x)
    c = np.clip(x, -0.6, 0.6) * np.sign(x)
    return np.sum(y * z) + np.sum(z * c)


@at(vector(3))
def ufunc_methods(x):
    a = np.add.reduce(x * x) * np.multiply.reduce(x + 2)
    b = np.multiply.outer(x, x)[0, 1] + np.add.accumulate(x)[2]
    c = np.maximum.reduce(x) * np.minimum.reduce(x)
    return a * b + c + np.multiply.accumulate(x + 1)[1]


@at(vector(4))
def vectorised_function(x):
    def f(t):
        return t * t if t > 0 else -t

    y = np.vectorize(f)(x)
    return np.sum(y * y)


@at(vector(4))
def function_applied_along_an_axis(x):
    z = np.apply_along_axis(lambda v: v * v.sum(), 0, x.reshape(2, 2))
    return np.sum(z**2)


@at(vector(4))
def medians_and_percentiles(x):
    return np.median(x) * np.percentile(x, 30) + np.quantile(x, 0.7)


@at(vector(4))
def covariance_of_numpy(x):
    return np.cov(x) + np.cov(x[:2], x[2:])[0, 1] + np.corrcoef(x, x**2)[0, 1]


@at(vector(3), 0.35)
def interpolation(y, x):
    return np.interp(x, [0.0, 0.3, 1.0], y) ** 2


@at(vector(5))
def choices(x):
    return np.sum(np.choose([0, 1, 0, 1, 0], [x, x**2]) * x)


@at(vector(5))
def piecewise_functions(x):
    return np.sum(np.piecewise(x, [x < 0, x >= 0], [lambda t: -t * t, lambda t: t * 3]) ** 2)


@at(vector(3), vector(3))
def kronecker_and_cross_products(a, b):
    return np.kron(a, b) @ np.arange(9) + np.cross(a, b)[0] ** 2


@at(vector(3), vector(3))
def blocks(x, y):
    e = np.stack([x, y], axis=1)
    h = np.block([[e.T], [np.ones((1, 3))]])
    return np.sum(h @ h)


@at(vector(5))
def differences_with_an_end(x):
    d = np.diff(x, prepend=0.3)
    return np.sum(d * x) + np.sum(np.diff(x, n=2) ** 2) + np.sum(np.ediff1d(x) ** 3)


@at(matrix(3, 3))
def logarithm_of_a_determinant(a):
    sign, logdet = np.linalg.slogdet(a @ a.T + np.eye(3))
    return logdet**2


@at(matrix(3, 3), vector(3))
def decompositions(a, b):
    m = a @ a.T + np.diag([1.0, 2.0, 3.0])
    values, vectors = np.linalg.eigh(m)
    q, r = np.linalg.qr(m)
    u, s, vt = np.linalg.svd(a)
    return values[0] * values[2] + np.sum(vectors[:, 0] ** 2 * b) + r[0, 0] * s[1]


@at(matrix(4, 2), vector(4))
def least_squares_and_pseudoinverses(a, b):
    x = np.linalg.lstsq(a, b, rcond=None)[0]
    return np.sum(x * x) + np.sum(np.linalg.pinv(a) @ b)


@at(vector(4))
def complex_real_and_imaginary_parts(x):
    z = x[:2] + 1j * x[2:]
    w = z * (1 + 2j) - z**2
    return np.sum(w.real * w.imag) + np.real(w)[0] + np.imag(w)[1]


@at(vector(4))
def complex_absolute_values(x):
    z = x[:2] + 1j * x[2:]
    return np.sum(np.abs(np.exp(1j * x))) + np.abs(z[0]) * abs(z[1]) + np.angle(z[0])


@at(0.4, 1.2)
def complex_numbers_of_python(x, y):
    z = complex(x, y) * (1 + 2j)
    w = z.conjugate() * x
    return z.real * z.imag + abs(w) + (x + 2j * y).imag


@at(vector(4))
def complex_parts_written(x):
    z = x.astype(complex)
    z.imag = x * 2
    z.real[1] = 3.0 * x[0]
    z.real *= 2
    return np.sum(z.real * z.imag)


@at(vector(4))
def elements_with_their_indices(x):
    y = np.zeros((2, 2))
    for (i, j), v in np.ndenumerate(x.reshape(2, 2)):
        y[i, j] = v * v * (i + 1)
    return np.sum(y * y)


@at(np.array(0.4), 0.9)
def methods_of_scalars(z, c):
    y = z * c
    a = y.reshape(1)[0] * y.sum() + y.astype(float) * y.copy() - y.flatten()[0]
    return (
        a * y.T
        + y.item() * y.max()
        + y.squeeze() * y.mean()
        + y.real * y.ravel()[0]
        + y.tolist() * y.clip(0, 1)
    )


@at(vector(3), 0.7)
def ranges_between_active_ends(x, c):
    y = np.linspace(x[0], c, 4)
    z = np.linspace(0, c * x[1], 3, endpoint=False)
    return np.sum(y * y) + np.sum(z**2) + np.sum(np.arange(3) * c) ** 2


@at(vector(3), 0.7)
def index_tricks(x, c):
    a = np.r_[x, c, 1.5, x[:2]]
    b = np.c_[x, x * c]
    g, h = np.meshgrid(x, [c, 2.0])
    return np.sum(a * a) + np.sum(b[:, 1] * b[:, 0]) + np.sum(g * h)


@at(vector(5))
def windows(x):
    from numpy.lib.stride_tricks import sliding_window_view

    w = sliding_window_view(x, 3)
    return np.sum(w[:, 0] * w[:, 2]) + np.sum(w.mean(axis=1) ** 2)


@at(vector(5))
def insertions_and_deletions(x):
    a = np.insert(x, 2, x[0] ** 2)
    b = np.delete(x, [1, 3])
    c = np.compress([True, False, True, False, True], x) * np.extract([True, True, False, False, True], x)
    return np.sum(a * a) + np.sum(b * c) + np.trim_zeros(np.pad(x, 1))[1]


@at(vector(5), np.array([0, 1, 1, 3, 0]))
def histograms_by_weights(x, k):
    counts = np.bincount(k, weights=x * x, minlength=5)
    return np.sum(counts**2 * np.arange(5)) + np.unique(x)[1] + np.partition(x, 2)[2] ** 2


@at(vector(3))
def step_functions(x):
    y = np.heaviside(x, 0.5) * x + np.sign(x) * x**2 + np.floor(x) * x + np.rint(x * 3) * x
    return np.sum(y * y) + np.modf(x + 3)[0].sum() ** 2


@at(vector(4))
def polynomials_and_convolutions(x):
    p = np.polyval(x, 0.7)
    r = np.trapezoid(x**2, dx=0.1)
    c = np.convolve(x, [0.3, 0.9])
    return p * c[0] + r + c[1] * c[3]


@at(vector(4))
def statistics(x):
    m = np.mean(x) + np.var(x, ddof=1) + np.std(x)
    q = np.average(x, weights=[1, 2, 3, 4]) + np.ptp(x)
    return m * q + np.max(x) * np.min(x) + np.linalg.norm(x, 3) + np.logaddexp(x[0], x[1])


@at(vector(4))
def puts_and_places(x):
    y = x * 2
    np.put(y, [0, 2], x[:2] ** 2)
    np.place(y, np.array([False, True, False, False]), [1.5])
    np.putmask(y, np.array([False, False, False, True]), x * 3)
    y.put(1, x[3])
    np.put_along_axis(y, np.array([0]), x[1] * 4, axis=0)
    return np.sum(y * y) + np.sum(np.take_along_axis(x, np.array([1, 1]), 0) ** 2)


@at(vector(4), vector(4))
def builtins_over_arrays(x, y):
    s = max(x) * min(y) + sum(x) * abs(x)[1] + max(x[0], y[0])
    return s + sum(sorted(y)[:2]) ** 2 + len(x) * max(x * y) + sum(x * y, 0.5)


@at(0.4, 1.3)
def products_of_lists_of_numbers(a, b):
    s = np.dot([a, b], [b, 2.0]) + np.inner([a, 1.5], (b, a)) + np.outer([a, b], [b])[0, 0]
    return s + np.sum([[a, b], [b, 3.0]]) + np.mean((a, b)) * np.max([a, b]) + np.linalg.norm([a, b])


@at(vector(3))
def vandermonde_matrices(x):
    return np.sum(np.vander(x) * np.arange(9).reshape(3, 3)) + np.sum(np.vander(x, 2, increasing=True) ** 2)


@at(vector(3), 0.3)
def old_polynomials_of_numpy(c, t):
    p = np.poly1d(c)
    return p(t) ** 2 + p.deriv()(t)


@at(vector(3))
def bytes_and_buffers_of_the_library(x):
    import array

    a = array.array("d", x * 2)
    m = memoryview(x * 3)
    return a[0] * m[1] + np.frombuffer(a)[2]


@at(vector(4))
def paddings(x):
    a = np.pad(x, 1, mode="edge")
    b = np.pad(x, (1, 2), mode="reflect")
    c = np.pad(x, 2, mode="wrap")
    return np.sum(a * a) + np.sum(b**3) + np.sum(c[1:] * c[:-1])


@at(vector(3), 0.8)
def logarithmic_ranges(x, c):
    return np.sum(np.logspace(x[0], c, 3)) + np.sum(np.geomspace(c, 2 + x[1], 4) ** 2)


@at(matrix(2, 3))
def flat_iterators(a):
    y = np.zeros(6)
    for k, v in enumerate(a.flat):
        y[k] = v * v
    s = sum(v * 3 for v in list(a.flat)[:2])
    for v in np.nditer(a):
        s = s + v**3
    return np.sum(y * np.arange(6)) + s


@at(0.4, 1.3)
def absolute_value_of_a_complex_number(a, b):
    return abs(complex(a, b)) * abs(a + 1j * b) ** 2


@at(matrix(3, 3))
def norms(a):
    s = np.linalg.norm(a) + np.linalg.norm(a, 1) + np.linalg.norm(a, axis=0)[1] + np.linalg.norm(a[0], np.inf)
    return s * np.linalg.norm(a, "fro") + np.linalg.norm(a[1], 3)


@at(matrix(3, 3))
def spectral_norms(a):
    return np.linalg.norm(a, 2) + np.linalg.norm(a, "nuc") * np.linalg.cond(a + 3 * np.eye(3))
