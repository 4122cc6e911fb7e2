"""ResNet and VGG with the weights of the same network in PyTorch: equal outputs, equal gradients, equal moments."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.nn import load_weights, named_arrays
from knetc.nn.models import VGG, ResNet
from knetc.nn.models.resnet import BasicBlock, Bottleneck

pytestmark = pytest.mark.peers("torch")


def torch_resnet(torch, block, depths, width, classes):
    """torchvision's ResNet, as its paper and its names of weights define it."""
    nn = torch.nn

    def conv(i, o, k, s=1):
        return nn.Conv2d(i, o, k, s, k // 2, bias=False)

    class Block(nn.Module):
        def __init__(self, i, w, s):
            super().__init__()
            o = w * block.expansion
            sizes = (
                [(i, w, 3, s), (w, o, 3, 1)]
                if block is BasicBlock
                else [(i, w, 1, 1), (w, w, 3, s), (w, o, 1, 1)]
            )
            for n, size in enumerate(sizes, start=1):
                setattr(self, f"conv{n}", conv(*size))
                setattr(self, f"bn{n}", nn.BatchNorm2d(size[1]))
            self.depth = len(sizes)
            self.downsample = nn.Sequential(conv(i, o, 1, s), nn.BatchNorm2d(o)) if s != 1 or i != o else None

        def forward(self, x):
            y = x
            for n in range(1, self.depth + 1):
                y = getattr(self, f"bn{n}")(getattr(self, f"conv{n}")(y))
                y = y if n == self.depth else torch.relu(y)
            return torch.relu(y + (x if self.downsample is None else self.downsample(x)))

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
            inputs = width
            for i, depth in enumerate(depths):
                blocks = []
                for j in range(depth):
                    blocks.append(Block(inputs, width * 2**i, 2 if i and not j else 1))
                    inputs = width * 2**i * block.expansion
                setattr(self, f"layer{i + 1}", nn.Sequential(*blocks))
            self.fc = nn.Linear(inputs, classes)

        def forward(self, x):
            x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
            for i in range(4):
                x = getattr(self, f"layer{i + 1}")(x)
            return self.fc(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1))

    return Net()


def torch_vgg(torch, counts, width, hidden, classes, *, batchnorm):
    nn = torch.nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            layers, inputs = [], 3
            for i, count in enumerate(counts):
                for _ in range(count):
                    outputs = width * min(2**i, 8)
                    layers += [nn.Conv2d(inputs, outputs, 3, padding=1)]
                    layers += [nn.BatchNorm2d(outputs), nn.ReLU()] if batchnorm else [nn.ReLU()]
                    inputs = outputs
                layers += [nn.MaxPool2d(2)]
            self.features = nn.Sequential(*layers)
            self.classifier = nn.Sequential(
                nn.Linear(inputs * 49, hidden), nn.ReLU(), nn.Dropout(0.0),
                nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.0),
                nn.Linear(hidden, classes),
            )  # fmt: skip

        def forward(self, x):
            return self.classifier(nn.functional.adaptive_avg_pool2d(self.features(x), 7).flatten(1))

    return Net()


MODELS = {
    "resnet18": lambda torch: (
        ResNet(BasicBlock, (2, 2, 2, 2), classes=5, width=8),
        torch_resnet(torch, BasicBlock, (2, 2, 2, 2), 8, 5),
    ),
    "resnet50": lambda torch: (
        ResNet(Bottleneck, (3, 4, 6, 3), classes=5, width=4),
        torch_resnet(torch, Bottleneck, (3, 4, 6, 3), 4, 5),
    ),
    "vgg13": lambda torch: (
        VGG(13, classes=5, width=4, hidden=16, dropout=0.0),
        torch_vgg(torch, (2, 2, 2, 2, 2), 4, 16, 5, batchnorm=False),
    ),
    "vgg16_bn": lambda torch: (
        VGG(16, batchnorm=True, classes=5, width=4, hidden=16, dropout=0.0),
        torch_vgg(torch, (2, 2, 3, 3, 3), 4, 16, 5, batchnorm=True),
    ),
}


def widened(value):
    """The arrays of a model in float64, in their places."""
    for name, part in list(vars(value).items()):
        if isinstance(part, np.ndarray) and part.dtype == np.float32:
            setattr(value, name, part.astype(float))
        elif isinstance(part, tuple):
            for item in filter(lambda item: hasattr(item, "__dict__"), part):
                widened(item)
        elif hasattr(part, "__dict__") and not callable(getattr(part, "__code__", None)):
            widened(part)


@pytest.fixture(params=MODELS)
def pair(request, torch, rng, tmp_path):
    """A model of each kind with the same weights, none of them neutral, handed over in a file."""
    from safetensors.torch import save_file

    ours, theirs = MODELS[request.param](torch)
    theirs.double()
    with torch.no_grad():
        for name, array in theirs.state_dict().items():
            if "var" in name or ("bn" in name and name.endswith("weight")):
                array.copy_(torch.tensor(rng.uniform(0.5, 1.5, array.shape)))
            elif array.ndim and not name.endswith("tracked"):
                scale = np.sqrt(2 / np.prod(array.shape[1:])) if array.ndim > 1 else 0.1
                array.copy_(torch.tensor(scale * rng.normal(size=tuple(array.shape))))
    save_file(theirs.state_dict(), tmp_path / "weights.safetensors")
    widened(ours)
    load_weights(ours, tmp_path / "weights.safetensors")
    return ours, theirs, rng.normal(size=(4, 3, 64, 64)), rng.integers(0, 5, 4)


def test_the_outputs_in_evaluation_are_those_of_pytorch(torch, pair):
    ours, theirs, x, _ = pair
    theirs.eval()

    y = ours(x)
    assert y.dtype == float
    assert abs(y).max() > 0.01
    np.testing.assert_allclose(y, theirs(torch.tensor(x)).detach().numpy(), rtol=1e-9, atol=1e-11)


def test_loss_gradients_and_moments_in_training_are_those_of_pytorch(torch, pair):
    ours, theirs, x, y = pair
    value, (gradient, x_bar) = knetc.value_and_grad(lambda model, x, y: model(x, y), wrt=("model", "x"))(
        ours, x, y
    )
    inputs = torch.tensor(x, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(theirs(inputs), torch.tensor(y))
    loss.backward()

    np.testing.assert_allclose(value, loss.item(), rtol=1e-9)
    assert_close(x_bar, inputs.grad)
    bars = named_arrays(gradient)
    for name, parameter in theirs.named_parameters():
        assert_close(bars.pop(name), parameter.grad)
    assert not bars
    for name, array in named_arrays(ours).items():
        np.testing.assert_allclose(array, theirs.state_dict()[name].numpy(), rtol=1e-9, atol=1e-12)


def assert_close(found, expected):
    expected = expected.numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9 * abs(expected).max() + 1e-12)
    assert expected.any()
