"""One suite a port, run against every adapter of it.

The suites are no test modules by name; their assertions are to explain themselves all the same. That is said here
rather than in a conftest, so that it is said before any of them is imported, wherever from.
"""

from pathlib import Path

import pytest

for suite in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    if not suite.stem.startswith("test_"):
        pytest.register_assert_rewrite(f"tests.contracts.{suite.stem}")
