"""The kernels of PolyBench and NPBench, in place and unmodified, and their like."""

from __future__ import annotations

import math

import numpy as np

from tests.corpus.case import at, matrix, positive, vector


def spd(n):
    a = matrix(n, n)
    return a @ a.T + n * np.eye(n)


def checksum(a):
    return np.sum(a * np.arange(1, a.size + 1).reshape(a.shape)) * 0.1 + np.sum(a**2)


# PolyBench and NPBench: stencils


@at(3, vector(6), vector(6))
def jacobi_1d(TSTEPS, A, B):
    for t in range(1, TSTEPS):
        B[1:-1] = 0.33333 * (A[:-2] + A[1:-1] + A[2:])
        A[1:-1] = 0.33333 * (B[:-2] + B[1:-1] + B[2:])
    return checksum(A)


@at(3, matrix(4, 4), matrix(4, 4))
def jacobi_2d(TSTEPS, A, B):
    for t in range(1, TSTEPS):
        B[1:-1, 1:-1] = 0.2 * (A[1:-1, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:] + A[2:, 1:-1] + A[:-2, 1:-1])
        A[1:-1, 1:-1] = 0.2 * (B[1:-1, 1:-1] + B[1:-1, :-2] + B[1:-1, 2:] + B[2:, 1:-1] + B[:-2, 1:-1])
    return checksum(A) + checksum(B)


@at(2, matrix(4, 4))
def jacobi_2d_by_elements(steps, A):
    n = A.shape[0]
    B = np.zeros_like(A)
    for t in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                B[i, j] = 0.2 * (A[i, j] + A[i, j - 1] + A[i, 1 + j] + A[1 + i, j] + A[i - 1, j])
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                A[i, j] = B[i, j]
    return checksum(A)


@at(2, 4, matrix(4, 4))
def seidel_2d(TSTEPS, N, A):
    for t in range(0, TSTEPS - 1):
        for i in range(1, N - 1):
            A[i, 1:-1] += (
                A[i - 1, :-2]
                + A[i - 1, 1:-1]
                + A[i - 1, 2:]
                + A[i, 2:]
                + A[i + 1, :-2]
                + A[i + 1, 1:-1]
                + A[i + 1, 2:]
            )
            for j in range(1, N - 1):
                A[i, j] += A[i, j - 1]
                A[i, j] /= 9.0
    return checksum(A)


@at(2, matrix(3, 4), matrix(3, 4), matrix(3, 4), vector(2))
def fdtd_2d(TMAX, ex, ey, hz, _fict_):
    for t in range(TMAX):
        ey[0, :] = _fict_[t]
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
    return checksum(hz) + checksum(ex) * checksum(ey)


def heat_step(A):
    return (
        0.125 * (A[2:, 1:-1, 1:-1] - 2.0 * A[1:-1, 1:-1, 1:-1] + A[:-2, 1:-1, 1:-1])
        + 0.125 * (A[1:-1, 2:, 1:-1] - 2.0 * A[1:-1, 1:-1, 1:-1] + A[1:-1, :-2, 1:-1])
        + 0.125 * (A[1:-1, 1:-1, 2:] - 2.0 * A[1:-1, 1:-1, 1:-1] + A[1:-1, 1:-1, 0:-2])
        + A[1:-1, 1:-1, 1:-1]
    )


@at(2, vector(36).reshape(3, 4, 3), vector(36).reshape(3, 4, 3))
def heat_3d(TSTEPS, A, B):
    for t in range(1, TSTEPS):
        B[1:-1, 1:-1, 1:-1] = heat_step(A)
        A[1:-1, 1:-1, 1:-1] = heat_step(B)
    return checksum(A) + checksum(B)


@at(2, 4, matrix(4, 4))
def adi(TSTEPS, N, u):
    v, p, q = np.empty(u.shape), np.empty(u.shape), np.empty(u.shape)
    DX, DT = 1.0 / N, 1.0 / TSTEPS
    mul1 = 2.0 * DT / (DX * DX)
    a = -mul1 / 2.0
    b, c = 1.0 + mul1, a
    for t in range(1, TSTEPS + 1):
        v[0, 1 : N - 1] = 1.0
        p[1 : N - 1, 0] = 0.0
        q[1 : N - 1, 0] = v[0, 1 : N - 1]
        for j in range(1, N - 1):
            p[1 : N - 1, j] = -c / (a * p[1 : N - 1, j - 1] + b)
            q[1 : N - 1, j] = (
                -a * u[j, 0 : N - 2]
                + (1.0 + 2.0 * a) * u[j, 1 : N - 1]
                - c * u[j, 2:N]
                - a * q[1 : N - 1, j - 1]
            ) / (a * p[1 : N - 1, j - 1] + b)
        v[N - 1, 1 : N - 1] = 1.0
        for j in range(N - 2, 0, -1):
            v[j, 1 : N - 1] = p[1 : N - 1, j] * v[j + 1, 1 : N - 1] + q[1 : N - 1, j]
        u[1 : N - 1, 1 : N - 1] = v[1 : N - 1, 1 : N - 1].T * 0.5
    return np.sum(u * u)


@at(matrix(3, 4), 0.25)
def deriche(imgIn, alpha):
    k = (1.0 - np.exp(-alpha)) * (1.0 - np.exp(-alpha)) / (1.0 + alpha * np.exp(-alpha) - np.exp(2.0 * alpha))
    a1 = a5 = k
    a2 = a6 = k * np.exp(-alpha) * (alpha - 1.0)
    a3 = a7 = k * np.exp(-alpha) * (alpha + 1.0)
    a4 = a8 = -k * np.exp(-2.0 * alpha)
    b1 = 2.0 ** (-alpha)
    b2 = -np.exp(-2.0 * alpha)
    c1 = c2 = 1
    y1 = np.empty_like(imgIn)
    y1[:, 0] = a1 * imgIn[:, 0]
    y1[:, 1] = a1 * imgIn[:, 1] + a2 * imgIn[:, 0] + b1 * y1[:, 0]
    for j in range(2, imgIn.shape[1]):
        y1[:, j] = a1 * imgIn[:, j] + a2 * imgIn[:, j - 1] + b1 * y1[:, j - 1] + b2 * y1[:, j - 2]
    y2 = np.empty_like(imgIn)
    y2[:, -1] = 0.0
    y2[:, -2] = a3 * imgIn[:, -1]
    for j in range(imgIn.shape[1] - 3, -1, -1):
        y2[:, j] = a3 * imgIn[:, j + 1] + a4 * imgIn[:, j + 2] + b1 * y2[:, j + 1] + b2 * y2[:, j + 2]
    imgOut = c1 * (y1 + y2)
    y1[0, :] = a5 * imgOut[0, :]
    y1[1, :] = a5 * imgOut[1, :] + a6 * imgOut[0, :] + b1 * y1[0, :]
    for i in range(2, imgIn.shape[0]):
        y1[i, :] = a5 * imgOut[i, :] + a6 * imgOut[i - 1, :] + b1 * y1[i - 1, :] + b2 * y1[i - 2, :]
    y2[-1, :] = 0.0
    y2[-2, :] = a7 * imgOut[-1, :]
    for i in range(imgIn.shape[0] - 3, -1, -1):
        y2[i, :] = a7 * imgOut[i + 1, :] + a8 * imgOut[i + 2, :] + b1 * y2[i + 1, :] + b2 * y2[i + 2, :]
    imgOut[:] = c2 * (y1 + y2)
    return np.sum(imgOut**2) * 10


# PolyBench and NPBench: linear algebra


@at(spd(4))
def lu(A):
    for i in range(A.shape[0]):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, A.shape[0]):
            A[i, j] -= A[i, :i] @ A[:i, j]
    return checksum(A)


@at(spd(3), vector(3), vector(3), vector(3))
def ludcmp(A, b, x, y):
    for i in range(A.shape[0]):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, A.shape[0]):
            A[i, j] -= A[i, :i] @ A[:i, j]
    for i in range(A.shape[0]):
        y[i] = b[i] - A[i, :i] @ y[:i]
    for i in range(A.shape[0] - 1, -1, -1):
        x[i] = (y[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return checksum(x) + checksum(y)


@at(spd(4))
def cholesky(A):
    A[0, 0] = np.sqrt(A[0, 0])
    for i in range(1, A.shape[0]):
        for j in range(i):
            A[i, j] -= np.dot(A[i, :j], A[j, :j])
            A[i, j] /= A[j, j]
        A[i, i] -= np.dot(A[i, :i], A[i, :i])
        A[i, i] = np.sqrt(A[i, i])
    return checksum(np.tril(A))


@at(spd(3))
def cholesky_by_columns(A):
    n = len(A)
    L = np.zeros((n, n))
    for k in range(n):
        L[k, k] = math.sqrt(A[k, k] - sum(L[k, j] ** 2 for j in range(k)))
        for i in range(k + 1, n):
            s = 0.0
            for j in range(k):
                s += L[i, j] * L[k, j]
            L[i, k] = (A[i, k] - s) / L[k, k]
    return checksum(L)


@at(matrix(4, 3))
def gramschmidt(A):
    Q = np.zeros_like(A)
    R = np.zeros((A.shape[1], A.shape[1]), dtype=A.dtype)
    for k in range(A.shape[1]):
        nrm = np.dot(A[:, k], A[:, k])
        R[k, k] = np.sqrt(nrm)
        Q[:, k] = A[:, k] / R[k, k]
        for j in range(k + 1, A.shape[1]):
            R[k, j] = np.dot(Q[:, k], A[:, j])
            A[:, j] -= Q[:, k] * R[k, j]
    return checksum(Q) + checksum(R)


@at(np.array([0.3, -0.2, 0.15, 0.1]))
def durbin(r):
    y = np.empty_like(r)
    alpha = -r[0]
    beta = 1.0
    y[0] = -r[0]
    for k in range(1, r.shape[0]):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y[:k] += alpha * np.flip(y[:k])
        y[k] = alpha
    return checksum(y)


@at(spd(4), vector(4), vector(4))
def trisolv(L, x, b):
    for i in range(x.shape[0]):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return checksum(x)


@at(matrix(4, 3))
def correlation(data):
    M, float_n = data.shape[1], float(len(data))
    mean = np.mean(data, axis=0)
    stddev = np.std(data, axis=0)
    stddev[stddev <= 0.1] = 1.0
    data -= mean
    data /= np.sqrt(float_n) * stddev
    corr = np.eye(M, dtype=data.dtype)
    for i in range(M - 1):
        corr[i + 1 : M, i] = corr[i, i + 1 : M] = data[:, i] @ data[:, i + 1 : M]
    return checksum(corr)


@at(matrix(4, 3), 4.0)
def covariance(data, float_n):
    M = data.shape[1]
    mean = np.mean(data, axis=0)
    data -= mean
    cov = np.zeros((M, M), dtype=data.dtype)
    for i in range(M):
        cov[i:M, i] = cov[i, i:M] = data[:, i] @ data[:, i:M] / (float_n - 1.0)
    return checksum(cov)


@at(1.5, 1.2, matrix(3, 4), matrix(3, 3), matrix(3, 4))
def symm(alpha, beta, C, A, B):
    temp2 = np.empty((C.shape[1],), dtype=C.dtype)
    C *= beta
    for i in range(C.shape[0]):
        for j in range(C.shape[1]):
            C[:i, j] += alpha * B[i, j] * A[i, :i]
            temp2[j] = B[:i, j] @ A[i, :i]
        C[i, :] += alpha * B[i, :] * A[i, i] + alpha * temp2
    return checksum(C)


@at(1.5, 1.2, matrix(3, 3), matrix(3, 2))
def syrk(alpha, beta, C, A):
    for i in range(A.shape[0]):
        C[i, : i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, : i + 1] += alpha * A[i, k] * A[: i + 1, k]
    return checksum(C)


@at(1.5, 1.2, matrix(3, 3), matrix(3, 2), matrix(3, 2))
def syr2k(alpha, beta, C, A, B):
    for i in range(A.shape[0]):
        C[i, : i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, : i + 1] += A[: i + 1, k] * alpha * B[i, k] + B[: i + 1, k] * alpha * A[i, k]
    return checksum(C)


@at(1.5, matrix(3, 3), matrix(3, 4))
def trmm(alpha, A, B):
    for i in range(B.shape[0]):
        for j in range(B.shape[1]):
            B[i, j] += np.dot(A[i + 1 :, i], B[i + 1 :, j])
    B *= alpha
    return checksum(B)


@at(vector(3), vector(3), vector(3), vector(3), matrix(3, 3))
def mvt(x1, x2, y_1, y_2, A):
    x1 += A @ y_1
    x2 += y_2 @ A
    return checksum(x1) * checksum(x2)


@at(matrix(3, 4), vector(4))
def atax(A, x):
    return checksum((A @ x) @ A)


@at(matrix(3, 4), vector(4), vector(3))
def bicg(A, p, r):
    return checksum(r @ A) * checksum(A @ p)


@at(
    1.5,
    1.2,
    matrix(3, 3),
    vector(3),
    vector(3),
    vector(3),
    vector(3),
    vector(3),
    vector(3),
    vector(3),
    vector(3),
)
def gemver(alpha, beta, A, u1, v1, u2, v2, w, x, y, z):
    A += np.outer(u1, v1) + np.outer(u2, v2)
    x += beta * y @ A + z
    w += alpha * A @ x
    return checksum(w) + checksum(A)


@at(1.5, 1.2, matrix(2, 2), matrix(2, 3), matrix(3, 2))
def gemm(alpha, beta, C, A, B):
    C[:] = alpha * A @ B + beta * C
    return checksum(C)


@at(matrix(2, 3), matrix(3, 2), matrix(2, 2), 2, 3)
def gemm_by_elements(A, B, C, n, m):
    for i in range(n):
        for j in range(n):
            C[i, j] *= 1.2
        for k in range(m):
            for j in range(n):
                C[i, j] += 1.5 * A[i, k] * B[k, j]
    return checksum(C)


@at(1.5, 1.2, matrix(3, 3), matrix(3, 3), vector(3))
def gesummv(alpha, beta, A, B, x):
    return checksum(alpha * A @ x + beta * B @ x)


@at(2, 2, vector(12).reshape(2, 2, 3), matrix(3, 3))
def doitgen(NR, NQ, A, C4):
    for r in range(NR):
        for q in range(NQ):
            s = np.zeros(3)
            for p in range(3):
                s[p] = A[r, q] @ C4[:, p]
            A[r, q, :] = s
    return checksum(A)


@at(positive(4, 4))
def floyd_warshall(path):
    for k in range(path.shape[0]):
        path[:] = np.minimum(path[:], np.add.outer(path[:, k], path[k, :]))
    return np.sum(path * np.arange(16.0).reshape(4, 4))


@at(matrix(5, 5), 0.3)
def nussinov_with_a_soft_maximum(pair, t):
    n = len(pair)
    table = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            options = [table[i, j - 1], table[i + 1, j]]
            if i < j - 1:
                options.append(table[i + 1, j - 1] + pair[i, j])
            else:
                options.append(table[i + 1, j - 1])
            for k in range(i + 1, j):
                options.append(table[i, k] + table[k + 1, j])
            table[i, j] = t * np.log(np.sum(np.exp(np.array(options) / t)))
    return table[0, n - 1] ** 2


@at(1.9, 0.9, 3)
def mandelbrot_like_escape(re, im, n):
    zr = zi = 0.0
    for k in range(n):
        zr, zi = zr * zr - zi * zi + re * 0.2, 2 * zr * zi + im * 0.2
        if zr * zr + zi * zi > 4:
            break
    return zr * zr + zi * zi + k * zr


@at(matrix(4, 3), positive(4), 0.1, 2)
def nbody(pos, mass, dt, steps):
    vel = np.zeros_like(pos)
    acc = np.zeros_like(pos)
    for _ in range(steps):
        acc.fill(0)
        for i in range(len(pos)):
            for j in range(len(pos)):
                if i == j:
                    continue
                d = pos[j] - pos[i]
                acc[i] += mass[j] * d / (d @ d + 0.1) ** 1.5
        vel += acc * dt
        pos += vel * dt
    return np.sum(vel**2 * mass[:, None]) + np.sum(pos * pos)


@at(positive(3, 3), vector(3))
def conjugate_gradient(m, b):
    A = m @ m.T + 2 * np.eye(3)
    x = np.zeros_like(b)
    r = b - A @ x
    p = r.copy()
    rs = r @ r
    for _ in range(2):
        Ap = A @ p
        alpha = rs / (p @ Ap)
        x += alpha * p
        r -= alpha * Ap
        new = r @ r
        if np.sqrt(new) < 1e-10:
            break
        p = r + (new / rs) * p
        rs = new
    return x @ b


@at(spd(3), vector(3))
def gauss_elimination_with_pivots(A, b):
    n = len(b)
    M = np.hstack([A, b[:, None]])
    for k in range(n):
        p = k + int(np.argmax(np.abs(M[k:, k])))
        if p != k:
            M[[k, p]] = M[[p, k]]
        for i in range(k + 1, n):
            f = M[i, k] / M[k, k]
            M[i, k:] -= f * M[k, k:]
    x = np.zeros(n)
    for i in reversed(range(n)):
        x[i] = (M[i, -1] - M[i, i + 1 : n] @ x[i + 1 :]) / M[i, i]
    return checksum(x)


@at(vector(4), vector(4) + 4, vector(4), vector(4))
def thomas_algorithm(a, b, c, d):
    n = len(d)
    for i in range(1, n):
        w = a[i] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    x = d
    x[-1] /= b[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
    return checksum(x)


@at(vector(8))
def fast_fourier_transform(x):
    def fft(re, im):
        n = len(re)
        if n == 1:
            return re, im
        er, ei = fft(re[::2], im[::2])
        odr, odi = fft(re[1::2], im[1::2])
        k = np.arange(n // 2)
        c, s = np.cos(2 * np.pi * k / n), -np.sin(2 * np.pi * k / n)
        tr, ti = c * odr - s * odi, c * odi + s * odr
        return np.concatenate([er + tr, er - tr]), np.concatenate([ei + ti, ei - ti])

    re, im = fft(x, np.zeros(len(x)))
    return np.sum((re**2 + im**2)[1:3] * np.array([1.0, 2.0]))
