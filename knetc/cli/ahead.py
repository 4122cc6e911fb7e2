"""Compiling before any argument exists: the kinds of the parameters come from their annotations."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, get_args, get_origin

import numpy as np

from knetc import __version__
from knetc.analysis.kinds import DICT, LIST, NONE, TUPLE, UNKNOWN, Kind, array
from knetc.api import Gradient
from knetc.compiled import taken_names
from knetc.emit.module import Module, assemble
from knetc.emit.standalone import Doors, standalone
from knetc.errors import DtypeError
from knetc.pipeline import Session

SIMPLE: dict[Any, Kind] = {
    float: Kind("float"),
    int: Kind("int"),
    bool: Kind("bool"),
    str: Kind("str"),
    None: NONE,
    types.NoneType: NONE,
    np.ndarray: array(None, "?"),
    list: LIST,
    tuple: TUPLE,
    dict: DICT,
}
