def f(a):
    g = lambda z, k=a: a
    return g(0.5)
