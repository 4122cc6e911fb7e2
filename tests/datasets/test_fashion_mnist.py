from __future__ import annotations

import importlib

import numpy as np

from knetc.datasets import fashion_mnist, idx

module = importlib.import_module("knetc.datasets.fashion_mnist")


def test_the_pictures_have_the_form_of_mnist(stand_in):
    rng = np.random.default_rng(0)
    arrays = [rng.integers(0, 256, (3, 28, 28)), [9, 0, 1], rng.integers(0, 256, (2, 28, 28)), [5, 6]]
    stand_in(module, *(idx.dump(np.asarray(array, np.uint8)) for array in arrays))
    xtrn, ytrn, xtst, ytst = fashion_mnist()
    assert (xtrn.shape, xtrn.dtype, xtst.shape) == ((3, 1, 28, 28), np.float32, (2, 1, 28, 28))
    np.testing.assert_array_equal(xtrn[:, 0] * np.float32(255), arrays[0])
    assert (ytrn.tolist(), ytst.tolist(), ytst.dtype) == ([9, 0, 1], [5, 6], np.int64)


def test_every_class_has_a_name():
    assert len(set(module.CLASSES)) == 10


def test_the_sources_are_two_mirrors_and_a_package():
    labels = [source.label for source in module.SOURCES]
    assert [label.split(":")[0] for label in labels[:2]] == ["https", "http"]
    assert labels[2] == "Debian package dataset-fashion-mnist"
