from __future__ import annotations

import re

import numpy as np
import pytest
from safetensors.numpy import save_file

import knetc
from knetc.errors import ShapeError
from knetc.nn import Conv, named_arrays
from knetc.nn.models import ResNet, resnet18, resnet50
from knetc.nn.models.resnet import BasicBlock, Bottleneck

rng = np.random.default_rng(0)


def small(block, **options):
    return ResNet(block, (2, 1, 1, 1), classes=5, width=4, **options)


def random_weights(model):
    return {name: rng.uniform(0.5, 1.5, array.shape) for name, array in named_arrays(model).items()}


def test_names_are_those_of_torchvision():
    names = named_arrays(resnet18(classes=3))

    assert len(names) == 62 + 2 * 20  # parameters, and running statistics of every batchnorm
    assert names["conv1.weight"].shape == (64, 3, 7, 7)
    assert names["layer2.0.downsample.0.weight"].shape == (128, 64, 1, 1)
    assert names["layer2.0.downsample.1.running_var"].shape == (128,)
    assert names["layer4.1.bn2.bias"].shape == (512,)
    assert names["fc.weight"].shape == (3, 512)
    assert {"layer4.2.conv3.weight", "layer1.0.downsample.0.weight"} <= set(named_arrays(resnet50(width=4)))


@pytest.mark.parametrize("block", [BasicBlock, Bottleneck])
def test_weights_go_round_through_a_file(tmp_path, block):
    model, path = small(block), tmp_path / "resnet.safetensors"
    given = random_weights(model)
    save_file({**given, "bn1.num_batches_tracked": np.array(7)}, path)
    knetc.nn.load_weights(model, path)

    for name, array in named_arrays(model).items():
        np.testing.assert_array_equal(array, given[name].astype(np.float32))


def test_a_builder_takes_weights():
    given = random_weights(resnet18(classes=3, width=2))
    model = resnet18(given, classes=3, width=2)

    np.testing.assert_array_equal(model.fc.b, given["fc.bias"].astype(np.float32))


@pytest.mark.parametrize("block", [BasicBlock, Bottleneck])
def test_a_network_learns(block):
    knetc.seed(0)
    model, x, y = (
        small(block, channels=1),
        rng.normal(size=(8, 1, 32, 32)).astype(np.float32),
        np.arange(8) % 5,
    )
    losses = list(knetc.adam(model, [(x, y)] * 12, lr=0.01))

    assert losses[-1] < 0.2 * losses[0]
    assert model.layer4[0].bn1.moments.mean.any()


def test_channels_that_do_not_fit_are_told_with_their_path():
    model = small(BasicBlock)
    model.layer2[0].conv2 = Conv(3, 8, 3, padding=1)
    with pytest.raises(ShapeError) as caught:
        model(np.zeros((1, 3, 32, 32), np.float32))

    assert (
        caught.value.layer
        == "`layer2.layers[0].conv2` of ResNet, Conv(3 -> 8, 3 x 3, padding=1)  224 parameters"
    )


@pytest.mark.parametrize("block", [BasicBlock, Bottleneck])
def test_a_network_is_compiled(block):
    with knetc.config(record=False):
        gradient = knetc.grad(ResNet.__call__)
        bar = gradient(small(block), np.ones((2, 3, 32, 32), np.float32), np.array([0, 3]))

    assert re.search(r"Chain_call_forward\w*\(self\.layer1, ", gradient.source)
    assert bar.layer1[0].conv1.w.dtype == np.float32
