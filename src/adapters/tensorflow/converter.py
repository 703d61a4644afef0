"""Runs tf2onnx as a process in a separate environment, so that the service never needs TensorFlow."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters.decoding.pool import DecodingPool
from domain.errors import Unavailable
from domain.vision import UnusableModel
from domain.vision.conversion import ConvertedModel, ModelConverter, ProgressReporter

SCRIPT = Path(__file__).with_name("script.py")
RANDOM_INPUTS = 16
ERROR_PREFIX = "error: "
ENVIRONMENT = ".venv-convert"
DOWNLOAD_BYTES, INSTALLED_BYTES = 350_000_000, 1_650_000_000
"""The measured size of the download for `.venv-convert`, and of the installed packages."""


class TensorFlowModelConverter(ModelConverter):
    """Creates `<checkout>/.venv-convert` from its lock at first use, and writes nowhere else. An installed program has
    no checkout and cannot convert."""

    def __init__(
        self, checkout: Path | None, pool: DecodingPool, space: int = DOWNLOAD_BYTES + INSTALLED_BYTES
    ) -> None:
        self._checkout = checkout
        self._pool = pool
        self._space = space

    def check(self) -> None:
        self._require_checkout()

    def _require_checkout(self) -> Path:
        """The checkout, if it can convert. Raises `Unavailable`."""
        if self._checkout is None or not (self._checkout / "bin" / "setup.py").is_file():
            raise Unavailable(
                "only a checkout of Tintype can convert a network, since its bin/setup.py installs TensorFlow; convert "
                "it there, and install the .onnx here with `tintype model install PATH`"
            )
        free = shutil.disk_usage(self._checkout).free
        if not _has_environment(self._checkout) and free < self._space:
            raise Unavailable(
                f"{self._checkout / ENVIRONMENT} (TensorFlow) needs {self._space / 1e9:.1f} GB, but only "
                f"{free / 1e9:.1f} GB of its disk are free; free some space, or convert the network on another machine",
                retry_after=3600,
            )
        return self._checkout

    @contextmanager
    def convert(self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter) -> Iterator[ConvertedModel]:
        import numpy as np

        from adapters.tensorflow.agreement import check_agreement

        if not (folder / "saved_model.pb").is_file():
            raise UnusableModel(f"{folder} contains no saved_model.pb; use the folder of a SavedModel")
        python = self._prepare(report)
        with TemporaryDirectory(prefix="tintype-convert-") as name:
            work = Path(name)
            inputs = _make_inputs(photographs, self._pool)
            np.save(work / "inputs.npy", inputs)
            self._run(python, folder, work, report)
            report("comparing TensorFlow with ONNX Runtime")
            path = work / "model.onnx"
            agreement = check_agreement(path.read_bytes(), inputs, np.load(work / "answers.npy"))
            report(f"they agree on {len(inputs)} inputs within {agreement['largest_difference']:.1e}")
            yield ConvertedModel(path, {**json.loads((work / "about.json").read_text()), "proof": agreement})

    def _prepare(self, report: ProgressReporter) -> Path:
        """Create the environment if necessary, and return its Python."""
        checkout = self._require_checkout()
        if not _has_environment(checkout):
            report(
                f"preparing {ENVIRONMENT} with TensorFlow: {DOWNLOAD_BYTES / 1e6:.0f} MB to download, "
                f"{INSTALLED_BYTES / 1e9:.1f} GB on the disk"
            )
        command: list[str | Path] = [sys.executable, "-I", checkout / "bin" / "setup.py", "convert"]
        lines = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:  # noqa: S603
            for line in child.stdout or ():
                if not line.startswith("WARNING"):  # pip's warnings about mirrors
                    lines.append(line.strip())
                    report(lines[-1])
        if child.returncode:
            reason = " ".join(lines[-2:])[:300] or f"bin/setup.py ended with code {child.returncode}"
            raise Unavailable(f"the conversion environment could not be created: {reason}", retry_after=3600)
        return checkout / ENVIRONMENT / "bin" / "python"

    def _run(self, python: Path, folder: Path, work: Path, report: ProgressReporter) -> None:
        command: list[str | Path] = [python, "-I", SCRIPT, folder, work]
        with (work / "errors").open("w+") as errors:
            child = subprocess.Popen(  # noqa: S603 — a script of this package
                command, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, "TMPDIR": str(work)}
            )
            with child:
                for line in child.stdout or ():
                    report(line.strip())
            if child.returncode < 0:
                raise Unavailable(
                    f"signal {-child.returncode} ended the conversion; if memory is short, free some, then try again",
                    retry_after=3600,
                )
            if child.returncode:
                errors.seek(0)
                raise _conversion_error(folder, errors.read())


def _has_environment(checkout: Path) -> bool:
    return (checkout / ENVIRONMENT / ".setup-convert.stamp").is_file()


def _make_inputs(photographs: Sequence[bytes], pool: DecodingPool) -> Any:
    """Float32 `[N, 224, 224, 3]`: random noise, and the photographs as preprocessed for the classifier."""
    import numpy as np

    from adapters.onnx.preprocessing import SIDE, image_tensor
    from domain.limits import Limits

    noise = np.random.default_rng(0).random((RANDOM_INPUTS, SIDE, SIDE, 3), dtype=np.float32)
    return np.concatenate([noise, *(image_tensor(pool, data, Limits().max_pixels) for data in photographs)])


def _conversion_error(folder: Path, errors: str) -> UnusableModel:
    last = errors.strip().splitlines()[-1] if errors.strip() else "it ended without a message"
    reason = last.removeprefix(ERROR_PREFIX)
    return UnusableModel(
        reason if last.startswith(ERROR_PREFIX) else f"{folder} could not be converted: {reason[:300]}"
    )
