"""Where a model may run."""

from typing import Literal

Device = Literal["auto", "cpu", "cuda"]
