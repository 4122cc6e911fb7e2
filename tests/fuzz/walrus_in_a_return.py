def f(a):
    return (t := a * a)
