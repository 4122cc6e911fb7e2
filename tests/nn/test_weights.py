from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file

import knetc
from knetc.errors import ArgumentError, FileError, ShapeError
from knetc.nn import Chain, Linear, Residual, load_weights, named_arrays

rng = np.random.default_rng(0)


class Net:
    def __init__(self):
        self.body = Chain(Linear(4, 3), np.tanh, Residual(Linear(3, 3, bias=False)))
        self.heads = {"a": Linear(3, 2), "b": [Linear(3, 1)]}
        self.rate, self.steps = 0.1, np.arange(3)


SHAPES = {
    "body.0.weight": (3, 4),
    "body.0.bias": (3,),
    "body.2.0.weight": (3, 3),
    "heads.a.weight": (2, 3),
    "heads.a.bias": (2,),
    "heads.b.0.weight": (1, 3),
    "heads.b.0.bias": (1,),
}


def weights():
    return {name: rng.normal(size=shape) for name, shape in SHAPES.items()}


def values(model):
    return {name: array.copy() for name, array in named_arrays(model).items()}


def test_names_are_paths_with_the_words_of_pytorch():
    assert {name: array.shape for name, array in named_arrays(Net()).items()} == SHAPES


def test_named_arrays_are_those_of_the_model():
    model = Net()
    named_arrays(model)["body.0.weight"][0, 0] = 7

    assert model.body[0].w[0, 0] == 7


def test_weights_go_into_the_arrays_that_are_there(tmp_path):
    model, given, path = Net(), weights(), tmp_path / "net.safetensors"
    w = model.body[0].w
    save_file({**given, "body.1.num_batches_tracked": np.array(3)}, path)
    load_weights(model, path)

    assert model.body[0].w is w
    for name, array in named_arrays(model).items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, given[name].astype(np.float32))


def test_frozen_layers_take_weights_too():
    model, given = knetc.frozen(Linear(3, 2)), {"weight": np.ones((2, 3)), "bias": np.ones(2)}
    load_weights(model, given)

    assert model.w.sum() == 6


def test_what_is_skipped_stays_as_it_is():
    model, given = Net(), weights()
    before = values(model)
    given["heads.b.0.weight"] = np.ones((5, 3))
    load_weights(model, given, skip=("heads.b.",))

    for name, array in named_arrays(model).items():
        expected = before[name] if name.startswith("heads.b.") else given[name].astype(np.float32)
        np.testing.assert_array_equal(array, expected)


def refused(model, given, kind, message):
    before = values(model)
    with pytest.raises(kind, match=message):
        load_weights(model, given)
    for name, array in named_arrays(model).items():
        np.testing.assert_array_equal(array, before[name])


def test_names_that_are_missing_or_too_many_are_listed():
    given = weights()
    del given["body.0.bias"], given["heads.a.weight"]
    refused(
        Net(),
        {**given, "fc.weight": np.ones(3)},
        ArgumentError,
        "KN348 `weights` and the model differ in their names; missing: `body.0.bias`, `heads.a.weight`; "
        "not expected: `fc.weight`\nhelp: ",
    )


def test_of_many_names_some_are_listed():
    refused(
        Net(),
        {"body.0.weight": np.ones((3, 4))},
        ArgumentError,
        "missing: `body.0.bias`, `body.2.0.weight`, `heads.a.bias`, `heads.a.weight`, `heads.b.0.bias` and 1 more; "
        "not expected: none",
    )


def test_a_shape_that_does_not_fit_is_told_with_its_name():
    refused(
        Net(),
        {**weights(), "heads.b.0.bias": np.ones(2)},
        ShapeError,
        r"KN235 `heads.b.0.bias` has shape \(2,\) in `weights`, but \(1,\) in the model\n",
    )


def test_an_array_that_is_read_only_is_told():
    model = Net()
    model.heads["a"].b.setflags(write=False)

    refused(model, weights(), ShapeError, "KN235 `heads.a.bias` is read-only in the model")


def test_a_file_that_is_not_there_or_damaged_is_told(tmp_path):
    path = tmp_path / "net.safetensors"
    refused(Net(), path, FileError, r"KN611 cannot read `.*net.safetensors`: No such file")
    save_file(weights(), path)
    path.write_bytes(path.read_bytes()[:-5])
    refused(Net(), path, FileError, r"KN613 `.*net.safetensors` is no whole safetensors file")
    path.write_bytes(b"hello")
    refused(Net(), path, FileError, r"KN613 `.*net.safetensors` is no whole safetensors file")
