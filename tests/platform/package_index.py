"""A package index in a folder, in pip's format (PEP 503), with packages of a few bytes."""

import hashlib
from pathlib import Path
from zipfile import ZipFile


class PackageIndex:
    """`environment` makes pip use only this index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.environment = {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": folder.as_uri() + "/"}

    def publish(self, name: str, version: str, *requires: str, extra: str = "") -> Path:
        """Publish a wheel of the package; with `extra`, each requirement belongs to that extra."""
        folder = self._folder / _normalize(name)
        folder.mkdir(parents=True, exist_ok=True)
        wheel = folder / f"{name}-{version}-py3-none-any.whl"
        about = f"{name}-{version}.dist-info"
        marker = f' ; extra == "{extra}"' if extra else ""
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Provides-Extra: {extra}"] if extra else []
        lines += [f"Requires-Dist: {required}{marker}" for required in requires]
        with ZipFile(wheel, "w") as file:
            file.writestr(f"{name}.py", "")
            file.writestr(f"{about}/METADATA", "\n".join(lines) + "\n")
            file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            file.writestr(f"{about}/RECORD", "".join(f"{path},,\n" for path in (*file.namelist(), f"{about}/RECORD")))
        links = (f'<a href="{path.name}">{path.name}</a>' for path in sorted(folder.glob("*.whl")))
        (folder / "index.html").write_text("<!DOCTYPE html>" + "".join(links))
        return wheel


def make_lock(*wheels: Path) -> str:
    """A lock of these wheels with their hashes, in the format of `make locks`."""
    lines = []
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        lines.append(f"{_normalize(name)}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return "".join(lines)


def _normalize(name: str) -> str:
    """The normalized name (PEP 503)."""
    return name.replace("_", "-")
