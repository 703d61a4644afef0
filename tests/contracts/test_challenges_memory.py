import pytest

from adapters.memory.challenges import MemoryChallenges
from domain.challenges import Challenge, Challenges
from tests.contracts.challenges import ChallengesContract


@pytest.fixture
def challenges() -> Challenges:
    return MemoryChallenges()


class TestMemoryChallenges(ChallengesContract):
    def solve(self, challenge: Challenge) -> int:
        return 1
