import pytest

from adapters.memory.proof_of_work import MemoryProofOfWork
from domain.proof_of_work import ProofOfWork, WorkChallenge
from tests.contracts.proof_of_work import ProofOfWorkContract


@pytest.fixture
def proof_of_work() -> ProofOfWork:
    return MemoryProofOfWork()


class TestMemoryProofOfWork(ProofOfWorkContract):
    def solve(self, challenge: WorkChallenge) -> int:
        return 1
