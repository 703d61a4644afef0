"""ONNX Runtime sends no telemetry and writes nothing into the user's home."""

import os
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"


def test_loading_model_writes_nothing_into_home(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": str(SRC)}
    look = "import adapters.onnx.sessions as s; s.ort.InferenceSession"

    subprocess.run([sys.executable, "-c", look], env=environment, check=True, timeout=60)

    assert sorted(tmp_path.rglob("*")) == []
