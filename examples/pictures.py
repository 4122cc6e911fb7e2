"""Pictures that the examples write: a grid of images, as PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from knetc.runtime.atomic import replacing


def grid(images: Any, path: Path, columns: int) -> None:
    """Write images of the shape (N, 1, H, W), from 0 for white to 1 for black, in rows of `columns`."""
    rows = np.concatenate([np.concatenate(list(row[:, 0]), axis=1) for row in _rows(images, columns)])
    try:
        from matplotlib.image import imsave
    except ImportError:
        print("picture: none, as matplotlib is missing; pip install 'knetc[plot]'")
        return
    with replacing(path) as file:
        imsave(file, 1 - np.clip(rows, 0, 1), cmap="gray", vmin=0, vmax=1, format="png")
    print(f"picture: {path}")


def _rows(images: Any, columns: int) -> Any:
    whole = len(images) // columns * columns
    return np.asarray(images)[:whole].reshape(-1, columns, *images.shape[1:])
