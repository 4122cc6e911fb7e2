from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc import attention, positional_encoding, rotary
from knetc.errors import ArgumentError, ShapeError
from knetc.ops.position import unrotary
from knetc.testing import gradcheck

rng = np.random.default_rng(0)
X = rng.normal(size=(2, 5, 6))


@pytest.mark.parametrize("size", [1, 6, 7])
def test_positional_encoding_is_the_formula(size):
    encoding = positional_encoding(5, size, np.float64)

    assert encoding.shape == (5, size)
    for t in range(5):
        for i in range(size):
            angle = t / 10000 ** (2 * (i // 2) / size)
            assert encoding[t, i] == pytest.approx(np.cos(angle) if i % 2 else np.sin(angle), abs=1e-14)


def test_positional_encoding_is_float32_unless_told_otherwise():
    assert positional_encoding(3, 4).dtype == np.float32
    assert positional_encoding(0, 4).shape == (0, 4)


def test_positional_encoding_is_a_constant_in_a_gradient():
    assert gradcheck(lambda x: np.sum(np.sin(x + positional_encoding(5, 6, np.float64))), X)


def test_rotary_turns_pairs_as_complex_numbers():
    z = X[..., 0::2] + 1j * X[..., 1::2]
    turned = z * np.exp(1j * np.arange(5)[:, None] * 100.0 ** (-np.arange(3) / 3))
    y = rotary(X, base=100.0)

    np.testing.assert_allclose(y[..., 0::2], turned.real, rtol=1e-12)
    np.testing.assert_allclose(y[..., 1::2], turned.imag, rtol=1e-12)


def test_scalar_products_depend_on_the_distance_alone():
    q, k = rng.normal(size=(1, 6)), rng.normal(size=(1, 6))

    near = rotary(q, start=3) @ rotary(k, start=1).T
    far = rotary(q, start=103) @ rotary(k, start=101).T
    np.testing.assert_allclose(near, far, rtol=1e-10)
    assert not np.allclose(near, rotary(q, start=4) @ rotary(k, start=1).T)


def test_start_goes_on_where_others_have_ended():
    np.testing.assert_array_equal(rotary(X)[:, 2:], rotary(X[:, 2:], start=2))


def test_lengths_stay_and_turning_back_undoes_it():
    np.testing.assert_allclose(np.linalg.norm(rotary(X), axis=-1), np.linalg.norm(X, axis=-1), rtol=1e-12)
    np.testing.assert_allclose(unrotary(rotary(X, base=7.0, start=2), base=7.0, start=2), X, rtol=1e-12)


def test_gradients_agree_with_differences():
    def loss(q, k, v):
        return np.sum(np.sin(attention(rotary(q, base=50.0), rotary(k, base=50.0, start=1), v)))

    assert gradcheck(loss, X, X + 1, X * X)


def test_float32_stays_float32_and_ints_become_floats():
    assert rotary(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(rotary(np.array([[1, 0], [1, 0]]))[1], [np.cos(1), np.sin(1)])


def test_far_positions_are_exact_in_float32():
    x = np.ones((1, 2), np.float32)
    y = rotary(x, start=1_000_003)

    np.testing.assert_allclose(y[0, 0], np.cos(1_000_003.0) - np.sin(1_000_003.0), rtol=1e-6)


def test_the_generated_code_reads():
    gradient = knetc.grad(lambda x: np.sum(rotary(x, base=50.0) ** 3))
    gradient(X)

    assert "unrotary(3.0 * rotary_out**2, base=50.0)" in gradient.source


@pytest.mark.parametrize("shape", [(3,), (5, 3), ()])
def test_rotary_takes_an_even_size(shape):
    with pytest.raises(ShapeError) as caught:
        rotary(np.ones(shape))
    assert str(caught.value).startswith(
        f"KN234 rotary: `x` has shape {shape}; expected (..., T, D) with an even D"
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: positional_encoding(-1, 4), "`length` is -1; expected an int from 0"),
        (lambda: positional_encoding(4.0, 4), "`length` is 4.0; expected an int from 0"),
        (lambda: positional_encoding(4, 0), "`size` is 0; expected an int from 1"),
        (lambda: positional_encoding(4, 4, int), "`dtype` is <class 'int'>; expected a type of floats"),
        (lambda: rotary(X, base=0), "`base` is 0; expected a number above 0"),
        (lambda: rotary(X, base=np.nan), "`base` is nan; expected a number above 0"),
        (lambda: rotary(X, start=-1), "`start` is -1; expected an int from 0"),
    ],
)
def test_options_are_in_range(call, message):
    with pytest.raises(ArgumentError, match=f"KN344 .*: {message}"):
        call()
