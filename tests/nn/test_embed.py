from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.nn import Chain, Embed, PositionalEncoding, parameters
from knetc.testing import gradcheck

rng = np.random.default_rng(0)


def test_words_are_rows():
    layer, words = Embed(10, 4), np.array([[1, 2, 1], [0, 9, 3]])

    np.testing.assert_array_equal(layer(words), layer.w[words])


def test_rows_have_the_deviation_of_their_initialiser():
    knetc.seed(0)

    assert Embed(1000, 50).w.std() == pytest.approx(1.0, rel=0.02)
    assert Embed(3, 2, init=lambda *shape: np.full(shape, 7.0)).w.tolist() == [[7.0, 7.0]] * 3


def test_rows_that_are_not_read_are_not_updated():
    layer = Embed(10, 4)
    before = layer.w.copy()
    knetc.run(
        knetc.sgd(lambda layer, words: np.sum(layer(words)), [np.array([1, 1, 3])], lr=1.0, params=layer)
    )

    np.testing.assert_allclose(layer.w[[1, 3]], before[[1, 3]] - [[2.0], [1.0]], rtol=1e-5)
    np.testing.assert_array_equal(np.delete(layer.w, [1, 3], 0), np.delete(before, [1, 3], 0))


def test_places_are_added():
    layer, x = PositionalEncoding(9, 4), rng.normal(size=(2, 5, 4))

    np.testing.assert_allclose(layer(x), x + knetc.positional_encoding(9, 4)[:5], rtol=1e-12)
    np.testing.assert_array_equal(layer(x)[0], layer(x[0]))


def test_waves_are_not_trained_and_learned_places_are():
    assert parameters(PositionalEncoding(9, 4)) == 0
    assert parameters(PositionalEncoding(9, 4, learned=True)) == 36


@pytest.mark.parametrize("learned", [True, False])
def test_gradients_of_places_are_those_of_differences(learned):
    layer, x = PositionalEncoding(5, 4, learned=learned), rng.normal(size=(2, 3, 4))

    gradcheck(lambda layer, x: layer(x), layer, x) if learned else gradcheck(layer, x)


@pytest.mark.parametrize("shape", [(2, 10, 4), (2, 5, 3), (4,)])
def test_sequences_that_do_not_fit_are_told(shape):
    with pytest.raises(
        ShapeError, match=r"KN237 PositionalEncoding: `x` has shape .*; expected \(..., T, 4\) with T"
    ):
        Chain(PositionalEncoding(9, 4))(np.zeros(shape))


@pytest.mark.parametrize("cls", [Embed, PositionalEncoding])
def test_sizes_are_positive(cls):
    with pytest.raises(
        ArgumentError, match=f"KN346 {cls.__name__}: `size` is -4; expected an int of at least 1"
    ):
        cls(9, -4)


def test_words_that_are_not_there_are_told_with_the_layer():
    with pytest.raises(ArgumentError, match="KN342") as caught:
        Chain(Embed(5, 2))(np.array([5]))

    assert caught.value.layer == "`layers[0]` of Chain, Embed(5 words, 2)  10 parameters"
