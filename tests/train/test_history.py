from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from knetc.errors import ArgumentError, PackageError
from knetc.train.history import History

RECORDS = [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25, "correct": 3}, {"step": 4, "loss": 0.125}]


@pytest.fixture
def history():
    return History(RECORDS)


def test_it_is_a_list_of_records(history):
    assert history == RECORDS
    assert history[-1]["loss"] == 0.125


def test_a_column_has_the_steps_at_which_there_is_a_value(history):
    steps, values = history.column("correct")
    assert (steps.tolist(), values.tolist()) == ([2], [3])
    steps, values = history.column("loss")
    assert (steps.tolist(), values.tolist()) == ([1, 2, 4], [0.5, 0.25, 0.125])


def test_an_unknown_column_is_refused_with_those_that_are_there(history):
    with pytest.raises(ArgumentError, match="KN425 no record has `acc`; there is `loss`, `correct`"):
        history.column("acc")
    with pytest.raises(ArgumentError, match="KN425 no record has `loss`; there is nothing"):
        History().column("loss")


def test_a_run_that_goes_on_forgets_what_came_later(history):
    history.begin(2, ["step", "loss"])
    history.write({"step": 3, "loss": 1.0})
    history.end()
    assert history == [*RECORDS[:2], {"step": 3, "loss": 1.0}]


def test_a_record_that_is_changed_later_stays_what_it_was(history):
    record = {"step": 5, "loss": 1.0}
    history.write(record)
    record["loss"] = 2.0
    assert history[-1] == {"step": 5, "loss": 1.0}


# ---- plots


@pytest.fixture
def pyplot(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


def test_a_plot_draws_every_column_against_the_steps(history, pyplot):
    axes = history.plot()
    assert [line.get_label() for line in axes.lines] == ["loss", "correct"]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), [[1, 0.5], [2, 0.25], [4, 0.125]])
    assert axes.get_xlabel() == "step"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["loss", "correct"]


def test_a_plot_of_chosen_columns_goes_into_given_axes(history, pyplot):
    axes = pyplot.subplots()[1]
    assert history.plot("correct", axes=axes) is axes
    assert [line.get_label() for line in axes.lines] == ["correct"]


def test_an_empty_history_has_an_empty_plot(pyplot):
    assert len(History().plot().lines) == 0


def test_an_unknown_column_is_refused_before_a_figure_is_made(history, pyplot):
    with pytest.raises(ArgumentError, match="KN425"):
        history.plot("acc")
    assert pyplot.get_fignums() == []


def test_a_plot_without_matplotlib_says_how_to_get_it(history, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    with pytest.raises(PackageError, match="KN426 this needs the package `matplotlib`") as caught:
        history.plot()
    assert caught.value.help == "pip install 'knetc[plot]'"
    assert isinstance(caught.value, ImportError)


def test_matplotlib_is_loaded_by_a_plot_only():
    program = """
import sys
from knetc.train import History
history = History([{"step": 1, "loss": 0.5}])
assert "matplotlib" not in sys.modules
history.plot()
assert "matplotlib" in sys.modules
"""
    environment = os.environ | {"MPLBACKEND": "agg"}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
