from __future__ import annotations

import itertools

import numpy as np
import pytest

import knetc
from knetc.backends.numpy import recurrence as kernels
from knetc.errors import ArgumentError, DtypeError, Refusal, ShapeError
from knetc.ops import rnn_forward, sigm
from knetc.ops.rnn_arguments import GATES, weight_shapes

rng = np.random.default_rng(0)
WIDTH, SIZE = 3, 4
TYPES = list(GATES)
SHAPES = [
    # layers, bidirectional, skip_input
    (1, False, False),
    (1, True, True),
    (2, False, True),
    (3, True, False),
]


def make(rnn_type, layers=1, bidirectional=False, skip_input=False, batch=3, dtype=float):
    """Weights, h and c."""
    inputs = SIZE if skip_input else WIDTH
    shapes = weight_shapes(rnn_type, inputs, SIZE, layers, bidirectional, skip_input)
    params = {name: rng.uniform(-1, 1, shape).astype(dtype) for name, shape in shapes.items()}
    h, c = rng.uniform(-1, 1, (2, layers * (1 + bidirectional), batch, SIZE)).astype(dtype)
    return params, h, c if rnn_type == "lstm" else None


def inputs(skip_input=False, steps=5, batch=3):
    return rng.normal(size=(steps, batch, SIZE if skip_input else WIDTH))


def cell(rnn_type, wx, rh, h, c):
    """One step by the formulas."""
    if rnn_type == "lstm":
        i, f, g, o = np.split(wx + rh, 4)
        c = sigm(f) * c + sigm(i) * np.tanh(g)
        return sigm(o) * np.tanh(c), c
    if rnn_type == "gru":
        (r, z, n), (rr, zz, nn) = np.split(wx, 3), np.split(rh, 3)
        z = sigm(z + zz)
        return (1 - z) * np.tanh(n + sigm(r + rr) * nn) + z * h, None
    return (np.tanh(wx + rh) if rnn_type == "tanh" else np.maximum(wx + rh, 0)), None


def by_definition(params, x, h, c, rnn_type, layers, bidirectional, skip_input):
    """The states of one sequence (T, X), one step and one direction at a time."""
    last_h, last_c = [], []
    for layer in range(layers):
        sides = []
        for end in ("", "_reverse")[: 1 + bidirectional]:
            name = f"l{layer}{end}"
            state, memory = h[len(last_h)], None if c is None else c[len(last_c)]
            y = [None] * len(x)
            for t in reversed(range(len(x))) if end else range(len(x)):
                skipped = skip_input and layer == 0
                wx = np.tile(x[t], GATES[rnn_type]) if skipped else params[f"weight_ih_{name}"] @ x[t]
                rh = params[f"weight_hh_{name}"] @ state + params[f"bias_hh_{name}"]
                state, memory = cell(rnn_type, wx + params[f"bias_ih_{name}"], rh, state, memory)
                y[t] = state
            sides.append(np.array(y))
            last_h.append(state)
            last_c.append(memory)
        x = np.concatenate(sides, axis=-1)
    return x, np.array(last_h), np.array(last_c) if rnn_type == "lstm" else None


def packed(sequences):
    """The rows of all sequences, the longest first, and how many run at each step."""
    sizes = [sum(len(s) > t for s in sequences) for t in range(len(sequences[0]))]
    return np.concatenate([[s[t] for s in sequences[:n]] for t, n in enumerate(sizes)]), sizes


def unpacked(rows, sizes):
    steps = np.split(rows, np.cumsum(sizes)[:-1])
    return [np.array([step[i] for step in steps if i < len(step)]) for i in range(sizes[0])]


def same(found, expected):
    if expected is None:
        assert found is None
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("rnn_type", TYPES)
@pytest.mark.parametrize(("layers", "bidirectional", "skip_input"), SHAPES)
class TestDefinition:
    def test_values_are_those_of_the_definition(self, rnn_type, layers, bidirectional, skip_input):
        params, h, c = make(rnn_type, layers, bidirectional, skip_input)
        x = inputs(skip_input)
        options = {"bidirectional": bidirectional, "skip_input": skip_input, "rnn_type": rnn_type}
        y, h_last, c_last = rnn_forward(params, x, h, c, num_layers=layers, **options)
        for b in range(3):
            one = None if c is None else c[:, b]
            expected = by_definition(params, x[:, b], h[:, b], one, layers=layers, **options)
            same(y[:, b], expected[0])
            same(h_last[:, b], expected[1])
            same(None if c is None else c_last[:, b], expected[2])

    def test_a_packed_sequence_is_what_it_is_alone(self, rnn_type, layers, bidirectional, skip_input):
        sequences = [inputs(skip_input, n, 1)[:, 0] for n in (5, 3, 3, 1)]
        params, h, c = make(rnn_type, layers, bidirectional, skip_input, batch=4)
        rows, sizes = packed(sequences)
        options = {"bidirectional": bidirectional, "skip_input": skip_input, "rnn_type": rnn_type}
        y, h_last, c_last = rnn_forward(params, rows, h, c, num_layers=layers, batch_sizes=sizes, **options)
        for b, (sequence, found) in enumerate(zip(sequences, unpacked(y, sizes), strict=True)):
            one = None if c is None else c[:, b]
            expected = by_definition(params, sequence, h[:, b], one, layers=layers, **options)
            same(found, expected[0])
            same(h_last[:, b], expected[1])
            same(None if c is None else c_last[:, b], expected[2])

    @pytest.mark.parametrize("batch_sizes", [None, (3, 3, 2, 1)])
    def test_gradients_agree_with_central_differences(
        self, rnn_type, layers, bidirectional, skip_input, batch_sizes
    ):
        params, h, c = make(rnn_type, layers, bidirectional, skip_input)
        x = inputs(skip_input, 3) if batch_sizes is None else inputs(skip_input, 9, 1)[:, 0]
        options = {"bidirectional": bidirectional, "skip_input": skip_input, "rnn_type": rnn_type}

        def loss(params, x, h, c):
            y, h, c = rnn_forward(params, x, h, c, num_layers=layers, batch_sizes=batch_sizes, **options)
            total = np.sum(np.sin(y)) + np.sum(h * h)
            return total if rnn_type != "lstm" else total + np.sum(np.cos(c))

        assert knetc.gradcheck(loss, params, x, h, c)


@pytest.mark.parametrize("rnn_type", TYPES)
@pytest.mark.parametrize("result", [0, 1, 2])
def test_each_result_alone_has_a_gradient(rnn_type, result):
    params, h, c = make(rnn_type, 2, bidirectional=True)

    def loss(params, x, h, c):
        results = rnn_forward(params, x, h, c, rnn_type=rnn_type, num_layers=2, bidirectional=True)
        return np.sum(results[result] ** 2)

    if result < 2 or rnn_type == "lstm":
        assert knetc.gradcheck(loss, params, inputs(), h, c)


@pytest.mark.parametrize("rnn_type", TYPES)
def test_states_begin_at_zero_unless_they_are_given(rnn_type):
    params, h, c = make(rnn_type, 2)
    x, options = inputs(), {"rnn_type": rnn_type, "num_layers": 2}
    zero = None if c is None else c * 0
    for found, expected in zip(
        rnn_forward(params, x, **options), rnn_forward(params, x, h * 0, zero, **options), strict=True
    ):
        same(found, expected)


@pytest.mark.parametrize("rnn_type", TYPES)
def test_float32_stays_float32(rnn_type):
    params, h, c = make(rnn_type, 2, bidirectional=True, dtype=np.float32)
    x = inputs().astype(np.float32)
    options = {"rnn_type": rnn_type, "num_layers": 2, "bidirectional": True, "dropout": 0.5, "seed": 1}

    def loss(params, x, h):
        y, h, _c = rnn_forward(params, x, h, c, **options)
        return np.sum(y) + np.sum(h)

    value, (of_params, of_x, of_h) = knetc.value_and_grad(loss, wrt=("params", "x", "h"))(params, x, h)
    assert {a.dtype for a in (value, of_x, of_h, *of_params.values())} == {np.dtype(np.float32)}


@pytest.mark.parametrize("rnn_type", TYPES)
def test_a_large_sum_closes_a_gate_without_a_warning(rnn_type):
    params, h, c = make(rnn_type)
    y, _, _ = rnn_forward(params, 1e3 * inputs(), h, c, rnn_type=rnn_type)
    assert np.isfinite(y).all()


@pytest.mark.parametrize("rnn_type", TYPES)
def test_nan_is_passed_on(rnn_type):
    params, h, c = make(rnn_type)
    x = inputs()
    x[2, 1, 0] = np.nan
    y, _, _ = rnn_forward(params, x, h, c, rnn_type=rnn_type)
    assert np.isnan(y[2:, 1]).all()
    assert np.isfinite(y[:2]).all()
    assert np.isfinite(y[:, [0, 2]]).all()


@pytest.mark.parametrize("rnn_type", TYPES)
@pytest.mark.parametrize("batch_sizes", [None, (5, 4, 4, 2)])
def test_work_in_blocks_changes_nothing(rnn_type, batch_sizes, monkeypatch):
    params, h, c = make(rnn_type, 1, bidirectional=True, batch=3 if batch_sizes is None else 5)
    x = inputs() if batch_sizes is None else inputs(steps=15, batch=1)[:, 0]

    @knetc.value_and_grad(wrt=("params", "x", "h"))
    def loss(params, x, h, c):
        y, h, _c = rnn_forward(
            params, x, h, c, rnn_type=rnn_type, bidirectional=True, batch_sizes=batch_sizes
        )
        return np.sum(y * y) + np.sum(h)

    whole = loss(params, x, h, c)
    monkeypatch.setattr(kernels, "BLOCK_BYTES", 7 * 8 * SIZE * GATES[rnn_type])  # 7 rows
    parts = loss(params, x, h, c)
    same(parts[0], whole[0])
    for part, one in zip(parts[1][1:], whole[1][1:], strict=True):
        same(part, one)
    for name in params:
        same(parts[1][0][name], whole[1][0][name])


class TestDropout:
    params, h, c = make("gru", 2)
    x = inputs(steps=50)

    def gradient(self, drop, seed=None, layers=2):
        """That of the sum of all states, for the first layers alone."""
        params = {k: v for k, v in self.params.items() if "_l0" in k or layers == 2}

        def loss(params):
            y, _h, _c = rnn_forward(
                params, self.x, rnn_type="gru", num_layers=layers, dropout=drop, seed=seed
            )
            return np.sum(y)

        return knetc.grad(loss)(params)

    def test_nothing_is_dropped_outside_a_gradient(self):
        plain = rnn_forward(self.params, self.x, rnn_type="gru", num_layers=2)[0]
        same(rnn_forward(self.params, self.x, rnn_type="gru", num_layers=2, dropout=0.9)[0], plain)

    def test_states_between_layers_are_dropped_in_a_gradient(self):
        kept, dropped = self.gradient(0.0), self.gradient(0.5)
        assert not np.allclose(kept["weight_ih_l0"], dropped["weight_ih_l0"])

    def test_neither_the_input_nor_the_result_is_dropped(self):
        kept, dropped = self.gradient(0.0, layers=1), self.gradient(0.5, layers=1)
        for name in kept:
            same(dropped[name], kept[name])

    def test_the_seed_decides(self):
        first, second, other = (self.gradient(0.5, seed=s)["weight_hh_l0"] for s in (1, 1, 2))
        same(second, first)
        assert not np.allclose(other, first)

    def test_everything_dropped_leaves_the_biases(self):
        gradient = self.gradient(1.0)
        assert not gradient["weight_ih_l0"].any()
        assert not gradient["weight_ih_l1"].any()
        assert gradient["bias_ih_l1"].all()


def test_the_adjoint_is_written_down():
    params, h, c = make("lstm", 2, bidirectional=True)

    def loss(params, x, h, c):
        y, h, c = rnn_forward(params, x, h, c, num_layers=2, bidirectional=True)
        return np.sum(y) + np.sum(h) + np.sum(c)

    gradient = knetc.grad(loss)
    with knetc.config(record=False):
        gradient(params, inputs(), h, c)
    assert "recurrence_backward(" in gradient.source


def test_results_may_be_changed_in_place():
    params, h, c = make("lstm")

    def loss(params, x, h, c):
        y, h, c = rnn_forward(params, x, h, c)
        y[0] = 5.0
        h *= 3.0
        return np.sum(y * y) + np.sum(h)

    assert knetc.gradcheck(loss, params, inputs(), h, c)


def test_arguments_may_be_changed_in_place_later():
    params, h, _ = make("gru")

    def loss(params, x, h):
        x = x + 1.0
        y, _h, _c = rnn_forward(params, x, h, rnn_type="gru")
        x[0] = 2.0
        return np.sum(y * y) + np.sum(x * y[:, :, :3])

    assert knetc.gradcheck(loss, params, inputs(), h)


class TestBadInput:
    params, h, c = make("lstm", 2, bidirectional=True)
    x = inputs()

    def call(self, **changes):
        given = {"params": self.params, "x": self.x, "h": self.h, "c": self.c} | changes
        return rnn_forward(**{"num_layers": 2, "bidirectional": True, **given})

    @pytest.mark.parametrize(
        ("shape", "found"),
        [
            ((5, 3, 2), "(5, 3, 2)"),
            ((3, 3), "(3, 3)"),
            ((0, 3, 3), "(0, 3, 3)"),
            ((), "()"),
            ((1, 5, 3, 3), "(1, 5"),
        ],
    )
    def test_sequences_have_three_axes_the_right_width_and_a_step(self, shape, found):
        with pytest.raises(ShapeError) as caught:
            self.call(x=np.zeros(shape))
        assert f"KN225 rnn_forward: `x` has shape {found}" in str(caught.value)
        assert "expected (T, B, X) with X = 3 and at least one step" in str(caught.value)

    def test_packed_sequences_have_two_axes(self):
        with pytest.raises(ShapeError, match=r"KN225 .*expected \(sum\(batch_sizes\), X\) with X = 3"):
            self.call(batch_sizes=[3] * 5)

    @pytest.mark.parametrize("sizes", [[2, 3], [3, 2, 3], [3, 0], [-1], [2.5], [], [True], ["3"]])
    def test_batch_sizes_are_ints_that_never_grow(self, sizes):
        with pytest.raises(
            ArgumentError, match=r"KN337 rnn_forward: `batch_sizes` is .*; expected ints >= 1"
        ):
            self.call(x=self.x[:, 0], batch_sizes=sizes)

    def test_batch_sizes_count_the_rows(self):
        with pytest.raises(
            ShapeError, match=r"KN228 rnn_forward: `batch_sizes` counts 6 rows, and `x` has 5"
        ):
            self.call(x=self.x[:, 0], batch_sizes=[3, 2, 1])

    @pytest.mark.parametrize("name", ["h", "c"])
    @pytest.mark.parametrize("shape", [(2, 3, 4), (4, 2, 4), (4, 3, 5), (4, 12)])
    def test_states_have_a_row_for_each_layer_direction_and_instance(self, name, shape):
        with pytest.raises(ShapeError, match=rf"KN227 .*`{name}` has shape .*; expected \(4, 3, 4\)"):
            self.call(**{name: np.zeros(shape)})

    def test_packed_states_belong_to_the_sequences_of_the_first_step(self):
        with pytest.raises(ShapeError, match=r"KN227 .*expected \(4, 2, 4\)"):
            self.call(x=self.x[:, 0], batch_sizes=[2, 2, 1])

    def test_only_an_lstm_has_a_memory(self):
        params, h, _ = make("gru")
        with pytest.raises(ArgumentError, match="KN338 rnn_forward: `c` is given, but `rnn_type` is 'gru'"):
            rnn_forward(params, self.x, h, h, rnn_type="gru")

    def test_the_type_is_one_of_four(self):
        with pytest.raises(
            ArgumentError, match="KN335 rnn_forward: `rnn_type` is 'elman'; expected one of 'lstm'"
        ):
            self.call(rnn_type="elman")

    @pytest.mark.parametrize("layers", [0, -1, 1.0, True])
    def test_there_is_at_least_one_layer(self, layers):
        with pytest.raises(
            ArgumentError, match=f"KN335 rnn_forward: `num_layers` is {layers}; expected an int >= 1"
        ):
            self.call(num_layers=layers)

    @pytest.mark.parametrize("drop", [-0.1, 1.5, np.nan])
    def test_dropout_is_a_probability(self, drop):
        with pytest.raises(
            ArgumentError, match=r"KN323 rnn_forward: `dropout` is .*; expected a probability"
        ):
            self.call(dropout=drop)

    def test_missing_weights_are_named(self):
        with pytest.raises(ArgumentError, match=r"KN336 .*`params` lacks 'weight_ih_l2', 'weight_hh_l2'"):
            self.call(num_layers=3)

    @pytest.mark.parametrize("change", [{"num_layers": 1}, {"bidirectional": False}, {"skip_input": True}])
    def test_weights_that_would_not_be_read_are_named(self, change):
        with pytest.raises(ArgumentError, match="KN336 rnn_forward: `params` has 'weight_"):
            self.call(**change)

    @pytest.mark.parametrize("name", ["weight_ih_l0", "weight_ih_l1_reverse", "bias_hh_l1", "weight_hh_l1"])
    def test_weights_have_the_shapes_of_one_network(self, name):
        params = self.params | {name: self.params[name][:-1]}
        with pytest.raises(ShapeError, match=rf'KN226 .*`params\["{name}"\]` has shape .*; expected \(16'):
            self.call(params=params)

    def test_the_type_fits_the_weights(self):
        with pytest.raises(
            ShapeError, match=r"KN226 .*weight_hh_l0.* has shape \(16, 4\); expected 3 square"
        ):
            self.call(rnn_type="gru", c=None)

    @pytest.mark.parametrize("name", ["x", "h", "c"])
    @pytest.mark.parametrize("dtype", [np.float32, int, complex])
    def test_all_arrays_have_one_type(self, name, dtype):
        found = getattr(self, name).astype(dtype)
        with pytest.raises(
            DtypeError, match=rf"KN339 rnn_forward: `{name}` has dtype {found.dtype} and the weights float64"
        ):
            self.call(**{name: found})

    def test_a_list_is_no_array(self):
        with pytest.raises(DtypeError, match="KN339 rnn_forward: `x` has dtype list"):
            self.call(x=self.x.tolist())

    def test_weights_of_several_types_are_named(self):
        name = "bias_hh_l1"
        with pytest.raises(DtypeError, match=rf'KN339 .*params\["{name}"\]'):
            self.call(params=self.params | {name: self.params[name].astype(np.float32)})

    def test_a_wrong_argument_changes_nothing(self):
        before = {name: w.copy() for name, w in self.params.items()}
        h = self.h.copy()
        with pytest.raises(ShapeError):
            self.call(x=self.x[..., :2])
        assert all(np.array_equal(before[name], w) for name, w in self.params.items())
        assert np.array_equal(h, self.h)


def test_arrays_are_left_alone():
    params, h, c = make("lstm", 2, bidirectional=True)
    x = inputs()
    arrays = [*params.values(), x, h, c]
    before = [a.copy() for a in arrays]

    def loss(params, x, h, c):
        y, h, c = rnn_forward(params, x, h, c, num_layers=2, bidirectional=True)
        return np.sum(y) + np.sum(h) + np.sum(c)

    knetc.grad(loss, wrt=("params", "x", "h", "c"))(params, x, h, c)
    assert all(itertools.starmap(np.array_equal, zip(before, arrays, strict=True)))


def test_a_gradient_of_a_gradient_is_refused():
    params, _, _ = make("tanh")
    w = params["weight_hh_l0"]

    def loss(w, x):
        y, _h, _c = rnn_forward({**params, "weight_hh_l0": w}, x, rnn_type="tanh")
        return np.sum(y)

    with pytest.raises(Refusal, match="the gradient of a function with `recurrence`"):
        knetc.grad(lambda w, x: np.sum(knetc.grad(loss)(w, x) ** 2))(w, inputs())
