def f(a, m):
    w = m.flat[1:4]
    w[1] = a
    return w[1] * m[0, 2] * m[0, 1]
