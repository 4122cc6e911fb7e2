"""The notebook that users start with, run from top to bottom as they run it: in a kernel of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("ipykernel", reason="no notebook kernel: pip install 'knetc[notebook]'")
nbformat = pytest.importorskip("nbformat", reason="no notebooks: pip install 'knetc[notebook]'")
nbclient = pytest.importorskip("nbclient", reason="no way to run notebooks: pip install 'knetc[notebook]'")

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "examples" / "notebooks" / "quickstart.ipynb"


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """The code cells with their outputs."""
    folder = tmp_path_factory.mktemp("notebook")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(name, str(folder / name))
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        resources = {"metadata": {"path": str(folder)}}
        nbclient.NotebookClient(notebook, kernel_name="python3", resources=resources).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def data(cell, kind):
    return [output["data"][kind] for output in cell.outputs if kind in output.get("data", {})]


def test_it_is_kept_without_outputs():
    cells = [c for c in nbformat.read(NOTEBOOK, as_version=4).cells if c.cell_type == "code"]

    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_nothing_is_printed_to_stderr(cells):
    assert [o for cell in cells for o in cell.outputs if o.get("name") == "stderr"] == []


def test_the_magic_shows_both_texts(cells):
    [shown] = data(cells[1], "text/html")

    assert shown.startswith("<div ")
    assert "loss_grad" in shown
    assert "# line 3" in shown


def test_the_gradient_is_bound(cells):
    [text] = data(cells[2], "text/plain")

    assert text.startswith("array([[")


def test_the_gradient_passes_the_check(cells):
    assert data(cells[3], "text/plain") == ["True"]


def test_the_steps_lower_the_loss(cells):
    [text] = data(cells[4], "text/plain")

    assert float(text.removeprefix("np.float64(").removesuffix(")")) < 0.5
