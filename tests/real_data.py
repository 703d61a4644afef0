"""The real model and photographs, which are not in the repository. CONTRIBUTING.md describes them."""

import os
from pathlib import Path

DATA = Path(os.environ.get("TINTYPE_TEST_DATA") or "/nonexistent")
