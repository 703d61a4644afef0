"""tf2onnx, run as a process in an environment of its own: TensorFlow is never part of what serves."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

from domain.conversion import Converted, ModelConverter, Say
from domain.errors import Unavailable
from domain.vision import UnusableModel

SCRIPT = Path(__file__).with_name("script.py")
RANDOM_INPUTS = 16
MARK = "error: "
PATIENCE = 10.0
"""Seconds for the answer whether there is such a module."""


class TensorFlowModelConverter(ModelConverter):
    """Makes `<checkout>/.venv-convert` from its lock at the first use; nothing is written elsewhere.
    An installed program, which has no checkout, converts nothing."""

    def __init__(self, checkout: Path | None) -> None:
        self._setup = checkout / "bin" / "setup.py" if checkout else None
        self._python = checkout / ".venv-convert" / "bin" / "python" if checkout else None

    @contextmanager
    def converted(self, source: str, photographs: Sequence[bytes], say: Say) -> Iterator[Converted]:
        import numpy as np

        from adapters.tensorflow.agreement import proof

        _require(source)
        self._make_environment(say)
        with TemporaryDirectory(prefix="tintype-convert-") as name:
            folder = Path(name)
            inputs = _inputs(photographs)
            np.save(folder / "inputs.npy", inputs)
            self._run(source, folder, say)
            say("comparing TensorFlow with ONNX Runtime")
            path = folder / "model.onnx"
            agreed = proof(path.read_bytes(), inputs, np.load(folder / "answers.npy"))
            say(f"they agree on {len(inputs)} inputs within {agreed['largest_difference']:.1e}")
            yield Converted(path, {**json.loads((folder / "about.json").read_text()), "proof": agreed})

    def _make_environment(self, say: Say) -> None:
        if self._setup is None or not self._setup.is_file():
            raise Unavailable(
                "only a checkout of Tintype, whose bin/setup.py installs TensorFlow, converts a network; convert it "
                "there, and bring the .onnx here with `tintype model install PATH`"
            )
        say("preparing .venv-convert (TensorFlow; some minutes at the first time)")
        made = subprocess.run([sys.executable, "-I", self._setup, "convert"], check=False, stdout=sys.stderr)  # noqa: S603
        if made.returncode:
            raise Unavailable("the environment for conversion could not be made; the lines above say why")

    def _run(self, source: str, folder: Path, say: Say) -> None:
        command: list[str | Path] = [str(self._python), "-I", SCRIPT, source, folder]
        with (folder / "errors").open("w+") as errors:
            child = subprocess.Popen(  # noqa: S603 — our own script
                command, stdout=subprocess.PIPE, stderr=errors, text=True, env=_environment(folder)
            )
            with child:
                for line in child.stdout or ():
                    say(line.strip())
            if child.returncode:
                errors.seek(0)
                raise _fault(source, errors.read())


def _require(source: str) -> None:
    """Asked before gigabytes of TensorFlow are installed for a module that cannot be had."""
    if source.startswith(("http://", "https://")):
        _require_reachable(source)
    elif not (Path(source) / "saved_model.pb").is_file():
        raise UnusableModel(
            f"{source} holds no saved_model.pb; give a SavedModel's or Hub module's folder, or a TensorFlow Hub handle"
        )


def _require_reachable(source: str) -> None:
    try:
        # As tensorflow_hub asks for it.
        urlopen(Request(f"{source}?tf-hub-format=compressed", method="HEAD"), timeout=PATIENCE).close()  # noqa: S310
    except OSError as fault:
        reason = getattr(fault, "reason", None) or fault
        raise Unavailable(
            f"{source} cannot be fetched ({reason}); check the network, or install a local copy: "
            "make model MODEL=path (an .onnx file, or the folder of a SavedModel)",
            retry_after=60,
        ) from fault


def _inputs(photographs: Sequence[bytes]) -> Any:
    """Float32 `[N, 224, 224, 3]`: noise, and the photographs as the classifier sees them."""
    import numpy as np

    from adapters.onnx.preprocessing import SIDE, tensor
    from domain.limits import Limits

    noise = np.random.default_rng(0).random((RANDOM_INPUTS, SIDE, SIDE, 3), dtype=np.float32)
    return np.concatenate([noise, *(tensor(data, Limits().max_pixels) for data in photographs)])


def _environment(folder: Path) -> Mapping[str, str]:
    """What is fetched from TensorFlow Hub goes with the folder."""
    return {**os.environ, "TFHUB_CACHE_DIR": str(folder / "hub"), "TMPDIR": str(folder)}


def _fault(source: str, errors: str) -> UnusableModel | Unavailable:
    last = errors.strip().splitlines()[-1] if errors.strip() else "it ended without a word"
    reason = last.removeprefix(MARK)
    if "cannot be fetched" in reason:
        return Unavailable(reason, retry_after=60)
    return UnusableModel(reason if last.startswith(MARK) else f"{source} could not be converted: {reason[:300]}")
