from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError, ShapeError
from knetc.nn import GRU, LSTM, RNN
from knetc.ops.rnn_arguments import GATES


def numbered(rnn):
    """The same network with every weight another number."""
    rnn.set_flat(np.arange(rnn.flat().size))
    return rnn


@pytest.mark.parametrize("rnn_type", GATES)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_there_are_as_many_as_cudnn_counts(rnn_type, bidirectional):
    inputs, size, layers, directions = 3, 4, 3, 1 + bidirectional
    rnn = RNN(inputs, size, rnn_type, num_layers=layers, bidirectional=bidirectional)
    widths = [inputs, *[directions * size] * (layers - 1)]
    per_gate = sum(size * size + width * size + 2 * size for width in widths)
    assert rnn.flat().shape == (GATES[rnn_type] * directions * per_gate,)


def test_matrices_of_all_rows_come_before_the_biases():
    gru = numbered(GRU(2, 3, bidirectional=True))
    assert gru.params["weight_ih_l0"].ravel().tolist() == list(range(18))
    assert gru.params["weight_hh_l0"].ravel().tolist() == list(range(18, 45))
    assert gru.params["weight_ih_l0_reverse"].ravel().tolist() == list(range(45, 63))
    assert gru.params["weight_hh_l0_reverse"].ravel().tolist() == list(range(63, 90))
    assert gru.params["bias_ih_l0"].tolist() == list(range(90, 99))
    assert gru.params["bias_hh_l0_reverse"].tolist() == list(range(117, 126))


@pytest.mark.parametrize("rnn_type", GATES)
def test_a_vector_goes_there_and_back(rnn_type):
    first = RNN(3, 4, rnn_type, num_layers=2, bidirectional=True)
    second = RNN(3, 4, rnn_type, num_layers=2, bidirectional=True)
    arrays = dict(second.params)
    second.set_flat(first.flat())
    for name, w in first.params.items():
        np.testing.assert_array_equal(second.params[name], w)
        assert second.params[name] is arrays[name]


def test_a_gate_is_a_view_by_the_number_of_cudnn():
    lstm = LSTM(3, 4, num_layers=2, bidirectional=True)
    assert lstm.param(0, 1).shape == (4, 3)
    assert lstm.param(3, 1).shape == (4, 8)
    np.testing.assert_array_equal(lstm.param(3, 6), lstm.params["weight_hh_l1_reverse"][8:12])
    np.testing.assert_array_equal(lstm.param(2, 7, "bias"), lstm.params["bias_hh_l1"][12:])
    lstm.param(1, 0)[...] = 7
    assert (lstm.params["weight_ih_l0_reverse"][:4] == 7).all()


def test_the_list_has_all_matrices_and_then_all_biases():
    parts = GRU(3, 4, num_layers=2).param_list()
    assert [p.ndim for p in parts] == [2] * 12 + [1] * 12


def test_a_skipped_input_has_biases_and_no_matrix():
    rnn = RNN(4, 4, "gru", skip_input=True)
    assert rnn.param(0, 0) is None
    assert rnn.param(0, 0, "bias").shape == (4,)
    assert rnn.param(0, 3).shape == (4, 4)
    assert len(rnn.param_list()) == 9


@pytest.mark.parametrize(
    "place", [(2, 0, "weight"), (-1, 0, "weight"), (0, 8, "bias"), (0, -1, "bias"), (0, 0, "w")]
)
def test_other_places_are_refused(place):
    with pytest.raises(
        ArgumentError, match=r"KN336 param\(.*\): there is no such part; expected a row from 0 to 1"
    ):
        LSTM(3, 4, num_layers=2).param(*place)


@pytest.mark.parametrize("vector", [np.zeros(7), np.zeros((144, 1)), 1.0])
def test_a_vector_of_another_length_changes_nothing(vector):
    lstm = LSTM(3, 4)
    before = lstm.flat()
    with pytest.raises(ShapeError, match=r"KN229 set_flat: `vector` has shape .*; expected \(144,\)"):
        lstm.set_flat(vector)
    np.testing.assert_array_equal(lstm.flat(), before)
