def f(v):
    v[0] *= v.item(-3)
    return v[0]
