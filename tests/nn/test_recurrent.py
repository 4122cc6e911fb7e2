from __future__ import annotations

import copy
import gc
import weakref

import numpy as np
import pytest

import knetc
from knetc import rnn_forward
from knetc.errors import ArgumentError, ShapeError
from knetc.nn import GRU, LSTM, RNN, Linear, load_weights, named_arrays, parameters, summary
from knetc.ops.rnn_arguments import GATES

rng = np.random.default_rng(0)
X = rng.normal(size=(6, 2, 3))


@pytest.fixture(autouse=True)
def _seeded():
    knetc.seed(0)


def network(rnn_type="lstm", **options):
    return RNN(3, 4, rnn_type, dtype=float, **options)


def states(rows=1):
    return rng.normal(size=(rows, 2, 4))


class Tagger:
    """A loss that reads the sequence in two parts, one after the other."""

    def __init__(self, rnn):
        self.rnn = rnn
        self.out = Linear(4, 1)
        self.out.w = self.out.w.astype(float)

    def __call__(self, x):
        return np.sum(self.out(self.rnn(x[:4])) ** 2) + np.sum(np.sin(self.rnn(x[4:])))


# ---- the shapes of x


@pytest.mark.parametrize("rnn_type", GATES)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_sequences_steps_and_single_instances_keep_their_axes(rnn_type, bidirectional):
    rnn = network(rnn_type, bidirectional=bidirectional, num_layers=2)
    width = 8 if bidirectional else 4
    y = rnn(X)
    assert y.shape == (6, 2, width)
    assert rnn(X[0]).shape == (2, width)
    assert rnn(X[0, 0]).shape == (width,)
    np.testing.assert_allclose(rnn(X[0]), rnn(X[:1])[0])
    np.testing.assert_allclose(rnn(X[0, 0]), rnn(X[:1, :1])[0, 0])


def test_calls_are_those_of_the_function():
    rnn = network(num_layers=2, bidirectional=True)
    y, _, _ = rnn_forward(rnn.params, X, num_layers=2, bidirectional=True)
    np.testing.assert_array_equal(rnn(X), y)


def test_packed_sequences_keep_their_rows():
    sequences = [rng.normal(size=(n, 3)) for n in (2, 4, 1)]
    rows, sizes, back = knetc.pack(sequences)
    rnn = network("gru", bidirectional=True)
    found = knetc.unpack(rnn(rows, batch_sizes=sizes), sizes, back)
    for sequence, y in zip(sequences, found, strict=True):
        np.testing.assert_allclose(y, rnn(sequence[:, None])[:, 0], rtol=1e-12)


def test_step_by_step_is_the_whole_sequence():
    whole = network(num_layers=2)
    single = copy.deepcopy(whole)
    single.h = single.c = 0
    np.testing.assert_allclose(np.stack([single(x) for x in X]), whole(X), rtol=1e-12)


# ---- the state between calls


def test_without_a_state_every_call_begins_anew():
    rnn = network()
    np.testing.assert_array_equal(rnn(X), rnn(X))
    assert rnn.h is None
    assert rnn.c is None


@pytest.mark.parametrize("rnn_type", GATES)
def test_zero_begins_at_zero_and_keeps_the_last_state(rnn_type):
    rnn = network(rnn_type, h=0, c=0 if rnn_type == "lstm" else None)
    y, h, c = rnn_forward(rnn.params, X, rnn_type=rnn_type)
    np.testing.assert_array_equal(rnn(X), y)
    np.testing.assert_array_equal(rnn.h, h)
    assert (rnn.c is None) == (c is None)


def test_an_array_is_where_it_begins_and_is_replaced():
    h, c = states(), states()
    rnn = network(h=h, c=c)
    before = h.copy()
    y, h_last, c_last = rnn_forward(rnn.params, X, h, c)
    np.testing.assert_array_equal(rnn(X), y)
    np.testing.assert_array_equal(rnn.h, h_last)
    np.testing.assert_array_equal(rnn.c, c_last)
    np.testing.assert_array_equal(h, before)


def test_h_is_kept_without_c():
    rnn = network(h=0)
    rnn(X)
    assert rnn.h.shape == (1, 2, 4)
    assert rnn.c is None


def test_leading_axes_of_a_state_may_be_left_out():
    rnn = network()
    h = rng.normal(size=4)
    rnn.h = h
    one = rnn(X[:, :1])
    rnn.h = h[None]
    np.testing.assert_array_equal(rnn(X[:, :1]), one)


def test_a_state_is_no_parameter():
    rnn = network(h=states(), c=0)
    rnn(X)
    assert parameters(rnn) == 4 * (3 * 4 + 4 * 4 + 4 + 4)
    before = rnn.h.copy()
    gradient = knetc.grad(lambda rnn, h: np.sum(rnn_forward(rnn.params, X, h)[0]))(rnn, rnn.h)
    knetc.update(rnn, gradient, knetc.SGD(lr=1.0))
    np.testing.assert_array_equal(rnn.h, before)


def test_a_state_that_was_kept_is_saved_and_loaded(tmp_path):
    model, fresh = Tagger(network(h=0, c=0)), Tagger(network(h=0, c=0))
    model(X)
    knetc.save(tmp_path / "model.safetensors", model)
    knetc.load(tmp_path / "model.safetensors", into=fresh)
    np.testing.assert_array_equal(fresh.rnn.h, model.rnn.h)
    assert fresh(X) == model(X)


def test_a_text_and_a_summary_leave_the_state_alone():
    rnn = network(h=0)
    summary(rnn, X)
    assert rnn.h == 0


# ---- gradients


@pytest.mark.parametrize("rnn_type", GATES)
@pytest.mark.parametrize("kept", [None, 0, states()])
def test_gradients_by_the_object_agree_with_central_differences(rnn_type, kept):
    c = kept if rnn_type == "lstm" else None
    assert knetc.gradcheck(Tagger.__call__, Tagger(network(rnn_type, h=kept, c=c)), X)


def test_a_state_that_was_kept_is_a_constant_to_the_next_gradient():
    model = Tagger(network(h=0, c=0))
    knetc.grad(Tagger.__call__)(model, X)
    assert type(model.rnn.h) is type(model.rnn.c) is np.ndarray
    assert knetc.gradcheck(Tagger.__call__, model, X)


def test_nothing_of_a_gradient_stays_alive_with_the_state():
    model = Tagger(network(h=0, c=0))
    gradient = knetc.grad(Tagger.__call__)
    x = X.copy()
    gone = weakref.ref(x)
    gradient(model, x)
    del x
    gc.collect()
    assert gone() is None


def test_without_a_state_the_adjoint_is_written_down():
    gradient = knetc.grad(Tagger.__call__)
    with knetc.config(record=False):
        gradient(Tagger(network(dropout=0.5, num_layers=2)), X)


@pytest.mark.parametrize("options", [{}, {"h": 0, "c": 0}, {"dropout": 0.2, "num_layers": 2}])
def test_adam_trains_a_model_with_a_network_in_it(options):
    model = Tagger(network(**options))
    model.out.w *= 3
    losses = list(knetc.adam(model, [X] * 60, lr=0.02))
    assert losses[-1] < losses[0] - 1
    if options.get("h") == 0:
        assert model.rnn.h.shape == (1, 2, 4)


# ---- the beginning


@pytest.mark.parametrize("rnn_type", GATES)
def test_every_gate_is_drawn_for_itself(rnn_type):
    rnn = RNN(50, 200, rnn_type, bidirectional=True, num_layers=2)
    for row in range(4):
        for gate in range(2 * GATES[rnn_type]):
            w = rnn.param(row, gate)
            bound = np.sqrt(6 / (w.shape[0] + w.shape[1]))
            assert 0.99 * bound < abs(w).max() <= bound
            assert w.dtype == np.float32


def test_the_forget_gate_of_an_lstm_begins_with_one_bias_of_one():
    lstm = LSTM(3, 4, bidirectional=True)
    for row in range(2):
        biases = [lstm.param(row, gate, "bias") for gate in range(8)]
        assert [b.tolist() for b in biases] == [[float(i == 1)] * 4 for i in range(8)]


def test_the_bias_of_knet_is_two():
    lstm = LSTM(3, 4, finit=lambda n: np.full(n, 2.0))
    assert (lstm.param(0, 1, "bias") + lstm.param(0, 5, "bias")).tolist() == [2.0] * 4


def test_initialisers_are_the_user_s():
    gru = GRU(3, 4, winit=lambda *shape: np.full(shape, 0.5), binit=lambda n: np.full(n, 0.25))
    assert {float(v) for w in gru.params.values() for v in w.ravel()} == {0.5, 0.25}


def test_the_seed_of_knetc_decides_about_the_weights():
    knetc.seed(5)
    first = LSTM(3, 4).flat()
    knetc.seed(5)
    np.testing.assert_array_equal(LSTM(3, 4).flat(), first)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (
            LSTM(128, 256, bidirectional=True, num_layers=2, dropout=0.5),
            "LSTM(input=128, hidden=256, bidirectional, layers=2, dropout=0.5)",
        ),
        (GRU(3, 4), "GRU(input=3, hidden=4)"),
        (RNN(4, 4, "relu", skip_input=True), "RNN(relu, input=4, hidden=4, skip_input)"),
    ],
)
def test_the_text_tells_the_sizes(made, text):
    assert repr(made) == f"{text}  {parameters(made):,} parameters"


def test_weights_go_by_the_names_of_pytorch():
    source, target = Tagger(network()), Tagger(network())
    assert list(named_arrays(source))[:4] == [
        "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0",
    ]  # fmt: skip
    load_weights(target, named_arrays(source))
    assert target(X) == source(X)


def test_a_kept_state_is_no_weight():
    model = Tagger(network(h=0, c=0))
    names = list(named_arrays(model))
    model(X)
    assert list(named_arrays(model)) == names


# ---- bad input


def test_sizes_are_ints():
    with pytest.raises(ArgumentError, match="KN346 RNN: `hidden_size` is 0; expected an int of at least 1"):
        RNN(3, 0)


def test_types_layers_and_dropout_are_checked_when_it_is_made():
    with pytest.raises(ArgumentError, match="KN335 RNN: `rnn_type` is 'elman'"):
        RNN(3, 4, "elman")
    with pytest.raises(ArgumentError, match="KN335 LSTM: `num_layers` is 0"):
        LSTM(3, 4, num_layers=0)
    with pytest.raises(ArgumentError, match=r"KN323 GRU: `dropout` is 2\.0"):
        GRU(3, 4, dropout=2.0)


def test_skipping_needs_an_input_as_wide_as_the_state():
    with pytest.raises(ArgumentError, match="KN335 RNN: `skip_input` adds x, of width 3, to 4 states"):
        RNN(3, 4, skip_input=True)


@pytest.mark.parametrize("x", [np.zeros((1, 6, 2, 3)), np.float64(1.0), [[1.0, 2.0, 3.0]]])
def test_sequences_have_one_to_three_axes(x):
    with pytest.raises(ShapeError, match=r"KN225 RNN: `x` .*; expected an array \(T, B, X\), one step"):
        network()(x)


@pytest.mark.parametrize("value", [1, 0.5, np.zeros((1, 1, 2, 4))])
def test_a_state_is_none_zero_or_an_array(value):
    rnn = network()
    rnn.h = value
    with pytest.raises(ArgumentError, match=r"KN338 RNN: `h` is .*; expected None, 0 or an array"):
        rnn(X)


def test_a_wrong_state_is_kept_for_who_corrects_the_call():
    h = rng.normal(size=(1, 3, 4))
    rnn = network(h=h)
    with pytest.raises(ShapeError, match=r"KN227 .*`h` has shape \(1, 3, 4\); expected \(1, 2, 4\)"):
        rnn(X)
    assert rnn.h is h
