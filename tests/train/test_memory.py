from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ShapeError
from knetc.train.checkpoint import load, save
from knetc.train.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, Momentum, Nesterov, Rmsprop
from knetc.train.schedule import cosine
from knetc.train.update import update

CLASSES = [SGD, Momentum, Nesterov, Adagrad, Rmsprop, Adadelta, Adam, AdamW, Lion]
RNG = np.random.default_rng(0)
GRADIENTS = [{"w": RNG.standard_normal((2, 3)), "layers": [RNG.standard_normal(3)]} for _ in range(6)]


def model():
    return {"w": np.ones((2, 3)), "layers": [np.zeros(3)]}


def steps(trained, optimiser, gradients):
    for gradient in gradients:
        update(trained, gradient, optimiser)
    return trained


def test_every_array_has_its_own_state():
    a, b, optimiser = np.array([1.0]), np.array([1.0]), Momentum(lr=0.5, gamma=0.5)
    update([a], [np.ones(1)], optimiser)
    update([b], [np.ones(1)], optimiser)
    assert a.tolist() == b.tolist() == [0.5]
    assert list(optimiser.memory) == ["[0]", "[0]'"]


def test_an_array_keeps_its_state_when_it_moves_to_another_place():
    w, optimiser = np.array([1.0]), Momentum(lr=0.5, gamma=0.5)
    update([w], [np.ones(1)], optimiser)
    update({"w": w}, {"w": np.ones(1)}, optimiser)
    assert w.tolist() == [-0.25]


def test_nothing_sticks_to_the_parameters():
    class Model:
        def __init__(self):
            self.w = np.ones(2)

    trained, gradient = Model(), Model()
    update(trained, gradient, Momentum(lr=0.5))
    assert list(vars(trained)) == ["w"]
    before = trained.w.copy()
    update(trained, gradient, Momentum(lr=0.25))  # another optimiser: its own rate, no velocity
    np.testing.assert_allclose(trained.w, before - 0.25, rtol=1e-12)


@pytest.mark.parametrize("cls", CLASSES)
def test_a_saved_optimiser_goes_on_bit_by_bit(cls, tmp_path):
    optimiser, whole = cls(lr=0.1), model()
    steps(whole, optimiser, GRADIENTS[:3])
    save(tmp_path / "run", {"model": whole, "optimiser": optimiser})
    steps(whole, optimiser, GRADIENTS[3:])

    resumed = load(tmp_path / "run", into={"model": model(), "optimiser": cls(lr=0.5)})
    assert resumed["optimiser"].lr == 0.1
    assert resumed["optimiser"].steps == 3
    steps(resumed["model"], resumed["optimiser"], GRADIENTS[3:])
    np.testing.assert_array_equal(resumed["model"]["w"], whole["w"])
    np.testing.assert_array_equal(resumed["model"]["layers"][0], whole["layers"][0])


def test_a_schedule_stays_that_of_the_program_and_goes_on_at_its_step(tmp_path):
    optimiser = SGD(cosine(0.5, 6, warmup=2), l2=0.25)
    steps(model(), optimiser, GRADIENTS[:4])
    save(tmp_path / "run", optimiser)
    again = load(tmp_path / "run", into=SGD(cosine(0.5, 6, warmup=2)))
    assert (again.rate, again.steps, again.l2) == (optimiser.rate, 4, 0.25)


def test_loading_into_an_optimiser_in_use_goes_back_to_the_saved_moment(tmp_path):
    optimiser, w = Adam(lr=0.1), model()
    steps(w, optimiser, GRADIENTS[:2])
    save(tmp_path / "run", {"w": w, "optimiser": optimiser})
    ends = []
    for _ in range(2):
        update([np.ones(1)], [np.ones(1)], optimiser)  # an array that the file does not know
        steps(w, optimiser, GRADIENTS[2:])
        ends.append(w["w"].copy())
        load(tmp_path / "run", into={"w": w, "optimiser": optimiser})
    np.testing.assert_array_equal(*ends)
    assert list(optimiser.memory) == ["['w']", "['layers'][0]"]


def test_the_arrays_of_a_file_have_readable_names(tmp_path):
    from safetensors.numpy import load_file

    optimiser = Momentum()
    steps(model(), optimiser, GRADIENTS[:1])
    save(tmp_path / "run", optimiser)
    assert sorted(load_file(tmp_path / "run")) == ["memory.['layers'][0].v", "memory.['w'].v"]


def test_the_state_of_another_model_is_refused(tmp_path):
    optimiser = Momentum()
    update([np.ones(3)], [np.ones(3)], optimiser)
    save(tmp_path / "run", optimiser)
    fresh, w = load(tmp_path / "run", into=Momentum()), np.ones(2)
    with pytest.raises(
        ShapeError,
        match=r"KN413 the optimiser remembers `v` of `\[0\]` with the shape \(3,\), expected \(2,\)",
    ):
        update([w], [np.ones(2)], fresh)
    assert w.tolist() == [1.0, 1.0]
