from collections.abc import Iterator

import pytest

from tests.e2e.program import Program, free_port
from tests.reaper import Reaper


@pytest.fixture
def program(reaper: Reaper) -> Iterator[Program]:
    with reaper.folder() as home:
        yield Program(home, free_port())
