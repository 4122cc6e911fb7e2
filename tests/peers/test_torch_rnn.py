"""Recurrent networks with PyTorch's weights: states and every gradient are PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc import rnn_forward
from knetc.nn import RNN

pytestmark = pytest.mark.peers("torch")

WIDTH, SIZE = 3, 5
LENGTHS = (7, 4, 4, 2)


def network(torch, rnn_type, layers, bidirectional):
    options = {"num_layers": layers, "bidirectional": bidirectional, "dtype": torch.float64}
    if rnn_type in ("tanh", "relu"):
        return torch.nn.RNN(WIDTH, SIZE, nonlinearity=rnn_type, **options)
    return {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[rnn_type](WIDTH, SIZE, **options)


def weights(net):
    return {name: w.numpy() for name, w in net.state_dict().items()}


def loss(params, x, h, c, options):
    y, h, c = rnn_forward(params, x, h, c, **options)
    total = np.sum(np.sin(y)) + np.sum(h * h)
    return total if c is None else total + np.sum(np.cos(c))


def loss_of_torch(net, x, states):
    y, last = net(x, states)
    y = getattr(y, "data", y) if not hasattr(y, "sin") else y
    h, c = last if isinstance(last, tuple) else (last, None)
    total = y.sin().sum() + (h * h).sum()
    return total if c is None else total + c.cos().sum()


@pytest.mark.parametrize("rnn_type", ["lstm", "gru", "tanh", "relu"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("given", [False, True])
def test_a_recurrent_network_is_torch_s(torch, rng, rnn_type, layers, bidirectional, packed, given):
    net = network(torch, rnn_type, layers, bidirectional)
    h, c = rng.normal(size=(2, layers * (1 + bidirectional), len(LENGTHS), SIZE))
    h, c = (h, c if rnn_type == "lstm" else None) if given else (None, None)
    sequences = [rng.normal(size=(n if packed else 6, WIDTH)) for n in LENGTHS]
    x, sizes, _ = knetc.pack(sequences)
    x = x if packed else np.stack(sequences, 1)
    options = {"rnn_type": rnn_type, "num_layers": layers, "bidirectional": bidirectional}
    options["batch_sizes"] = sizes if packed else None
    places = ("params", "x", "h", "c")[: 4 if c is not None else 3 if given else 2]
    value, gradients = knetc.value_and_grad(loss, wrt=places)(weights(net), x, h, c, options)

    tensors = [torch.tensor(a, requires_grad=True) for a in (x, h, c) if a is not None]
    states = None if not given else tensors[1] if c is None else tuple(tensors[1:])
    rows = tensors[0]
    if packed:
        rows = torch.nn.utils.rnn.PackedSequence(rows, torch.tensor(np.asarray(sizes)))
    expected = loss_of_torch(net, rows, states)
    expected.backward()

    np.testing.assert_allclose(value, expected.item(), rtol=1e-10)
    of_params, *others = gradients
    for name, w in net.named_parameters():
        np.testing.assert_allclose(of_params[name], w.grad.numpy(), rtol=1e-8, atol=1e-11, err_msg=name)
    for gradient, tensor in zip(others, tensors, strict=True):
        np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("rnn_type", ["lstm", "gru", "tanh", "relu"])
def test_a_layer_takes_the_weights_of_torch_and_gives_them_back(torch, rng, rnn_type):
    net = network(torch, rnn_type, 2, True)
    rnn = RNN(WIDTH, SIZE, rnn_type, num_layers=2, bidirectional=True, dtype=float)
    knetc.load_weights(rnn, weights(net))
    x = rng.normal(size=(6, 2, WIDTH))
    np.testing.assert_allclose(rnn(x), net(torch.tensor(x))[0].detach().numpy(), rtol=1e-10, atol=1e-12)

    other = network(torch, rnn_type, 2, True)
    other.load_state_dict({name: torch.tensor(w) for name, w in rnn.params.items()})
    np.testing.assert_allclose(other(torch.tensor(x))[0].detach().numpy(), rnn(x), rtol=1e-10, atol=1e-12)


def test_the_flat_vector_is_in_the_order_of_cudnn(torch):
    """PyTorch keeps one matrix for all gates, and its lists in cuDNN's order: matrices and biases of each row."""
    net = network(torch, "lstm", 2, True)
    rnn = RNN(WIDTH, SIZE, num_layers=2, bidirectional=True, dtype=float)
    knetc.load_weights(rnn, weights(net))
    rows = [[w.detach().numpy().ravel() for w in row] for row in net.all_weights]
    matrices = [w for row in rows for w in row[:2]]
    biases = [w for row in rows for w in row[2:]]
    np.testing.assert_array_equal(rnn.flat(), np.concatenate([*matrices, *biases]))
