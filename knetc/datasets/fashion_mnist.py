"""Fashion-MNIST: 60,000 + 10,000 pictures of clothes in the format of MNIST (Xiao, Rasul and Vollgraf, MIT)."""

from __future__ import annotations

from typing import Any

from knetc.datasets.archives import Recipe, gunzipped
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.mnist import images_and_labels
from knetc.datasets.packages import apt
from knetc.datasets.sources import web

Array = Any

CLASSES = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")
FILES = (
    Wanted(
        "train-images-idx3-ubyte",
        47040016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    Wanted(
        "train-labels-idx1-ubyte", 60008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
    ),
    Wanted(
        "t10k-images-idx3-ubyte", 7840016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
    ),
    Wanted(
        "t10k-labels-idx1-ubyte", 10008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
    ),
)
PACKED_MD5 = {
    "train-images-idx3-ubyte": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte": "bb300cfdad3c16e7a12a480ee83cd310",
}
SOURCES = (
    web(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        PACKED_MD5,
    ),
    web("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", PACKED_MD5),
    apt("dataset-fashion-mnist", Recipe("./usr/share/datasets/fashion-mnist/{name}[.]gz", gunzipped)),
)


def fashion_mnist() -> tuple[Array, Array, Array, Array]:
    """The pictures as `(xtrn, ytrn, xtst, ytst)`, of the shapes and dtypes of `mnist`.

    Images are float32 in 0 to 1 of the shapes (60000, 1, 28, 28) and (10000, 1, 28, 28), labels are int64 in
    0 to 9, whose names are in `CLASSES` of this module. The set is fetched once (31 MB). Raises
    `FileError` (KN601) if no source can be reached.
    """
    return images_and_labels(FILES, fetch("fashion_mnist", FILES, SOURCES))
