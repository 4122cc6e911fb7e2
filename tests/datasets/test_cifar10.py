from __future__ import annotations

import gzip
import importlib
import io
import tarfile

import numpy as np
import pytest

from knetc.datasets import cifar10
from knetc.errors import FileError

module = importlib.import_module("knetc.datasets.cifar10")


def record(label, seed=0):
    return bytes([label]) + np.random.default_rng(seed).integers(0, 256, 3072).astype(np.uint8).tobytes()


BATCHES = {f"data_batch_{i}.bin": record(i, i) + record(9, 10 + i) for i in range(1, 6)} | {
    "test_batch.bin": record(3, 42),
    "batches.meta.txt": b"airplane\n",
}


def packed(batches):
    """The authors' archive with these members."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, data in batches.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def test_pictures_and_labels_come_in_the_order_of_the_batches(stand_in):
    stand_in(module, packed(dict(reversed(BATCHES.items()))))
    xtrn, ytrn, xtst, ytst = cifar10()
    assert (xtrn.shape, xtrn.dtype, xtst.shape) == ((10, 3, 32, 32), np.float32, (1, 3, 32, 32))
    assert ytrn.tolist() == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9]
    assert (ytst.tolist(), ytst.dtype) == ([3], np.int64)


def test_pixels_are_read_plane_by_plane(stand_in):
    planes = bytes([200] * 1024 + [100] * 1024) + bytes(range(256)) * 4
    images, labels = module.parse(bytes([5]) + planes)
    np.testing.assert_allclose(images[0, 0], 200 / 255)
    np.testing.assert_allclose(images[0, 1], 100 / 255)
    np.testing.assert_allclose(images[0, 2, 0] * 255, np.arange(32), rtol=1e-6)
    np.testing.assert_allclose(images[0, 2, 1, 0] * 255, 32, rtol=1e-6)
    assert labels.tolist() == [5]


@pytest.mark.parametrize("data", [b"", record(1)[:-1], record(1) + b"x"])
def test_records_are_whole(data):
    with pytest.raises(FileError, match=f"KN603 `a.bin` has {len(data)} bytes, which is no multiple of 3073"):
        module.parse(data, "a.bin")


def test_a_label_is_below_10():
    with pytest.raises(FileError, match=r"KN603 `a\.bin` has the label 10; expected 0 to 9"):
        module.parse(record(0) + record(10), "a.bin")


def test_a_missing_batch_is_named(stand_in):
    stand_in(module, packed({name: data for name, data in BATCHES.items() if "3" not in name}))
    with pytest.raises(FileError, match=r"KN603 `cifar-10-binary\.tar\.gz` has no data_batch_3\.bin"):
        cifar10()


@pytest.mark.parametrize(
    "archive",
    [b"no archive", packed(BATCHES)[:-4000], gzip.compress(b"no tar")],
    ids=["no archive", "cut off", "no tar"],
)
def test_a_broken_archive_is_named(stand_in, archive):
    stand_in(module, archive)
    with pytest.raises(FileError, match=r"KN603 `cifar-10-binary\.tar\.gz` cannot be unpacked"):
        cifar10()


def test_the_failure_says_where_to_put_the_archive(tmp_path, monkeypatch):
    monkeypatch.setenv("KNETC_DATA", str(tmp_path))
    monkeypatch.setattr(module, "SOURCES", ())
    with pytest.raises(FileError, match=r"put cifar-10-binary\.tar\.gz into .*cifar10"):
        cifar10()
