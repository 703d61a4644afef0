"""The suites are no test modules by name; their assertions are to explain themselves all the same."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent

for suite in sorted(HERE.glob("[a-z]*.py")):
    if not suite.stem.startswith(("test_", "conftest")):
        pytest.register_assert_rewrite(f"tests.contracts.{suite.stem}")
