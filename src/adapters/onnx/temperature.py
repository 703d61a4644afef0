"""The temperatures that were fitted for the forms of an installed model: `calibration.json` in the model's folder."""

import json
from pathlib import Path

from adapters.filesystem.durable import write_durably
from domain.vision import UnusableModel

_FILE = "calibration.json"


def read_temperature(folder: Path, version: str) -> float:
    """Of this version of the model in `folder`; 1 when none was fitted. Raises `UnusableModel` for a damaged file."""
    return _read_all(folder).get(version, 1.0)


def write_temperature(folder: Path, version: str, temperature: float) -> None:
    """Beside those of the other versions. Raises `UnusableModel` for a damaged file."""
    kept = {**_read_all(folder), version: temperature}
    write_durably(folder / _FILE, json.dumps({"temperatures": kept}).encode())


def _read_all(folder: Path) -> dict[str, float]:
    path = folder / _FILE
    try:
        found = {version: float(number) for version, number in json.loads(path.read_bytes())["temperatures"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _damaged_error(path) from fault
    if not all(0 < temperature < float("inf") for temperature in found.values()):
        raise _damaged_error(path)
    return found


def _damaged_error(path: Path) -> UnusableModel:
    return UnusableModel(f"{path} is damaged; remove it, and fit anew with `tintype model evaluate DIR --fit`")
