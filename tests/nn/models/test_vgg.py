from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file

import knetc
from knetc.errors import ArgumentError
from knetc.nn import named_arrays
from knetc.nn.models import VGG, vgg11, vgg13, vgg16, vgg19

rng = np.random.default_rng(0)


@pytest.mark.parametrize(("build", "layers"), [(vgg11, 8), (vgg13, 10), (vgg16, 13), (vgg19, 16)])
@pytest.mark.parametrize("batchnorm", [False, True])
def test_networks_have_their_depth(build, layers, batchnorm):
    model = build(batchnorm=batchnorm, width=2, hidden=4, classes=3)
    names = named_arrays(model)

    assert sum(name.startswith("features") and array.ndim == 4 for name, array in names.items()) == layers
    assert len(model.features) == layers * (3 if batchnorm else 2) + 5


def test_names_are_those_of_torchvision():
    names = named_arrays(VGG(11, batchnorm=True, hidden=8, classes=3))

    assert [n for n in names if n.startswith("classifier")] == [
        f"classifier.{i}.{part}" for i in (0, 3, 6) for part in ("weight", "bias")
    ]
    assert names["features.0.weight"].shape == (64, 3, 3, 3)
    assert names["features.1.running_mean"].shape == (64,)
    assert names["features.25.weight"].shape == (512, 512, 3, 3)
    assert names["classifier.0.weight"].shape == (8, 512 * 7 * 7)


def test_weights_go_round_through_a_file(tmp_path):
    path, options = tmp_path / "vgg.safetensors", {"width": 2, "hidden": 4, "classes": 3}
    given = {n: rng.normal(size=a.shape) for n, a in named_arrays(vgg11(**options)).items()}
    save_file(given, path)

    for name, array in named_arrays(vgg11(path, **options)).items():
        np.testing.assert_array_equal(array, given[name].astype(np.float32))


def test_a_network_learns():
    knetc.seed(0)
    model = VGG(11, batchnorm=True, channels=1, width=4, hidden=16, classes=5, dropout=0.1)
    for i in (0, 3, 6):
        model.classifier[i].w *= 10  # images are small, and so is the patience of a test
    x, y = rng.normal(size=(8, 1, 32, 32)).astype(np.float32), np.arange(8) % 5
    losses = list(knetc.adam(model, [(x, y)] * 15, lr=0.01))

    assert losses[-1] < 0.7 * losses[0]


def test_there_are_four_depths():
    with pytest.raises(ArgumentError, match="KN347 VGG: `depth` is 12; expected 11, 13, 16 or 19"):
        VGG(12)
