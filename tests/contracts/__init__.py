"""One suite per port, run against every adapter of the port.

pytest does not rewrite assertions in modules that are not named test_*. They are registered here rather than in a
conftest, so that this happens before any import of them.
"""

from pathlib import Path

import pytest

for suite in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    if not suite.stem.startswith("test_"):
        pytest.register_assert_rewrite(f"tests.contracts.{suite.stem}")
