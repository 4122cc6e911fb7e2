"""`knetc compile`: the modules it writes do in a bare process what `knetc.grad` does in this one."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knetc import grad
from knetc.cli.ahead import ahead
from knetc.cli.target import find
from knetc.runtime.atomic import PREFIX

MODEL = '''\
import math
from math import sin as sine

import numpy as np
from numpy import tanh

import knetc
from knetc import relu, softmax

SCALE = 2.5
SIGNS = (-1.0, (True, None), "minus")
NAME = "it's"
LIMIT = 3


def straight(w, x, y):
    h = tanh(x @ w)
    return np.mean((h - y) ** 2) * SCALE


def broken_loop(w: float, n: int):
    s = w
    for i in range(n):
        s = s * sine(w) * math.cos(s)
        if i >= LIMIT:
            break
    return s


def early(x: np.ndarray):
    """With a docstring."""
    if x[0] > 100:
        return x[0]
    total = 0.0
    for v in x:
        if v < -1:
            return total * v
        total = total + v * v
    return total


def half(x):
    return np.sum(x * x) / 2


def through_helper(x):
    return half(x) * half(x * SCALE)


def depth(n: int) -> int:
    return 1 if n == 0 else deeper(n - 1)


def deeper(n, step=LIMIT):
    """Counts down."""
    return depth(n) + step + len(NAME)


def inactive_helper(x):
    return np.sum(x ** depth(2)) * SIGNS[0]


def power(x: float, n: int):
    return x if n == 1 else x * power(x, n - 1)


def recursive(x: float):
    return power(x, 4)


def named(x, *, scale=SCALE, shift=0.5):
    return np.sum(x * scale + shift * x * x)


def both(w, x):
    return np.sum(w * x * x)


def tree(p):
    return np.sum(p["w"] * p["w"])


def layers(x):
    return np.sum(softmax(relu(x)) * x) + knetc.nll(x, np.array([1]))


@knetc.grad(wrt="y")
def decorated(x, y):
    return np.sum(x * np.exp(y))


def float32(x):
    return np.sum(x * SCALE)


def by_keyword(x):
    return named(x, shift=2.0)


class Cell:
    def __init__(self, h):
        self.h, self.n = h, 0

    def step(self, w, x):
        self.h = np.tanh(w * self.h + x)
        self.count()
        return self.h

    def count(self):
        self.n += LIMIT


def stateful(w: float, xs: np.ndarray):
    cell = Cell(0.5)
    for x in xs:
        cell.step(w, x)
    return cell.h * w * cell.n


def euler(f, y, n):
    for _ in range(n):
        y = y + f(y) / n
    return y


def closures(x: np.ndarray):
    def scaled(t):
        return t * x * SCALE

    ys = [np.sum(scaled(t)) for t in x]
    return np.sum(euler(lambda y: scaled(y), x, 3)) * sum(ys)
'''
X = np.array([0.3, -1.2, 2.0])
CALLS = {
    "straight": [np.array([[0.5], [-0.25]]), np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0.1], [0.2]])],
    "broken_loop": [0.7, 9],
    "early": [X],
    "through_helper": [X],
    "inactive_helper": [X],
    "recursive": [1.5],
    "named": [X],
    "both": [X, X + 1],
    "tree": [{"w": X, "n": 3, "unused": np.ones(2)}],
    "layers": [X.reshape(1, 3)],
    "decorated": [X, X + 1],
    "float32": [X.astype(np.float32)],
    "by_keyword": [X],
    "stateful": [0.7, X],
    "closures": [X],
}
WRT = {"both": "x,w"}
BARE = """
import json, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        closed = ("gast", "astunparse", "click", "model", "knetc.api", "knetc.pipeline", "knetc.front", "knetc.ir",
                  "knetc.emit", "knetc.analysis", "knetc.diff")
        if name.startswith(closed):
            raise ImportError(f"{name} is not there")

sys.meta_path.insert(0, Blocked())
import numpy as np

def decoded(v):
    if isinstance(v, dict) and "array" in v:
        return np.array(v["array"], v["dtype"])
    return {k: decoded(x) for k, x in v.items()} if isinstance(v, dict) else v

def encoded(v):
    if isinstance(v, np.ndarray):
        return {"array": v.tolist(), "dtype": str(v.dtype)}
    if isinstance(v, tuple):
        return [encoded(x) for x in v]
    return {k: encoded(x) for k, x in v.items()} if isinstance(v, dict) else v

found = {}
for name, args in json.load(sys.stdin).items():
    module = __import__(f"{name}_ad")
    args = [decoded(a) for a in args]
    value, residuals = module.forward(*args)
    module.backward(residuals, 1.0)
    found[name] = [encoded(float(value)), encoded(module.grad(*args))]
json.dump(found, sys.stdout)
"""


def encoded(v):
    if isinstance(v, np.ndarray):
        return {"array": v.tolist(), "dtype": str(v.dtype)}
    if isinstance(v, tuple):
        return [encoded(x) for x in v]
    return {k: encoded(x) for k, x in v.items()} if isinstance(v, dict) else v


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """All functions compiled into a folder, and the module that they are from."""
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "model.py").write_text(MODEL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path])
        target = find(str(folder / "model.py"))
    for name in CALLS:
        (folder / f"{name}_ad.py").write_text(ahead(getattr(target.module, name), WRT.get(name)).module())
    yield folder, target.module
    del sys.modules[target.module.__name__]


@pytest.fixture(scope="module")
def bare(written):
    """Value and gradient of every function, from a process that has no compiler and no model.py."""
    folder, _ = written
    given = json.dumps({name: [encoded(a) for a in args] for name, args in CALLS.items()})
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", BARE],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    return json.loads(run.stdout)


def close(found, expected):
    """Whether a gradient from JSON is one of this process: same structure, same dtype, same numbers."""
    if isinstance(expected, np.ndarray):
        assert found["dtype"] == str(expected.dtype)
        np.testing.assert_allclose(found["array"], expected, rtol=1e-12)
    elif isinstance(expected, (dict, tuple)):
        pairs = expected.items() if isinstance(expected, dict) else enumerate(expected)
        assert len(found) == len(expected)
        for key, value in pairs:
            close(found[key], value)
    elif expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", CALLS)
def test_its_gradient_is_that_of_grad(name, written, bare):
    function = getattr(written[1], name)
    wrt = tuple(WRT[name].split(",")) if name in WRT else 0
    expected = function(*CALLS[name]) if name == "decorated" else grad(function, wrt)(*CALLS[name])

    close(bare[name][1], expected)


@pytest.mark.parametrize("name", CALLS)
def test_its_forward_sweep_returns_the_value(name, written, bare):
    function = getattr(written[1], name)

    assert bare[name][0] == pytest.approx(
        float(getattr(function, "function", function)(*CALLS[name])), rel=1e-12
    )


@pytest.mark.parametrize("name", CALLS)
def test_it_imports_numpy_and_the_run_time_half(name, written):
    tree = ast.parse((written[0] / f"{name}_ad.py").read_text())
    modules = {a.name for n in tree.body if isinstance(n, ast.Import) for a in n.names}
    modules |= {n.module for n in tree.body if isinstance(n, ast.ImportFrom)}

    assert all(
        m in ("numpy", "math", "knetc") or m.startswith(("knetc.ops.", "knetc.runtime.")) for m in modules
    )


@pytest.mark.parametrize("name", CALLS)
def test_it_says_where_it_is_from(name, written):
    doc = ast.get_docstring(ast.parse((written[0] / f"{name}_ad.py").read_text()))

    assert doc.startswith(f"`{name}` of model.py and its derivatives, written by knetc 0.")


@pytest.mark.parametrize("name", CALLS)
def test_it_names_no_folder(name, written):
    assert str(written[0]) not in (written[0] / f"{name}_ad.py").read_text()


def test_helpers_are_copied_with_what_they_read(written):
    text = (written[0] / "inactive_helper_ad.py").read_text()

    assert "def depth(n):\n    return 1 if n == 0 else deeper(n - 1)\n" in text
    assert 'def deeper(n, step=LIMIT):\n    """Counts down."""\n' in text
    assert 'SIGNS = -1.0, (True, None), "minus"\nLIMIT = 3\nNAME = "it\'s"\n' in text


def test_only_what_is_read_is_copied(written):
    text = (written[0] / "straight_ad.py").read_text()

    assert "SCALE = 2.5" in text
    assert "LIMIT" not in text
    assert "import math" not in text


def test_the_same_source_gives_the_same_text(written):
    for name in ("straight", "inactive_helper", "both"):
        again = ahead(getattr(written[1], name), WRT.get(name)).module()
        assert (written[0] / f"{name}_ad.py").read_text() == again


# ---- the command


def test_the_command_writes_a_file_and_describes_it(knetc, model):
    result = knetc("compile", "model.py:loss", "-o", "out.py")

    assert result.exit_code == 0
    lines = len(Path("out.py").read_text().splitlines())
    assert result.stdout.startswith(f"out.py: {lines} lines, imports knetc.")
    assert result.stdout.endswith("numpy\n")


def test_the_file_is_named_after_the_function(knetc, model):
    assert knetc("compile", "model.py:loss").exit_code == 0
    assert Path("loss_ad.py").is_file()


def test_a_dash_prints_the_module(knetc, model):
    result = knetc("compile", "model.py:loss", "-o", "-")

    assert result.stdout.endswith("\n\n\nforward = loss_forward\nbackward = loss_backward\n")
    assert [path.name for path in Path().glob("*_ad.py")] == []


def test_wrt_chooses_the_parameters(knetc, model):
    text = knetc("compile", "model.py:loss", "--wrt", "x,w", "-o", "-").stdout

    assert (
        "    w_bar, x_bar = loss_grad(w, x, y)\n    return gradient_of(x, x_bar), gradient_of(w, w_bar)\n"
        in text
    )


def test_an_unknown_wrt_is_refused(knetc, model):
    result = knetc("compile", "model.py:loss", "--wrt", "z")

    assert result.exit_code == 1
    assert result.stderr.startswith("KN303 `wrt` is 'z', but the parameters of `loss` are `w`, `x`, `y`\n")


def test_a_refusal_leaves_the_old_file_and_no_other(knetc, model):
    Path("out.py").write_text("old")
    result = knetc("compile", "model.py:refused", "-o", "out.py")

    assert result.exit_code == 1
    assert Path("out.py").read_text() == "old"
    assert list(Path().glob(f"{PREFIX}*")) == []


def test_the_source_is_never_overwritten(knetc, model):
    before = model.read_text()
    result = knetc("compile", "model.py:loss", "-o", "model.py")

    assert result.exit_code == 2
    assert "`model.py` is the file that is compiled" in result.stderr
    assert model.read_text() == before


def test_a_missing_folder_is_a_usage_error(knetc, model):
    result = knetc("compile", "model.py:loss", "-o", "no/such/out.py")

    assert result.exit_code == 2
    assert "there is no folder `no/such`" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("W = np.ones((2, 3))", "reads `W`, an array of shape (2, 3), which cannot be written"),
        ("W = [1.0, 2.0]", "reads `W`, a list, which cannot be written"),
        ("W = np.float64(2)", "reads `W`, a numpy float64, which cannot be written"),
        ("class W: ...", "reads `W`, a class, which cannot be written"),
        ("W = np.random.default_rng(0)", "reads `W`, an object (Generator), which cannot be written"),
        ("W = lambda x: x", "reads `W`, not made by `def`, which cannot be written"),
        ("W = type('F', (), {'f': lambda s: s}).f", "reads `W`, not made by `def`, which cannot be written"),
        ("", "reads `W`, not defined, which cannot be written"),
    ],
)
def test_what_cannot_be_written_is_refused_where_it_is_read(knetc, folder, text, message):
    Path("model.py").write_text(
        f"import numpy as np\n{text}\ndef f(x):\n    print(W, end='')\n    return x * x\n"
    )
    result = knetc("compile", "model.py:f")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"model.py:4:11: KN120 `f` {message} into a module\n")
    assert "\nhelp: " in result.stderr
    assert not Path("f_ad.py").exists()


def test_a_captured_array_is_refused(knetc, folder):
    text = "import numpy as np\ndef make(w):\n    def f(x):\n        return w @ x\n    return f\nf = make(np.ones(3))\n"
    Path("model.py").write_text(text)

    assert "KN120 `f` reads `w`, an array of shape (3,)" in knetc("compile", "model.py:f").stderr


def test_a_captured_number_is_copied(knetc, folder):
    text = "def make(k):\n    def f(x):\n        return k * x\n    return f\nf = make(3.0)\n"
    Path("model.py").write_text(text)

    assert "k = 3.0\n" in knetc("compile", "model.py:f", "-o", "-").stdout


def test_a_name_with_two_meanings_is_refused(knetc, folder):
    Path("model_parts.py").write_text("K = 2.0\ndef g(x):\n    return x * K\n")
    Path("model.py").write_text("from model_parts import g\nK = 3.0\ndef f(x):\n    return g(x) * K\n")
    result = knetc("compile", "model.py:f")

    assert result.exit_code == 1
    assert "KN120" in result.stderr
    assert "`K`, a name that stands for something else, too" in result.stderr


def test_a_global_with_the_name_of_a_door_is_refused(knetc, folder):
    Path("model.py").write_text("forward = 2.0\ndef f(x):\n    return x * forward\n")

    assert "`forward`, a name that stands for something else, too" in knetc("compile", "model.py:f").stderr


def test_a_folder_as_output_is_a_usage_error(knetc, model, folder):
    result = knetc("compile", "model.py:loss", "-o", str(folder))

    assert result.exit_code == 2
    assert "is a directory" in result.stderr


def test_a_file_that_cannot_be_written_is_reported(knetc, model, monkeypatch):
    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("knetc.cli.compile.replacing", full)
    result = knetc("compile", "model.py:loss", "-o", "out.py")

    assert result.exit_code == 1
    assert "Could not open file 'out.py': No space left on device" in result.stderr


def test_imports_are_merged_and_sorted(written):
    lines = (written[0] / "layers_ad.py").read_text().splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]

    assert imports == sorted(imports, key=lambda line: (line.startswith("from"), line))
    assert len({line.split()[1] for line in imports}) == len(imports)
