"""The temperature that was fitted for an installed model: `calibration.json` in the model's folder."""

import json
from pathlib import Path

from adapters.filesystem.durable import write_durably
from domain.vision import UnusableModel

_FILE = "calibration.json"


def read_temperature(folder: Path) -> float:
    """Of the model in `folder`; 1 when none was fitted. Raises `UnusableModel` for a damaged file."""
    path = folder / _FILE
    try:
        found = json.loads(path.read_bytes())["temperature"]
    except FileNotFoundError:
        return 1.0
    except (ValueError, KeyError, TypeError) as fault:
        raise _damaged(path) from fault
    if not isinstance(found, int | float) or not 0 < found < float("inf"):
        raise _damaged(path)
    return float(found)


def write_temperature(folder: Path, temperature: float) -> None:
    write_durably(folder / _FILE, json.dumps({"temperature": temperature}).encode())


def _damaged(path: Path) -> UnusableModel:
    return UnusableModel(f"{path} is damaged; remove it, or fit anew with `tintype model evaluate DIR --fit`")
