def f(a, m):
    w = m
    w *= a
    return a
