"""The kind that is inferred for an expression covers the kind of its value."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.analysis.kinds import UNKNOWN, join, kind_of
from knetc.front.lower import lower
from knetc.ops import conv4, logsumexp, mat, nll, pool, softmax
from tests.stages import facts

VALUES = {
    "a": np.ones((2, 3)) + 0.5, "b": np.ones(3), "c": np.ones((1, 3)), "sq": np.eye(2), "k": np.arange(3), "s": 2.0,
    "n": 2, "t": (1.0, np.ones(2)), "l": [1.0, 2.0], "d": {"w": np.ones(2)}, "img": np.ones((2, 3, 6, 6)),
    "filters": np.ones((4, 3, 3, 3)), "labels": np.array([0, 2]), "flag": True,
}  # fmt: skip
SCOPE = {
    "np": np, "conv4": conv4, "pool": pool, "mat": mat, "softmax": softmax, "logsumexp": logsumexp, "nll": nll,
}  # fmt: skip
EXACT = (
    """
a + b|a * s|a + c|k + n|s * n|n + n|-a|a / (k + 1)|n / 2|np.tanh(n)|np.exp(b)|a @ b|b @ b|a @ a.T|np.outer(b, b)|a.T
np.sum(a)|np.sum(a, axis=0)|np.sum(a, axis=-1)|np.sum(a, axis=(0, 1))|np.sum(a, axis=0, keepdims=True)
np.mean(a, axis=1)|np.max(a)|np.sum(k)|np.mean(k)|np.sum(c, axis=0)|np.var(b)
a[0]|a[0, 1]|a[:, 0]|a[None]|a[..., 0]|a[:, None, 1]|b[n]|k[0]|a[::-1]|a[n - 1]
np.zeros(3)|np.zeros((2, 1))|np.ones_like(a)|np.full((2, 3), s)|np.where(a > 0, a, s)|np.where(b > 0, b, c)
t[0]|t[1]|t[-1]|l[0]|d['w']|np.linalg.norm(a)|np.linalg.det(sq)|np.linalg.inv(sq)|softmax(a)
len(a)|float(n)|np.cumsum(b)|nll(a, labels)
max(s, n)|[s, n]|(a, n)|{'x': b}|a.shape|b.size
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
COVERED = (
    """
a[1:]|a[:, :2]|a[k[:2]]|a[a > 0]|a[:, labels]|np.reshape(a, (3, 2))|np.reshape(a, -1)|a.reshape(n, 3)|np.ravel(a)
np.transpose(img, (1, 0, 2, 3))|np.stack([b, b])|np.concatenate([b, b])|np.einsum('ij->i', a)|np.split(a, 2)
conv4(filters, img)|pool(img)|mat(img)|logsumexp(a)|logsumexp(a, axis=0)
np.sum(a, axis=n - 1)|np.linalg.norm(a, axis=0)
np.zeros(n)|np.full(3, s)|np.argmax(a, axis=0)|np.shape(a)|np.zeros(3, int)|np.tensordot(a, b, 1)
l + l|l[:1]|t[:1]|np.array([s, n])
np.round(a)|np.abs(k)|np.sqrt(n)|np.arange(n)|np.linspace(0, 1, 3)|np.where(flag, a, b)|np.clip(a, 0, 1)|abs(s)
np.dot(a, b)|np.dot(s, a)|np.squeeze(c)|np.expand_dims(b, 0)|np.broadcast_to(b, (2, 3))|np.prod(a, axis=1)
nll(a, labels, average=False)|np.sort(a)|np.median(a)|np.maximum(a, s)|np.power(n, n)|np.sum(img, axis=(2, 3))
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def inferred(expression):
    text = f"def f({', '.join(VALUES)}):\n    return {expression}"
    namespace = dict(SCOPE)
    exec(text, namespace)
    return facts(**VALUES).expr(lower(namespace["f"], text).body[-1].value)


def actual(expression):
    return kind_of(eval(expression, SCOPE | VALUES))


@pytest.mark.parametrize("expression", EXACT)
def test_the_kind_is_exact(expression):
    assert str(inferred(expression)).replace(":?", "") == str(actual(expression)).replace(":?", "")


def covers(found, kind):
    """Whether a kind is one of the values that another stands for; a 0-d array is as good as a number."""
    if found == UNKNOWN or join(found, kind) == found:
        return True
    if found.tag == "array":
        dtype = found.dtype in (
            "?",
            kind.dtype if kind.tag == "array" else "f" if kind.tag == "float" else "i",
        )
        axes = kind.axes if kind.tag == "array" else ""
        fits = found.axes is None or (len(found.axes) == len(axes) and _fit(found.axes, axes))
        return dtype and fits and kind.tag in ("array", "float", "int", "bool")
    return found.tag == kind.tag and found.items is None


def _fit(axes, others):
    return all(a in ("?", b) for a, b in zip(axes, others, strict=True))


@pytest.mark.parametrize("expression", [*EXACT, *COVERED])
def test_the_kind_covers_the_value(expression):
    assert covers(inferred(expression), actual(expression)), (
        str(inferred(expression)),
        str(actual(expression)),
    )
