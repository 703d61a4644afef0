from dataclasses import asdict

import pytest

from adapters.memory.tracing import MemoryTracing
from tests.contracts.tracing import Harness, Recorded, TracingContract


@pytest.fixture
def harness() -> Harness:
    tracing = MemoryTracing()
    return Harness(tracing, lambda: [Recorded(**asdict(span)) for span in tracing.spans])


class TestMemoryTracing(TracingContract): ...
