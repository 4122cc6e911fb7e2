def f(b, xs):
    xs += [b]
    return 1.5 * b * xs[0]
