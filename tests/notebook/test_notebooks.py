"""The notebooks of the tutorial, each run from top to bottom as its readers run it: in a kernel of its own."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("ipykernel", reason="no notebook kernel: pip install 'knetc[notebook]'")
pytest.importorskip("matplotlib.font_manager", reason="no pictures: pip install 'knetc[plot]'")
nbformat = pytest.importorskip("nbformat", reason="no notebooks: pip install 'knetc[notebook]'")
nbclient = pytest.importorskip("nbclient", reason="no way to run notebooks: pip install 'knetc[notebook]'")
# Importing matplotlib's font manager here writes its cache of fonts, of which a first kernel would tell on stderr.

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "examples" / "notebooks"

RESULTS = {
    "01-quick-start": (0.8, 1.0),
    "02-differentiation": (True, True),
    "03-mnist": (0.8, 1.0),
    "04-mlp": (0.9, 1.0),
    "05-cnn": (0.85, 1.0),
    "06-rnn": (0.9, 1.0),
    "07-character-lm": (1.0, 9.0),
    "08-sequence-to-sequence": (0.95, 1.0),
}
"""What the last cell shows lies between these: an accuracy; a perplexity, where chance has 67."""


def read(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Executes a notebook, once, in an empty folder and without the user's settings, and returns its code cells."""

    @cache
    def execute(name):
        folder = tmp_path_factory.mktemp("notebook")
        notebook = read(name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(ROOT))
            patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
            for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
                patch.setenv(variable, str(folder / variable))
            resources = {"metadata": {"path": str(folder)}}
            nbclient.NotebookClient(notebook, kernel_name="python3", resources=resources).execute()
        return code(notebook)

    return execute


def data(cell, kind):
    return [output["data"][kind] for output in cell.outputs if kind in output.get("data", {})]


def test_every_notebook_has_a_result_that_is_checked():
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == sorted(RESULTS)


@pytest.mark.parametrize("name", RESULTS)
def test_it_is_kept_without_outputs(name):
    notebook = read(name)
    nbformat.validate(notebook)

    assert notebook.metadata.kernelspec.name == "python3"
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code(notebook))
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@pytest.mark.parametrize("name", RESULTS)
def test_it_runs_without_warnings_and_comes_to_its_result(name, run):
    cells = run(name)

    assert [output.text for cell in cells for output in cell.outputs if output.get("name") == "stderr"] == []
    [text] = data(cells[-1], "text/plain")
    low, high = RESULTS[name]
    assert low <= ast.literal_eval(text) <= high


def test_the_magic_shows_both_texts(run):
    [magic] = [cell for cell in run("01-quick-start") if cell.source.startswith("%%grad")]
    [shown] = data(magic, "text/html")

    assert shown.startswith("<div ")
    assert "loss_grad" in shown
    assert "# line 3" in shown


def test_the_recorded_form_is_shown(run):
    texts = [output.text for cell in run("02-differentiation") for output in cell.outputs if "text" in output]

    assert any('tape.op("*", rate, x)' in text for text in texts)
