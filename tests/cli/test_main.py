"""The command as a whole: the map, help, exit codes, and how errors look."""

from __future__ import annotations

import subprocess
import sys

import pytest

import knetc as package
from knetc.errors import ArgumentError

HEAVY = ["numpy", "rich", "gast", "knetc.api", "knetc.pipeline"]


def test_without_arguments_it_is_a_map(knetc):
    result = knetc()

    assert result.exit_code == 0
    for command in ("show", "check", "compile", "explain"):
        assert f"knetc {command} " in result.output


def test_the_map_fits_a_terminal(knetc):
    assert max(map(len, knetc().output.splitlines())) <= 100


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_the_commands(knetc, option):
    result = knetc(option)

    assert result.exit_code == 0
    for command in ("show", "check", "compile", "explain"):
        assert command in result.output


@pytest.mark.parametrize("command", ["show", "check", "compile", "explain"])
def test_every_command_has_help(knetc, command):
    result = knetc(command, "--help")

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: knetc {command} ")


def test_it_tells_its_version(knetc):
    assert knetc("--version").output == f"knetc {package.__version__}\n"


def test_an_unknown_command_is_a_usage_error(knetc):
    assert knetc("shwo").exit_code == 2


def test_a_refusal_is_printed_without_traceback(knetc, model):
    result = knetc("show", f"{model}:refused")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("model.py:10:9: KN101 knetc cannot differentiate `eval`")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("argument", [[], ["--help"]])
def test_help_loads_nothing_heavy(argument):
    program = (
        f"import sys; sys.argv = ['knetc', *{argument!r}]\n"
        "from knetc.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"assert not [m for m in {HEAVY!r} if m in sys.modules]\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_it_runs_as_a_module(folder):
    command = [sys.executable, "-m", "knetc", "explain", "KN301"]

    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.startswith("KN301 ")


def test_a_bug_of_knetc_keeps_its_traceback(knetc, model, monkeypatch):
    def broken(*args):
        raise RuntimeError("bug")

    monkeypatch.setattr("knetc.cli.show.show", broken)

    assert isinstance(knetc("show", "model.py:loss").exception, RuntimeError)


def test_an_error_of_knetc_ends_with_one(knetc, monkeypatch):
    def wrong(*args):
        raise ArgumentError("KN303", "`wrt` is 'z'")

    monkeypatch.setattr("knetc.cli.show.show", wrong)
    result = knetc("show", "model.py:loss")

    assert (result.exit_code, result.stderr) == (1, "KN303 `wrt` is 'z'\nmore: knetc explain KN303\n")
