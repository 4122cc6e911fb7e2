from __future__ import annotations

import contextlib
import enum
import io
import json
import math
import os
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
from safetensors.numpy import load as read_safetensors
from safetensors.numpy import save as write_safetensors

from knetc.backends import register
from knetc.errors import ArgumentError, FileError, ShapeError
from knetc.runtime.frozen import frozen
from knetc.train.checkpoint import load, save
from knetc.train.container import pack

RNG = np.random.default_rng(0)


class Layer:
    def __init__(self, n, f=np.tanh):
        self.w = RNG.standard_normal((n, 3)).astype(np.float32)
        self.f = f
        self.steps = 0


class Chain:
    def __init__(self, *layers):
        self.layers = layers
        self.name = "chain"
        self.state = None


@dataclass(frozen=True)
class Fixed:
    w: np.ndarray
    rate: float


class Slotted:
    __slots__ = ("empty", "w")

    def __init__(self, w):
        self.w = w


class Colour(enum.Enum):
    RED = 1


class Pair(NamedTuple):
    a: object
    b: object


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def again(path, value):
    save(path, value)
    return load(path)


def same(a, b):
    """Equal in value, type, dtype and shape, nan included."""
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert list(a) == list(b)
        for key in a:
            same(a[key], b[key])
    elif isinstance(a, list | tuple):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            same(x, y)
    elif isinstance(a, np.ndarray | np.generic):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        np.testing.assert_array_equal(a, b)
    else:
        assert a == b or (a != a and b != b)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        10**40,
        'a "quoted" line\n\ud800',
        0.1,
        -0.0,
        5e-324,
        math.nan,
        math.inf,
        -math.inf,
        [],
        (),
        {},
        [1, (2.0, [None])],
        {"a": {"b": ()}, 3: "x", (1, "k"): 0.5, None: False},
        {"a.b": np.ones(1), "a": {"b": np.zeros(1)}},
        {"array": 1, "tuple": [2], "float": "nan"},
        np.float32(1.5),
        np.int8(-3),
        [np.bool_(True), np.float64(math.nan)],
    ],
)
def test_values_come_back_exactly(path, value):
    same(again(path, value), value)


@pytest.mark.parametrize("dtype", "f8 f4 f2 i8 u8 i4 u4 i2 u2 i1 u1 ? c8".split())
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (2, 3, 4)])
def test_arrays_of_every_kind_and_shape_come_back_exactly(path, dtype, shape):
    array = (RNG.standard_normal(shape) * 100).astype(dtype)
    same(again(path, {"x": np.asarray(array)})["x"], np.asarray(array))


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x.T,
        lambda x: x[::2, 1:],
        lambda x: x[::-1],
        np.asfortranarray,
        lambda x: np.broadcast_to(x[0], (5, 6)),
        lambda x: x[:, :1],
        lambda x: x.astype(">f4"),
        lambda x: x.transpose()[1::3, ::-2],
    ],
)
def test_arrays_of_any_layout_come_back_exactly(path, view):
    array = view(RNG.standard_normal((4, 6)).astype(np.float32))
    loaded = again(path, [array])[0]
    np.testing.assert_array_equal(loaded, array)
    assert loaded.shape == array.shape


def test_loaded_arrays_can_be_written(path):
    loaded = again(path, np.ones(3))
    loaded += 1
    assert loaded.tolist() == [2.0, 2.0, 2.0]


def test_an_array_that_occurs_twice_is_one_array_again(path):
    w = np.ones(3)
    a, b = again(path, [w, w])
    assert a is b


def test_the_arrays_have_readable_names_for_other_programs(path):
    save(path, Chain(Layer(2), Layer(4)))
    assert sorted(read_safetensors(path.read_bytes())) == ["layers.0.w", "layers.1.w"]


def test_the_same_values_give_the_same_file(path, tmp_path):
    value = {"w": np.arange(3.0), "n": 1}
    save(path, value)
    save(tmp_path / "other", value)
    assert path.read_bytes() == (tmp_path / "other").read_bytes()


def test_a_model_is_filled_in_place(path):
    saved = Chain(Layer(2), Layer(4))
    saved.layers[1].steps = 7
    save(path, saved)
    model = Chain(Layer(2), Layer(4))
    arrays = [layer.w for layer in model.layers]
    assert load(path, into=model) is model
    for layer, array, original in zip(model.layers, arrays, saved.layers, strict=True):
        assert layer.w is array
        np.testing.assert_array_equal(layer.w, original.w)
    assert model.layers[1].steps == 7
    assert model.layers[1].f is np.tanh


class DeviceArray:
    """An array of another backend, which refuses to become one of numpy unless asked."""

    def __init__(self, values):
        self.values = np.array(values)
        self.shape, self.dtype = self.values.shape, self.values.dtype

    def __setitem__(self, index, other):
        self.values[index] = other.values

    def __array__(self, *_, **__):
        raise TypeError("implicit conversion")


register(
    DeviceArray,
    SimpleNamespace(ndarray=DeviceArray, asnumpy=lambda array: array.values, asarray=DeviceArray),
)


def test_arrays_of_another_backend_are_saved_as_numpy_and_filled_on_their_device(path):
    w, target = DeviceArray([1.0, 2.0]), DeviceArray([0.0, 0.0])
    save(path, {"a": w, "b": w})
    loaded = load(path)
    assert loaded["a"] is loaded["b"]
    np.testing.assert_array_equal(loaded["a"], [1.0, 2.0])
    load(path, into={"a": target, "b": target})
    assert target.values.tolist() == [1.0, 2.0]


def test_none_gives_way_to_an_array_and_back(path):
    saved, model = Chain(), Chain()
    saved.state = np.ones(2)
    save(path, saved)
    assert load(path, into=model).state.tolist() == [1.0, 1.0]
    save(path, Chain())
    assert load(path, into=model).state is None


@pytest.mark.parametrize(
    ("saved", "target"),
    [
        (Fixed(np.ones(2), 0.5), Fixed(np.zeros(2), 0.1)),
        (Slotted(np.ones(2)), Slotted(np.zeros(2))),
        (Pair(np.ones(2), 1.0), Pair(np.zeros(2), 2.0)),
        ({"w": [np.ones(2), 1]}, {"w": [np.zeros(2), 2]}),
        ((frozen(np.ones(2)), np.float32(1)), (frozen(np.zeros(2)), np.float32(2))),
        ([Colour.RED, np.dtype("f4"), math], [Colour.RED, np.dtype("f8"), json]),
    ],
)
def test_trees_of_many_kinds_are_filled(path, saved, target):
    save(path, saved)
    loaded = load(path, into=target)
    assert type(loaded) is type(target)
    first = {Fixed: lambda t: t.w, Slotted: lambda t: t.w, dict: lambda t: t["w"][0]}.get(
        type(loaded), lambda t: t[0]
    )
    np.testing.assert_array_equal(first(loaded), first(saved))
    assert first(loaded) is first(target)


def test_a_tuple_of_numbers_is_replaced(path):
    save(path, {"t": Pair(1, (2.5, math.inf))})
    assert load(path, into={"t": Pair(0, (0.0, 1.0))}) == {"t": Pair(1, (2.5, math.inf))}


@pytest.mark.parametrize(
    ("saved", "target", "message"),
    [
        (Chain(Layer(2)), Chain(Layer(3)), r"`layers.0.w` is float32 \(3, 3\), in the file float32 \(2, 3\)"),
        (
            {"w": np.ones(2)},
            {"w": np.ones(2, np.float32)},
            r"`w` is float32 \(2,\), in the file float64 \(2,\)",
        ),
        ({"a": 1, "b": 2}, {"b": 1, "c": 2}, r"`into` holds also \['c'\], in the file also \['a'\]"),
        ([1, 2], [1], r"`into` holds also \[\], in the file also \['1'\]"),
        ((1, 2), (1,), "`into` holds a tuple, in the file a tuple"),
        ([Layer(2)], [Chain()], r"`0` holds a Chain, in the file a Layer"),
        ({"w": np.ones(2)}, {"w": [1.0]}, "`w` holds a list, in the file a array"),
        ({"w": 3}, {"w": np.ones(2)}, "`w` holds a ndarray, in the file a int"),
        ({"f": np.tanh}, {"f": 1.0}, "`f` holds a float, in the file a tanh"),
        ({"f": 1.0}, {"f": np.tanh}, "`f` holds a ufunc, in the file a float"),
    ],
)
def test_a_tree_that_does_not_fit_is_refused(path, saved, target, message):
    save(path, saved)
    with pytest.raises(ArgumentError, match=f"KN614 {message}"):
        load(path, into=target)


def test_a_misfit_late_in_the_tree_leaves_all_of_it_alone(path):
    save(path, {"a": np.ones(2), "n": 5, "b": np.ones(3)})
    target = {"a": np.zeros(2), "n": 0, "b": np.zeros(4)}
    with pytest.raises(ShapeError, match="KN614 `b`"):
        load(path, into=target)
    assert target["a"].tolist() == [0.0, 0.0]
    assert target["n"] == 0


def test_a_read_only_array_is_refused(path):
    save(path, [np.ones(2)])
    target = np.zeros(2)
    target.flags.writeable = False
    with pytest.raises(ShapeError, match="KN614 `0` is read-only"):
        load(path, into=[target])


@pytest.mark.parametrize("value", [Layer(2), [np.tanh], {"a": Layer}])
def test_code_in_a_file_is_never_looked_up(path, value):
    save(path, value)
    with pytest.raises(ArgumentError, match=r"KN614 the file holds a `\w+`, which is code"):
        load(path)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": {1, 2}}, "`a` cannot be saved: it is a set"),
        ([b"bytes"], "`0` cannot be saved: it is a bytes"),
        (np.array([None]), "`value` cannot be saved: it is a ndarray of object"),
        ({"s": np.array(["a"])}, "`s` cannot be saved: it is a ndarray of <U1"),
        (np.ma.masked_array([1.0], [True]), "`value` cannot be saved: it is a MaskedArray of float64"),
        ({"rng": np.random.default_rng(0)}, "`rng` cannot be saved: it is a Generator"),
        ({Colour.RED: 1}, "`Colour.RED` cannot be saved: it has a key of the class Colour"),
        (object(), "`value` cannot be saved: it is a object"),
        (1j, "`value` cannot be saved: it is a complex"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_saved_is_named(path, value, message):
    with pytest.raises(ArgumentError, match=f"KN615 {message}"):
        save(path, value)
    assert not path.exists()


def test_a_cycle_cannot_be_saved(path):
    value = [1]
    value.append({"self": value})
    with pytest.raises(ArgumentError, match=r"KN615 `1.self` cannot be saved: it refers to itself"):
        save(path, value)


def test_a_missing_file_is_an_error_of_files(path):
    with pytest.raises(FileError, match=r"KN611 cannot read `.*model.safetensors`: No such file"):
        load(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 7,
        b"hello, this is text",
        pickle.dumps({"w": np.ones(3)}),
        write_safetensors({"w": np.ones(3)}),
        write_safetensors({"w": np.ones(3)}, {"knetc": "{}"}),
        write_safetensors({"w": np.ones(3)}, {"knetc": "[1]"}),
    ],
)
def test_a_foreign_file_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"KN612 .*model.safetensors"):
        load(path)


def test_a_poisoned_npz_is_not_opened(path):
    class Poison:
        def __reduce__(self):
            return os.abort, ()

    buffer = io.BytesIO()
    np.savez(buffer, w=np.array([Poison()], dtype=object))
    path.write_bytes(buffer.getvalue())
    with pytest.raises(FileError, match="KN612"):
        load(path)


def test_every_truncation_is_refused(path):
    save(path, {"w": np.arange(5.0), "n": 1})
    data = path.read_bytes()
    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        with pytest.raises(FileError, match=r"KN61[237]"):
            load(path)


def test_trailing_bytes_are_refused(path):
    save(path, np.ones(2))
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(FileError, match="KN613"):
        load(path)


def test_every_flipped_bit_is_refused(path):
    value = {"w": np.arange(5.0), "n": 1}
    save(path, value)
    data = path.read_bytes()
    for position in range(0, len(data), 3):
        spoilt = bytearray(data)
        spoilt[position] ^= 1 << (position % 8)
        path.write_bytes(spoilt)
        with contextlib.suppress(FileError):
            same(load(path), value)  # white space of the header may change without harm


def forged(path, tree, **arrays):
    """A file with a valid checksum around any structure."""
    path.write_bytes(pack(tree, arrays))


@pytest.mark.parametrize(
    "tree",
    [
        '{"array": "../../w"}',
        '{"array": "w", "more": 1}',
        '{"scalar": "w"}',
        '{"float": "1e999"}',
        '{"unknown": 1}',
        '{"dict": [[[1], 2]]}',
        '{"dict": [1]}',
        '{"dict": [], "dict": []}',
        "NaN",
        "[" * 100_000,
        "{",
    ],
    ids=lambda tree: tree[:20],
)
def test_a_nonsensical_structure_is_refused(path, tree):
    forged(path, tree, w=np.ones(2))
    with pytest.raises(FileError, match="KN613"):
        load(path)


def test_a_failing_write_leaves_the_old_file_and_no_temporary(path, monkeypatch):
    save(path, np.zeros(2))

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileError, match=r"KN616 cannot write `.*`: No space left on device"):
        save(path, np.ones(2))
    assert load(path).tolist() == [0.0, 0.0]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_missing_folder_is_named(path):
    with pytest.raises(FileError, match=r"KN616 cannot write `.*absent.*`: No such file or directory"):
        save(path.parent / "absent" / "file", 1)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a system without SIGKILL")
def test_a_process_killed_while_saving_leaves_a_whole_file(path):
    program = """
import sys, numpy as np
from knetc.train.checkpoint import save
for n in range(10**6):
    save(sys.argv[1], {"n": n, "w": np.full(200_000, float(n))})
    print(n, flush=True)
"""
    for round_number in range(5):
        child = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
        child.stdout.readline()
        time.sleep(0.003 * (round_number + 1))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        loaded = load(path)
        assert (loaded["w"] == loaded["n"]).all()
