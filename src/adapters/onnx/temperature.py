"""The fitted temperatures of an installed model's forms: `calibration.json` in the model's folder."""

import json
from pathlib import Path

from adapters.filesystem.durable import write_durably
from domain.vision import UnusableModel

_FILE = "calibration.json"


def read_temperature(folder: Path, version: str) -> float:
    """The temperature of this version of the model in `folder`; 1 if none was fitted. Raises `UnusableModel` for a
    damaged file."""
    return _read_all(folder).get(version, 1.0)


def write_temperature(folder: Path, version: str, temperature: float) -> None:
    """Keeps the temperatures of the other versions. Raises `UnusableModel` for a damaged file."""
    temperatures = {**_read_all(folder), version: temperature}
    write_durably(folder / _FILE, json.dumps({"temperatures": temperatures}).encode())


def _read_all(folder: Path) -> dict[str, float]:
    path = folder / _FILE
    try:
        stored = json.loads(path.read_bytes())["temperatures"]
        temperatures = {version: float(number) for version, number in stored.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _damaged_error(path) from fault
    if not all(0 < temperature < float("inf") for temperature in temperatures.values()):
        raise _damaged_error(path)
    return temperatures


def _damaged_error(path: Path) -> UnusableModel:
    return UnusableModel(f"{path} is damaged; remove it, and fit again with `tintype model evaluate DIR --fit`")
