from __future__ import annotations

import linecache

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, NonFiniteError
from knetc.train.data import minibatch
from knetc.train.loops import adam, sgd
from knetc.train.minimize import minimize, run
from knetc.train.nonfinite import is_finite
from knetc.train.optim import SGD

RNG = np.random.default_rng(0)
MODEL = """\
import numpy as np
from knetc import dropout


class Dense:
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return np.sqrt(x @ self.w)


class Model:
    def __init__(self):
        self.layers = [Dense(np.ones((2, 2))), Dense(np.ones((2, 2)))]

    def __call__(self, x, y):
        for layer in self.layers:
            x = layer(x)
        return self.loss(x, y)

    def loss(self, x, y):
        return np.mean((x - y) ** 2)


def squared(x):
    return x * x


def recorded(w, x):
    def parts():
        yield squared(w)
        yield np.log(w * x)

    return np.sum(sum(parts()))


def dropped(w, x):
    return np.sum(np.log(dropout(w * x, 0.5)))
"""


@pytest.fixture(scope="module")
def model():
    """What a file `model.py` defines."""
    linecache.cache["model.py"] = (len(MODEL), None, MODEL.splitlines(keepends=True), "model.py")
    names = {"__name__": "model"}
    exec(compile(MODEL, "model.py", "exec", dont_inherit=True), names)
    return names


def loaded(path):
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file}


def failure(loop):
    with pytest.raises(NonFiniteError) as caught:
        run(loop)
    return caught.value


def test_a_loss_names_step_operation_value_line_and_file_of_the_batch(model, tmp_path):
    trained, path = model["Model"](), tmp_path / "runs" / "bad.npz"
    good, spoilt = (np.ones((3, 2)), np.ones((3, 2))), (-np.ones((3, 2)), np.ones((3, 2)))
    seen = []
    losses = sgd(trained, [good, good, spoilt, good], 0.01, bad_batch=path)
    with pytest.raises(NonFiniteError) as caught:
        seen.extend(trained.layers[0].w.copy() for _ in losses)
    first = seen[-1].sum(axis=0)[0]
    assert str(caught.value) == (
        f"model.py:10:16: KN501 the loss became nan at step 3 (batch 3): `np.sqrt` got {-first} and gave nan\n"
        "  10 |         return np.sqrt(x @ self.w)\n"
        "     |                ^^^^^^^^^^^^^^^^^^^\n"
        f"help: the parameters are those of the step before, and the batch is in `{path}`; lower `lr`, "
        "set clip_norm=1.0, or guard the operation\n"
        "more: knetc explain KN501"
    )
    assert len(seen) == 2
    np.testing.assert_array_equal(trained.layers[0].w, seen[-1])
    saved = loaded(path)
    assert sorted(saved) == ["0", "1"]
    np.testing.assert_array_equal(saved["0"], spoilt[0])


def test_a_gradient_names_the_operation_though_the_loss_is_finite(model, tmp_path):
    trained, x = model["Model"](), np.ones((3, 2))
    x[1] = 0.0
    error = failure(adam(trained, [(x, x)], bad_batch=tmp_path / "bad.npz"))
    assert str(error).startswith(
        "model.py:10:16: KN504 the gradient of `layers[0].w` is not finite at step 1 (batch 1), though the loss is: "
        "`np.sqrt` got 0.0; its derivative is inf\n"
        "  10 |         return np.sqrt(x @ self.w)\n"
    )
    assert trained.layers[0].w.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    np.testing.assert_array_equal(loaded(tmp_path / "bad.npz")["1"], x)


def test_nan_in_the_data_is_told_as_such(model, tmp_path):
    y = np.ones((3, 2))
    y[2, 1] = np.nan
    error = failure(sgd(model["Model"](), [(np.ones((3, 2)), y)], bad_batch=tmp_path / "bad.npz"))
    assert str(error).startswith(
        "model.py:23:25: KN501 the loss became nan at step 1 (batch 1): `y` holds nan at [2, 1]\n"
        "  23 |         return np.mean((x - y) ** 2)\n"
    )


def test_a_parameter_that_has_grown_too_far_is_told_as_such(model, tmp_path):
    trained = model["Model"]()
    trained.layers[1].w[0, 1] = np.inf
    batch = (np.ones((3, 2)), np.ones((3, 2)))
    error = failure(sgd(trained, [batch], bad_batch=tmp_path / "bad.npz"))
    assert "`self.layers[1].w` holds inf at [0, 1]" in str(error)
    assert "model.py:10:" in str(error)


def test_a_recorded_function_is_looked_into(model, tmp_path):
    loop = sgd(model["recorded"], [1.0, 0.0], params=np.ones(2), bad_batch=tmp_path / "bad.npz")
    error = failure(loop)
    assert str(error).startswith(
        "model.py:33:15: KN501 the loss became -inf at step 2 (batch 2): `np.log` got 0.0 and gave -inf\n"
    )


def test_dropout_draws_the_same_mask_again(model, tmp_path):
    told = []
    for seed in range(8):
        knetc.seed(seed)
        loop = sgd(model["dropped"], [np.ones(1)], params=np.ones(1), bad_batch=tmp_path / "bad.npz")
        try:
            run(loop)
        except NonFiniteError as error:
            told.append(error.message)
    assert 0 < len(told) < 8
    assert all("`np.log` got 0.0 and gave -inf" in message for message in told)


def test_the_random_numbers_go_on_as_if_nothing_had_been_run_again(model, tmp_path):
    ends = []
    for _ in range(2):
        knetc.seed(3)
        failure(sgd(model["dropped"], [np.ones(8)], params=np.ones(8), bad_batch=tmp_path / "bad.npz"))
        ends.append(knetc.runtime.rng.generator().random())
    knetc.seed(3)
    with np.errstate(divide="ignore", invalid="ignore"):
        knetc.grad(model["dropped"])(np.ones(8), np.ones(8))
    assert ends == [knetc.runtime.rng.generator().random()] * 2


def test_an_accumulated_step_names_its_batch(model, tmp_path):
    data = [(np.ones((1, 2)), np.ones((1, 2)))] * 6
    data[4] = (-np.ones((1, 2)), np.ones((1, 2)))
    error = failure(minimize(model["Model"](), data, SGD(), accumulate=3, bad_batch=tmp_path / "bad.npz"))
    assert "at step 2 (batch 5): `np.sqrt` got" in str(error)


def test_the_model_and_what_it_remembers_are_not_touched_by_the_second_run(tmp_path):
    class Counting:
        def __init__(self):
            self.w = np.ones(2)
            self.calls = []

        def __call__(self, x):
            self.calls.append(1)
            return np.sum(np.log(self.w * x))

    model = Counting()
    failure(sgd(model, [np.zeros(2)], bad_batch=tmp_path / "bad.npz"))
    assert len(model.calls) == 1


def test_without_a_name_the_batch_goes_to_the_folder_for_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for _ in range(2):
        failure(sgd(lambda w, x: np.sum(w * np.log(x)), [np.zeros(2)], params=np.ones(2)))
    files = sorted(tmp_path.glob("knetc-bad-batch-*.npz"))
    assert len(files) == 2
    assert loaded(files[0])["0"].tolist() == [0.0, 0.0]


def test_an_unwritable_place_does_not_hide_the_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / "file" / "bad.npz"
    error = failure(sgd(lambda w, x: w * np.log(x), [0.0], params=np.array(1.0), bad_batch=path))
    assert "KN501 the loss became -inf at step 1" in str(error)
    assert f"the batch could not be saved as `{path}`" in error.help


def test_batches_of_any_structure_are_saved_without_pickling(tmp_path):
    class Tag:
        pass

    batch = ({"x": np.zeros(2), "names": ["a", "b"], "n": 3}, [np.ones(1), Tag()], "text", np.array([Tag()]))
    failure(
        sgd(
            lambda w, b, c, d, e: np.sum(w * np.log(b["x"])),
            [batch],
            params=np.ones(2),
            bad_batch=tmp_path / "b",
        )
    )
    saved = loaded(tmp_path / "b")
    assert {name: saved[name].tolist() for name in saved} == {
        "0.x": [0.0, 0.0],
        "0.names": ["a", "b"],
        "0.n": 3,
        "1.0": [1.0],
        "2": "text",
    }


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_the_first_loss_that_is_not_finite_stops_before_its_update(bad, tmp_path):
    x, y = RNG.standard_normal((40, 3)), RNG.standard_normal(40)
    y[33] = bad
    w, seen = np.zeros(3), []
    loop = sgd(
        lambda w, x, y: np.mean((x @ w - y) ** 2), minibatch(x, y, 10), params=w, bad_batch=tmp_path / "b"
    )
    with pytest.raises(
        NonFiniteError, match=rf"KN501 the loss became {bad} at step 4 .*: `y` holds {bad} at \[3\]"
    ):
        seen.extend(w.copy() for _ in loop)
    assert len(seen) == 3
    np.testing.assert_array_equal(w, seen[-1])


def test_an_error_of_the_batch_itself_is_raised_as_it_is():
    with pytest.raises(ArgumentError, match="KN421"):
        run(sgd(lambda w, x: w * x, [], params=np.ones(1)))


@pytest.mark.parametrize(
    ("g", "expected"),
    [
        (np.zeros(0), True),
        (np.array(np.nan), False),
        (np.array([1e308, 1e308]), True),
        (np.array([np.inf, -np.inf]), False),
        (np.array([1 + 1j, np.inf * 1j]), False),
        (np.full(10, 3e38, np.float32), True),
    ],
)
def test_a_finite_gradient_is_one_without_nan_and_infinity(g, expected):
    assert is_finite(g) is expected


def test_for_data_that_are_not_finite_the_cure_is_to_clean_them(tmp_path):
    x = np.array([[1.0, np.nan]])
    w = {"w": np.ones(2)}
    with pytest.raises(NonFiniteError, match="; clean the data"):
        run(sgd(lambda w, x: np.sum(x @ w["w"]), [x], params=w))
